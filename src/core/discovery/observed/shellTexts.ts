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
export function scriptsOf(words: readonly string[]): readonly string[] {
  const isLauncher = /^(?:npx|bunx|pnpm|yarn)$/.test(words[0] ?? '');
  const at = words.findIndex((word) => !isLauncher || !/^(?:npx|bunx|pnpm|yarn|exec|dlx|-.*)$/.test(word));
  const [name = '', ...args] = at < 0 ? [] : words.slice(at);
  if (/^(?:concurrently|conc|start-server-and-test)$/.test(name)) {
    return args.filter((word) => !word.startsWith('-') && /\s/.test(word));
  }
  if (!/^(?:.*\/)?(?:ba|z|da|k)?sh$/.test(name)) return [];
  const option = args.findIndex((word) => /^-\w*c$/.test(word));
  const script = option < 0 ? undefined : args[option + 1];
  return script === undefined ? [] : [script];
}
