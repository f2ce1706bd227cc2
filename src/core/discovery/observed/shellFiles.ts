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
    case 'install':
      return copiesOf(program, rest);
    default:
      return [];
  }
}

/** What copies, moves and links make: in a folder, each keeps its name. */
function copiesOf(program: string, rest: readonly string[]): readonly string[] {
  const at = rest.findIndex((word) => INTO_FOLDER.test(word));
  const [option, inWord] = INTO_FOLDER.exec(rest[at] ?? '') ?? [];
  const folder = option === undefined ? undefined : (inWord ?? rest[at + 1] ?? '');
  const isFolder = (index: number) => option !== undefined && inWord === undefined && index === at + 1;
  const operands = rest.filter((word, index) => !word.startsWith('-') && !isFolder(index));
  const keepingName = (from: readonly string[], to: string) => from.map((one) => path.join(to, path.basename(one)));
  if (folder !== undefined) return keepingName(operands, folder);
  const [to = ''] = operands.slice(1).slice(-1);
  if (operands.length > 1) return [to, ...keepingName(operands.slice(0, -1), to)];
  return program === 'ln' ? keepingName(operands, '.') : [];
}

/** The option that names the folder, and the folder where it stands in the same word: `-t`, `-vt`, `--target-directory=…`. */
const INTO_FOLDER = /^(?:-[a-z]*t|--target-directory(?:=(.*))?)$/;

/** What follows the first word of some kind. */
function after(words: readonly string[], kind: RegExp): readonly string[] {
  const at = words.findIndex((word) => kind.test(word));
  return at < 0 ? [] : words.slice(at + 1, at + 2);
}
