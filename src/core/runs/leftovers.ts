import os from 'node:os';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { tryLock } from '../common/lock';
import { runCompose } from '../compose/compose';
import { projectCall } from '../compose/composeCall';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import type { Belongings } from '../model/belongings';
import type { Container } from '../model/container';
import { isWithin } from '../model/dataFolder';
import { isNothing } from '../operations/consequences';
import { complaintOf } from '../operations/failure';
import { closeRecords, RunFolder, type RunRecord } from './runFolder';
import { occupationOf, runHolder, runLockKey } from './runProject';

/** What a test run on this machine, which no longer goes on, has left on an engine. */
export interface Leftover {
  readonly project: string;
  /** The Docker context whose engine has it; undefined for the current one. */
  readonly context?: string;
  /** What the run was in, for people: the environment's name, or the project where only that is known. */
  readonly environment: string;
  /** The workspace folder of that environment: absolute path. */
  readonly workspaceFolder: string;
  /** Whether the run was told to leave it. */
  readonly kept: boolean;
  /** What there is of it. Volumes are those that go; others are not named. */
  readonly belongings: Belongings;
}

interface Surroundings {
  readonly store: Pick<EnvironmentStore, 'environments' | 'leadingContext'>;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  /** Where a Docker context leads now; see `targetOf`. */
  readonly targetOf: (context: string | undefined) => Promise<{ readonly engine: string }>;
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
  host = os.hostname(),
): readonly Candidate[] {
  const projects = new Set(containers.map(({ project }) => project));
  const marked = [...projects].flatMap((project): Candidate[] => {
    const own = containers.filter((one) => one.project === project);
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
   * @throws UserError (engine-unreachable); the signal's reason when aborted.
   */
  async find({
    kept = false,
    signal,
  }: {
    readonly kept?: boolean;
    readonly signal: AbortSignal;
  }): Promise<readonly Leftover[]> {
    const { store } = this.surroundings;
    const contexts = new Set(store.environments.map(({ definition }) => store.leadingContext(definition.context)));
    return (await Promise.all([...contexts].map((context) => this.findOn(context, kept, signal)))).flat();
  }

  /**
   * Removes what a run has left.
   * @throws UserError (failed) when a run goes on there by now, or somebody else has it, or it could not be removed; the signal's
   *   reason when aborted.
   */
  async remove(leftover: Leftover, signal: AbortSignal): Promise<void> {
    const { project, context, environment, workspaceFolder, belongings } = leftover;
    const lock = await this.tryLock(leftover);
    if (!lock) throw inUse(environment);
    try {
      const now = await this.containersOf(leftover, signal);
      const { kind } = occupationOf(now);
      if (kind === 'others' || (kind === 'kept' && !leftover.kept)) throw inUse(environment);
      const volumes = belongings.volumes.length > 0 ? ['--volumes'] : [];
      const call = projectCall(project, context, ['down', '--remove-orphans', ...volumes]);
      const result = await runCompose(call, { signal });
      if (result.exitCode !== 0) {
        const { message = '', output } = complaintOf(result) ?? {};
        throw new UserError('failed', l10n.t('What is left of "{0}" can\'t be removed: {1}', environment, message), {
          output,
        });
      }
      await closeRecords(workspaceFolder, { project, context });
    } finally {
      lock.dispose();
    }
  }

  private async findOn(context: string | undefined, kept: boolean, signal: AbortSignal): Promise<readonly Leftover[]> {
    const { store, feedFor } = this.surroundings;
    const feed = feedFor(context);
    feed.start();
    const connection = await feed.whenConnected(signal);
    const here = store.environments.filter(({ definition }) => store.leadingContext(definition.context) === context);
    const folders = [...new Set(here.map(({ definition }) => definition.workspaceFolder))];
    const records = await Promise.all(
      folders.map(async (workspaceFolder) =>
        (await RunFolder.recorded(workspaceFolder))
          .map(({ record }) => record)
          .filter((record) => store.leadingContext(record.context) === context)
          .map((record) => ({ ...record, workspaceFolder })),
      ),
    );
    const found = candidates([...feed.containers], records.flat(), folders)
      .filter((one) => kept || !one.kept)
      .map(async (candidate) => {
        const { project, workspaceFolder, kept: isKept } = candidate;
        const lock = await this.tryLock({ project, context });
        if (!lock) return [];
        try {
          const belongings = await belongingsOf(candidate, connection, signal);
          // What is gone was removed by hand; what comes next in the project is not the run's.
          if (isNothing(belongings)) {
            await closeRecords(workspaceFolder, { project, context });
            return [];
          }
          const known = here.find(({ projectName }) => projectName === project)?.definition.name;
          const environment = candidate.environment ?? known ?? project;
          return [{ project, context, environment, workspaceFolder, kept: isKept, belongings }];
        } finally {
          lock.dispose();
        }
      });
    return (await Promise.all(found)).flat();
  }

  private async containersOf({ project, context }: Leftover, signal: AbortSignal): Promise<readonly Container[]> {
    const feed = this.surroundings.feedFor(context);
    await feed.whenConnected(signal);
    return [...feed.containers].filter((container) => container.project === project);
  }

  /** @returns undefined when a run has the project. */
  private async tryLock({ project, context }: Pick<Leftover, 'project' | 'context'>) {
    const { targetOf, program } = this.surroundings;
    const { engine } = await targetOf(context);
    return tryLock(runLockKey(engine, project), runHolder(program));
  }
}

/** What a candidate has on the engine; volumes only where they go. */
async function belongingsOf(
  { project, removesVolumes }: Candidate,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<Belongings> {
  const all = await connection.inspect((engine) => engine.belongings(project, { signal }));
  return removesVolumes ? all : { ...all, volumes: [] };
}

function inUse(environment: string): UserError {
  return new UserError('failed', l10n.t('What was left of "{0}" is in use by now.', environment), {
    remedy: l10n.t('Look again when the test run is over.'),
  });
}
