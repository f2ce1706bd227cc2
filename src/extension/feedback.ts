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
  /** Shows the page of what it failed of. */
  readonly explain: (finding: Finding) => Offer;
  /** Shows what checks have found that can't work. */
  readonly checks: (environment: EnvironmentSnapshot) => Offer | undefined;
  /** Puts what somebody who is asked for help needs to know into the clipboard. */
  readonly copyDetails: (environment: EnvironmentSnapshot | undefined, error: UserError) => Offer;
}

/** How long the status bar says that something went well, in milliseconds. */
const SUCCESS_SHOWN = 5_000;
/** A notification is one paragraph: of a program's output it shows so many characters at most. */
const OUTPUT_SHOWN = 240;
/** How wide the buttons of a notification may be together, what a button has besides its text, and a letter: VS Code cuts them otherwise. */
const BUTTONS_WIDTH = 400;
const BUTTON_WIDTH = 26;
const LETTER_WIDTH = 7;
/** So many buttons it has even where they are wider: what is cut still says what it is about. */
const FEWEST_BUTTONS = 2;

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
    void this.offer((titles) => vscode.window.showInformationMessage(message, ...titles), offers);
  }

  /**
   * Tells of an error, with what to do about it.
   * @param error anything thrown; nothing is shown when it only says that somebody cancelled.
   * @param offers besides those that follow from the error itself.
   * @param first those that come before them.
   */
  error(error: unknown, offers: readonly Offer[] = [], prefix = '', first: readonly Offer[] = []): void {
    if (isCancellation(error)) return;
    const details = error instanceof UserError ? error.details : {};
    const { output, place, remedy } = details;
    this.log.error([prefix + messageOf(error), output, remedy].filter(Boolean).join('\n'));
    // A bug: its stack is for the log, not for the notification.
    if (!(error instanceof UserError) && error instanceof Error && error.stack) this.log.debug(error.stack);
    const all = [
      ...first,
      ...(place?.line !== undefined ? [{ title: l10n.t('Open File'), run: () => openPlace(place) }] : []),
      ...offers,
      { title: l10n.t('Show Details'), run: () => this.log.show() },
    ];
    // Output tells more than general advice, and there is little room.
    const message = [prefix + messageOf(error), output ? excerpt(output) : remedy].filter(Boolean).join(' ');
    void this.offer((titles) => vscode.window.showErrorMessage(message, ...titles), all);
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
      onEnvironment && offers.logs(onEnvironment, service),
      offers.retry,
      onEnvironment && offers.down(onEnvironment),
      onEnvironment && offers.checks(onEnvironment),
      finding && offers.explain(finding),
      offers.copyDetails(environment, error),
    ];
    this.error(error, present(possible), `${what}: `, finding ? offers.fixes(finding) : []);
  }

  /** @param show shows a notification with buttons. Those for which there is no room are behind one that asks. */
  private async offer(
    show: (titles: readonly string[]) => Thenable<string | undefined>,
    offers: readonly Offer[],
  ): Promise<void> {
    const titles = offers.map((one) => one.title);
    const more = l10n.t('More…');
    const count = buttonsThatFit(titles, more);
    const isAll = count === titles.length;
    const answer = await show(isAll ? titles : [...titles.slice(0, count), more]);
    const placeHolder = l10n.t('What is to be done?');
    const title =
      isAll || answer !== more ? answer : await vscode.window.showQuickPick(titles.slice(count), { placeHolder });
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

/** How many of some buttons there is room for: with one more beside them, where that is not all. */
function buttonsThatFit(titles: readonly string[], more: string): number {
  const width = (some: readonly string[]) =>
    some.reduce((sum, { length }) => sum + BUTTON_WIDTH + LETTER_WIDTH * length, 0);
  if (titles.length <= FEWEST_BUTTONS || width(titles) <= BUTTONS_WIDTH) return titles.length;
  let count = FEWEST_BUTTONS;
  while (width([...titles.slice(0, count + 1), more]) <= BUTTONS_WIDTH) count++;
  return count;
}

function present(offers: readonly (Offer | undefined)[]): readonly Offer[] {
  return offers.filter((one) => one !== undefined);
}
