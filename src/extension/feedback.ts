import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isCancellation, messageOf, UserError } from '../core/common/errors';
import type { Finding } from '../core/model/finding';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import type { OperationRequest, OperationResult } from '../core/operations/operation';
import { describeRemoval } from '../core/operations/removal';
import { operationDone } from './operationWords';
import { openPlace } from './places';

/** Something a notification offers to do. */
export interface Offer {
  readonly title: string;
  readonly run: () => unknown;
}

/** What can be offered after an operation, where it fits. */
export interface OperationOffers {
  readonly retry: Offer;
  readonly logs: (environment: EnvironmentSnapshot, service: string | undefined) => Offer | undefined;
  readonly down: (environment: EnvironmentSnapshot) => Offer | undefined;
  /** Does what mends the failure, the best first. */
  readonly fixes: (finding: Finding) => readonly Offer[];
  /** Shows what checks have found that can't work. */
  readonly checks: (environment: EnvironmentSnapshot) => Offer | undefined;
  /** Puts what somebody who is asked for help needs to know into the clipboard. */
  readonly copyDetails: (environment: EnvironmentSnapshot | undefined, error: UserError) => Offer;
}

/** How long the status bar says that something went well, in milliseconds. */
const SUCCESS_SHOWN = 5_000;
/** A notification is one paragraph: of a program's output it shows so many characters at most. */
const OUTPUT_SHOWN = 240;

/** How many fixes of what an operation failed of are offered: there are other buttons. */
const FIXES_SHOWN = 3;

/** The one place that tells users how things went. Being cancelled is never told as an error. */
export class Feedback {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Tells how an operation ended. @param what it was about, by name. */
  operationEnded(
    { operation, services }: OperationRequest,
    what: string,
    result: OperationResult,
    offers: OperationOffers,
  ): void {
    switch (result.kind) {
      case 'done':
        this.success(
          operationDone(operation, what, result.environment, services.length === 0 ? result.kept : undefined),
        );
        break;
      case 'cancelled':
        this.cancelled(what, result, offers);
        break;
      case 'failed':
        this.operationFailed(what, result, offers);
        break;
    }
  }

  /** Says in passing that something went well. */
  success(message: string): void {
    this.log.info(message);
    vscode.window.setStatusBarMessage(`$(pass) ${message}`, SUCCESS_SHOWN);
  }

  /** Says something that is no failure, and offers what to do next. */
  inform(message: string, offers: readonly Offer[] = []): void {
    void this.offer(vscode.window.showInformationMessage(message, ...offers.map((one) => one.title)), offers);
  }

  /**
   * Tells of an error, with what to do about it.
   * @param error anything thrown; nothing is shown when it only says that somebody cancelled.
   * @param offers besides those that follow from the error itself.
   */
  error(error: unknown, offers: readonly Offer[] = [], prefix = ''): void {
    if (isCancellation(error)) return;
    const details = error instanceof UserError ? error.details : {};
    const { output, place, remedy } = details;
    this.log.error([prefix + messageOf(error), output, remedy].filter(Boolean).join('\n'));
    // A bug: its stack is for the log, not for the notification.
    if (!(error instanceof UserError) && error instanceof Error && error.stack) this.log.debug(error.stack);
    const all = [
      ...(place?.line !== undefined ? [{ title: l10n.t('Open File'), run: () => openPlace(place) }] : []),
      ...offers,
      { title: l10n.t('Show Details'), run: () => this.log.show() },
    ];
    // Output tells more than general advice, and there is little room.
    const message = [prefix + messageOf(error), output ? excerpt(output) : remedy].filter(Boolean).join(' ');
    void this.offer(vscode.window.showErrorMessage(message, ...all.map((one) => one.title)), all);
  }

  /** Wraps what a user starts, so that no failure of it goes unseen. */
  guarded<A extends readonly unknown[]>(action: (...args: A) => unknown): (...args: A) => Promise<void> {
    return async (...args) => {
      try {
        await action(...args);
      } catch (error) {
        this.error(error);
      }
    };
  }

  private cancelled(
    what: string,
    { environment, running, removal }: Extract<OperationResult, { kind: 'cancelled' }>,
    offers: OperationOffers,
  ): void {
    const state =
      running === undefined
        ? l10n.t('{0}: cancelled. What of it runs is not known: the Docker engine is not reachable.', what)
        : running.length === 0
          ? l10n.t('{0}: cancelled. Nothing of it is running.', what)
          : l10n.t('{0}: cancelled. Still running: {1}.', what, running.join(', '));
    const message = [state, ...(removal ? describeRemoval(removal) : [])].join(' ');
    this.log.info(message);
    const possible =
      environment && running?.length ? [offers.logs(environment, undefined), offers.down(environment)] : [];
    this.inform(message, present(possible));
  }

  private operationFailed(
    what: string,
    { environment, error, service, finding }: Extract<OperationResult, { kind: 'failed' }>,
    offers: OperationOffers,
  ): void {
    const onEnvironment = environment && error.kind === 'failed' ? environment : undefined;
    const possible = [
      ...(finding ? offers.fixes(finding).slice(0, FIXES_SHOWN) : []),
      onEnvironment && offers.logs(onEnvironment, service),
      offers.retry,
      onEnvironment && offers.down(onEnvironment),
      onEnvironment && offers.checks(onEnvironment),
      offers.copyDetails(environment, error),
    ];
    this.error(error, present(possible), `${what}: `);
  }

  private async offer(answer: Thenable<string | undefined>, offers: readonly Offer[]): Promise<void> {
    const title = await answer;
    const chosen = offers.find((one) => one.title === title);
    if (chosen) await this.guarded(chosen.run)();
  }
}

/** The beginning of a program's output, as one paragraph. */
function excerpt(output: string): string {
  const line = output
    .trim()
    .replace(/:\s*\n\s*/g, ': ')
    .replace(/\s*\n\s*/g, ' · ');
  return line.length > OUTPUT_SHOWN ? `${line.slice(0, OUTPUT_SHOWN)}…` : line;
}

function present(offers: readonly (Offer | undefined)[]): readonly Offer[] {
  return offers.filter((one) => one !== undefined);
}
