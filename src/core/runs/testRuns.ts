import * as l10n from '@vscode/l10n';
import { isCancellation, messageOf, UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import type { EngineConnection } from '../engine/connection';
import { allCommands, commandNamed, commandsOf, type EnvironmentCommand, mainTest } from '../model/command';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { untrusted } from '../operations/operation';
import { commandCall } from './commandCall';
import { withContainer } from './commandContainer';
import { keepLogs } from './evidence';
import { neededServices } from './neededServices';
import { canBeTwice } from './room';
import { environmentOf, type RunContext, runInTime, type TestRunSurroundings } from './runContext';
import { isEphemeral, RunEnvironment } from './runEnvironment';
import { RunFolder } from './runFolder';
import { type RunProject, takeRunProject } from './runProject';
import { TestCommand } from './testCommand';
import type { TestRunHooks, TestRunRequest, TestRunResult, TestRunStage } from './testRun';

/** Runs commands of environments in environments of their own, which are removed when they are done. */
export class TestRuns {
  constructor(private readonly surroundings: TestRunSurroundings) {}

  /**
   * A test run: looks whether there is room, brings the environment up, runs what sets it up, and then the command; keeps what it
   * leaves, and removes what the run made, also when it fails or is cancelled.
   * @param signal aborts what is under way; what the run made is removed all the same.
   * @throws UserError when it can't be begun, so that nothing was made; the signal's reason when aborted before that.
   */
  async run(request: TestRunRequest, hooks: TestRunHooks, signal: AbortSignal): Promise<TestRunResult> {
    const { surroundings } = this;
    const { store, feedFor } = surroundings;
    if (!store.isTrusted) throw untrusted();
    await unlessAborted(store.lookAtEngines(), signal);
    await unlessAborted(store.whenResolved(), signal);
    const environment = environmentOf(store, request);
    if (environment.resolution.kind === 'broken') throw environment.resolution.error;
    const command = chosenCommand(environment, request.command);
    // Tells what is wrong with it before anything is made.
    await commandCall(command, environment, { args: request.args, env: request.env, terminal: false, signal });
    const connection = await feedFor(environment.definition.context).whenConnected(signal);
    const project = await this.takeProject(environment, connection, request, hooks, signal);
    try {
      const folder = await folderIn(environment.definition.workspaceFolder);
      const setUp = commandsOf(allCommands(environment.definition), 'setup');
      const services = neededServices([...setUp, command], environment, request.services);
      const own = { ...request, services };
      const context = { surroundings, request: own, command, project, connection, folder, hooks, signal };
      return await new TestRun(context).toEnd();
    } finally {
      project.dispose();
    }
  }

  private takeProject(
    { definition, resolution, projectName = '' }: EnvironmentSnapshot,
    { engine }: EngineConnection,
    request: TestRunRequest,
    hooks: TestRunHooks,
    signal: AbortSignal,
  ): Promise<RunProject> {
    const resolved = projectOf(resolution);
    const feed = this.surroundings.feedFor(definition.context);
    return takeRunProject({
      project: projectName,
      environment: definition.name,
      engine,
      program: this.surroundings.program,
      canBeTwice: isEphemeral(definition) && resolved !== undefined && canBeTwice(resolved),
      usesOthers: request.useRunning === true || !isEphemeral(definition),
      containersOf: (name) => [...feed.containers].filter((container) => container.project === name),
      onWait: (holder) => hooks.onNote(l10n.t('Waiting: {0} has the project {1}.', holder, projectName)),
      signal,
    });
  }
}

/**
 * The command of an environment that is meant.
 * @param name the main test command when left out.
 * @throws UserError (usage) when there is none.
 */
export function chosenCommand({ definition }: EnvironmentSnapshot, name: string | undefined): EnvironmentCommand {
  const commands = allCommands(definition);
  const command = name === undefined ? mainTest(commands) : commandNamed(definition, name);
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

function folderIn(workspaceFolder: string): Promise<RunFolder> {
  return RunFolder.make(workspaceFolder).catch((cause: Error) => {
    throw new UserError('failed', l10n.t("The folder .berth can't be written: {0}.", cause.message), {
      remedy: l10n.t('See that there is room on the disk, and that you may write there: {0}', workspaceFolder),
      cause,
    });
  });
}

/** One test run, once it has its project. */
class TestRun {
  private stage: TestRunStage = 'check';
  /** What went wrong first, and in which stage. */
  private failure: { readonly error: UserError; readonly stage: TestRunStage } | undefined;
  private cancelled = false;
  private readonly context: RunContext;
  private readonly environment: RunEnvironment;
  private readonly testCommand: TestCommand;

  constructor(context: Omit<RunContext, 'begin' | 'afterwards'>) {
    const begin = (stage: TestRunStage, text: string) => {
      this.stage = stage;
      context.hooks.onStage(stage, text);
    };
    this.context = { ...context, begin, afterwards: new AbortController().signal };
    this.environment = new RunEnvironment(this.context);
    this.testCommand = new TestCommand(this.context);
  }

  async toEnd(): Promise<TestRunResult> {
    const { command, project, folder, signal, afterwards } = this.context;
    const { name } = this.current.definition;
    await this.part(async () => {
      await this.environment.bringUp();
      if (this.environment.needsSetUp) await this.setUp();
      await this.environment.noteSetUp();
      await this.testCommand.run();
    }, signal);
    const { exitCode, ms, failing, collected, cases } = this.testCommand;
    if (this.failure || this.cancelled || exitCode !== 0) await this.keepWhy();
    let after: TestRunResult['after'] = 'left';
    await this.part(async () => {
      after = await this.environment.leave();
    }, afterwards);
    const isKept = await folder.isWorthKeeping();
    // On a disk that is full it can't be noted that it is over: the next run in this project does.
    if (after !== 'left') await folder.settle(after === 'kept').catch(() => {});
    return {
      environment: name,
      command: command.name,
      project: project.name,
      beside: project.isBeside,
      exitCode,
      error: this.failure?.error,
      stage: this.failure?.stage,
      cancelled: this.cancelled,
      ms,
      failing,
      folder: isKept ? folder.path : undefined,
      collected,
      cases,
      after,
      keptVolumes: this.environment.keptVolumes,
    };
  }

  private get current(): EnvironmentSnapshot {
    return environmentOf(this.context.surroundings.store, this.context.request);
  }

  /** Does a part of the run; that it failed is a result, of which the first counts, and others are told as they come. */
  private async part(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (signal.aborted || isCancellation(thrown)) {
        this.cancelled = true;
        return;
      }
      const own = thrown instanceof UserError ? thrown : new UserError('failed', messageOf(thrown), { cause: thrown });
      const error = this.context.surroundings.secrets.maskError(own);
      if (this.failure) this.context.hooks.onNote(error.message);
      else this.failure = { error, stage: this.stage };
    }
  }

  private async setUp(): Promise<void> {
    const { hooks, signal, begin } = this.context;
    for (const command of commandsOf(allCommands(this.current.definition), 'setup')) {
      begin('setup', l10n.t('Running "{0}" …', command.name));
      const exitCode = await withContainer(command, this.context, async (containerName) => {
        const options = { terminal: hooks.terminal, signal, containerName };
        return runInTime(command.name, await commandCall(command, this.current, options), this.context);
      });
      if (exitCode === 0) continue;
      throw new UserError('failed', l10n.t('"{0}" ended with exit code {1}.', command.name, exitCode), {
        remedy: l10n.t('What it printed tells why. The tests were not run.'),
      });
    }
  }

  private async keepWhy(): Promise<void> {
    const { surroundings, connection, folder, hooks, afterwards } = this.context;
    const { tools, secrets } = surroundings;
    try {
      await keepLogs(this.current, { tools, connection, folder, mask: secrets.mask, signal: afterwards });
    } catch (error) {
      hooks.onNote(l10n.t('The logs could not be kept: {0}', messageOf(error)));
    }
  }
}
