import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Place } from '../common/errors';
import type { MissingFile } from '../common/exampleFile';
import type { EnvironmentCommand } from './command';
import type { Levels } from './finding';
import type { ConfigurationWarning } from './project';

/** What an environment is for. */
export type Purpose = 'development' | 'test' | 'ci' | 'production' | 'other';

/** How Berth knows an environment, strongest first. */
export type Origin = 'declared' | 'observed' | 'inferred' | 'running';

/** Something that says that an environment is run, or how. */
export interface Evidence {
  /** What it is, as somebody would call it: `make dev-up`, `npm run docker:up`, `berth.yaml`. */
  readonly label: string;
  readonly place: Place;
}

/** A command that runs files on another engine, and gives Compose variables there. */
export interface RunElsewhere extends Evidence {
  readonly givenVariables: readonly string[];
}

/** What told an environment, and what else that says. */
export interface Knowledge {
  /** What says so, strongest first; empty when only the names of the files do. */
  readonly evidence: readonly Evidence[];
  /** The command that has Compose wait until all of its services run, `up --wait`; undefined where there is none. */
  readonly waits?: Evidence;
  /** The commands that belong to it. */
  readonly commands: readonly EnvironmentCommand[];
  /** What is wrong with it, or hardly meant, as far as its text shows. */
  readonly problems: readonly ConfigurationWarning[];
  /**
   * Whether which files belong together is only guessed: from their names, unless it is what Compose itself takes in a folder that has no other,
   * and that is no part of what lies in a folder above; or from ways through a script, which may lay more files over these than was followed.
   */
  readonly isGuessed?: boolean;
  /**
   * The override file that Compose takes with its only file as soon as it is there, and the example that everybody makes it of, with its text;
   * undefined where it is there, has no example that can be read, or commands or `berth.yaml` name the files.
   */
  readonly missingOverride?: MissingFile & { readonly text: string };
  /**
   * When it is up beside others, as the lists of commands (a target, a script) tell that bring them up: those that have one of these texts in
   * common are up at the same time. Undefined when there are none.
   */
  readonly upTogether?: readonly string[];
  /** The names of the variables that each command that runs it gives Compose, and that Berth does not. Undefined when there are none. */
  readonly givenVariables?: readonly string[];
  /** The env files that its commands make, or look whether they are there: absolute paths. Undefined when there are none. */
  readonly providedEnvFiles?: readonly string[];
  /** The commands that run its files on an engine of which no context is known, with the names of the variables that they give. */
  readonly runElsewhere?: readonly RunElsewhere[];
  /** What `berth.yaml` says of findings in it; undefined when nothing. */
  readonly levels?: Levels;
}

/** One named way to run a project: everything that decides what `docker compose` is told. All paths are absolute. */
export interface EnvironmentDefinition {
  /** Unique among all workspace folders, and the same again after a restart. */
  readonly id: string;
  /** Unique in its workspace folder; what a user types. */
  readonly name: string;
  readonly workspaceFolder: string;
  /** Where relative paths in the compose files start and `.env` is read: the first file's folder, unless said otherwise. */
  readonly projectDirectory: string;
  /** The compose files, in the order in which Compose merges them; at least one. */
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  /** The project name to give Compose; when undefined, Compose finds it (in the files, `.env` or the folder's name). */
  readonly projectName?: string;
  /** The Docker context; when undefined, the one the docker command line would use. */
  readonly context?: string;
  /**
   * The engine that the context leads to, as a text that is the same for every context which leads there. It moves with the
   * current context. Undefined while nobody has looked.
   */
  readonly engine?: string;
  readonly purpose: Purpose;
  readonly origin: Origin;
  /** Whether it is made for a run and removed after it, data included; undefined means that it stays. */
  readonly ephemeral?: boolean;
  /** Lists of services: those of each are to be ready before the next are started. The others come last. */
  readonly startup?: readonly (readonly string[])[];
  /**
   * The project that Compose would choose by itself, as the repository's own commands do: what they started is there.
   * Undefined where only Compose can tell.
   */
  readonly usualProject?: string;
  /** Absolute path of the compose file that a test run of this process lays over the others: it marks what the run makes. */
  readonly runFile?: string;
  /** Whether it runs in a project that is not its own: the repository's own commands have started it there. */
  readonly adopted?: boolean;
  /** The folder from whose files containers in its project were made, where that is none of its own; see `otherFolderOf`. */
  readonly otherFolder?: string;
  /** Undefined means that nothing more is known. */
  readonly knowledge?: Knowledge;
}

/** What a test run calls the compose file that it lays over those of the environment. */
export const RUN_FILE_NAME = 'berth-run.yaml';

/** Whether a compose file is one that a test run has laid over those of the environment. @param file absolute path, as labels have it. */
export function isRunFile(file: string): boolean {
  return file.split(/[\\/]/).at(-1) === RUN_FILE_NAME;
}

/** What tells the engine that an environment is on. */
export type OnEngine = Pick<EnvironmentDefinition, 'context' | 'engine'>;

/** Whether two environments are on the same engine: two contexts may lead to one, and the current one has a name, too. */
export function sameEngine(a: OnEngine, b: OnEngine): boolean {
  return a.engine === undefined || b.engine === undefined ? a.context === b.context : a.engine === b.engine;
}

/** A definition that follows another one: the same object again when nothing of it changed. */
export function asBefore(
  before: EnvironmentDefinition | undefined,
  after: EnvironmentDefinition,
): EnvironmentDefinition {
  return before && isDeepStrictEqual(before, after) ? before : after;
}

/** Whether two definitions are the same for Compose: what told them, and where a context leads, makes no difference there. */
export function isSameForCompose(a: EnvironmentDefinition, b: EnvironmentDefinition): boolean {
  const besides = { knowledge: undefined, engine: undefined };
  return isDeepStrictEqual({ ...a, ...besides }, { ...b, ...besides });
}

/** Where somebody looks for what is wrong with an environment: at what says that it is run, or in its first file. */
export function placeOf({ knowledge, files, projectDirectory }: EnvironmentDefinition): Place {
  return knowledge?.evidence[0]?.place ?? { file: files[0] ?? projectDirectory };
}

const PURPOSE_OF_NAME: Readonly<Record<string, Purpose>> = {
  dev: 'development',
  devel: 'development',
  developer: 'development',
  development: 'development',
  local: 'development',
  test: 'test',
  tests: 'test',
  testing: 'test',
  e2e: 'test',
  integration: 'test',
  ci: 'ci',
  prod: 'production',
  production: 'production',
  live: 'production',
};

/** The purpose that an environment's name tells: `dev` is development, `prod` production; `other` when it tells none. */
export function purposeOfName(name: string): Purpose {
  const word = name.toLowerCase();
  return Object.hasOwn(PURPOSE_OF_NAME, word) ? (PURPOSE_OF_NAME[word] ?? 'other') : 'other';
}

/** The word for a purpose that a name contains: `dev` of `dev-up`; undefined when there is none. */
export function purposeIn(name: string): string | undefined {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .find((word) => purposeOfName(word) !== 'other');
}

/** What a purpose is called, in the user's language. */
export function purposeWord(purpose: Purpose): string {
  switch (purpose) {
    case 'development':
      return l10n.t('development');
    case 'test':
      return l10n.t('test');
    case 'ci':
      return l10n.t('continuous integration');
    case 'production':
      return l10n.t('production');
    case 'other':
      return l10n.t('other');
  }
}

/**
 * The environments that `name` means: those called so, else those whose purpose it is a word for, so that
 * `development` finds `dev`. Several when it is ambiguous, none when nothing fits.
 */
export function environmentsNamed<T extends Pick<EnvironmentDefinition, 'name' | 'purpose'>>(
  environments: readonly T[],
  name: string,
): readonly T[] {
  const exact = environments.filter((environment) => environment.name === name);
  if (exact.length > 0) return exact;
  const purpose = purposeOfName(name);
  return purpose === 'other' ? [] : environments.filter((environment) => environment.purpose === purpose);
}
