import type { Node } from 'yaml';
import { markLength } from '../common/text';
import type { FileEdit } from '../model/finding';
import type { ComposeSource, Entry, Keys, Range } from './composeSource';

/** Other text in the place of a key or a value. */
export function replaceNode(source: ComposeSource, node: Node, text: string): FileEdit {
  return { file: source.file, ...source.range(node), text };
}

/** A tag, such as `!override`, before the value of a key. */
export function addTag(source: ComposeSource, { key }: Entry, tag: string): FileEdit {
  const colon = source.text.indexOf(':', source.range(key).end) + 1;
  return { file: source.file, start: colon, end: colon, text: ` ${tag}` };
}

/**
 * Takes a key with its value out of a map, the whole of its lines with it where nothing else stands there. Comments on lines of their own
 * stay. Of the last key of a map, nothing would be left: then its parent is to be taken out.
 */
export function removeEntry(source: ComposeSource, entry: Entry): FileEdit {
  return removeRange(
    source,
    { start: source.range(entry.key).start, end: endOf(source, entry) },
    entry.map.flow === true,
  );
}

/** Takes an item out of a list, as {@link removeEntry} does of a map. @param isFlow whether the list is written in brackets. */
export function removeItem(source: ComposeSource, item: Node, isFlow: boolean): FileEdit {
  const { start, end } = source.range(item);
  if (isFlow) return removeRange(source, { start, end }, true);
  const dash = source.text.lastIndexOf('-', start - 1);
  return removeRange(source, { start: dash, end }, false);
}

/**
 * One more key, as the last one of a map.
 * @param entries those of the map, without what merge keys bring.
 * @param lines without indentation, several maybe: for a map that is written in lines.
 * @param flow the same in one line, for a map that is written in braces: `host_ip: 127.0.0.1`. Such a map stays as it is without it.
 */
export function addToMap(
  source: ComposeSource,
  entries: readonly Entry[],
  lines: string,
  flow?: string,
): FileEdit | undefined {
  const last = entries.at(-1);
  const first = entries[0];
  if (!last || !first) return undefined;
  const end = endOf(source, last);
  if (last.map.flow) return flow === undefined ? undefined : { file: source.file, start: end, end, text: `, ${flow}` };
  const at = endOfLine(source.text, end);
  const indent = ' '.repeat(columnOf(source.text, source.range(first.key).start));
  const eol = lineEnd(source.text);
  const text = lines
    .split('\n')
    .map((line) => `${eol}${indent}${line}`)
    .join('');
  return { file: source.file, start: at, end: at, text };
}

/** Text on lines of its own below the line that a key, a value or an item ends in. @param lines each with its indentation. */
export function addBelow(source: ComposeSource, node: Node, lines: readonly string[]): FileEdit {
  const at = endOfLine(source.text, source.range(node).end);
  const eol = lineEnd(source.text);
  return { file: source.file, start: at, end: at, text: lines.map((line) => `${eol}${line}`).join('') };
}

/** The column that something begins in, from 0. */
export function columnAt(source: ComposeSource, node: Node): number {
  return columnOf(source.text, source.range(node).start);
}

/** One more item, as the last one of a list; undefined where there is no list with items. @param text of one line. */
export function addToList(source: ComposeSource, keys: Keys, text: string): FileEdit | undefined {
  const list = source.node(keys);
  const last = source.items(keys).at(-1);
  if (!list || !last) return undefined;
  const { file } = source;
  const end = endOfNode(source, last);
  if ('flow' in list && list.flow) return { file, start: end, end, text: `, ${text}` };
  const dash = source.text.lastIndexOf('-', source.range(last).start - 1);
  const at = endOfLine(source.text, end);
  const indent = ' '.repeat(columnOf(source.text, dash));
  return { file, start: at, end: at, text: `${lineEnd(source.text)}${indent}- ${text}` };
}

/** The first content of a map or a list that is written as `{}` or `[]`. Undefined of any other, and of what aliases share. */
export function fillEmpty(source: ComposeSource, keys: Keys, content: string): FileEdit | undefined {
  const node = source.node(keys);
  if (!node || !source.isOwn(keys)) return undefined;
  const { start, end } = source.range(node);
  const [, open, close] = /^([{[])\s*([}\]])$/.exec(source.text.slice(start, end)) ?? [];
  return open && close ? replaceNode(source, node, `${open}${content}${close}`) : undefined;
}

/** How lines end in a text. */
export function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** What is added to a text to have more lines at its end. */
export function linesAtEnd(text: string, lines: readonly string[]): string {
  const eol = lineEnd(text);
  const before = text === '' || text.endsWith('\n') ? '' : eol;
  return before + lines.map((line) => `${line}${eol}`).join('');
}

/**
 * A text with edits done, all of which are of one file and meant for this text. They must not overlap; what several insert at one place
 * stands there in their order, but for lines that belong to what is before them: those come first, being indented more.
 */
export function applyEdits(text: string, edits: readonly FileEdit[]): string {
  const inOrder = edits
    .toSorted((a, b) => indentOf(b) - indentOf(a))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let [done, at] = ['', 0];
  for (const [index, { start, end, text: by }] of inOrder.entries()) {
    const before = inOrder[index - 1];
    // What adds lines to a text without a last line end brings that: once is enough.
    const isEnded = before?.start === start && before.end === end && before.text.endsWith('\n');
    done += text.slice(at, start) + (isEnded ? by.replace(/^\r?\n/, '') : by);
    at = end;
  }
  return done + text.slice(at);
}

/**
 * Whether two edits can't be done together: they are of one file, and touch the same piece of it. At one place, both may insert lines of
 * their own, if not for the same key.
 */
export function overlap(a: FileEdit, b: FileEdit): boolean {
  if (a.file !== b.file) return false;
  if (a.start === b.start && a.end === b.end) return !insertsLines(a) || !insertsLines(b) || keyOf(a) === keyOf(b);
  return a.start < b.end && b.start < a.end;
}

/** Whether an edit leaves the line alone that it is at. */
function insertsLines({ start, end, text }: FileEdit): boolean {
  return start === end && /^\r?\n|\n$/.test(text);
}

/** The first key of inserted lines; what is no key is one of its own. */
function keyOf({ text }: FileEdit): string {
  return text.trim().split(/[:=\n]/, 1)[0] ?? '';
}

function indentOf({ text }: FileEdit): number {
  return /^[\r\n]*([ \t]*)/.exec(text)?.[1]?.length ?? 0;
}

/** Whether two edits do the very same. */
export function sameEdit(a: FileEdit, b: FileEdit): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Where the last character of an entry stands, that of what is in its value included. */
function endOf(source: ComposeSource, { key, pair }: Entry): number {
  return Math.max(source.range(key).end, endOfNode(source, (pair.value ?? key) as Node));
}

/** What a collection in lines ends with is its last leaf: its own range has the comments after that as well. */
function endOfNode(source: ComposeSource, node: Node): number {
  let last = node;
  for (let below: Node | undefined = node; below; below = source.lastLeaf(below)) last = below;
  return source.range(last).end;
}

function removeRange({ file, text }: ComposeSource, { start, end }: Range, isFlow: boolean): FileEdit {
  if (isFlow) {
    // With the comma that parts it from the next one, or from the one before.
    const after = /^\s*,\s*/.exec(text.slice(end))?.[0].length ?? 0;
    const before = after > 0 ? 0 : (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0);
    return { file, start: start - before, end: end + after, text: '' };
  }
  const lineStart = start - columnOf(text, start);
  const lineStop = endOfLine(text, end);
  const isAlone = text.slice(lineStart, start).trim() === '';
  if (!isAlone) return { file, start, end, text: '' };
  // What leaves findings of the whole file out is not about this line.
  const ofFile = text.slice(end, lineStop).indexOf('# berth-ignore-file');
  const newline = /^\r?\n/.exec(text.slice(lineStop))?.[0].length ?? 0;
  return { file, start: lineStart, end: ofFile < 0 ? lineStop + newline : end + ofFile, text: '' };
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

function columnOf(text: string, offset: number): number {
  return offset - Math.max(text.lastIndexOf('\n', offset - 1) + 1, markLength(text));
}
