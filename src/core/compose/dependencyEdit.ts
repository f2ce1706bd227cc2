import type { FileEdit } from '../model/finding';
import { addBelow, columnAt, replaceNode } from './composeEdit';
import type { ComposeSource, Keys } from './composeSource';

/**
 * Writes the list of a service's dependencies as a map, which says of each what is waited for. Comments stay, and brackets become braces.
 * @param keys the path of `depends_on`.
 * @returns undefined where it is no list of names that stands there alone.
 */
export function awaitInList(
  source: ComposeSource,
  keys: Keys,
  conditionOf: (name: string) => string,
): readonly FileEdit[] | undefined {
  const items = source.items(keys);
  const names = items.map((item) => source.valueOf(item));
  const list = source.node(keys);
  const key = source.entry(keys)?.key;
  const isOwn = source.isOwn(keys) && items.every((_, index) => source.isOwn([...keys, index]));
  if (!list || !key || !isOwn || new Set(names).size < names.length) return undefined;
  const conditions = names.map((name) => `condition: ${conditionOf(String(name))}`);
  const written = items.map((item) => source.text.slice(source.range(item).start, source.range(item).end));
  if ('flow' in list && list.flow) {
    const { start, end } = source.range(list);
    const bracket = (at: number, text: string) => ({ file: source.file, start: at, end: at + 1, text });
    const entries = items.map((item, index) =>
      replaceNode(source, item, `${written[index]}: { ${conditions[index]} }`),
    );
    return [bracket(start, '{'), ...entries, bracket(end - 1, '}')];
  }
  const service = source.entry(keys.slice(0, -1))?.key;
  const step = ' '.repeat(Math.max(1, columnAt(source, key) - (service ? columnAt(source, service) : 0)));
  return items.flatMap((item, index) => {
    const { start, end } = source.range(item);
    const dash = source.text.lastIndexOf('-', start - 1);
    const column = dash - (source.text.lastIndexOf('\n', dash) + 1);
    // The items of a list may begin in the column of its key, those of a map may not.
    const more = column > columnAt(source, key) ? '' : step;
    const indent = ' '.repeat(column) + more;
    return [
      { file: source.file, start: dash, end, text: `${more}${written[index]}:` },
      addBelow(source, item, [`${indent}${step}${conditions[index]}`]),
    ];
  });
}
