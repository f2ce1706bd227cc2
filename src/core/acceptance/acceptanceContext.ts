import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import { UserError } from '../common/errors';
import { record, text } from '../common/json';
import type { Secrets } from '../compose/secrets';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import type { Findings } from '../findings/findings';
import type { EnvironmentFacts } from '../model/facts';
import { isFailing, isReady } from '../model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import type { Comparisons } from '../operations/comparisons';
import type { ServiceTools } from '../operations/serviceTools';
import type { AcceptanceHooks, AcceptanceRequest, StepResult } from './acceptance';

/** What all acceptances work with. */
export interface AcceptanceSurroundings {
  readonly store: EnvironmentStore;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  readonly tools: ServiceTools;
  readonly comparisons: Pick<Comparisons, 'factsOf'>;
  readonly findings: Pick<Findings, 'check'>;
  readonly secrets: Pick<Secrets, 'mask' | 'maskError'>;
  readonly clock?: Clock;
}

/** What the criteria of one acceptance have in common. */
export interface AcceptanceContext {
  readonly surroundings: AcceptanceSurroundings & { readonly clock: Clock };
  readonly request: AcceptanceRequest;
  readonly hooks: AcceptanceHooks;
  readonly connection: EngineConnection;
  /** What the compose files say. */
  readonly facts: EnvironmentFacts;
  /** The volumes that the engine had before, whoever's they are. */
  readonly volumesBefore: readonly string[];
  /** Aborted when the acceptance is cancelled. */
  readonly signal: AbortSignal;
  /** For what is done whether or not it was cancelled: never aborted. */
  readonly afterwards: AbortSignal;
}

/** The environment as it is now. @throws UserError (failed) when it is gone. */
export function currentEnvironment({ surroundings, request }: AcceptanceContext): EnvironmentSnapshot {
  const environment = surroundings.store.find(request.environmentId);
  if (environment) return environment;
  throw new UserError('failed', l10n.t('The environment is gone: its compose files were removed or renamed.'));
}

/** The services that are to be up: those that `up` starts, and what runs besides, or should. */
export function expectedServices({ services }: EnvironmentSnapshot): readonly ServiceSnapshot[] {
  return services.filter(({ enabled, health }) => enabled || isUp(health) || isFailing(health));
}

/** Whether a service is where `up` is to bring it. */
export function isUp(health: ServiceSnapshot['health']): boolean {
  return health !== 'unknown' && isReady(health);
}

/** The services of which a container runs. */
export function runningServices({ services }: EnvironmentSnapshot): readonly ServiceSnapshot[] {
  return services.filter(({ containers }) => containers.some(({ state }) => state === 'running'));
}

/** When a container was last started, in milliseconds since the epoch. @param details `GET /containers/{id}/json`. */
export function startTime(details: unknown): number {
  return Date.parse(text(record(record(details).State).StartedAt));
}

/** That something failed as an error says. */
export function failedBy({ message, details: { remedy, output } }: UserError): StepResult {
  return {
    outcome: 'failed',
    message,
    remedy: remedy ?? l10n.t('Mend what it tells of, and try again.'),
    details: output,
  };
}
