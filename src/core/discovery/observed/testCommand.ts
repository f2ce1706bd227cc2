import type { EnvironmentCommand } from '../../model/command';
import type { Invocation } from './invocation';
import { isKnown, OPEN } from './shellWords';

const TEST_PROGRAM =
  /(?:^|\s|\/)(?:pytest|py\.test|tox|nox|jest|vitest|mocha|phpunit|pest|rspec|ctest|playwright test|cypress run|(?:cargo|go|npm|yarn|pnpm|bun|deno|mvn|gradle|gradlew|dotnet|mix|make|just|rails|rake|artisan|manage\.py) (?:run )?test|-m (?:pytest|unittest)|(?:run[_-]?)?tests?\.sh)(?:$|[\s:])/;

/**
 * The test program that is run in a container, where and with what variables; undefined when it is something else.
 * @param label what the command belongs to.
 */
export function testCommandOf({
  verb,
  args,
  label,
}: Pick<Invocation, 'verb' | 'args'> & { readonly label?: string }): EnvironmentCommand | undefined {
  if (verb !== 'exec' && verb !== 'run') return undefined;
  const { values, rest } = optionsIn(args);
  const [service, ...words] = rest;
  // What somebody may give is left out.
  const command = words.filter((word) => word !== OPEN).map((word) => word.replaceAll(OPEN, ''));
  // What only running something would tell can't be run again.
  if (!command.every(isKnown)) return undefined;
  if (service === undefined || !TEST_PROGRAM.test(command.join(' '))) return undefined;
  const directory = values.findLast(({ name }) => name === '-w' || name === '--workdir')?.value;
  // A variable without a value is that of whoever runs it.
  const env = values
    .filter(({ name, value }) => (name === '-e' || name === '--env') && value.includes('=') && isKnown(value))
    .map(({ value }) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]);
  return {
    name: label ?? command[0] ?? '',
    kind: 'test',
    service,
    command,
    ...(verb === 'run' ? { inNewContainer: true } : {}),
    ...(directory === undefined ? {} : { directory }),
    ...(env.length > 0 ? { env: Object.fromEntries(env) } : {}),
  };
}

/** Options of `exec` and `run` that take a value. Source: `docker compose exec --help`, `docker compose run --help`. */
const VALUES =
  /^(?:-e|--env|-u|--user|-w|--workdir|--index|-l|--label|--name|-p|--publish|-v|--volume|--entrypoint|--cap-add|--cap-drop|--pull|--env-from-file)$/;

/** The options with values that stand before the service, and what comes after all options. */
function optionsIn(args: readonly string[]) {
  const values: { readonly name: string; readonly value: string }[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) return { values, rest: args.slice(index) };
    const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) values.push({ name, value });
    else if (VALUES.test(word)) values.push({ name: word, value: args[++index] ?? '' });
  }
  return { values, rest: [] };
}
