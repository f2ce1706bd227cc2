import type { DiscoveredEnvironment } from '../../../../src/core/discovery/discover';
import type { EnvironmentDefinition } from '../../../../src/core/model/environment';
import { ComposeConfig, type ResolvedProject, type ResolvedService } from '../../../../src/core/model/project';
import type { Resolution } from '../../../../src/core/model/snapshot';

/** An environment `dev` in the folder `/work`, of `compose.yaml` alone. */
export function definition(change: Partial<EnvironmentDefinition> = {}): EnvironmentDefinition {
  return {
    id: '/work#dev',
    name: 'dev',
    workspaceFolder: '/projects',
    projectDirectory: '/projects',
    files: ['/projects/compose.yaml'],
    envFiles: [],
    profiles: [],
    purpose: 'development',
    origin: 'inferred',
    ...change,
  };
}

export function service(name: string, change: Partial<ResolvedService> = {}): ResolvedService {
  return { name, image: 'image', profiles: [], ports: [], oneShot: false, watched: false, ...change };
}

/** A project `app` with these services. */
export function project(...services: (string | ResolvedService)[]): ResolvedProject {
  return {
    name: 'app',
    services: services.map((one) => (typeof one === 'string' ? service(one) : one)),
    config: new ComposeConfig({}),
  };
}

/** What is known of an environment before Compose is asked. */
export function textOnly({ servicesInText }: DiscoveredEnvironment): Resolution {
  return { kind: 'text-only', services: servicesInText };
}
