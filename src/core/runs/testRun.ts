import type { UserError } from '../common/errors';
import type { ProgramCall } from '../common/program';
import type { TestCase } from '../model/testCase';
import type { OperationProgress, OperationRequest, OperationResult } from '../operations/operation';

/** What a user asked for: to run a command of an environment as a test run. */
export interface TestRunRequest {
  /** Of the environment's definition. */
  readonly environmentId: string;
  /** The name of the command; the main test command when left out. */
  readonly command?: string;
  /** Added to the command's own. */
  readonly args?: readonly string[];
  /** Variables for the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Brings up these services and what they depend on; all when empty. */
  readonly services?: readonly string[];
  /** Builds the images first. */
  readonly build?: boolean;
  /** Leaves the environment up when it is over, for the next run to use. */
  readonly keep?: boolean;
  /** Uses what runs already, and leaves that as it is. */
  readonly useRunning?: boolean;
  /** Milliseconds that the command may take; any when left out. */
  readonly timeout?: number;
}

/** The parts of a test run, in their order. */
export type TestRunStage = 'check' | 'up' | 'setup' | 'command' | 'collect' | 'remove';

/** How whoever asked for a test run takes part in it. */
export interface TestRunHooks {
  /** Runs an operation, and shows how it goes. */
  operate(request: OperationRequest, signal: AbortSignal): Promise<OperationResult>;
  /**
   * Runs a program to its end where the user sees what it prints.
   * @returns its exit code; 128 + n when signal n ended it.
   * @throws UserError when it can't be started.
   */
  runProgram(call: ProgramCall, signal: AbortSignal): Promise<number>;
  /** Whether such a program has a terminal. */
  readonly terminal: boolean;
  /** A part of the run begins, with a sentence that says so. */
  onStage(stage: TestRunStage, text: string): void;
  /** Something that the user is to know. */
  onNote(text: string): void;
  readonly onProgress?: (progress: OperationProgress) => void;
}

/** How a test run ended. */
export interface TestRunResult {
  readonly environment: string;
  readonly command: string;
  readonly project: string;
  /** Whether that is one beside the environment's own, which was in use. */
  readonly beside: boolean;
  /** What the command ended with; undefined when it was not run to its end. */
  readonly exitCode?: number;
  /** Why the command was not run to its end, or why what came after it failed. */
  readonly error?: UserError;
  /** The part of the run in which the error came. */
  readonly stage?: TestRunStage;
  /** Whether it was cancelled. */
  readonly cancelled: boolean;
  /** Milliseconds that the command took. */
  readonly ms?: number;
  /** Services that became unhealthy, or ended, while the command ran. */
  readonly failing: readonly string[];
  /** Absolute path of the folder with what is kept of the run; undefined when there is nothing. */
  readonly folder?: string;
  /** What was collected: paths relative to that folder. */
  readonly collected: readonly string[];
  /** The tests that reports among that tell of, in the form of JUnit; empty where there is none. */
  readonly cases: readonly TestCase[];
  /** What has become of the environment; `left` when it could not be removed. */
  readonly after: 'removed' | 'kept' | 'as-before' | 'left';
  /** Volumes that stay, because they were there before the run. */
  readonly keptVolumes: readonly string[];
}
