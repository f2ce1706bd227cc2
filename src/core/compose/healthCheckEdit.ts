import type { FileEdit } from '../model/finding';
import { replaceNode } from './composeEdit';
import type { ComposeSource, Keys } from './composeSource';

/** What only a shell makes something of, as an argument of its own. */
export const SHELL_OPERATOR = /^(?:\|\|?|&&|;|\d?>>?(?:&\d|\/dev\/null)?|(?:\|\||&&|\|)\s.*)$/;
/**
 * A word that a shell takes as it is, but for variables of the container, behind `$$`. What Compose puts in for one of its own may have blanks
 * in it, or what a shell makes something of.
 */
const PLAIN_WORD = /^(?:[\w./:=@%+,-]|\$\$\w|\$\$\{\w+(?::?-[\w./:-]*)?\})+$/;

/**
 * Has a health check run by another means: `CMD` starts a program, `CMD-SHELL` a shell.
 * @param keys the path of its `test`, which must be a list that stands there alone.
 */
export function runBy(source: ComposeSource, keys: Keys, kind: 'CMD' | 'CMD-SHELL'): readonly FileEdit[] | undefined {
  const [first] = source.items(keys);
  if (!first || !isOwnList(source, keys)) return undefined;
  const { start, end } = source.range(first);
  return [replaceNode(source, first, source.text.slice(start, end).replace(/CMD(?:-SHELL)?/, kind))];
}

/** Has a shell run what stands in several items, as one text. Undefined where that might not be the same words for a shell. */
export function runByShell(source: ComposeSource, keys: Keys): readonly FileEdit[] | undefined {
  const [first, ...items] = source.items(keys);
  const [from, to] = [items[0], items.at(-1)];
  const kind = runBy(source, keys, 'CMD-SHELL');
  if (!first || !from || !to || !kind) return undefined;
  const isOfShell = source.valueOf(first) === 'CMD-SHELL';
  const words = items.map((item) => String(source.valueOf(item)));
  const isPlain = (word: string) =>
    SHELL_OPERATOR.test(word) ||
    (isOfShell ? word.split(/\s+/).every((one) => PLAIN_WORD.test(one)) : PLAIN_WORD.test(word));
  const [start, end] = [source.range(from).start, source.range(to).end];
  if (!words.every(isPlain) || source.text.slice(start, end).includes('#')) return undefined;
  return [...kind, { file: source.file, start, end, text: JSON.stringify(words.join(' ')) }];
}

function isOwnList(source: ComposeSource, keys: Keys): boolean {
  return source.isOwn(keys) && source.items(keys).every((_, index) => source.isOwn([...keys, index]));
}
