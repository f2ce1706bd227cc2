import path from 'node:path';
import { programIn } from './shellTexts';
import { isKnown } from './shellWords';

/**
 * The files that a command makes, or whose presence it asks for: that they may not be there is thought of.
 * @param words the program and its arguments: `[ -f .env ]`, `cp .env.example .env`.
 * @param folder absolute path of the one that it runs in. @returns absolute paths.
 */
export function filesProvidedBy(words: readonly string[], folder: string): readonly string[] {
  const [program = '', ...rest] = programIn(words);
  return filesOf(program, rest).flatMap((file) => (isKnown(folder + file) ? [path.resolve(folder, file)] : []));
}

function filesOf(program: string, rest: readonly string[]): readonly string[] {
  const operands = rest.filter((word) => !word.startsWith('-'));
  switch (program) {
    case '[':
    case 'test':
      return after(rest, /^-[efrs]$/);
    case 'touch':
    case 'tee':
      return operands;
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install': {
      const to = operands.at(-1) ?? '';
      // Into a folder, each keeps its name.
      return [to, ...operands.slice(0, -1).map((one) => path.join(to, path.basename(one)))];
    }
    default:
      return [];
  }
}

/** What follows the first word of some kind. */
function after(words: readonly string[], kind: RegExp): readonly string[] {
  const at = words.findIndex((word) => kind.test(word));
  return at < 0 ? [] : words.slice(at + 1, at + 2);
}
