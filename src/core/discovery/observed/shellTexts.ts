/** How deep substitutions stand in each other, and how many texts for standard input begin in a line, at most. */
const DEEPEST_NESTING = 50;
const MOST_HEREDOCS = 100;

/** A script up to the line where more is nested in each other, or begun at once, than anybody writes: it would be read for minutes. */
export function untilTooDeep(script: string): string {
  let depth = 0;
  let heredocs = 0;
  for (let at = 0; at < script.length; at++) {
    const two = script.slice(at, at + 2);
    if (two === '$(' || two === '${' || two === '<(' || two === '>(') depth++;
    else if ((two[0] === ')' || two[0] === '}') && depth > 0) depth--;
    else if (two === '<<') heredocs++;
    else if (two[0] === '\n') heredocs = 0;
    if (depth > DEEPEST_NESTING || heredocs > MOST_HEREDOCS) return script.slice(0, script.lastIndexOf('\n', at) + 1);
  }
  return script;
}

/** The scripts that a program is given as arguments: `sh -c "…"`, `concurrently "…" "…"`. */
export function scriptsOf([name = '', ...args]: readonly string[]): readonly string[] {
  if (/^(?:npx|bunx)$/.test(name)) return scriptsOf(args);
  if (name === 'concurrently') return args.filter((word) => !word.startsWith('-') && /\s/.test(word));
  if (!/^(?:.*\/)?(?:ba|z|da|k)?sh$/.test(name)) return [];
  const at = args.findIndex((word) => /^-\w*c$/.test(word));
  const script = at < 0 ? undefined : args[at + 1];
  return script === undefined ? [] : [script];
}
