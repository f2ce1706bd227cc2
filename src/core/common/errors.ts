import type { MissingFile } from './exampleFile';

/** A piece of a file, as an editor counts: line and column start at 1. Where only a line is known, or nothing, the rest is left out. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Where it ends: the first character that is no longer part of it. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** A variable that a compose file says has to be given (`${NAME:?}`), where it says so first. */
export interface RequiredVariable {
  readonly name: string;
  readonly place: Place;
}

/** Why an operation could not go on; the command line turns it into an exit code, views into their state. */
export type UserErrorKind =
  /** What was asked for can't be: an unknown name, a missing argument. */
  | 'usage'
  /** No answer from the Docker engine. */
  | 'engine-unreachable'
  /** The docker command line, or its Compose plugin, is missing or too old. */
  | 'docker-missing'
  /** The compose files can't be used as they are. */
  | 'configuration'
  /** Docker or Compose said no, or a service did not come up. */
  | 'failed';

/**
 * An error that a user can meet: what happened, where, and what to do about it.
 * Everything that reaches a user is one of these; anything else that is thrown is a bug.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly kind: UserErrorKind,
    /** What happened, one sentence. */
    message: string,
    readonly details: {
      /** What to do about it, one sentence. */
      readonly remedy?: string;
      readonly place?: Place;
      /** The file that is missing, where there is an example to copy it from. */
      readonly missing?: MissingFile;
      /** The variables that the files require and nobody sets, in the order of the text: Compose names one of them, not always the same. */
      readonly requiredVariables?: readonly RequiredVariable[];
      /** The name of the environment that is in the way until it is taken down: nothing else helps before that. */
      readonly takeDownFirst?: string;
      /** More of it, several lines: log lines, a health check's output, the daemon's own words. */
      readonly output?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
  }
}

/** Whether `error` says that somebody cancelled: never shown as a failure. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
