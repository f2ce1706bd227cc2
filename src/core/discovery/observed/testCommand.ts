import type { TestCommand } from '../../model/environment';
import type { Invocation } from './invocation';
import { OPEN } from './shellWords';

const TEST_PROGRAM =
  /(?:^|\s|\/)(?:pytest|py\.test|tox|nox|jest|vitest|mocha|phpunit|pest|rspec|ctest|playwright test|cypress run|(?:cargo|go|npm|yarn|pnpm|bun|deno|mvn|gradle|gradlew|dotnet|mix|make|just|rails|rake|artisan|manage\.py) (?:run )?test|-m (?:pytest|unittest)|(?:run[_-]?)?tests?\.sh)(?:$|[\s:])/;

/** The test program that is run in a container; undefined when it is something else. @param label what the command belongs to. */
export function testCommandOf({
  verb,
  args,
  label,
}: Pick<Invocation, 'verb' | 'args'> & { readonly label?: string }): TestCommand | undefined {
  if (verb !== 'exec' && verb !== 'run') return undefined;
  const [service, ...words] = withoutOptions(args);
  // What somebody may give is left out.
  const command = words.filter((word) => word !== OPEN).map((word) => word.replaceAll(OPEN, ''));
  if (service === undefined || !TEST_PROGRAM.test(command.join(' '))) return undefined;
  return { name: label ?? command[0] ?? '', service, command, inNewContainer: verb === 'run' };
}

/** Options of `exec` and `run` that take a value. Source: `docker compose exec --help`, `docker compose run --help`. */
const VALUES =
  /^(?:-e|--env|-u|--user|-w|--workdir|--index|-l|--label|--name|-p|--publish|-v|--volume|--entrypoint|--cap-add|--cap-drop|--pull|--env-from-file)$/;

function withoutOptions(args: readonly string[]): readonly string[] {
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) return args.slice(index);
    if (VALUES.test(word)) index++;
  }
  return [];
}
