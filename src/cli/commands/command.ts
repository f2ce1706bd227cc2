import type { Berth } from '../../core/berth';
import type { Options } from '../commandLine';
import type { Output } from '../output';

/** What a command works with. */
export interface CommandContext {
  readonly operands: readonly string[];
  readonly options: Options;
  readonly output: Output;
  /** Aborted by Ctrl-C and by being told to end. */
  readonly signal: AbortSignal;
  /** Absolute path of the folder that the user is in. */
  readonly workingFolder: string;
  /** Absolute path of the folder that Berth is installed in. */
  readonly productFolder: string;
  readonly berth: Berth;
}

/**
 * A command: gives the exit code.
 * @throws UserError, which is shown to the user, and the signal's reason when it was aborted.
 */
export type Command = (context: CommandContext) => Promise<number>;
