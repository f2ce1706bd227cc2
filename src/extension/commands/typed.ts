/*
 * What users type into input boxes, made sense of. Nothing here knows of VS Code.
 */

/** More containers of one service than anybody wants by intention. */
export const MOST_CONTAINERS = 100;

/** The number of containers that was typed; undefined when it is none that can be. */
export function numberOfContainers(typed: string): number | undefined {
  const number = /^\s*\d+\s*$/.test(typed) ? Number(typed) : Number.NaN;
  return number <= MOST_CONTAINERS ? number : undefined;
}

/** How many lines of logs were typed; undefined when it is neither a number nor `all`. */
export function numberOfLines(typed: string): number | 'all' | undefined {
  const text = typed.trim();
  if (text === 'all') return text;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `1h30m`, or a date with or without a time as RFC 3339 writes it. Source: Docker CLI reference, `docker container logs`. */
const SINCE =
  /^(?:(?:\d+(?:\.\d+)?(?:ms|h|m|s))+|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)$/;

/** Whether a text is a time, or how long ago one was, as Docker understands it. */
export function isTime(typed: string): boolean {
  return SINCE.test(typed.trim());
}

/** The arguments that were typed, with quotes around those that have blanks; undefined when one is not closed. */
export function typedArguments(typed: string): readonly string[] | undefined {
  const quoted = /"([^"]*)"|'([^']*)'/g;
  if (/["']/.test(typed.replace(quoted, ''))) return undefined;
  const words = typed.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(quoted, (_, double?: string, single?: string) => double ?? single ?? ''));
}

/** Whether a text is a path in a container that says for itself where it begins. */
export function isContainerPath(typed: string): boolean {
  return typed.trim().startsWith('/');
}

/** What of a text has to be replaced to make another one of it: as little as possible. */
export function changedPart(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly by: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, by: after.slice(start, after.length - same) };
}
