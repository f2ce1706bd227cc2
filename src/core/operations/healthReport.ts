import type { Disposable } from '../common/disposable';
import type { EnvironmentStore } from '../environmentStore';
import { isFailing } from '../model/health';
import type { EnvironmentSnapshot } from '../model/snapshot';
import type { OperationProgress } from './operation';

/** Tells the health of the services that the operation is about: as it is, and each time it changes. */
export function reportHealth(
  store: EnvironmentStore,
  current: () => EnvironmentSnapshot | undefined,
  services: readonly string[],
  onProgress: (progress: OperationProgress) => void,
): Disposable {
  const told = new Map<string, string>();
  const known = () => {
    const environment = current();
    return environment && environment.resolution.kind !== 'pending' ? environment.services : [];
  };
  for (const service of known()) told.set(service.name, service.health);
  return store.onDidChange(() => {
    for (const { name, health } of known()) {
      const before = told.get(name);
      if (before === health || (services.length > 0 && !services.includes(name))) continue;
      told.set(name, health);
      // Of a service that was not known yet, how it is is no news, unless it is on its way or has a problem.
      if (before === undefined && health !== 'starting' && !isFailing(health)) continue;
      onProgress({ kind: 'service', service: name, health });
    }
  });
}
