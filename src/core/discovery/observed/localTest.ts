/** What may stand between a program and what it is to do: `--locked`, `--prefix web`, `-C=api`. */
const OPTIONS = String.raw`(?: --?[\w-]+(?:[= ][^\s-]\S*)?)*?`;

/** Programs that run tests, with what they are told to do; `script` is the name of a script or target of somebody's own. */
const TEST = new RegExp(
  String.raw`^(?:\S*/)?(?:${[
    String.raw`pytest|py\.test|tox|nox|jest|vitest|mocha|ava|phpunit|pest|rspec|cucumber|ctest|gotestsum|bats|behave`,
    `playwright${OPTIONS} test|cypress${OPTIONS} run`,
    String.raw`python[\d.]*${OPTIONS} -m (?:pytest|unittest)|(?:python[\d.]* )?(?:\S*/)?manage\.py test`,
    String.raw`cargo(?: \+\S+)?${OPTIONS} (?:test|t|nextest run|llvm-cov)`,
    `(?:go|deno|dotnet|mix|swift|sbt|lein|stack|cabal|flutter|composer|forge)${OPTIONS} test`,
    `node${OPTIONS} --test`,
    '(?:npm|pnpm|yarn)(?: exec| dlx| --)* (?:jest|vitest|mocha|playwright test|cypress run)',
    String.raw`(?:npm|pnpm|yarn|bun|make|gmake|just|task|rails|rake)${OPTIONS}(?: run(?:-script)?${OPTIONS})? (?<script>(?:\S+[:_-])?(?:t|tests?|e2e|spec)(?:[:_-]\S+)?)`,
    String.raw`(?:mvnw?|gradlew?)(?: \S+)*? (?:\S*:)?(?:test|verify|check|integrationTest)`,
    String.raw`(?:php )?(?:\S*/)?artisan test`,
    String.raw`(?:\S*[_-])?tests?(?:[_-]\S+)?\.(?:sh|py)`,
  ].join('|')})(?= |$)`,
);

/** Words in the name of a script that say that it does something else than to run tests: `test:watch`, `test-up`. */
const NO_TEST =
  /(?:^|[:_-])(?:up|down|start|stop|setup|prepare|watch|dev|serve|server|ui|open|debug|build|rebuild|clean|lint|fmt|format|types?|report|install|deps|db|env|image|logs?|seed|migrate|shell|update|list)(?:$|[:_-])/;

/** Programs of a `node_modules` folder, which a script of a `package.json` finds, and nothing else does. */
const OF_PACKAGES = /^(?:jest|vitest|mocha|ava|playwright|cypress|c8|nyc|cross-env|dotenv|env-cmd)$/;

/** Words before a program that only say how it is run. */
const BEFORE = new Set([
  ...[
    'env',
    'sudo',
    'nice',
    'nohup',
    'timeout',
    'xvfb-run',
    'npx',
    'bunx',
    'cross-env',
    'env-cmd',
    'dotenv',
    'c8',
    'nyc',
  ],
  ...['poetry', 'uv', 'pipenv', 'pdm', 'hatch', 'rye', 'bundle', 'coverage', 'run', 'exec'],
]);
/** Words that only a shell knows. */
const OF_SHELL = /^(?:time|exec|command|builtin)$/;
/** Programs that look for the files that `*` stands for by themselves. */
const FINDS_FILES = /\b(?:jest|vitest|mocha|ava|playwright|cypress|node)\b/;
/** Stands in whatever runs tests, and in what runs another script. */
const LEADS_TO_TESTS =
  /test|spec|e2e|tox|nox|jest|mocha|ava|pest|behave|bats|cucumber|cypress|verify|check|llvm-cov|make|npm|yarn|bun|just|task|sh\b|\.?\/\w/i;
/** More characters than anybody's command has before what it is to do. */
const LONGEST = 500;

/** Whether a text may run tests, be it by another script: what does not is not read. */
export function mayLeadToTests(shell: string): boolean {
  return LEADS_TO_TESTS.test(shell);
}

/**
 * The program that runs tests on this machine, and its arguments, as they can be run without a shell; undefined when the words are
 * something else, or only a shell could run them.
 * @param words all known. @param inPackage whether it is a script of a `package.json`.
 */
export function localTest(words: readonly string[], inPackage: boolean): readonly string[] | undefined {
  const begin = words.findIndex((word) => !OF_SHELL.test(word));
  const own = words.slice(Math.max(begin, 0));
  const at = own.findIndex((word, index) => !isBefore(word, index));
  const program = own.slice(at).join(' ').slice(0, LONGEST);
  const found = at < 0 ? null : TEST.exec(program);
  if (!found || NO_TEST.test(found.groups?.script ?? '')) return undefined;
  if (own.some((word) => word.includes('*')) && !FINDS_FILES.test(program)) return undefined;
  return inPackage && OF_PACKAGES.test(own[0] ?? '') ? ['npx', ...own] : own;
}

/** Also what options before the program may have: a length of time, an env file. */
function isBefore(word: string, index: number): boolean {
  return BEFORE.has(word) || /^[A-Za-z_]\w*=/.test(word) || (index > 0 && /^-|^[\d.]+[smh]?$|^\S*\.env\b/.test(word));
}
