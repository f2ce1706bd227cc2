import { UserError } from '../../../../src/core/common/errors';
import type { EnvironmentDefinition } from '../../../../src/core/model/environment';
import type { EnvironmentFacts, ServiceFacts } from '../../../../src/core/model/facts';
import { environment } from '../../cli/examples';

/** A service of which nothing special is known. */
export function serviceFact(name: string, more: Partial<ServiceFacts> = {}): ServiceFacts {
  const none = { profiles: [], ports: [], data: [], sources: [], mounts: [], networks: [], credentials: [] };
  return { name, ...none, restart: 'no', ...more };
}

/** The facts of an environment, or why its services are not known. */
export function facts(
  name: string,
  services: readonly ServiceFacts[] | UserError,
  more: Partial<EnvironmentDefinition> = {},
): EnvironmentFacts {
  const definition = { ...environment(name).definition, ...more };
  const known = services instanceof UserError ? { error: services } : { services };
  return { definition, envFiles: [], project: `shop-${name}`, ...known };
}
