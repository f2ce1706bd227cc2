/** Where the name of a program can begin and end in a command. */
const program = (name: string) => new RegExp(`(?:^|[\\s/'"(;&|])(?:${name})(?=$|[\\s'");&|])`);

/** The problem matchers in package.json for what well-known test runners print, by the words that run them. */
const RUNNERS: readonly (readonly [words: RegExp, matchers: readonly string[]])[] = [
  [program('pytest|py\\.test'), ['$berth-pytest']],
  [program('cargo(?: \\+\\S+)? (?:t|test|nextest)'), ['$berth-rustc', '$berth-rust-panic']],
  [program('jest|vitest|mocha|(?:npm|yarn|pnpm|bun)(?: run)? test(?::\\S+)?'), ['$berth-javascript']],
  [program('go test|gotestsum'), ['$berth-go']],
];

/**
 * The problem matchers for what a test command prints; none where no runner is known by its words.
 * @param command its program and arguments.
 */
export function matchersFor(command: readonly string[]): readonly string[] {
  const words = command.join(' ');
  return RUNNERS.flatMap(([runner, matchers]) => (runner.test(words) ? matchers : []));
}
