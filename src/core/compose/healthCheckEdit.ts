import type { FileEdit } from '../model/finding';
import { lineEnd, replaceNode } from './composeEdit';
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

/**
 * Takes the `CMD` or `CMD-SHELL` away with which a text begins that a shell runs: that of the test itself, or of the one item of its list.
 * Undefined where YAML might make something else of the rest.
 */
export function withoutMark(source: ComposeSource, keys: Keys): readonly FileEdit[] | undefined {
  const node = source.items(keys)[1] ?? source.node(keys);
  if (!node || !(source.items(keys).length > 0 ? isOwnList(source, keys) : source.isOwn(keys))) return undefined;
  const { start, end } = source.range(node);
  const raw = source.text.slice(start, end);
  const changed = raw.replace(/^(["']?|[|>][-+\d]*\r?\n\s*)CMD(?:-SHELL)?[ \t]+(?=[\w./])/, '$1');
  return changed === raw ? undefined : [replaceNode(source, node, changed)];
}

/** Has a test say that there is no health check. */
export function disableByTest(source: ComposeSource, keys: Keys): readonly FileEdit[] | undefined {
  const node = source.node(keys);
  return node && source.items(keys).length === 0 && source.isOwn(keys)
    ? [replaceNode(source, node, '["NONE"]')]
    : undefined;
}

/** Puts how it is to be run in front of a list; in the place of its first item, where that is meant for it. */
export function markAs(
  source: ComposeSource,
  keys: Keys,
  mark: string,
  isInstead: boolean,
): readonly FileEdit[] | undefined {
  const [first] = source.items(keys);
  if (!first || !isOwnList(source, keys)) return undefined;
  const { start, end } = source.range(first);
  const raw = source.text.slice(start, end);
  const [quote = ''] = /^["']/.exec(raw) ?? [];
  const marked = `${quote}${mark}${quote}`;
  if (isInstead) return [replaceNode(source, first, marked)];
  const before = source.text.slice(source.text.lastIndexOf('\n', start) + 1, start);
  const separator = /^\s*- +$/.test(before) ? `${lineEnd(source.text)}${before}` : ', ';
  return [{ file: source.file, start, end: start, text: `${marked}${separator}` }];
}

function isOwnList(source: ComposeSource, keys: Keys): boolean {
  return source.isOwn(keys) && source.items(keys).every((_, index) => source.isOwn([...keys, index]));
}
