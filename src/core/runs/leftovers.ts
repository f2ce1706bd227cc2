import * as l10n from '@vscode/l10n';
import type { Disposable } from '../common/disposable';
import { UserError } from '../common/errors';
import { holderOf, isHeld, lockReach, tryLock } from '../common/lock';
import type { ProgramCall, ProgramResult } from '../common/program';
import { runCompose } from '../compose/compose';
import { dockerCall, inContext, projectCall } from '../compose/composeCall';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import type { Belongings, OwnedVolume } from '../model/belongings';
import type { Container } from '../model/container';
import { isWithin } from '../model/dataFolder';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { isNothing, sizedBelongings } from '../operations/consequences';
import { complaintOf } from '../operations/failure';
import { operationLockKey } from '../operations/operationRunner';
import { closeRecords, RunFolder, type RunRecord } from './runFolder';
import { occupationOf, runHolder, runLockKey } from './runProject';

/** What a test run on this machine, which no longer goes on, has left on an engine. */
export interface Leftover {
  readonly project: string;
  /** The engine that has it, see `EngineConnection`, and the Docker context by which it is reached; undefined for the current one. */
  readonly engine: string;
  readonly context?: string;
  /** What the run was in, for people: the environment's name, or the project where only that is known. */
  readonly environment: string;
  /** The workspace folder of that environment: absolute path. */
  readonly workspaceFolder: string;
  /** Whether the run was told to leave it. */
  readonly kept: boolean;
  /** What there is of it. Volumes are those that go, because a run has made them; others are not named. */
  readonly belongings: Belongings;
}

interface Surroundings {
  readonly store: Pick<EnvironmentStore, 'environments' | 'leadingContext'>;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  /** What looks, for others that wait: `berth`. */
  readonly program: string;
}

/** A project in which a run may have left something. */
interface Candidate {
  readonly project: string;
  readonly kept: boolean;
  readonly removesVolumes: boolean;
  /** The environment's name, as the run has noted it. */
  readonly environment?: string;
  readonly workspaceFolder: string;
}

/**
 * The projects of some workspace folders that runs on this machine may have left something in: those all of whose containers they
 * have made, and those that a run was going to make when it noted that last, and that nobody else has containers in.
 * @param containers all of an engine.
 * @param records the notes of the runs on this engine, with the workspace folders that they are in.
 * @param folders absolute paths of the workspace folders.
 */
export function candidates(
  containers: readonly Container[],
  records: readonly (RunRecord & { readonly workspaceFolder: string })[],
  folders: readonly string[],
  host = lockReach(),
): readonly Candidate[] {
  const projects = new Set(containers.map(({ project }) => project));
  const marked = [...projects].flatMap((project): Candidate[] => {
    const own = ofProject(containers, project);
    const occupation = occupationOf(own, host);
    if (occupation.kind !== 'left' && occupation.kind !== 'kept') return [];
    const { id, removesVolumes } = occupation.mark;
    const record = records.find((one) => one.id === id);
    const startedIn = own[0]?.workingDirectory;
    const workspaceFolder =
      record?.workspaceFolder ?? folders.find((folder) => startedIn !== undefined && isWithin(folder, startedIn));
    if (workspaceFolder === undefined) return [];
    const kept = occupation.kind === 'kept';
    return [{ project, kept, removesVolumes, environment: record?.environment, workspaceFolder }];
  });
  const noted = records.filter((one) => one.state === 'running' && one.host === host && !projects.has(one.project));
  return [...marked, ...new Map(noted.map((one) => [one.project, one])).values()];
}

/** Finds and removes what test runs have left that were killed, or told to keep it. */
export class Leftovers {
  constructor(private readonly surroundings: Surroundings) {}

  /**
   * What runs on this machine have left of the environments that are known, and of what else is in their workspace folders. What a
   * run goes on in is not among it.
   * @param kept whether what was kept on purpose is wanted, too.
   * @param onUnreachable is told of each engine that can't be asked; when left out, the first such one is an error.
   * @throws UserError (engine-unreachable); the signal's reason when aborted.
   */
  async find({
    kept = false,
    onUnreachable,
    signal,
  }: {
    readonly kept?: boolean;
    readonly onUnreachable?: (error: UserError) => void;
    readonly signal: AbortSignal;
  }): Promise<readonly Leftover[]> {
    const { store } = this.surroundings;
    const contexts = new Set(store.environments.map(({ definition }) => store.leadingContext(definition.context)));
    const asked = [...contexts].map((context) =>
      this.findOn(context, kept, signal).catch((error: unknown) => {
        if (!onUnreachable || !(error instanceof UserError) || error.kind !== 'engine-unreachable') throw error;
        onUnreachable(error);
        return [];
      }),
    );
    return (await Promise.all(asked)).flat();
  }

  /**
   * What runs have left or kept in the project of an environment.
   * @throws UserError (engine-unreachable; failed while a run goes on there); the signal's reason when aborted.
   */
  async findIn(environment: EnvironmentSnapshot, signal: AbortSignal): Promise<Leftover | undefined> {
    const { definition, projectName: project } = environment;
    if (project === undefined) return undefined;
    const context = this.surroundings.store.leadingContext(definition.context);
    const [found] = await this.findOn(context, true, signal, environment);
    if (found) return found;
    const { engine } = await this.surroundings.feedFor(context).whenConnected(signal);
    const holder = await holderOf(runLockKey(engine, project), signal);
    if (holder === undefined) return undefined;
    throw new UserError('failed', l10n.t('Nothing of "{0}" is removed: {1} goes on there.', definition.name, holder), {
      remedy: l10n.t('Wait until that is over, or end it.'),
    });
  }

  /**
   * The same leftover with how large it is, as far as the engine tells that in time.
   * @throws UserError (engine-unreachable); the signal's reason when aborted.
   */
  async sized(leftover: Leftover, signal: AbortSignal): Promise<Leftover> {
    const { project, context, belongings } = leftover;
    const connection = await this.surroundings.feedFor(context).whenConnected(signal);
    const all = await sizedBelongings(connection, project, { containerSizes: true, volumeSizes: true, signal });
    const goes = new Set(belongings.volumes.map(({ name }) => name));
    return { ...leftover, belongings: { ...all, volumes: all.volumes.filter(({ name }) => goes.has(name)) } };
  }

  /**
   * Removes what a run has left: the containers and networks of the project, and of its volumes those that were told.
   * @throws UserError (failed) when a run or an operation goes on there by now, somebody else has it, the context leads elsewhere, or
   *   it could not be removed; the signal's reason when aborted.
   */
  async remove(leftover: Leftover, signal: AbortSignal): Promise<void> {
    const { project, engine, context, environment, workspaceFolder, kept } = leftover;
    const lock = await this.tryLock(leftover);
    if (!lock) throw inUse(environment);
    let operations: Disposable | undefined;
    try {
      // Whoever brings it up by hand just now has no container yet, maybe.
      operations = await tryLock(operationLockKey(engine, project), runHolder(this.surroundings.program));
      const connection = await this.surroundings.feedFor(context).whenConnected(signal);
      if (!operations || connection.engine !== engine) throw inUse(environment);
      const { kind } = occupationOf(ofProject(await connection.listContainers(signal), project));
      if (kind === 'others' || (kind === 'kept' && !kept)) throw inUse(environment);
      const run = async (call: ProgramCall) => {
        const result = await runCompose(inContext(call, connection.context), { signal });
        if (result.exitCode !== 0) throw notRemoved(environment, result);
      };
      await run(projectCall(project, context, ['down', '--remove-orphans']));
      const volumes = leftover.belongings.volumes.map(({ name }) => name);
      if (volumes.length > 0) await run(dockerCall(context, ['volume', 'rm', '--force', '--', ...volumes]));
      await closeRecords(workspaceFolder, { project, engine });
    } finally {
      operations?.dispose();
      lock.dispose();
    }
  }

  /** @param only the environment in whose project it is wanted; it may be of no workspace folder. */
  private async findOn(
    context: string | undefined,
    kept: boolean,
    signal: AbortSignal,
    only?: EnvironmentSnapshot,
  ): Promise<readonly Leftover[]> {
    const { store, feedFor } = this.surroundings;
    const feed = feedFor(context);
    feed.start();
    const connection = await feed.whenConnected(signal);
    const { engine } = connection;
    const here = store.environments.filter(({ definition }) => store.leadingContext(definition.context) === context);
    const own = only && (only.definition.workspaceFolder || only.definition.projectDirectory);
    const folders = [...new Set([...here.map(({ definition }) => definition.workspaceFolder), ...(own ? [own] : [])])];
    const records = await Promise.all(
      folders.map(async (workspaceFolder) =>
        (await RunFolder.recorded(workspaceFolder))
          .map(({ record }) => ({ ...record, workspaceFolder }))
          .filter((record) => record.engine === engine),
      ),
    );
    const found = candidates([...feed.containers], records.flat(), folders)
      .filter((one) => (kept || !one.kept) && (!only || one.project === only.projectName))
      .map(async (candidate): Promise<readonly Leftover[]> => {
        const { project, workspaceFolder, kept: isKept } = candidate;
        if (await isHeld(runLockKey(engine, project))) return [];
        const belongings = await belongingsOf(candidate, connection, signal);
        // What is gone was removed by hand; what comes next in the project is not the run's.
        if (isNothing(belongings)) {
          await closeRecords(workspaceFolder, { project, engine });
          return [];
        }
        const known = here.find(({ projectName }) => projectName === project)?.definition.name;
        const environment = candidate.environment ?? known ?? project;
        return [{ project, engine, context, environment, workspaceFolder, kept: isKept, belongings }];
      });
    return (await Promise.all(found)).flat();
  }

  /** @returns undefined when a run has the project. */
  private tryLock({ project, engine }: Pick<Leftover, 'project' | 'engine'>): Promise<Disposable | undefined> {
    return tryLock(runLockKey(engine, project), runHolder(this.surroundings.program));
  }
}

function ofProject(containers: readonly Container[], project: string): readonly Container[] {
  return containers.filter((container) => container.project === project);
}

/** What a candidate has on the engine. Of its volumes those that runs have made, or that are of its containers alone, if they go. */
async function belongingsOf(
  { project, removesVolumes }: Candidate,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<Belongings> {
  const all = await connection.inspect((engine) => engine.belongings(project, { signal }));
  const isOfRun = ({ anonymous, testRun }: OwnedVolume) => anonymous || testRun?.host === lockReach();
  return { ...all, volumes: removesVolumes ? all.volumes.filter(isOfRun) : [] };
}

function inUse(environment: string): UserError {
  return new UserError('failed', l10n.t('What was left of "{0}" is in use by now.', environment), {
    remedy: l10n.t('Look again when the test run is over.'),
  });
}

function notRemoved(environment: string, result: ProgramResult): UserError {
  const { message = '', output } = complaintOf(result) ?? {};
  return new UserError('failed', l10n.t('What is left of "{0}" can\'t be removed: {1}', environment, message), {
    output,
  });
}
