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

/** Programs that run another one, with the words before it that are theirs: options with a value, and how many operands. */
const LAUNCHERS = new Map<string, { readonly withValue: RegExp; readonly operands: number }>([
  ['sudo', { withValue: /^-[CDghpRrTtUu]$/, operands: 0 }],
  ['env', { withValue: /^-[CSu]$/, operands: 0 }],
  ['timeout', { withValue: /^-[ks]$/, operands: 1 }],
  ['nice', { withValue: /^-n$/, operands: 0 }],
  ['exec', { withValue: /^-a$/, operands: 0 }],
  ['nohup', { withValue: /^$/, operands: 0 }],
]);

/** A command from its program on, without assignments and programs that run another one: `sudo -E timeout 60 make` is `make`. */
export function programIn(words: readonly string[]): readonly string[] {
  let at = 0;
  for (;;) {
    const word = words[at] ?? '';
    const launcher = LAUNCHERS.get(word);
    if (!launcher && !/^[A-Za-z_]\w*=/.test(word)) return words.slice(at);
    at++;
    while (launcher && words[at]?.startsWith('-')) at += launcher.withValue.test(words[at] ?? '') ? 2 : 1;
    at += launcher?.operands ?? 0;
  }
}

/** The scripts that a program is given as arguments: `sh -c "…"`, `concurrently "…" "…"`. */
export function scriptsOf(command: readonly string[]): readonly string[] {
  const words = programIn(command);
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
