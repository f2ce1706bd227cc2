import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { healthText } from './health';

/** What is different between two states of some environments: a line for each service and each error. */
export function changeLines(
  before: readonly EnvironmentSnapshot[],
  after: readonly EnvironmentSnapshot[],
): readonly string[] {
  return after.flatMap((environment) => {
    const old = before.find(({ definition }) => definition.id === environment.definition.id);
    if (old === environment) return [];
    const { name } = environment.definition;
    const gone = (old?.services ?? []).filter(
      (service) => !environment.services.some((other) => other.name === service.name),
    );
    return [
      ...errorChange(old, environment),
      ...environment.services.flatMap((service) => {
        const was = old?.services.find((other) => other.name === service.name)?.health;
        if (was === service.health) return [];
        return [`${name} ${service.name}: ${healthText(service.health)}${was === undefined ? '' : ` (was ${was})`}`];
      }),
      ...gone.map((service) => `${name} ${service.name}: gone`),
    ];
  });
}

function errorChange(old: EnvironmentSnapshot | undefined, { definition, resolution }: EnvironmentSnapshot): string[] {
  const error = resolution.kind === 'broken' ? resolution.error.message : undefined;
  const oldError = old?.resolution.kind === 'broken' ? old.resolution.error.message : undefined;
  if (error === oldError) return [];
  return [error === undefined ? `${definition.name}: its files are accepted again` : `${definition.name}: ${error}`];
}
