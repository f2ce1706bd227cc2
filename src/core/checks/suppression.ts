import type { Finding, FindingPlace } from '../model/finding';
import { type FindingCode, isFindingCode } from '../model/findingCodes';

/**
 * `# berth-ignore same-port, no-limits: both are meant`, and `# berth-ignore-file …` for the whole file; a colon may come first. In JSON it
 * begins with `//`, in Markdown with `<!--`.
 */
export const IGNORE_COMMENT =
  /(?:#|\/\/|<!--)\s*berth-ignore(-file)?(?::[ \t]*|[ \t]+)([a-z-]+(?:[ \t]*,[ \t]*[a-z-]+)*)/;

/** What the comments of a text leave out. */
interface Suppressions {
  readonly file: ReadonlySet<FindingCode>;
  /** By line, from 1: on that line. */
  readonly lines: ReadonlyMap<number, ReadonlySet<FindingCode>>;
}

/**
 * Whether a comment leaves a finding out: one on the line of one of its places, above that or above a key that it is in, or for the whole file.
 * @param textOf gives the text of a file; undefined where it is not known.
 */
export function isSuppressed(
  finding: Pick<Finding, 'code' | 'places'>,
  textOf: (file: string) => string | undefined,
  known: SuppressionCache,
): boolean {
  return finding.places.some((place) => isSuppressedAt(finding.code, place, textOf, known));
}

/** What was read of texts already. */
export type SuppressionCache = Map<string, Suppressions>;

function isSuppressedAt(
  code: FindingCode,
  { file, line }: FindingPlace,
  textOf: (file: string) => string | undefined,
  known: SuppressionCache,
): boolean {
  const text = textOf(file);
  if (text === undefined) return false;
  const found = known.get(file) ?? suppressionsIn(text);
  known.set(file, found);
  return found.file.has(code) || (line !== undefined && found.lines.get(line)?.has(code) === true);
}

function suppressionsIn(text: string): Suppressions {
  const file = new Set<FindingCode>();
  const lines = new Map<number, ReadonlySet<FindingCode>>();
  if (!text.includes('berth-ignore')) return { file, lines };
  const all = text.split('\n');
  const below = belowIn(all);
  for (const [index, content] of all.entries()) {
    const comment = IGNORE_COMMENT.exec(content);
    if (!comment || isQuoted(content, comment)) continue;
    const [, ofFile, names = ''] = comment;
    const codes = names.split(/[ \t]*,[ \t]*/).filter(isFindingCode);
    if (ofFile !== undefined) for (const code of codes) file.add(code);
    else {
      const [first, last] = below(NO_CONTENT.test(content) ? index + 1 : firstOfCommand(all, index));
      for (let line = first + 1; line <= last + 1; line += 1) {
        lines.set(line, new Set([...(lines.get(line) ?? []), ...codes]));
      }
    }
  }
  return { file, lines };
}

/** How a line begins that has only a comment: in a recipe, it may be kept from being shown. */
const COMMENT = /^\s*(?:@?#|\/\/|<!--)/;
/** A line that is empty or has only a comment. */
const NO_CONTENT = /^\s*(?:@?#|\/\/|<!--|$)/;
/** What ends a line whose command goes on in the next one. */
const GOES_ON = /\\\r?$/;

/** The line in which a command begins that goes on in another one. @param line index of that one. */
export function firstOfCommand(lines: readonly string[], line: number): number {
  let first = line;
  while (GOES_ON.test(lines[first - 1] ?? '')) first -= 1;
  return first;
}

/** What a comment is about: a line, or the next one that has no comment to itself, and what stands in its key. First and last index. */
type Below = (from: number) => readonly [first: number, last: number];

/** The same for all comments of a file: of many that follow each other, what is below is looked for once. */
function belowIn(lines: readonly string[]): Below {
  const next: number[] = [];
  for (let at = lines.length - 1; at >= 0; at -= 1)
    next[at] = COMMENT.test(lines[at] ?? '') ? (next[at + 1] ?? at + 1) : at;
  const ends = new Map<number, number>();
  return (from) => {
    const first = next[from] ?? from;
    const last = ends.get(first) ?? endOf(lines, first);
    ends.set(first, last);
    return [first, last];
  };
}

/** The last line of what begins in one. */
function endOf(lines: readonly string[], first: number): number {
  const start = lines[first] ?? '';
  // The items of a list may stand as far in as its key.
  const canHaveItems = !ITEM.test(start);
  let last = first;
  while (GOES_ON.test(lines[last] ?? '')) last += 1;
  for (let at = last + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (NO_CONTENT.test(line)) continue;
    const further = indentOf(line) - indentOf(start);
    if (further < 0 || (further === 0 && !(canHaveItems && ITEM.test(line)))) break;
    last = at;
  }
  return last;
}

const ITEM = /^\s*-(?:\s|$)/;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A name in a comment that is to leave findings out. */
interface NamedCode {
  readonly name: string;
  /** Offset of its first character in the text. */
  readonly start: number;
}

/** The same comment with whatever stands in the place of codes. */
const NAMES =
  /(?:#|\/\/|<!--)\s*berth-ignore(?:-file)?(?::[ \t]*|[ \t]+)(?<names>[^\s,:#]+(?:[ \t]*,[ \t]*[^\s,:#]+)*)/d;

/** The names in comments that are to leave findings out, and that no code has. */
export function unknownCodes(text: string): readonly NamedCode[] {
  if (!text.includes('berth-ignore')) return [];
  let lineStart = 0;
  return text.split('\n').flatMap((content) => {
    const start = lineStart;
    lineStart += content.length + 1;
    const comment = NAMES.exec(content);
    const [from = 0] = comment?.indices?.groups?.names ?? [];
    if (!comment || isQuoted(content, comment)) return [];
    return [...(comment.groups?.names ?? '').matchAll(/[^\s,]*[^\s,.;!]/g)]
      .map(({ 0: name, index }) => ({ name, start: start + from + index }))
      .filter(({ name }) => !isFindingCode(name));
  });
}

/** Whether what looks like a comment of a line is part of a text in quotes. In prose, quotes are mostly apostrophes. */
function isQuoted(line: string, comment: RegExpExecArray): boolean {
  if (comment[0].startsWith('<!--')) return false;
  let quote = '';
  for (const character of line.slice(0, comment.index)) {
    if (quote === '' ? /["']/.test(character) : character === quote) quote = quote === '' ? character : '';
  }
  return quote !== '';
}
