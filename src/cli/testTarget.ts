import { UserError } from '../core/common/errors';
import { environmentsNamed, type Purpose } from '../core/model/environment';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import { meantForTests } from '../core/runs/meantForTests';
import type { CommandContext } from './commands/command';
import { chooseEnvironment } from './project';

/** What tests are run in, and the command as it was typed; undefined for the main one. */
interface TestTarget {
  readonly environment: EnvironmentSnapshot;
  readonly command?: string;
}

/**
 * The environment and the test command that `[ENV] [COMMAND]` means. Where the environment is left out, it is the only one with test
 * commands, or the one for tests; where the first operand names no environment, it is a command.
 * @throws UserError (usage) when it can't be told which is meant.
 */
export function knownTestTarget(context: CommandContext): TestTarget {
  return targetFor(['test'], context);
}

/** The same for a workflow of CI: where the environment is left out, that for CI is preferred. */
export function ciTestTarget(context: CommandContext): TestTarget {
  return targetFor(['ci', 'test'], context);
}

/** @param preferred the purposes that are meant where the environment is left out, the first first. */
function targetFor(preferred: readonly Purpose[], { berth, operands, workingFolder }: CommandContext): TestTarget {
  const { environments } = berth.store;
  const [first, second] = operands;
  const definitions = environments.map(({ definition }) => definition);
  if (first !== undefined && (second !== undefined || environmentsNamed(definitions, first).length > 0)) {
    return { environment: chooseEnvironment(environments, first, workingFolder), command: second };
  }
  const meant = meantForTests(environments, preferred);
  const [environment, another] = meant;
  if (environment && !another) return { environment, command: first };
  if (environment) {
    const names = meant.map(({ definition }) => definition.name).join(', ');
    throw new UserError('usage', 'Which environment?', { remedy: `With test commands: ${names}.` });
  }
  throw new UserError('usage', 'No command that runs tests is known here.', {
    remedy: 'Declare one in berth.yaml, under "commands" of an environment, with "kind: test".',
  });
}
