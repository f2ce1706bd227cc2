/** Deeper than anybody nests, in levels. */
const DEEPEST = 200;

/**
 * Whether a text of YAML or JSON is nested so deep that reading it could end this process: the readers call themselves for each level,
 * and where the stack ends while a regular expression is being compiled, V8 gives up (seen with Node 20 and 20,000 brackets).
 * What stands in quotes and blocks of text counts as well: nobody writes as much there, either.
 */
export function isTooDeep(text: string): boolean {
  return isDeepInBrackets(text) || isDeepInLines(text);
}

function isDeepInBrackets(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** By indentation, and by what begins several levels in one line: `- - - a`. */
function isDeepInLines(text: string): boolean {
  const columns: number[] = [];
  for (const [, beginning = ''] of text.matchAll(/^( *(?:[-?:] +)*)(?=\S)/gm)) {
    const levels = [...beginning.matchAll(/[-?:]/g)].map(({ index }) => index);
    const first = levels[0] ?? beginning.length;
    while (columns.length > 0 && (columns.at(-1) ?? 0) >= first) columns.pop();
    columns.push(...levels, beginning.length);
    if (columns.length > DEEPEST) return true;
  }
  return false;
}
