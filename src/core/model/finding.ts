import type { Place } from '../common/errors';
import type { MissingFile } from '../common/exampleFile';
import type { LocalPort } from '../common/portHolder';
import type { RunningProgram } from '../common/runningProgram';
import type { FindingCode } from './findingCodes';

/** How much a finding matters, worst first: what can't work or loses data, what hardly is meant, what could be better. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How much the findings of a code are to matter, or that they are left out. */
export const LEVELS = [...SEVERITIES, 'off'] as const;
export type Level = (typeof LEVELS)[number];

/** What somebody has decided of the findings of codes. */
export type Levels = Readonly<Partial<Record<FindingCode, Level>>>;

/** A piece of a file that a finding is about. */
export interface FindingPlace extends Place {
  /** What this place has to do with it, where there are several: `"test" publishes it here`. */
  readonly note?: string;
}

/** A change of a file's text: what stands from `start` up to `end` is replaced. Offsets in the text that was checked. */
export interface FileEdit {
  /** Absolute path. A file that is not there is made; its text counts as empty. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Set where only this user is to read the file, if it has yet to be made: it holds secrets. */
  readonly isPrivate?: true;
}

/** A change whose text may hold secrets: no JSON ever has that. */
export class SecretEdit implements FileEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isPrivate = true;

  constructor({ file, start, end, text }: FileEdit) {
    this.file = file;
    this.start = start;
    this.end = end;
    this.text = text;
  }

  toJSON(): Omit<FileEdit, 'text'> {
    const { file, start, end, isPrivate } = this;
    return { file, start, end, isPrivate };
  }
}

/** What mends a finding, as data. */
export type Fix =
  /** Changes files. Offered and done only where Compose accepts the result. */
  | {
      readonly kind: 'edit';
      readonly title: string;
      readonly edits: readonly FileEdit[];
      /** Whether "fix all" may do it without being asked which: it does what was meant, and nothing else. */
      readonly isSafe: boolean;
      /** Set where Compose has to say the very same of every environment with it as without. */
      readonly keepsConfiguration?: true;
      /**
       * Set where nothing is mended until a user has more to say, such as a value that it leaves empty: for an editor, where they see what it
       * makes; the command line does not write it.
       */
      readonly isChoice?: true;
    }
  /** Copies an example to the file that is missing. */
  | { readonly kind: 'copy-example'; readonly title: string; readonly missing: MissingFile }
  /** Makes an external network or volume on the engine of a context. */
  | {
      readonly kind: 'create-network' | 'create-volume';
      readonly title: string;
      readonly name: string;
      readonly context: string | undefined;
    }
  /** Stops the container that is in the way, or removes it where only that helps: what it has written itself is lost then. */
  | {
      readonly kind: 'stop-container' | 'remove-container';
      readonly title: string;
      readonly id: string;
      readonly name: string;
      readonly context: string | undefined;
    }
  /** Ends the program of this machine that is in the way at a port. */
  | (RunningProgram & { readonly kind: 'end-program'; readonly title: string; readonly port: LocalPort })
  /** Does an operation on an environment: brings it up, takes it down, pulls its images. */
  | {
      readonly kind: 'operation';
      readonly title: string;
      readonly operation: 'up' | 'down' | 'pull' | 'build' | 'restart' | 'reset';
      readonly environmentId: string;
      readonly services: readonly string[];
    }
  /** Runs a command that is declared for the environment. */
  | {
      readonly kind: 'run-command';
      readonly title: string;
      readonly environmentId: string;
      /** Name of the command. */
      readonly command: string;
    };

/** What a check found. Immutable. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What the check that found it gave, where `berth.yaml` has it matter otherwise. */
  readonly checkedSeverity?: Severity;
  /** What is so, one sentence. Never with the value of a secret in it. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
  /** Ids of the environments that it is about; empty where it is about a file of no environment. */
  readonly environments: readonly string[];
  /** The service that it is about, where it is about one. */
  readonly service?: string;
  /** Where it is to be seen: the first is where it is shown, the others belong to it. Empty when it is in no file. */
  readonly places: readonly FindingPlace[];
  /** The best first. */
  readonly fixes: readonly Fix[];
}

/** Which of two severities is the worse one, for sorting: the worst first. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}
