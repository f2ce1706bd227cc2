import * as l10n from '@vscode/l10n';
import { systemClock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import { UserError } from '../common/errors';
import { waitFor } from '../common/event';
import { runCompose } from '../compose/compose';
import { dockerCall, inContext } from '../compose/composeCall';
import { isFailing, isReady, type ServiceHealth } from '../model/health';
import type { EnvironmentSnapshot } from '../model/snapshot';
import type { TestCase } from '../model/testCase';
import { engineLoss } from '../operations/engineLoss';
import { complaintOf } from '../operations/failure';
import { commandCall } from './commandCall';
import { withContainer } from './commandContainer';
import { collect } from './evidence';
import { environmentOf, type RunContext, runInTime } from './runContext';
import { readReports } from './testReports';

/** 128 + SIGKILL. */
const KILLED = 137;
/** How long the engine may take to tell that a container has ended, in milliseconds: a tenth of that, mostly. */
const DEATH_LIMIT = 1_000;

/** The command of a test run: run once, watched meanwhile, and what it leaves collected. */
export class TestCommand {
  /** What it ended with; undefined when it was not run to its end. */
  exitCode: number | undefined;
  /** Milliseconds that it took. */
  ms: number | undefined;
  /** What was collected: paths relative to the run's folder. */
  collected: readonly string[] = [];
  /** The tests that reports among that tell of. */
  cases: readonly TestCase[] = [];
  private readonly down = new Set<string>();

  constructor(private readonly context: RunContext) {}

  /** The services that were ready, and failed or ended, while it ran. */
  get failing(): readonly string[] {
    return [...this.down];
  }

  /**
   * Runs it, and collects what it leaves.
   * @throws UserError when it can't be run, takes too long, loses the engine, or something can't be collected; the signal's reason
   *   when aborted.
   */
  async run(): Promise<void> {
    const { command } = this.context;
    this.context.begin('command', l10n.t('Running "{0}" …', command.name));
    const watching = this.watchHealth();
    // By the machine's own time, as that of files is.
    const writtenSince = Date.now();
    try {
      await withContainer(command, this.context, async (containerName) => {
        const exitCode = await this.runCommand(containerName);
        if (exitCode !== 0) await this.checkEngine();
        if (exitCode === KILLED && command.service !== undefined) await this.untilDeathIsKnown();
        this.exitCode = exitCode;
        watching.dispose();
        await this.collect(containerName, writtenSince);
      });
    } finally {
      watching.dispose();
    }
  }

  private get current(): EnvironmentSnapshot {
    return environmentOf(this.context.surroundings.store, this.context.request);
  }

  private async runCommand(containerName: string | undefined): Promise<number> {
    const { command, request, hooks, signal, surroundings } = this.context;
    const { args, env } = request;
    const { clock = systemClock } = surroundings;
    const how = { args, env, terminal: hooks.terminal, containerName, signal };
    const call = await commandCall(command, this.current, how);
    const began = clock.now();
    const exitCode = await runInTime(command.name, call, this.context);
    this.ms = clock.now() - began;
    return exitCode;
  }

  /** Notes the services that were ready, and fail or end while the command runs. */
  private watchHealth(): Disposable {
    const { store } = this.context.surroundings;
    const namesOf = (isMeant: (health: ServiceHealth) => boolean) =>
      this.current.services.flatMap(({ name, health }) => (health !== 'unknown' && isMeant(health) ? name : []));
    const ready = new Set(namesOf(isReady));
    return store.onDidChange(() => {
      const down = namesOf((health) => isFailing(health) || health === 'stopped');
      for (const name of down) if (ready.has(name)) this.down.add(name);
    });
  }

  /** A command that is killed may have been so with its container, of which the engine tells a moment later. */
  private async untilDeathIsKnown(): Promise<void> {
    const { store } = this.context.surroundings;
    const isKnown = () => this.down.size > 0 || undefined;
    await waitFor(store.onDidChange, isKnown, AbortSignal.timeout(DEATH_LIMIT)).catch(() => {});
  }

  /** @throws UserError (engine-unreachable) when the engine is gone: then that is why the command failed. */
  private async checkEngine(): Promise<void> {
    const loss = await engineLoss(this.context.surroundings.feedFor(this.current.definition.context));
    if (loss) throw loss;
  }

  private async collect(containerName: string | undefined, writtenSince: number): Promise<void> {
    const { command, connection, folder, signal } = this.context;
    if (!command.collect?.length) return;
    this.context.begin('collect', l10n.t('Collecting {0} …', command.collect.join(', ')));
    const { context } = this.current.definition;
    const { collected, failed } = await collect(command, this.current, {
      connection,
      folder,
      signal,
      containerName,
      copyOut: async (container, from, into) => {
        const call = inContext(dockerCall(context, ['cp', `${container}:${from}`, into]), connection.context);
        const result = await runCompose(call, { signal });
        if (result.exitCode !== 0) throw new Error(complaintOf(result)?.message ?? '');
      },
    });
    this.collected = collected;
    await this.readReports(writtenSince);
    const [first, ...more] = failed;
    if (!first) return;
    const output = more.map(({ message }) => message).join('\n') || undefined;
    throw new UserError('failed', first.message, { ...first.details, output });
  }

  private async readReports(writtenSince: number): Promise<void> {
    const { folder, hooks, signal, surroundings } = this.context;
    const { cases, problems } = await readReports(folder.file('collected'), writtenSince, signal);
    const masked = (text: string | undefined) => text && surroundings.secrets.mask(text);
    this.cases = cases.map((one) => ({ ...one, message: masked(one.message), details: masked(one.details) }));
    for (const problem of problems) hooks.onNote(problem);
  }
}
