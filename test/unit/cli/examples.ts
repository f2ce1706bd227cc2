import path from 'node:path';
import type { UserError } from '../../../src/core/common/errors';
import type { Container } from '../../../src/core/model/container';
import { type EnvironmentDefinition, purposeOfName } from '../../../src/core/model/environment';
import { ComposeConfig, type ConfigurationWarning, type ResolvedService } from '../../../src/core/model/project';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';

/** The folder that the examples are in. */
export const folder = path.resolve('/projects/shop');

export function service(name: string, more: Partial<ResolvedService> = {}): ResolvedService {
  return { name, image: `${name}:1`, profiles: [], ports: [], oneShot: false, watched: false, ...more };
}

/** A container that runs and is healthy, unless said otherwise. */
export function container(ofService: string, more: Partial<Container> = {}): Container {
  return {
    id: `id-${ofService}`,
    name: `shop-${ofService}-1`,
    image: `${ofService}:1`,
    project: 'shop',
    service: ofService,
    number: 1,
    oneOff: false,
    configFiles: [],
    state: 'running',
    healthCheck: 'healthy',
    stoppedOnRequest: undefined,
    killedOnRequest: undefined,
    ports: [],
    ...more,
  };
}

export interface ExampleEnvironment {
  readonly services?: readonly ResolvedService[];
  readonly containers?: readonly Container[];
  /** Whether an engine answers; it does when left out. */
  readonly connected?: boolean;
  /** Compose does not accept the files. */
  readonly error?: UserError;
  /** What Compose warns of. */
  readonly warnings?: readonly ConfigurationWarning[];
  readonly context?: string;
}

/** An environment of `folder`, of the project `shop`. */
export function environment(
  name: string,
  { services = [], containers = [], connected = true, error, warnings, context }: ExampleEnvironment = {},
): EnvironmentSnapshot {
  const definition: EnvironmentDefinition = {
    id: `${folder}#${name}`,
    name,
    workspaceFolder: folder,
    projectDirectory: folder,
    files: [path.join(folder, name === 'dev' ? 'compose.yaml' : `compose.${name}.yaml`)],
    envFiles: [],
    profiles: [],
    context,
    purpose: purposeOfName(name),
    origin: 'inferred',
  };
  return buildSnapshot(
    definition,
    error
      ? { kind: 'broken', error }
      : { kind: 'resolved', project: { name: 'shop', services, warnings, config: new ComposeConfig({}) } },
    containers,
    connected,
  );
}
