import path from 'node:path';
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

/** What a text in YAML or JSON holds, and where. */
export interface Structure {
  /** Undefined where the text is broken. */
  readonly value: unknown;
  /**
   * The line, from 1, in which what is at a path begins, by its key; that after the key for a
   * block of text, and that of what takes it in where it stands elsewhere.
   */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** Of a text that is broken, or nested deeper than its parser can go. */
const NOTHING: Structure = { value: undefined, lineOf: () => 1 };

export async function yaml(text: string): Promise<Structure> {
  const { isMap, isNode, isScalar, parseDocument, Scalar } = await import('yaml');
  // What GitLab takes from another job is not looked up.
  const reference = { tag: '!reference', collection: 'seq' as const, resolve: () => new Scalar(UNKNOWN) };
  try {
    const document = parseDocument(text, { merge: true, logLevel: 'silent', customTags: [reference] });
    if (document.errors.length > 0) return NOTHING;
    const lineOf: Structure['lineOf'] = (path) => {
      const key = path.at(-1);
      if (key === undefined) return 1;
      const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(holder) ? holder.items.find((one) => isScalar(one.key) && one.key.value === key) : undefined;
      const isBlock = isScalar(pair?.value) && /^BLOCK/.test(pair.value.type ?? '');
      const node = isBlock ? pair.value : (pair?.key ?? document.getIn(path, true));
      const range = isNode(node) ? node.range : undefined;
      return range ? lineAt(text, range[0]) + (isBlock ? 1 : 0) : lineOf(path.slice(0, -1));
    };
    return { value: document.toJS(), lineOf };
  } catch {
    return NOTHING;
  }
}

/** JSON with comments and commas too many. */
export async function jsonWithComments(text: string): Promise<Structure> {
  const { findNodeAtLocation, getNodeValue, parseTree } = await import('jsonc-parser');
  try {
    const tree = parseTree(text);
    const lineOf: Structure['lineOf'] = (path) => {
      const node = tree && findNodeAtLocation(tree, [...path]);
      const named = node?.parent?.type === 'property' ? node.parent : node;
      return named || path.length === 0 ? lineAt(text, named?.offset ?? 0) : lineOf(path.slice(0, -1));
    };
    return { value: tree && getNodeValue(tree), lineOf };
  } catch {
    return NOTHING;
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

/** The line of an offset into a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The folders that what stands in a file may be meant for: the workspace folder, its own, and those between, upwards. Absolute paths. */
export function foldersFor(file: string, root: string): readonly string[] {
  const names = path.relative(root, path.dirname(file)).split(path.sep).filter(Boolean);
  return [root, ...names.map((_, index) => path.join(root, ...names.slice(0, names.length - index)))];
}
