import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import type { UserError } from '../../core/common/errors';
import type { OperationOptions } from '../../core/compose/operationCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { type OperationRequest, startsServices } from '../../core/operations/operation';
import { describeResult } from '../../core/operations/runOperation';
import { countWords } from '../checks/findingWords';
import { COMMANDS } from '../contributions';
import type { Feedback, Offer, OperationOffers } from '../feedback';
import { ProgressLine } from '../operationProgress';
import { operationTitle } from '../operationWords';
import type { Remembered } from '../remembered';
import type { Terminals } from '../terminals';
import { environmentActions, type OperationAction, operationOf } from '../views/actions';
import type { EnvironmentsView } from '../views/environmentsView';
import { showProgress } from '../waiting';
import { requestedName } from '../words';
import { confirmed } from './confirmation';
import { askHowToBringUp, askNumberOfContainers } from './operationChoices';
import { reportOf } from './operationReport';
import { byEnvironment, type Target } from './targets';

/** `#12 [build 2/3] RUN …`: what a build prints is long, and may tell more than it should. */
const BUILD_LINE = /^#\d+ /;

/** Runs operations the way a user sees them: with progress that can be cancelled, and a word on how it ended. */
export class OperationCommands {
  constructor(
    private readonly berth: Berth,
    private readonly feedback: Feedback,
    private readonly terminals: Terminals,
    private readonly view: EnvironmentsView,
    private readonly remembered: Remembered,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * Runs an operation on environments, or on services of them: one for each environment, at the same time. Asks first what
   * there is to ask. Resolves when all have ended.
   */
  async run(action: OperationAction, targets: readonly Target[]): Promise<void> {
    const requests = await this.requestsFor(action, targets);
    if (requests) await this.runRequests(requests);
  }

  /** What an action comes to on some targets. Asks what there is to ask. @returns undefined when the user left. */
  async requestsFor(
    action: OperationAction,
    targets: readonly Target[],
  ): Promise<readonly OperationRequest[] | undefined> {
    const known = operationOf(action);
    if (!known) return undefined;
    const requests: OperationRequest[] = [];
    const replicas = action === 'scale' ? await askNumberOfContainers(targets) : undefined;
    if (action === 'scale' && replicas === undefined) return undefined;
    for (const { environment, services } of byEnvironment(targets)) {
      const names = services.map((service) => service.name);
      let options: OperationOptions | undefined =
        replicas === undefined
          ? known.options
          : { replicas: Object.fromEntries(names.map((name) => [name, replicas])) };
      if (action === 'upWithChoices') options = await askHowToBringUp(environment, this.remembered);
      if (action === 'upWithChoices' && options === undefined) return undefined;
      requests.push({
        operation: known.operation,
        environmentId: environment.definition.id,
        services: names,
        options,
      });
    }
    return requests;
  }

  /** Cancels what runs on environments, and what waits to. */
  cancel(targets: readonly Target[]): void {
    const ids = new Set(targets.map(({ environment }) => environment.definition.id));
    for (const operation of this.berth.operations.running) {
      if (ids.has(operation.request.environmentId)) operation.cancel();
    }
  }

  private async runRequests(requests: readonly OperationRequest[]): Promise<void> {
    const wanted = await confirmed(requests, this.berth);
    await Promise.all(wanted.map((request) => this.runRequest(request)));
  }

  private async runRequest(request: OperationRequest): Promise<void> {
    const what = requestedName(request, this.berth.store);
    const title = operationTitle(request.operation, what);
    this.log.info(`${title}…`);
    if (startsServices(request.operation)) this.view.unfold(request.environmentId);
    const line = new ProgressLine(request.operation);
    const result = await showProgress(title, (signal, say) =>
      this.berth.operations.run(
        request,
        (told) => {
          if (told.kind === 'output') this.log[BUILD_LINE.test(told.line) ? 'debug' : 'info'](told.line);
          if (told.kind === 'note') this.log.info(told.text);
          const message = line.take(told);
          if (message !== undefined) say(message);
        },
        signal,
      ),
    );
    this.log.info(`${title}: ${describeResult(result)}`);
    this.feedback.operationEnded(request, what, result, this.offersAfter(request));
  }

  private offersAfter(request: OperationRequest): OperationOffers {
    const actionsNow = (environment: EnvironmentSnapshot) => environmentActions(environment, undefined, undefined);
    return {
      retry: { title: l10n.t('Retry'), run: () => this.runRequests([request]) },
      logs: (environment, service): Offer | undefined =>
        actionsNow(environment).has('logs')
          ? {
              title: l10n.t('Show Logs'),
              run: () => this.terminals.showLogs(environment, service === undefined ? [] : [service]),
            }
          : undefined,
      down: (environment): Offer | undefined =>
        request.operation !== 'down' &&
        // What is another checkout's is not taken down.
        environment.definition.otherFolder === undefined &&
        actionsNow(environment).has('down')
          ? { title: l10n.t('Down'), run: () => this.run('down', [{ environment }]) }
          : undefined,
      fixes: (finding) =>
        finding.fixes.map((fix) => ({
          title: fix.title,
          run: () => vscode.commands.executeCommand(COMMANDS.fixFinding, { finding, fix }),
        })),
      explain: ({ code }) => ({
        title: l10n.t('Explain {0}', code),
        run: () => vscode.commands.executeCommand(COMMANDS.explainFinding, code),
      }),
      checks: (environment): Offer | undefined => {
        const { id } = environment.definition;
        const errors = this.berth.findings.all.filter(
          ({ severity, environments }) => severity === 'error' && environments.includes(id),
        );
        return errors.length > 0
          ? {
              title: l10n.t('Show Checks ({0})', countWords(errors)),
              run: () => vscode.commands.executeCommand(COMMANDS.showChecks),
            }
          : undefined;
      },
      copyDetails: (environment, error: UserError): Offer => ({
        title: l10n.t('Copy Details'),
        run: async () => {
          await vscode.env.clipboard.writeText(await reportOf(request, environment, error, this.berth));
          this.feedback.success(l10n.t('Copied the details'));
        },
      }),
    };
  }
}
