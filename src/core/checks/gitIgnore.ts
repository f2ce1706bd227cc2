import path from 'node:path';
import { relativePath } from '../common/paths';
import { linesAtEnd } from '../compose/composeEdit';
import type { FileEdit } from '../model/finding';
import type { CheckFacts } from './check';

/** What has to be known of files to have git ignore them: see {@link gitIgnoring}. */
type GitFacts = Pick<CheckFacts, 'git' | 'textOf'>;

/** The files in which it may stand that some files are ignored: absolute paths, there or not. */
export function* gitIgnoreFiles(files: Iterable<string>, git: CheckFacts['git']): Iterable<string> {
  for (const file of files) yield* candidates(file, git);
}

/** What has git ignore a file: a line in the nearest `.gitignore`, or in a new one of the repository. Undefined where there is no repository. */
export function gitIgnoring(file: string, { git, textOf }: GitFacts): FileEdit | undefined {
  const all = candidates(file, git);
  const ignoreFile = all.find((one) => textOf(one) !== undefined) ?? all.at(-1);
  if (ignoreFile === undefined) return undefined;
  const text = textOf(ignoreFile) ?? '';
  // From the beginning, so that it is this file alone. Source: gitignore(5).
  const line = `/${relativePath(path.dirname(ignoreFile), file).replace(/[\\*?[\]]|[! #]$/g, '\\$&')}`;
  return { file: ignoreFile, start: text.length, end: text.length, text: linesAtEnd(text, [line]) };
}

/** The nearest first. */
function candidates(file: string, git: CheckFacts['git']): readonly string[] {
  const root = git(file)?.root;
  if (root === undefined) return [];
  const found: string[] = [];
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    found.push(path.join(folder, '.gitignore'));
    if (folder === root || path.dirname(folder) === folder) return found;
  }
}
