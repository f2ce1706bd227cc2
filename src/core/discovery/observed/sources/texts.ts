import { record } from '../../../common/json';
import { UNKNOWN } from '../shellWords';

/** More characters than anybody writes into a line: some lines are read in longer than their length. */
export const LONGEST_LINE = 20_000;

/** More scripts, tasks, jobs or blocks than anybody writes into a file: of more, the first are read. */
export const MOST_SCRIPTS = 1_000;

/** A word as a shell takes it for one. */
export function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function json(text: string): unknown {
  try {
    // Some editors of Windows begin a text with a mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

export async function yaml(text: string): Promise<unknown> {
  const { parse, Scalar } = await import('yaml');
  // What GitLab takes from another job is not looked up.
  const reference = { tag: '!reference', collection: 'seq' as const, resolve: () => new Scalar(UNKNOWN) };
  try {
    return parse(text, { merge: true, logLevel: 'silent', customTags: [reference] });
  } catch {
    return undefined;
  }
}

/** The fields of an object that are texts, numbers or truth values, as texts. */
export function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value)).map(
    ([name, one]) => [name, typeof one === 'object' ? record(one).value : one] as const,
  );
  return Object.fromEntries(
    entries.flatMap(([name, one]) =>
      ['string', 'number', 'boolean'].includes(typeof one) ? [[name, String(one)]] : [],
    ),
  );
}

/** The line that a part of a text begins in, from 1. */
export function lineOf(text: string, part: string): number {
  return part === '' ? 1 : lineAt(text, text.indexOf(part));
}

/** The line of an offset into a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
