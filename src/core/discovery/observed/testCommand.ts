import type { EnvironmentCommand } from '../../model/command';
import type { Invocation } from './invocation';
import { isKnown, OPEN } from './shellWords';

const TEST_PROGRAM =
  /(?:^|\s|\/)(?:pytest|py\.test|tox|nox|jest|vitest|mocha|phpunit|pest|rspec|ctest|playwright test|cypress run|(?:cargo|go|npm|yarn|pnpm|bun|deno|mvn|gradle|gradlew|dotnet|mix|make|just|rails|rake|artisan|manage\.py) (?:run )?test|-m (?:pytest|unittest)|(?:run[_-]?)?tests?\.sh)(?:$|[\s:])/;

/** What `exec` or `run` is told. */
type Told = Pick<Invocation, 'verb' | 'args'>;

/**
 * The test program that is run in a container, where, by whom and with what variables; undefined when it is something else, or when
 * it is run with what only Compose can be told, such as further volumes: without that it would be another run.
 * @param label what the command belongs to.
 */
export function testCommandOf({ label, ...told }: Told & { readonly label?: string }): EnvironmentCommand | undefined {
  const { options, service, command } = read(told);
  if (service === undefined || !runsTestProgram(command)) return undefined;
  if (!options.every(({ name, value }) => OF_NO_MATTER.has(name) || (CARRIED.has(name) && isCarried(name, value))))
    return undefined;
  const last = (name: string) => options.findLast((option) => option.name === name)?.value;
  const [user, directory] = [last('user'), last('workdir')];
  const env = options
    .filter(({ name, value }) => name === 'env' && value.includes('=') && isKnown(value))
    .map(({ value }) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]);
  return {
    name: label ?? command[0] ?? '',
    kind: 'test',
    service,
    command,
    ...(told.verb === 'run' ? { inNewContainer: true } : {}),
    ...(user === undefined ? {} : { user }),
    ...(directory === undefined ? {} : { directory }),
    ...(env.length > 0 ? { env: Object.fromEntries(env) } : {}),
  };
}

/** Whether a test program is run in a container, in whatever way. */
export function runsTestsInContainer(told: Told): boolean {
  const { service, command } = read(told);
  return service !== undefined && runsTestProgram(command);
}

/** What only running something would tell can't be run again. */
function runsTestProgram(command: readonly string[]): boolean {
  return command.every(isKnown) && TEST_PROGRAM.test(command.join(' '));
}

/** A variable without a value is that of whoever runs it; what of one is not known is left out. */
function isCarried(name: string, value: string): boolean {
  return name === 'env' || isKnown(value);
}

/** Options that a command of an environment has, too. */
const CARRIED = new Set(['env', 'user', 'workdir']);
/** Options that make no difference to tests in an environment that is up: nor does `no-deps`, as everything runs. */
const OF_NO_MATTER = new Set([
  ...['interactive', 'tty', 'no-TTY', 'no-tty', 'rm', 'name', 'label', 'no-deps', 'remove-orphans'],
  ...['build', 'pull', 'quiet', 'quiet-pull', 'quiet-build'],
]);
/** Options of `exec` and `run` that take a value. Source: `docker compose exec --help`, `docker compose run --help`. */
const WITH_VALUE = new Set([
  ...['env', 'env-from-file', 'user', 'workdir', 'index', 'label', 'name', 'publish', 'volume', 'entrypoint'],
  ...['cap-add', 'cap-drop', 'pull'],
]);
const LONG_NAME: Readonly<Record<string, string>> = {
  ...{ e: 'env', u: 'user', w: 'workdir', l: 'label', p: 'publish', v: 'volume' },
  ...{ T: 'no-TTY', t: 'tty', i: 'interactive', q: 'quiet' },
};

interface Option {
  /** The long one, without dashes. */
  readonly name: string;
  /** Empty where it takes none. */
  readonly value: string;
}

/** The options before the service, the service, and what is run in it; what somebody may give is left out. */
function read({ verb, args }: Told): {
  readonly options: readonly Option[];
  readonly service?: string;
  readonly command: readonly string[];
} {
  const options: Option[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === OPEN) continue;
    if (!/^-./.test(word) || word === '--') break;
    const found = optionsIn(word);
    const last = found.at(-1);
    if (last && last.value === undefined && WITH_VALUE.has(last.name)) last.value = args[++at];
    options.push(...found.map(({ name, value = '' }) => ({ name, value })));
  }
  const [service, ...words] = args.slice(args[at] === '--' ? at + 1 : at);
  const isMeant = (verb === 'exec' || verb === 'run') && service !== undefined && isKnown(service);
  const command = words.filter((word) => word !== OPEN).map((word) => word.replaceAll(OPEN, ''));
  return { options, ...(isMeant ? { service } : {}), command };
}

/** The options in a word, of which only the last may have a value: `--user=app`, `-it`, `-Tuapp`. */
function optionsIn(word: string): { name: string; value?: string }[] {
  const [, long, given] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (long !== undefined) return [{ name: long, value: given }];
  const found: { name: string; value?: string }[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const name = LONG_NAME[letter] ?? letter;
    const rest = word.slice(at + 1).replace(/^=/, '');
    if (WITH_VALUE.has(name)) return [...found, { name, value: rest || undefined }];
    found.push({ name });
  }
  return found;
}
