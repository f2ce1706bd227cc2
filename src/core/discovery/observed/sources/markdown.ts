import path from 'node:path';
import type { SourceFile, WrittenScript } from '../sources';
import { lineAt, MOST_SCRIPTS } from './texts';

/** Blocks of code that are commands: they say so, or begin with a prompt. */
export function markdown({ path: file, text, root }: SourceFile): readonly WrittenScript[] {
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
    scripts.push({ source: 'docs', shell, file, line: lineAt(text, index) + 1, folders: [root, path.dirname(file)] });
  }
  return scripts;
}
