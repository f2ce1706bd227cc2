import { allCommands, commandsOf } from '../model/command';
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
