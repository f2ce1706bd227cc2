import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import type { ConnectionString } from '../model/connectionString';
import type { OperationRequest, OperationResult } from '../operations/operation';

/** What an environment is to fulfil, in the order in which it is looked at. */
export const CRITERIA = ['healthy', 'ports', 'names', 'data', 'logs', 'secrets', 'connections'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** What a criterion asks for, as a heading. */
export function criterionTitle(criterion: Criterion): string {
  switch (criterion) {
    case 'healthy':
      return l10n.t('Every service is up and healthy in time');
    case 'ports':
      return l10n.t('Published ports answer');
    case 'names':
      return l10n.t('Services find each other by name');
    case 'data':
      return l10n.t('Data survives down and up');
    case 'logs':
      return l10n.t('The logs have no errors since the start');
    case 'secrets':
      return l10n.t('No secrets stand in the compose files');
    case 'connections':
      return l10n.t('Connection strings');
  }
}

/** What came of a criterion for one thing that it is about. */
export type StepResult =
  | {
      readonly outcome: 'passed';
      /** What was seen, half a sentence; undefined where there is no more to say. */
      readonly message?: string;
    }
  | {
      readonly outcome: 'failed';
      /** What is so, one sentence. */
      readonly message: string;
      /** What to do about it, one sentence. */
      readonly remedy?: string;
      /** More of it, several lines: log lines, a health check's output. Without secrets. */
      readonly details?: string;
    }
  | {
      readonly outcome: 'skipped';
      /** Why, one sentence. */
      readonly message: string;
    };

/** A criterion for one thing, with what came of it. */
export type Step = StepResult & {
  readonly criterion: Criterion;
  /** What it is about: a service, a service with a port, or the environment. */
  readonly subject: string;
  /** How long it took to find out; of `healthy`, how long the service took to get there, as far as that is known; in milliseconds. */
  readonly ms: number;
};

/** A step of a criterion that goes without saying. */
export type OwnStep = StepResult & Pick<Step, 'subject' | 'ms'>;

/** How programs reach a store. */
export interface StoreConnection {
  readonly service: string;
  /** From containers of the project. */
  readonly inside: ConnectionString;
  /** From this machine; undefined where its port is not published. */
  readonly host?: ConnectionString;
}

/** What a user asked for: whether an environment is as it is to be. */
export interface AcceptanceRequest {
  /** Of the environment's definition. */
  readonly environmentId: string;
  /** How long services may take to be up and healthy, in milliseconds. */
  readonly timeout: number;
  /** Builds the images first, where the environment has to be brought up; that does not count as start-up. */
  readonly build?: boolean;
  /** Leaves the environment up, where it was not before. */
  readonly keep?: boolean;
}

/** How whoever asked for an acceptance takes part in it. */
export interface AcceptanceHooks {
  /** Runs an operation, and shows how it goes. */
  operate(request: OperationRequest, signal: AbortSignal): Promise<OperationResult>;
  /**
   * Asks whether an environment that is in use may be taken down and brought up again.
   * @returns whether; or why nobody could be asked, one sentence.
   */
  mayInterrupt(): Promise<boolean | string>;
  /** A criterion's turn comes. */
  onCriterion(criterion: Criterion): void;
  /** Something that the user is to know, one sentence. */
  onNote(text: string): void;
}

/** How an acceptance ended. */
export interface AcceptanceReport {
  readonly environment: string;
  readonly project: string;
  /** In the order of the criteria. */
  readonly steps: readonly Step[];
  readonly connections: readonly StoreConnection[];
  /** Milliseconds that all of it took. */
  readonly ms: number;
  /** Whether it was cancelled, so that steps are missing. */
  readonly cancelled: boolean;
  /** What has become of the environment; `left` where it was not up before and still is, or could not be brought back to how it was. */
  readonly after: 'as-before' | 'kept' | 'left';
  /** Why it could not be brought back to how it was. */
  readonly error?: UserError;
}

/** How many steps ended in which way. */
export function stepCounts(steps: readonly Step[]): Readonly<Record<Step['outcome'], number>> {
  const count = (outcome: Step['outcome']) => steps.filter((step) => step.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** Whether an environment is accepted: all was looked at, nothing failed, and it is as it was found. */
export function isAccepted({ steps, cancelled, error }: AcceptanceReport): boolean {
  return !cancelled && error === undefined && steps.every(({ outcome }) => outcome !== 'failed');
}
