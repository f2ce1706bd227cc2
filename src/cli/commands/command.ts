import type { Berth } from '../../core/berth';
import type { OptionName, Options } from '../options';
import type { Output } from '../output';

/** Why a command is to end when nobody asked for that: its terminal is gone, or the connection to the machine. */
export const TERMINAL_CLOSED = new DOMException('The terminal was closed.', 'AbortError');

/** Why a command is to end when somebody wants that: where Ctrl-C was typed, all that runs in the terminal has been told. */
export const INTERRUPTED = new DOMException('Interrupted.', 'AbortError');

/** What a command works with. */
export interface CommandContext {
  readonly operands: readonly string[];
  /** The words after `--`, of a command that takes one to run; else none. */
  readonly words: readonly string[];
  readonly options: Options;
  /** All that was typed after `berth`. */
  readonly typed: readonly string[];
  readonly output: Output;
  /** Aborted by Ctrl-C and by being told to end; with {@link INTERRUPTED} or {@link TERMINAL_CLOSED} as the reason when that is it. */
  readonly signal: AbortSignal;
  /** Absolute path of the folder that the user is in. */
  readonly workingFolder: string;
  /** Absolute path of the folder that Berth is installed in. */
  readonly productFolder: string;
  readonly berth: Berth;
}

/** What a command looks like, for the parser, for `--help` and for completion. */
export interface CommandDescription {
  /** What it does, in half a sentence. */
  readonly summary: string;
  /** Its operands as `--help` writes them. */
  readonly operands: string;
  /** How many operands it takes at most. */
  readonly mostOperands: number;
  /** Whether the words after `--` are a command to run in a container. */
  readonly takesWords?: boolean;
  /** What to say to somebody who gives it more operands than it takes. */
  readonly tooMany?: (operands: readonly string[]) => { readonly message: string; readonly remedy: string };
  /** Those it takes besides the ones that every command takes. */
  readonly options: readonly OptionName[];
  /** The options that it has JSON with, where it has none by itself: its output is then that of another program. */
  readonly jsonOnlyWith?: readonly OptionName[];
  /** What else there is to know, a few sentences. */
  readonly details: string;
  /** Commands with what they do. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
}

/** A command: how it is used, and what it does. */
export interface Command extends CommandDescription {
  /**
   * @returns the exit code.
   * @throws UserError, which is shown to the user, and the signal's reason when it was aborted.
   */
  run(context: CommandContext): Promise<number>;
}

/** For `mostOperands`. */
export const ANY_NUMBER = Number.POSITIVE_INFINITY;
/** What the help of many commands ends with. */
export const LEFT_OUT = 'The environment can be left out where there is only one.';
