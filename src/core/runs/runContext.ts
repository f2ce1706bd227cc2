import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import { UserError } from '../common/errors';
import type { ProgramCall } from '../common/program';
import { notStarted } from '../compose/compose';
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

/** Runs a command's call where the user sees it. @returns its exit code. @throws UserError when it can't be started. */
export async function runCall(call: ProgramCall, { hooks }: RunContext, signal: AbortSignal): Promise<number> {
  try {
    return await hooks.runProgram(call, signal);
  } catch (error) {
    throw notStarted(call, error);
  }
}
