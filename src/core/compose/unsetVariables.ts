import * as l10n from '@vscode/l10n';
import type { Place } from '../common/errors';
import { yamlDocuments } from '../common/yamlDocuments';
import type { ConfigurationWarning } from '../model/project';
import type { ComposeText } from './configurationError';

/**
 * The variables that Compose found unset, and took for empty: it only warns of them, and a service then meets a password
 * or a port that is missing. Each is told once, at the first place that uses it.
 * @param stderr all that Compose printed there.
 * @param texts gives the compose files, in merging order, then what they take in: asked for only when there is something
 *   to be found.
 */
export async function unsetVariables(
  stderr: string,
  texts: () => Promise<readonly ComposeText[]>,
): Promise<readonly ConfigurationWarning[]> {
  const names = new Set([...stderr.matchAll(UNSET)].map(([, name = '']) => name));
  if (names.size === 0) return [];
  const files = await texts();
  const warnings: ConfigurationWarning[] = [];
  for (const name of names) {
    warnings.push({
      code: 'unset-variable',
      message: l10n.t('The variable {0} is not set, and so counts as empty.', name),
      remedy: l10n.t('Give it a value in the ".env" file, or a default: {0}.', `\${${name}:-…}`),
      place: await firstUse(name, files),
      variable: name,
    });
  }
  return warnings;
}

/** As Compose 2 words it, from 2.0 on; its log quotes the message, or not. */
const UNSET = /The \\?"(\w+)\\?" variable is not set/g;

async function firstUse(name: string, files: readonly ComposeText[]): Promise<Place | undefined> {
  const { LineCounter, visit } = await import('yaml');
  // Not behind an odd number of dollar signs: `$$` means one that is no variable's.
  const use = new RegExp(`(?<!\\$)(?:\\$\\$)*\\$(?:\\{${name}\\}|${name}(?!\\w))`);
  for (const { path, text } of files) {
    const lines = new LineCounter();
    const parts: [start: number, end: number][] = [];
    if (/\.ya?ml$/i.test(path)) {
      // Only values: Compose puts nothing in for variables in keys, and nobody means comments.
      for (const document of await yamlDocuments(text, { lineCounter: lines, logLevel: 'silent' })) {
        visit(document, {
          Scalar: (key, { range }) => void (key !== 'key' && range && parts.push([range[0], range[1]])),
        });
      }
    } else {
      // An env file, where a comment takes a whole line.
      for (const { 0: line, index } of text.matchAll(/^.*$/gm)) {
        lines.addNewLine(index);
        if (!line.trimStart().startsWith('#')) parts.push([index, index + line.length]);
      }
    }
    for (const [start, end] of parts) {
      const found = use.exec(text.slice(start, end));
      if (!found) continue;
      const { line, col } = lines.linePos(start + found.index + found[0].lastIndexOf('$'));
      return { file: path, line, column: col };
    }
  }
  return undefined;
}
