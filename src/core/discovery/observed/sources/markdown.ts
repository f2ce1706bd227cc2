import path from 'node:path';
import { readText } from '../../readText';
import { OPEN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { lineAt, MOST_SCRIPTS } from './texts';

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
  const fence = /^([ \t]*)(```+|~~~+)[ \t]*([\w-]*)[^\n]*\n(.*?)^[ \t]*\2/gms;
  for (const { 0: all, 3: language = '', 4: code = '', index } of text.matchAll(fence)) {
    if (all === '' || !/^(?:|sh|bash|shell|zsh|console|terminal|text|shell-session|shellsession)$/i.test(language))
      continue;
    const lines = code.split(/\r?\n/);
    const hasPrompt = lines.some((line) => /^\s*[$%>]\s/.test(line));
    // Where some lines begin with a prompt, the others are what is printed.
    const shell = hasPrompt ? lines.map((line) => /^\s*[$%>]\s+(.*)$/.exec(line)?.[1] ?? '').join('\n') : code;
    if (scripts.length >= MOST_SCRIPTS) break;
    scripts.push({
      source: 'docs',
      shell: withPlaceholders(shell),
      file,
      line: lineAt(text, index) + 1,
      folders: [root, path.dirname(file)],
    });
  }
  return scripts;
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
