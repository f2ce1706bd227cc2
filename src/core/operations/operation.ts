import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { needsFiles, type OperationName, type OperationOptions } from '../compose/operationCalls';
import type { EngineConnection } from '../engine/connection';
import type { Belongings } from '../model/belongings';
import type { EnvironmentDefinition } from '../model/environment';
import type { Finding } from '../model/finding';
import { type Health, isActive, isReady } from '../model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import type { Removal } from './removal';

/** What a user asked for: an operation on an environment, or on some of its services. */
export interface OperationRequest {
  readonly operation: OperationName;
  /** Id of the environment's definition. */
  readonly environmentId: string;
  /** Names of services; all of the environment's when empty. */
  readonly services: readonly string[];
  readonly options?: OperationOptions;
  /** What the user has agreed to lose: when more would go by the time it is its turn, the operation is not done. */
  readonly confirmed?: Belongings;
  /** The engine that it was asked for; when the environment is on another one by the time that it is its turn, it is not done. */
  readonly engine?: string;
}

/** Where an operation wants services to be in the end; undefined when it leaves them as they are. */
export function aimOf(operation: OperationName): 'ready' | 'ended' | 'paused' | 'unpaused' | undefined {
  switch (operation) {
    case 'up':
    case 'start':
    case 'restart':
    case 'recreate':
    case 'rebuild':
    case 'scale':
    case 'reset':
      return 'ready';
    case 'stop':
    case 'kill':
    case 'down':
      return 'ended';
    case 'pause':
      return 'paused';
    case 'unpause':
      return 'unpaused';
    case 'build':
    case 'pull':
    case 'remove':
      return undefined;
  }
}

/** Whether a service of this health is where an operation wants it. */
export function isAsWanted(operation: OperationName, health: Health): boolean {
  switch (aimOf(operation)) {
    case 'ready':
      return health !== 'unknown' && isReady(health);
    case 'ended':
      return !isActive(health);
    case 'paused':
      return health === 'paused' || !isActive(health);
    case 'unpaused':
      return health !== 'paused';
    case undefined:
      return true;
  }
}

/** Whether an operation is to get services running. */
export function startsServices(operation: OperationName): boolean {
  return aimOf(operation) === 'ready';
}

/** What an operation tells on its way. */
export type OperationProgress =
  /** Another operation on the same environment goes first. */
  | {
      readonly kind: 'waiting';
      /** Which one, and whose, where another process runs it: `up (berth, process 4711)`. */
      readonly holder?: string;
    }
  /** A line of Compose's own output. */
  | { readonly kind: 'output'; readonly line: string }
  /** Something that Berth itself does, one sentence. */
  | { readonly kind: 'note'; readonly text: string }
  /** A service came to another health. */
  | { readonly kind: 'service'; readonly service: string; readonly health: Health };

/** How an operation ended. */
export type OperationResult =
  | {
      readonly kind: 'done';
      readonly environment: EnvironmentSnapshot;
      /** Of `down`: what the project still has on the engine; undefined when that could not be found out. */
      readonly kept?: Belongings;
    }
  | {
      readonly kind: 'failed';
      readonly environment: EnvironmentSnapshot | undefined;
      readonly error: UserError;
      /** The service that is at fault, where it can be told. */
      readonly service?: string;
      /** What the error is about, with its fixes, where that was recognised. */
      readonly finding?: Finding;
      /** What has gone by then, where volumes were to go. */
      readonly removal?: Removal;
    }
  /** Cancelled by the user: nothing was rolled back. */
  | {
      readonly kind: 'cancelled';
      readonly environment: EnvironmentSnapshot | undefined;
      /** The services that run now; undefined when that can't be known, because the engine is not reachable. */
      readonly running: readonly string[] | undefined;
      /** What has gone by then, where volumes were to go. */
      readonly removal?: Removal;
    };

/**
 * The services that an operation is about: those named; else for what needs the files those that these say it starts, and
 * for the others also what there are containers of, left from another profile or from what the files once said.
 */
export function concernedBy(
  { operation, services: names, options }: OperationRequest,
  { services }: EnvironmentSnapshot,
): readonly ServiceSnapshot[] {
  if (names.length > 0) return services.filter((service) => names.includes(service.name));
  if (!needsFiles(operation)) return services.filter(({ enabled, containers }) => enabled || containers.length > 0);
  const chosen = options?.profiles;
  return services.filter(({ enabled, profiles }) =>
    chosen && profiles.length > 0 ? profiles.some((profile) => chosen.includes(profile)) : enabled,
  );
}

/** The project of an environment. @throws UserError (failed) while it is not known which that is. */
export function knownProject({ projectName, definition }: EnvironmentSnapshot): string {
  if (projectName !== undefined) return projectName;
  throw new UserError('failed', l10n.t('It is not known yet what "{0}" contains.', definition.name), {
    remedy: l10n.t('Try again in a moment.'),
  });
}

/**
 * The environment, which is on the engine that its operation was asked for and works on.
 * @throws UserError (failed) when its context leads to another one by now.
 */
export function onEngine(
  connection: Pick<EngineConnection, 'engine'>,
  { engine = connection.engine }: OperationRequest,
  environment: EnvironmentSnapshot,
): EnvironmentSnapshot {
  const { definition } = environment;
  if (connection.engine === engine && definition.engine === engine) return environment;
  const message = l10n.t('By now "{0}" is on another Docker engine: the context leads elsewhere.', definition.name);
  throw new UserError('failed', message, { remedy: l10n.t('Look at what is there, and try again.') });
}

/** That an environment's compose files are not known here, so that only what exists can be operated on. */
export function containersOnly({ name }: EnvironmentDefinition): UserError {
  return new UserError('failed', l10n.t('Of "{0}" only its containers are known, and not its compose files.', name), {
    remedy: l10n.t('Declare it in berth.yaml, or bring it up from its own folder.'),
  });
}

/** That nothing is run in a workspace that its user does not trust. */
export function untrusted(): UserError {
  return new UserError('usage', l10n.t('This workspace is not trusted, so nothing of it is run.'), {
    remedy: l10n.t('Trust the workspace first, if you trust those who wrote it.'),
  });
}
