import type { EnvironmentCommand } from '../model/command';
import type { EnvironmentSnapshot } from '../model/snapshot';

/**
 * The services that are to be brought up, with what they depend on, so that commands can run in those that they name: also where they
 * are not among those asked for, or have a profile that is not active. Empty where that is what the environment starts by itself.
 * @param asked what a user wants brought up; all that the environment starts by itself when empty.
 */
export function neededServices(
  commands: readonly EnvironmentCommand[],
  { services }: EnvironmentSnapshot,
  asked: readonly string[] = [],
): readonly string[] {
  const started = asked.length > 0 ? asked : services.filter(({ enabled }) => enabled).map(({ name }) => name);
  const inside = commands.flatMap(({ service, inNewContainer }) => (inNewContainer ? [] : (service ?? [])));
  const more = inside.filter((name) => !started.includes(name));
  return more.length === 0 ? asked : [...new Set([...started, ...more])];
}
