/** Programs that do nothing else than to run tests. */
const RUNNERS = new Set([
  ...['pytest', 'py.test', 'tox', 'nox', 'jest', 'vitest', 'mocha', 'ava', 'phpunit', 'pest', 'rspec', 'cucumber'],
  ...['ctest', 'gotestsum', 'bats', 'behave'],
]);

/** Programs that run tests when they are told so, maybe after options: `cargo --locked test`, `python -m pytest`. */
const TOLD: readonly (readonly [program: RegExp, order: RegExp])[] = [
  [/^playwright$/, /^test(?: |$)/],
  [/^cypress$/, /^run(?: |$)/],
  [/^python[\d.]*$/, /^-m (?:pytest|unittest)$/],
  [/^cargo$/, /^(?:test|t|llvm-cov)(?: |$)|^nextest run$/],
  [/^(?:go|deno|dotnet|mix|swift|sbt|lein|stack|cabal|flutter|composer|forge)$/, /^test(?: |$)/],
  [/^node$/, /^--test(?: |$)/],
];
/** Programs that take what they are to do in any place, behind the name of a project maybe: `./gradlew clean :api:test`. */
const OF_JVM = /^(?:mvnw?|gradlew?)$/;
const PHASE = /(?:^|:)(?:test|verify|check|integrationTest)$/;
/** Scripts that programs are given by their path, or which are programs themselves: `python manage.py test`. */
const TOLD_SCRIPT = /^(?:manage\.py|artisan)$/;
const INTERPRETER = /^(?:python[\d.]*|php)$/;

/** Programs that run a script or target of somebody's own, by its name. */
const OF_SCRIPTS = /^(?:npm|pnpm|yarn|bun|make|gmake|just|task|rails|rake)$/;
const RUN = /^run(?:-script)?$/;
/** Programs that run one of a `node_modules` folder, and the words between. */
const OF_NODE = /^(?:npm|pnpm|yarn)$/;
const OF_NODE_RUN = /^(?:exec|dlx|--)$/;
/** Words in the name of a script that say that it runs tests. */
const SCRIPT_OF_TESTS = /^(?:t|tests?|e2e|spec)$/;

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
  if (at < 0 || !runsTests(own.slice(at))) return undefined;
  if (own.some((word) => word.includes('*')) && !FINDS_FILES.test(own.slice(at).join(' '))) return undefined;
  return inPackage && OF_PACKAGES.test(own[0] ?? '') ? ['npx', ...own] : own;
}

/** Also what options before the program may have: a length of time, an env file. */
function isBefore(word: string, index: number): boolean {
  return BEFORE.has(word) || /^[A-Za-z_]\w*=/.test(word) || (index > 0 && /^-|^[\d.]+[smh]?$|^\S*\.env\b/.test(word));
}

/** Whether a program, with its arguments, runs tests. Each word is looked at once: whoever wrote it may have written many. */
function runsTests([first = '', ...words]: readonly string[]): boolean {
  const program = baseName(first);
  if (RUNNERS.has(program) || isScriptOfTests(program)) return true;
  if (TOLD_SCRIPT.test(program)) return words[0] === 'test';
  if (INTERPRETER.test(program) && TOLD_SCRIPT.test(baseName(words[0] ?? ''))) return words[1] === 'test';
  if (OF_JVM.test(program)) return words.some((word) => PHASE.test(word));
  if (OF_SCRIPTS.test(program) && runsScriptOfTests(words)) return true;
  if (OF_NODE.test(program)) {
    const of = words.slice(words.findIndex((word) => !OF_NODE_RUN.test(word)));
    return OF_PACKAGES.test(of[0] ?? '') && runsTests(of);
  }
  // `+nightly` says which cargo is meant.
  const told = program === 'cargo' && words[0]?.startsWith('+') ? words.slice(1) : words;
  const orders = TOLD.filter(([pattern]) => pattern.test(program)).map(([, order]) => order);
  return placesOfOrder(told).some((at) => orders.some((order) => order.test(told.slice(at, at + 2).join(' '))));
}

/** Of the name of a script the parts tell: `test:unit`, `run_e2e`; but `test:watch` does something else. */
function runsScriptOfTests(words: readonly string[]): boolean {
  const places = placesOfOrder(words);
  const run = places.find((at) => RUN.test(words[at] ?? ''));
  const after = run === undefined ? [] : placesOfOrder(words.slice(run + 1)).map((at) => run + 1 + at);
  const script = [...places, ...after].map((at) => words[at] ?? '').find(hasWordOfTests);
  return script !== undefined && !NO_TEST.test(script);
}

function hasWordOfTests(name: string): boolean {
  return name.split(/[:_-]/).some((part) => SCRIPT_OF_TESTS.test(part));
}

/** `run_tests.sh`, `test-api.py`. */
function isScriptOfTests(program: string): boolean {
  const [, stem] = /^(.+)\.(?:sh|py)$/.exec(program) ?? [];
  return stem?.split(/[_-]/).some((part) => /^tests?$/.test(part)) ?? false;
}

/** Where among its arguments may stand what a program is to do: behind options, each of which may have a value. */
function placesOfOrder(words: readonly string[]): readonly number[] {
  const isOption = (word: string | undefined) => word?.startsWith('-') ?? false;
  const end = words.findIndex((word, index) => !isOption(word) && !isOption(words[index - 1]));
  return [...words.keys()].slice(0, end < 0 ? words.length : end + 1);
}

/** The name of a program that is called by its path. */
function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
