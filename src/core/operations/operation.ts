import type { UserError } from '../common/errors';
import type { OperationName } from '../compose/operationCalls';
import type { Health } from '../model/health';
import type { EnvironmentSnapshot } from '../model/snapshot';

/** What a user asked for: an operation on an environment, or on some of its services. */
export interface OperationRequest {
  readonly operation: OperationName;
  /** Id of the environment's definition. */
  readonly environmentId: string;
  /** Names of services; all of the environment's when empty. */
  readonly services: readonly string[];
}

/** Whether an operation is to get services running; otherwise it ends them. */
export function startsServices(operation: OperationName): boolean {
  return operation === 'up' || operation === 'start' || operation === 'restart';
}

/** What an operation tells on its way. */
export type OperationProgress =
  /** Another operation on the same environment goes first. */
  | { readonly kind: 'waiting' }
  /** A line of Compose's own output. */
  | { readonly kind: 'output'; readonly line: string }
  /** A service came to another health. */
  | { readonly kind: 'service'; readonly service: string; readonly health: Health };

/** How an operation ended. */
export type OperationResult =
  | { readonly kind: 'done'; readonly environment: EnvironmentSnapshot }
  | {
      readonly kind: 'failed';
      readonly environment: EnvironmentSnapshot | undefined;
      readonly error: UserError;
      /** The service that is at fault, where it can be told. */
      readonly service?: string;
    }
  /** Cancelled by the user: nothing was rolled back. */
  | {
      readonly kind: 'cancelled';
      readonly environment: EnvironmentSnapshot | undefined;
      /** The services that run now; undefined when that can't be known, because the engine is not reachable. */
      readonly running: readonly string[] | undefined;
    };
