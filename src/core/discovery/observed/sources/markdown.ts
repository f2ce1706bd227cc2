import path from 'node:path';
import { readText } from '../../readText';
import { OPEN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { MOST_SCRIPTS } from './texts';

/** More pages than anybody sends readers of a README to: of more, the first are read. */
const MOST_PAGES = 100;
/** Pages of what has been. */
const OF_THE_PAST = /^(?:change|history|release|news|migrat|upgrad)/i;

/** Blocks of code that are commands: they say so, or begin with a prompt; and those of the pages that a README links to. */
export async function markdown(page: SourceFile): Promise<readonly WrittenScript[]> {
  const linked = /^readme/i.test(path.basename(page.path)) ? linkedPages(page).slice(0, MOST_PAGES) : [];
  const pages = await Promise.all(
    linked.map(async (file) => {
      page.onFile?.(file);
      const text = await readText(file, page.root).catch(() => undefined);
      return text === undefined ? [] : [{ ...page, path: file, text }];
    }),
  );
  return [page, ...pages.flat()].flatMap(scriptsIn);
}

function scriptsIn({ path: file, text, root }: SourceFile): readonly WrittenScript[] {
  const scripts: WrittenScript[] = [];
  for (const { language, code, line } of blocksIn(text)) {
    if (!/^(?:|sh|bash|shell|zsh|console|terminal|text|shell-session|shellsession)$/i.test(language)) continue;
    const hasPrompt = code.some((one) => /^\s*[$%>]\s/.test(one));
    // Where some lines begin with a prompt, the others are what is printed.
    const shell = (hasPrompt ? code.map((one) => /^\s*[$%>]\s+(.*)$/.exec(one)?.[1] ?? '') : code).join('\n');
    if (scripts.length >= MOST_SCRIPTS) break;
    scripts.push({
      source: 'docs',
      shell: insideClone(withPlaceholders(shell)),
      file,
      line,
      folders: [root, path.dirname(file)],
    });
  }
  return scripts;
}

/** A block of code between two fences. */
interface Block {
  readonly language: string;
  readonly code: readonly string[];
  /** The line of the page that it begins in, from 1. */
  readonly line: number;
}

/** The blocks of code of a page; one without an end is none. */
function* blocksIn(text: string): Generator<Block> {
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const [, fence, language = ''] = /^[ \t]*(```+|~~~+)[ \t]*([\w-]*)/.exec(lines[at] ?? '') ?? [];
    if (fence === undefined) continue;
    const begin = at + 1;
    do at++;
    while (at < lines.length && !lines[at]?.trimStart().startsWith(fence));
    if (at < lines.length) yield { language, code: lines.slice(begin, at), line: begin + 1 };
  }
}

/** The pages in the workspace folder that a README links to, each once: they may be in folders that no search comes to. */
function linkedPages({ path: file, text, root }: SourceFile): readonly string[] {
  const links = [...text.matchAll(/\]\(([^\s()#?:]+\.md)\b/gi)].map(([, link = '']) =>
    path.resolve(path.dirname(file), link),
  );
  return [...new Set(links)].filter(
    (link) => link !== file && !path.relative(root, link).startsWith('..') && !OF_THE_PAST.test(path.basename(link)),
  );
}

/** A script where `<name>`, which a shell would take for files to read and write, is what the reader gives. */
function withPlaceholders(shell: string): string {
  return shell.replace(/(?<!<)<[A-Za-z][\w-]*>/g, OPEN);
}

/** What is cloned, up to the next command: its last word is the folder, or the address that ends with the name of that. */
const CLONE = /\bgit clone[ \t]+([^\n;&|#]+)/;

/**
 * A script that begins by cloning the repository, as it is where that is: `cd NAME/sub` goes to `sub`. People write the name in small
 * letters and in large ones.
 */
function insideClone(shell: string): string {
  const [cloning, words] = CLONE.exec(shell) ?? [];
  const name = path.posix.basename(words?.trim().split(/\s+/).at(-1) ?? '', '.git').toLowerCase();
  if (cloning === undefined || name === '' || name === '.') return shell;
  const end = shell.indexOf(cloning) + cloning.length;
  const after = shell
    .slice(end)
    .replace(/(\bcd[ \t]+["']?)(?:\.\/)?([\w.-]+)(?=["'/\s;&|]|$)/g, (written, cd: string, to: string) =>
      to.toLowerCase() === name ? `${cd}.` : written,
    );
  return shell.slice(0, end) + after;
}
