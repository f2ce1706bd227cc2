import { allCommands, commandsOf, type EnvironmentCommand, mainTest } from '../model/command';
import type { Purpose } from '../model/environment';
import type { EnvironmentSnapshot } from '../model/snapshot';

/**
 * The environments whose tests can be meant where none is named: of those that have test commands, the ones for tests, or else all.
 * @param preferred the purposes that come first, the first first.
 */
export function meantForTests(
  environments: readonly EnvironmentSnapshot[],
  preferred: readonly Purpose[] = ['test'],
): readonly EnvironmentSnapshot[] {
  const tested = environments.filter(({ definition }) => commandsOf(allCommands(definition), 'test').length > 0);
  const ofPurposes = preferred.map((purpose) => tested.filter(({ definition }) => definition.purpose === purpose));
  return ofPurposes.find((some) => some.length > 0) ?? tested;
}

/**
 * The test command of an environment that is meant where nothing of its workspace folder is named; undefined when that is those of others.
 * @param environments all that there are.
 */
export function mainTestAmong(
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
): EnvironmentCommand | undefined {
  const { workspaceFolder } = environment.definition;
  const beside = environments.filter(({ definition }) => definition.workspaceFolder === workspaceFolder);
  return meantForTests(beside).includes(environment) ? mainTest(allCommands(environment.definition)) : undefined;
}
