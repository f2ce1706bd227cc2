import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Berth, createBerth } from '../../core/berth';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { isCancellation, messageOf, UserError } from '../../core/common/errors';
import { Limiter } from '../../core/common/limiter';
import type { TestCase } from '../../core/model/testCase';
import type { TestRunResult } from '../../core/runs/testRun';
import { TEST_CONTROLLER } from '../contributions';
import type { Feedback } from '../feedback';
import { placeRange } from '../places';
import { showIfSlow } from '../waiting';
import { workspaceFolders } from '../workspaceScope';
import { showReported } from './reportedTests';
import { colourVariables, testRunHooks } from './runHooks';
import { TestItems, type TestTarget } from './testItems';
import { errorWords, failureWords } from './testWords';

/** How a user wants tests to be run. */
interface RunChoices {
  readonly build?: boolean;
  readonly keep?: boolean;
}

/** In how many environments of one request tests run at the same time. */
const ENVIRONMENTS_AT_ONCE = 2;

/** Environments and their test commands in VS Code's Test Explorer, to be run there. */
export class TestExplorer implements Disposable {
  private readonly owned = new DisposableStore();
  readonly controller: vscode.TestController;
  /** The first is the default. */
  readonly profiles: readonly vscode.TestRunProfile[];
  private readonly items: TestItems;
  private readonly closing = new AbortController();
  private readonly going = new Set<Promise<void>>();

  constructor(
    private readonly berth: Pick<Berth, 'store' | 'outputs'>,
    private readonly feedback: Feedback,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.controller = this.owned.add(vscode.tests.createTestController(TEST_CONTROLLER, 'Berth'));
    this.controller.refreshHandler = () => berth.store.filesChanged();
    this.items = this.owned.add(new TestItems(this.controller, berth.store));
    this.profiles = [
      this.addProfile(l10n.t('Run'), {}, true),
      this.addProfile(l10n.t('Build and Run'), { build: true }),
      this.addProfile(l10n.t('Run and Keep'), { keep: true }),
    ];
  }

  /** Cancels what runs. Resolves when what that made is removed. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.going);
  }

  /** Cancels what runs: what that made is removed all the same, as far as there is time. */
  dispose(): void {
    this.closing.abort();
    this.owned.dispose();
  }

  private addProfile(label: string, choices: RunChoices, isDefault = false): vscode.TestRunProfile {
    const { Run } = vscode.TestRunProfileKind;
    const handler = (request: vscode.TestRunRequest, token: vscode.CancellationToken) =>
      this.run(request, choices, token);
    return this.owned.add(this.controller.createRunProfile(label, Run, handler, isDefault));
  }

  /** Runs what is chosen. */
  private async run(
    request: vscode.TestRunRequest,
    choices: RunChoices,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const targets = this.items.targets(request.include, request.exclude);
    const run = this.controller.createTestRun(request);
    const cancelling = new AbortController();
    // The button of a run in the test results cancels that alone.
    const listening = [token, run.token].map((one) => one.onCancellationRequested(() => cancelling.abort()));
    const going = this.runTargets(run, targets, choices, AbortSignal.any([cancelling.signal, this.closing.signal]));
    this.going.add(going);
    // VS Code shows a run for ten more seconds once it is cancelled, or until it is so again.
    cancelling.signal.addEventListener('abort', () => void showIfSlow(cleaningTitle(targets), going));
    try {
      await going;
    } finally {
      this.going.delete(going);
      for (const one of listening) one.dispose();
      run.end();
    }
  }

  /** Runs commands: some environments at the same time, the commands of each one after another. */
  private async runTargets(
    run: vscode.TestRun,
    targets: readonly TestTarget[],
    choices: RunChoices,
    signal: AbortSignal,
  ): Promise<void> {
    for (const { item } of targets) run.enqueued(item);
    const limiter = new Limiter(ENVIRONMENTS_AT_ONCE);
    const environments = [...new Set(targets.map(({ environment }) => environment))];
    await Promise.all(
      environments.map((environment) =>
        limiter.run(async () => {
          for (const target of targets) {
            if (target.environment === environment && !signal.aborted) {
              await this.runTarget(run, target, choices, signal);
            }
          }
        }),
      ),
    );
  }

  private async runTarget(
    run: vscode.TestRun,
    { environment, command, item }: TestTarget,
    choices: RunChoices,
    signal: AbortSignal,
  ): Promise<void> {
    const { definition } = environment;
    const write = (text: string) => run.appendOutput(text.replace(/\r?\n/g, '\r\n'), undefined, item);
    run.started(item);
    const berth = this.ownBerth();
    try {
      const request = {
        environmentId: definition.id,
        command: command.name,
        env: colourVariables(command.env),
        ...choices,
      };
      const result = await berth.testRuns.run(request, testRunHooks(berth.operations, write), signal);
      showResult(run, item, result, write);
      // Of a run that is cancelled, VS Code shows no longer what comes late.
      if (result.cancelled && result.error) this.feedback.error(result.error, [], `${definition.name}: `);
      if (result.exitCode !== undefined) {
        await this.showTests(run, item, result.cases, definition.workspaceFolder, write);
      }
    } catch (error) {
      if (isCancellation(error)) return;
      this.log.error(errorWords(error));
      showError(run, item, error, write);
    } finally {
      berth.dispose();
    }
  }

  /** Shows the tests that a command's report told. How the command ended does not hang on whether that can be done. */
  private async showTests(
    run: vscode.TestRun,
    item: vscode.TestItem,
    cases: readonly TestCase[],
    folder: string,
    write: (text: string) => void,
  ): Promise<void> {
    try {
      await showReported(this.controller, run, item, cases, folder);
    } catch (error) {
      this.log.error(errorWords(error));
      write(`${l10n.t("The tests of its report can't be shown: {0}", messageOf(error))}\n`);
    }
  }

  /**
   * A core for one run: that gives its environment another project and a further compose file, of which the views are to show nothing,
   * and other runs of it neither.
   */
  private ownBerth(): Berth {
    const { store, outputs } = this.berth;
    const berth = createBerth(this.log, vscode.env.appName, outputs);
    void berth.store.setScope({
      workspaceFolders: workspaceFolders().map(({ path }) => path),
      trusted: store.isTrusted,
      onDemand: true,
    });
    return berth;
  }
}

function cleaningTitle(targets: readonly TestTarget[]): string {
  const names = new Set(targets.map(({ environment }) => environment.definition.name));
  return l10n.t('Cleaning up after the tests of {0}', [...names].join(', '));
}

function showResult(
  run: vscode.TestRun,
  item: vscode.TestItem,
  result: TestRunResult,
  write: (text: string) => void,
): void {
  const { environment, command, exitCode, error, ms, after, folder, collected } = result;
  if (collected.length > 0) write(`${l10n.t('Collected {0} in {1}', collected.join(', '), folder ?? '')}\n`);
  if (after === 'kept') write(`${l10n.t('"{0}" stays up.', environment)}\n`);
  if (error) showError(run, item, error, write, ms);
  else if (exitCode === 0) {
    write(green(`✔ ${l10n.t('"{0}" passed.', command)}`));
    run.passed(item, ms);
  } else if (exitCode !== undefined) {
    const words = failureWords(result);
    write(red(`✖ ${words}`));
    run.failed(item, new vscode.TestMessage(words), ms);
  } else write(`${l10n.t('Cancelled.')}\n`);
}

function showError(
  run: vscode.TestRun,
  item: vscode.TestItem,
  error: unknown,
  write: (text: string) => void,
  ms?: number,
): void {
  const words = errorWords(error);
  write(red(`✖ ${words}`));
  const message = new vscode.TestMessage(words);
  const place = error instanceof UserError ? error.details.place : undefined;
  if (place) message.location = new vscode.Location(vscode.Uri.file(place.file), placeRange(place));
  run.errored(item, message, ms);
}

function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m\n`;
}

function green(text: string): string {
  return `\u001b[32m${text}\u001b[39m\n`;
}
