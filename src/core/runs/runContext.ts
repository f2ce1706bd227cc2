import * as l10n from '@vscode/l10n';
import { type Clock, systemClock } from '../common/clock';
import { UserError } from '../common/errors';
import type { ProgramCall } from '../common/program';
import { notStarted } from '../compose/compose';
import { inContext } from '../compose/composeCall';
import type { Secrets } from '../compose/secrets';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import type { EnvironmentCommand } from '../model/command';
import type { EnvironmentSnapshot } from '../model/snapshot';
import type { ServiceTools } from '../operations/serviceTools';
import type { RunFolder } from './runFolder';
import type { RunProject } from './runProject';
import type { TestRunHooks, TestRunRequest, TestRunStage } from './testRun';

/** What all test runs work with. */
export interface TestRunSurroundings {
  readonly store: EnvironmentStore;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  readonly tools: ServiceTools;
  readonly secrets: Pick<Secrets, 'mask' | 'maskError'>;
  /** What runs it, for others that wait: `berth`. */
  readonly program: string;
  readonly clock?: Clock;
}

/** What the parts of one test run have in common. */
export interface RunContext {
  readonly surroundings: TestRunSurroundings;
  readonly request: TestRunRequest;
  readonly command: EnvironmentCommand;
  readonly project: RunProject;
  readonly connection: EngineConnection;
  readonly folder: RunFolder;
  readonly hooks: TestRunHooks;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** For what is done whether or not the run was cancelled: never aborted. */
  readonly afterwards: AbortSignal;
  /** Notes that a stage begins, and says so. */
  begin(stage: TestRunStage, text: string): void;
}

/** The environment that a run is asked for, as it is now. @throws UserError (usage) when there is none any more. */
export function environmentOf(store: EnvironmentStore, { environmentId }: TestRunRequest): EnvironmentSnapshot {
  const environment = store.find(environmentId);
  if (environment) return environment;
  throw new UserError('usage', l10n.t('There is no such environment any more.'));
}

/**
 * Runs a command of the environment where the user sees it, for as long as the run's commands may take.
 * @param name the command's.
 * @returns its exit code.
 * @throws UserError when it can't be started, or takes too long; the signal's reason when aborted.
 */
export async function runInTime(
  name: string,
  call: ProgramCall,
  { hooks, connection, request, surroundings, signal }: RunContext,
): Promise<number> {
  const { clock = systemClock } = surroundings;
  const { timeout } = request;
  const late = new AbortController();
  const timer = timeout === undefined ? undefined : clock.after(timeout, () => late.abort());
  // The current context may lead elsewhere by now; what is no program of Docker's has its own.
  const bound = call.command === 'docker' ? inContext(call, connection.context) : call;
  try {
    const exitCode = await hooks.runProgram(bound, AbortSignal.any([signal, late.signal]));
    signal.throwIfAborted();
    if (late.signal.aborted) throw tooLate(name, timeout ?? 0);
    return exitCode;
  } catch (error) {
    throw notStarted(call, error);
  } finally {
    timer?.dispose();
  }
}

function tooLate(command: string, ms: number): UserError {
  return new UserError('failed', l10n.t('"{0}" did not end within {1} seconds.', command, ms / 1000), {
    remedy: l10n.t('Give it more time ("--timeout"), or see what it waits for.'),
  });
}
