import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import type { OperationName } from '../../core/compose/operationCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { OperationRequest } from '../../core/operations/operation';
import { describeResult } from '../../core/operations/runOperation';
import type { Feedback, Offer, OperationOffers } from '../feedback';
import { ProgressLine } from '../operationProgress';
import { operationTitle } from '../operationWords';
import type { Terminals } from '../terminals';
import { environmentActions } from '../views/actions';
import type { EnvironmentsView } from '../views/environmentsView';
import { requestedName } from '../words';
import type { Target } from './targets';

/** `#12 [build 2/3] RUN …`: what a build prints is long, and may tell more than it should. */
const BUILD_LINE = /^#\d+ /;

/** Runs operations the way a user sees them: with progress that can be cancelled, and a word on how it ended. */
export class OperationCommands {
  constructor(
    private readonly berth: Berth,
    private readonly feedback: Feedback,
    private readonly terminals: Terminals,
    private readonly view: EnvironmentsView,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Runs an operation on an environment, or on the one service that the target names. Resolves when it has ended. */
  async run(operation: OperationName, { environment, service }: Target): Promise<void> {
    await this.runRequest({
      operation,
      environmentId: environment.definition.id,
      services: service ? [service.name] : [],
    });
  }

  /** Cancels what runs on an environment. */
  cancel({ environment }: Target): void {
    for (const operation of this.berth.operations.running) {
      if (operation.request.environmentId === environment.definition.id) operation.cancel();
    }
  }

  private async runRequest(request: OperationRequest): Promise<void> {
    const what = requestedName(request, this.berth.store.environments);
    const title = operationTitle(request.operation, what);
    this.log.info(`${title}…`);
    if (request.operation === 'up') this.view.unfold(request.environmentId);
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        const cancelling = new AbortController();
        const subscription = token.onCancellationRequested(() => cancelling.abort());
        const line = new ProgressLine();
        try {
          return await this.berth.operations.run(
            request,
            (told) => {
              if (told.kind === 'output') this.log[BUILD_LINE.test(told.line) ? 'debug' : 'info'](told.line);
              const message = line.take(told);
              if (message !== undefined) progress.report({ message });
            },
            cancelling.signal,
          );
        } finally {
          subscription.dispose();
        }
      },
    );
    this.log.info(`${title}: ${describeResult(result)}`);
    this.feedback.operationEnded(request.operation, what, result, this.offersAfter(request));
  }

  private offersAfter(request: OperationRequest): OperationOffers {
    const actionsNow = (environment: EnvironmentSnapshot) => environmentActions(environment, undefined);
    return {
      retry: { title: l10n.t('Retry'), run: () => this.runRequest(request) },
      logs: (environment, service): Offer | undefined =>
        actionsNow(environment).has('logs')
          ? {
              title: l10n.t('Show Logs'),
              run: () => this.terminals.showLogs(environment, service === undefined ? [] : [service]),
            }
          : undefined,
      down: (environment): Offer | undefined =>
        request.operation !== 'down' && actionsNow(environment).has('down')
          ? { title: l10n.t('Down'), run: () => this.run('down', { environment }) }
          : undefined,
    };
  }
}
