import path from 'node:path';
import type { ShellState } from './shellStates';
import { baseName, folderOf, isKnown, UNKNOWN } from './shellWords';

/** A state after `cd`, `pushd` or `popd`. @param words those after it. */
export function afterMove(name: string, words: readonly string[], state: ShellState): ShellState {
  const { folder, left = folder, pushed } = state;
  if (name === 'popd') return pushed ? { ...state, folder: pushed.folder, left: folder, pushed: pushed.below } : state;
  const word = words.find((one) => one === '-' || !one.startsWith('-'));
  const to = word === '-' ? left : folderFrom(word, state);
  return { ...state, folder: to, left: folder, ...(name === 'pushd' ? { pushed: { folder, below: pushed } } : {}) };
}

/**
 * What a command prints that only turns paths around, asks where it is, or says its words again; UNKNOWN of all others.
 * @param here the folder that it runs in. @param root absolute path of the repository.
 */
export function turnedPath(
  [program = '', ...rest]: readonly string[],
  state: ShellState,
  here: string,
  root: string,
): string {
  const operand = rest.filter((word) => !word.startsWith('-')).at(-1) ?? '';
  switch (program) {
    case 'pwd':
      return here;
    case 'dirname':
      return folderOf(operand);
    case 'basename':
      return baseName(rest);
    case 'realpath':
    case 'readlink':
      return folderFrom(operand, state);
    case 'echo':
    case 'which':
      return rest.join(' ');
    case 'command':
      return operand;
    case 'git':
      return rest.includes('--show-toplevel') ? root : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** What a word is as a folder: an absolute path, as far as it is known. */
export function folderFrom(word: string | undefined, { folder }: ShellState): string {
  if (word === undefined || word === '~' || !isKnown(word)) return word === undefined || word === '' ? folder : UNKNOWN;
  if (word.startsWith('~/')) return UNKNOWN;
  return isKnown(folder) ? path.resolve(folder, word) : path.isAbsolute(word) ? word : UNKNOWN;
}
