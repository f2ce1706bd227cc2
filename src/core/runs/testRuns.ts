import { randomBytes } from 'node:crypto';
import os from 'node:os';
import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../common/clock';
import { type Disposable, DisposableStore } from '../common/disposable';
import { isCancellation, messageOf, UserError } from '../common/errors';
import { unlessAborted, waitFor } from '../common/event';
import { runCompose } from '../compose/compose';
import { dockerCall } from '../compose/composeCall';
import type { Secrets } from '../compose/secrets';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import { commandsOf, type EnvironmentCommand, mainTest } from '../model/command';
import type { TestRunMark } from '../model/container';
import { type EnvironmentDefinition, RUN_FILE_NAME } from '../model/environment';
import { isFailing, isReady, type ServiceHealth } from '../model/health';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { complaintOf } from '../operations/failure';
import { type OperationResult, untrusted } from '../operations/operation';
import type { ServiceTools } from '../operations/serviceTools';
import { commandCall } from './commandCall';
import { collect, keepLogs } from './evidence';
import { canBeTwice, checkRoom } from './room';
import { runFileText } from './runFile';
import { RunFolder } from './runFolder';
import { type RunProject, takeRunProject } from './runProject';
import type { TestRunHooks, TestRunRequest, TestRunResult, TestRunStage } from './testRun';

/** How long the engine may take to show that it is still there, in milliseconds. */
const ENGINE_LIMIT = 2_000;
/** 128 + SIGKILL. */
const KILLED = 137;
/** How long the engine may take to tell that a container has ended, in milliseconds: a tenth of that, mostly. */
const DEATH_LIMIT = 1_000;

interface Surroundings {
  readonly store: EnvironmentStore;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  readonly tools: ServiceTools;
  readonly secrets: Pick<Secrets, 'mask' | 'maskError'>;
  /** What runs it, for others that wait: `berth`. */
  readonly program: string;
  readonly clock?: Clock;
}

/** Whether an environment is made for a run: where nobody says it, those for tests and for CI are. */
export function isEphemeral({ ephemeral, purpose }: EnvironmentDefinition): boolean {
  return ephemeral ?? (purpose === 'test' || purpose === 'ci');
}

/** Runs commands of environments in environments of their own, which are removed when they are done. */
export class TestRuns {
  constructor(private readonly surroundings: Surroundings) {}

  /**
   * A test run: looks whether there is room, brings the environment up, runs what sets it up, and then the command; keeps what it
   * leaves, and removes what the run made, also when it fails or is cancelled.
   * @param signal aborts what is under way; what the run made is removed all the same.
   * @throws UserError when it can't be begun, so that nothing was made; the signal's reason when aborted before that.
   */
  async run(request: TestRunRequest, hooks: TestRunHooks, signal: AbortSignal): Promise<TestRunResult> {
    const { store, feedFor } = this.surroundings;
    if (!store.isTrusted) throw untrusted();
    await unlessAborted(store.lookAtEngines(), signal);
    await unlessAborted(store.whenResolved(), signal);
    const environment = found(store, request.environmentId);
    if (environment.resolution.kind === 'broken') throw environment.resolution.error;
    const command = chosenCommand(environment, request.command);
    // Tells what is wrong with it before anything is made.
    await commandCall(command, environment, { args: request.args, env: request.env, terminal: false });
    const connection = await feedFor(environment.definition.context).whenConnected(signal);
    const project = await this.takeProject(environment, connection, request, hooks, signal);
    const run = new TestRun(request, command, project, connection, hooks, signal, this.surroundings);
    try {
      return await run.toEnd(environment);
    } finally {
      project.dispose();
    }
  }

  private takeProject(
    { definition, resolution, projectName = '' }: EnvironmentSnapshot,
    { address }: EngineConnection,
    request: TestRunRequest,
    hooks: TestRunHooks,
    signal: AbortSignal,
  ): Promise<RunProject> {
    const resolved = projectOf(resolution);
    const feed = this.surroundings.feedFor(definition.context);
    return takeRunProject({
      project: projectName,
      environment: definition.name,
      engine: definition.engine ?? address,
      program: this.surroundings.program,
      canBeTwice: isEphemeral(definition) && resolved !== undefined && canBeTwice(resolved),
      usesOthers: request.useRunning === true || !isEphemeral(definition),
      containersOf: (name) => [...feed.containers].filter((container) => container.project === name),
      onWait: (holder) => hooks.onNote(l10n.t('Waiting: {0} has the project {1}.', holder, projectName)),
      signal,
    });
  }
}

function found(store: EnvironmentStore, id: string): EnvironmentSnapshot {
  const environment = store.find(id);
  if (environment) return environment;
  throw new UserError('usage', l10n.t('There is no such environment any more.'));
}

/**
 * The command of an environment that is meant.
 * @param name the main test command when left out.
 * @throws UserError (usage) when there is none.
 */
export function chosenCommand({ definition }: EnvironmentSnapshot, name: string | undefined): EnvironmentCommand {
  const commands = definition.knowledge?.commands ?? [];
  const command = name === undefined ? mainTest(commands) : commands.find((one) => one.name === name);
  if (command) return command;
  const known = commands.map((one) => one.name).join(', ');
  throw new UserError(
    'usage',
    name === undefined
      ? l10n.t('No command that runs tests is known of "{0}".', definition.name)
      : l10n.t('Environment "{0}" has no command "{1}".', definition.name, name),
    { remedy: known ? l10n.t('It has: {0}.', known) : l10n.t('Declare one in berth.yaml, with "kind: test".') },
  );
}

/** One test run, once it has its project. */
class TestRun {
  private stage: TestRunStage = 'check';
  private isOurs = false;
  private removesVolumes = false;
  private wasEmpty = false;
  private keptVolumes: readonly string[] = [];
  private folder: RunFolder | undefined;
  private exitCode: number | undefined;
  private error: UserError | undefined;
  private cancelled = false;
  private ms: number | undefined;
  private collected: readonly string[] = [];
  private readonly failing = new Set<string>();
  /** What comes after the command is done whether or not that was cancelled. */
  private readonly afterwards = new AbortController().signal;

  constructor(
    private readonly request: TestRunRequest,
    private readonly command: EnvironmentCommand,
    private readonly project: RunProject,
    private readonly connection: EngineConnection,
    private readonly hooks: TestRunHooks,
    private readonly signal: AbortSignal,
    private readonly surroundings: Surroundings,
  ) {}

  async toEnd(environment: EnvironmentSnapshot): Promise<TestRunResult> {
    const { definition } = environment;
    this.folder = await RunFolder.make(definition.workspaceFolder).catch((cause: Error) => {
      throw new UserError('failed', l10n.t("The folder .berth can't be written: {0}.", cause.message), { cause });
    });
    await this.part(() => this.upToCommand(environment));
    if (this.failedSoFar) await this.part(() => this.keepWhy(), this.afterwards);
    const after = await this.leave();
    const isKept = await this.folder.settle();
    return {
      environment: definition.name,
      command: this.command.name,
      project: this.project.name,
      exitCode: this.exitCode,
      error: this.error,
      stage: this.error ? this.stage : undefined,
      cancelled: this.cancelled,
      ms: this.ms,
      failing: [...this.failing],
      folder: isKept ? this.folder.path : undefined,
      collected: this.collected,
      after,
      keptVolumes: this.keptVolumes,
    };
  }

  private get failedSoFar(): boolean {
    return this.error !== undefined || this.cancelled || (this.exitCode !== undefined && this.exitCode !== 0);
  }

  /** The environment as it is now. */
  private get current(): EnvironmentSnapshot {
    return found(this.surroundings.store, this.request.environmentId);
  }

  /** Does a part of the run; that it failed is a result, of which the first counts. */
  private async part(work: () => Promise<void>, signal = this.signal): Promise<void> {
    const { stage } = this;
    try {
      await work();
    } catch (thrown) {
      if (signal.aborted || isCancellation(thrown)) {
        this.cancelled = true;
        return;
      }
      const error =
        thrown instanceof UserError ? thrown : new UserError('failed', messageOf(thrown), { cause: thrown });
      if (this.error) this.stage = stage;
      else this.error = this.surroundings.secrets.maskError(error);
    }
  }

  private begin(stage: TestRunStage, text: string): void {
    this.stage = stage;
    this.hooks.onStage(stage, text);
  }

  private async upToCommand(environment: EnvironmentSnapshot): Promise<void> {
    const { occupation } = this.project;
    const { name } = environment.definition;
    this.wasEmpty = occupation.kind === 'nothing';
    if (occupation.kind === 'others') {
      this.hooks.onNote(l10n.t('Uses "{0}" as it runs, and leaves it as it is.', name));
      await this.bringUp(notReady(environment));
    } else {
      await this.claim(environment);
      await this.bringUp(this.request.services ?? []);
      // What sets it up (example data, say) is hardly meant to be done twice.
      if (occupation.kind !== 'kept') await this.setUp();
    }
    await this.runCommand();
  }

  /** Makes the project this run's own: with its mark, with nothing of an earlier run, and with room beside all others. */
  private async claim(environment: EnvironmentSnapshot): Promise<void> {
    const { definition } = environment;
    const { store } = this.surroundings;
    const { occupation, name: project } = this.project;
    this.begin('check', l10n.t('Checking whether there is room for "{0}" …', definition.name));
    const isOwnProject = project === environment.projectName;
    if (isEphemeral(definition)) {
      const mark = occupation.kind === 'kept' ? occupation.mark : await this.newMark(definition);
      this.removesVolumes = mark.removesVolumes;
      const runFile = await this.writeRunFile(environment, mark);
      await store.vary(definition.id, {
        runFile,
        ...(isOwnProject ? {} : { projectName: project, usualProject: project }),
      });
      await unlessAborted(store.whenResolved(definition.id), this.signal);
      this.isOurs = true;
    }
    if (occupation.kind === 'kept') {
      this.hooks.onNote(l10n.t('Uses the environment that an earlier run has kept as it is, and keeps it.'));
      return;
    }
    if (occupation.kind === 'left') {
      this.hooks.onNote(l10n.t('Removing what a run that was interrupted has left …'));
      await this.down(occupation.mark.removesVolumes, this.signal);
    } else if (definition.ephemeral === true && this.volumesBefore.length > 0) {
      this.hooks.onNote(
        l10n.t(
          'Removing the volumes of before, as "{0}" is ephemeral: {1}',
          definition.name,
          this.volumesBefore.join(', '),
        ),
      );
      await this.down(true, this.signal);
    }
    const { environments } = store;
    await checkRoom(this.current, { connection: this.connection, environments, signal: this.signal });
  }

  private volumesBefore: readonly string[] = [];

  private async newMark({ ephemeral }: EnvironmentDefinition): Promise<TestRunMark> {
    const { occupation, name } = this.project;
    const asked = this.connection.inspect((engine) => engine.belongings(name, { signal: this.signal }));
    this.volumesBefore = (await asked).volumes.filter(({ anonymous }) => !anonymous).map((volume) => volume.name);
    const isFresh =
      ephemeral === true ||
      this.volumesBefore.length === 0 ||
      (occupation.kind === 'left' && occupation.mark.removesVolumes);
    if (!isFresh) {
      this.keptVolumes = this.volumesBefore;
      this.hooks.onNote(
        l10n.t(
          'These volumes were there before, and stay with what is in them: {0}. "ephemeral: true" in berth.yaml says that they may go.',
          this.volumesBefore.join(', '),
        ),
      );
    }
    return {
      id: randomBytes(6).toString('hex'),
      host: os.hostname(),
      kept: this.request.keep === true,
      removesVolumes: isFresh,
    };
  }

  private async writeRunFile(environment: EnvironmentSnapshot, mark: TestRunMark): Promise<string> {
    const { definition, resolution } = environment;
    const resolved = projectOf(resolution);
    const folder = this.folder as RunFolder;
    if (resolved) await folder.write(RUN_FILE_NAME, runFileText(resolved, mark));
    await folder.note({
      id: mark.id,
      environment: definition.name,
      project: this.project.name,
      ...(definition.context === undefined ? {} : { context: definition.context }),
      host: mark.host,
      process: process.pid,
      kept: mark.kept,
      removesVolumes: mark.removesVolumes,
      state: 'running',
    });
    return folder.file(RUN_FILE_NAME);
  }

  private async bringUp(services: readonly string[] | undefined): Promise<void> {
    if (!services) return;
    const { definition } = this.current;
    this.begin('up', l10n.t('Bringing up "{0}" …', definition.name));
    const { build } = this.request;
    const request = { operation: 'up' as const, environmentId: definition.id, services, options: { build } };
    done(await this.hooks.operate(request, this.signal), this.signal);
  }

  private async setUp(): Promise<void> {
    for (const command of commandsOf(this.current.definition.knowledge?.commands ?? [], 'setup')) {
      this.begin('setup', l10n.t('Running "{0}" …', command.name));
      const call = await commandCall(command, this.current, { terminal: this.hooks.terminal });
      const exitCode = await this.runCall(call, this.signal);
      if (exitCode === 0) continue;
      throw new UserError('failed', l10n.t('"{0}" ended with exit code {1}.', command.name, exitCode), {
        remedy: l10n.t('What it printed tells why. The tests were not run.'),
      });
    }
  }

  private async runCommand(): Promise<void> {
    const { command, request, hooks } = this;
    const { clock = systemClock } = this.surroundings;
    this.begin('command', l10n.t('Running "{0}" …', command.name));
    const collects = command.inNewContainer === true && (command.collect?.length ?? 0) > 0;
    const containerName = collects
      ? `${this.project.name}-${command.service}-${randomBytes(3).toString('hex')}`
      : undefined;
    const { args, env } = request;
    const call = await commandCall(command, this.current, { args, env, terminal: hooks.terminal, containerName });
    const late = new AbortController();
    const watching = new DisposableStore();
    watching.add(this.watchHealth());
    if (request.timeout !== undefined) watching.add(clock.after(request.timeout, () => late.abort()));
    const began = clock.now();
    try {
      this.exitCode = await this.runCall(call, AbortSignal.any([this.signal, late.signal]));
      this.signal.throwIfAborted();
      this.ms = clock.now() - began;
      if (late.signal.aborted) throw tooLate(command.name, request.timeout ?? 0);
      if (this.exitCode !== 0) await this.checkEngine();
      await this.untilDeathIsKnown();
      await this.collect(containerName);
    } catch (error) {
      this.exitCode =
        late.signal.aborted || this.signal.aborted || this.stage === 'command' ? undefined : this.exitCode;
      throw error;
    } finally {
      watching.dispose();
      if (containerName !== undefined) await this.removeContainer(containerName);
    }
  }

  private async runCall(call: Parameters<TestRunHooks['runProgram']>[0], signal: AbortSignal): Promise<number> {
    try {
      return await this.hooks.runProgram(call, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error) || error.name === 'AbortError') throw error;
      const why = error.code === 'ENOENT' ? l10n.t('it was not found') : error.message;
      throw new UserError('failed', l10n.t('"{0}" can\'t be run: {1}.', call.command, why), {
        remedy: l10n.t('See that it is installed, and where it is run: {0}', call.cwd),
        cause: error,
      });
    }
  }

  /** Notes the services that were ready, and fail or end while the command runs. */
  private watchHealth(): Disposable {
    const { store } = this.surroundings;
    const namesOf = (isMeant: (health: ServiceHealth) => boolean) =>
      this.current.services.flatMap(({ name, health }) => (health !== 'unknown' && isMeant(health) ? name : []));
    const ready = new Set(namesOf(isReady));
    return store.onDidChange(() => {
      const down = namesOf((health) => isFailing(health) || health === 'stopped');
      for (const name of down) if (ready.has(name)) this.failing.add(name);
    });
  }

  /** A command that is killed may have been so with its container, of which the engine tells a moment later. */
  private async untilDeathIsKnown(): Promise<void> {
    if (this.exitCode !== KILLED || this.command.service === undefined) return;
    const isKnown = () => this.failing.size > 0 || undefined;
    await waitFor(this.surroundings.store.onDidChange, isKnown, AbortSignal.timeout(DEATH_LIMIT)).catch(() => {});
  }

  /** @throws UserError (engine-unreachable) when the engine is gone: then that is why the command failed. */
  private async checkEngine(): Promise<void> {
    const limit = AbortSignal.timeout(ENGINE_LIMIT);
    const { context } = this.current.definition;
    const asked = this.surroundings.feedFor(context).whenConnected(limit);
    await asked
      .then((connection) => connection.inspect((engine) => engine.version(limit)))
      .catch((error: unknown) => {
        if (error instanceof UserError && error.kind === 'engine-unreachable') throw error;
      });
  }

  private async collect(containerName: string | undefined): Promise<void> {
    if (!this.command.collect?.length) return;
    this.begin('collect', l10n.t('Collecting {0} …', this.command.collect.join(', ')));
    const { context } = this.current.definition;
    const { collected, failed } = await collect(this.command, this.current, {
      ...this.evidence,
      signal: this.signal,
      containerName,
      copyOut: async (container, from, to) => {
        const result = await runCompose(dockerCall(context, ['cp', `${container}:${from}`, to]), {
          signal: this.signal,
        });
        if (result.exitCode !== 0) throw new Error(complaintOf(result)?.message ?? '');
      },
    });
    this.collected = collected;
    const [first, ...more] = failed;
    if (first)
      throw new UserError('failed', first.message, {
        ...first.details,
        output: more.map(({ message }) => message).join('\n') || undefined,
      });
  }

  private get evidence() {
    const { tools, secrets } = this.surroundings;
    return {
      tools,
      connection: this.connection,
      folder: this.folder as RunFolder,
      mask: secrets.mask,
      signal: this.afterwards,
    };
  }

  private keepWhy(): Promise<void> {
    return keepLogs(this.current, this.evidence);
  }

  private async removeContainer(name: string): Promise<void> {
    const call = dockerCall(this.current.definition.context, ['rm', '--force', '--volumes', name]);
    await runCompose(call, { signal: this.afterwards }).catch(() => {});
  }

  /** Removes what the run made, unless it is to stay. */
  private async leave(): Promise<TestRunResult['after']> {
    const { occupation } = this.project;
    if (occupation.kind === 'others') return 'as-before';
    if (this.isOurs && (occupation.kind === 'kept' || (this.request.keep && !this.isNeverUp))) return 'kept';
    if (!this.isOurs && !this.wasEmpty) return 'as-before';
    const stage = this.stage;
    const before = this.error;
    await this.part(async () => {
      this.begin('remove', l10n.t('Removing "{0}" …', this.current.definition.name));
      await this.down(this.removesVolumes, this.afterwards);
    }, this.afterwards);
    if (this.error === before || before) this.stage = stage;
    return this.error === before ? 'removed' : 'left';
  }

  /** Whether it ended before anything was made. */
  private get isNeverUp(): boolean {
    return this.stage === 'check';
  }

  private async down(volumes: boolean, signal: AbortSignal): Promise<void> {
    const { definition } = this.current;
    const request = { operation: 'down' as const, environmentId: definition.id, services: [], options: { volumes } };
    done(await this.hooks.operate(request, signal), signal);
  }
}

/** @throws UserError of an operation that failed; the signal's reason when it was cancelled. */
function done(result: OperationResult, signal: AbortSignal): void {
  if (result.kind === 'failed') throw result.error;
  if (result.kind === 'cancelled') throw signal.reason ?? new DOMException('', 'AbortError');
}

/** The services that are not ready of those that `up` starts; undefined when all are. */
function notReady({ services }: EnvironmentSnapshot): readonly string[] | undefined {
  const missing = services.filter(({ enabled, health }) => enabled && (health === 'unknown' || !isReady(health)));
  return missing.length > 0 ? missing.map(({ name }) => name) : undefined;
}

function tooLate(command: string, ms: number): UserError {
  return new UserError('failed', l10n.t('"{0}" did not end within {1} seconds.', command, ms / 1000), {
    remedy: l10n.t('Give it more time ("--timeout"), or see what it waits for.'),
  });
}
