import type { UserError } from '../common/errors';
import type { ComposeSource } from '../compose/composeSource';
import type { EnvFileSource } from '../compose/envFileSource';
import type { EnvironmentDefinition } from '../model/environment';
import type { Finding, FindingPlace } from '../model/finding';
import { FINDING_CODES, type FindingCode } from '../model/findingCodes';
import type { ConfigurationWarning, ResolvedProject } from '../model/project';

/** What is at a path of this machine, at the end of symbolic links. */
export type PathKind = 'file' | 'folder' | 'other' | 'missing';

/** How a file stands to the git repository that it is in. */
export interface GitState {
  /** The folder of the repository: absolute path. */
  readonly root: string;
  readonly isTracked: boolean;
  readonly isIgnored: boolean;
}

/** What checks know of one environment. */
export interface CheckedEnvironment {
  readonly definition: EnvironmentDefinition;
  /** Whether only CI runs it, where each has a machine of its own. */
  readonly isOnCiOnly: boolean;
  /** What Compose says of its files; where it does not accept them, what it said last. Undefined where it said nothing yet. */
  readonly project?: ResolvedProject;
  /** Why Compose does not accept its files. */
  readonly error?: UserError;
  /** Set where Compose could not be asked of the texts that its files are to be taken to have: what is known is of those that are saved. */
  readonly isAsSaved?: true;
  /** What discovery, Compose and the engine have told of it. */
  readonly warnings: readonly ConfigurationWarning[];
  /** The compose files that it is given, with all their documents, in the order in which Compose merges them. */
  readonly sources: readonly ComposeSource[];
  /** The compose files that those take in (`include`, `extends`). */
  readonly takenIn: readonly ComposeSource[];
  /** What they name besides: env files of `include` and of services, files of labels. Absolute paths, there or not. */
  readonly named?: readonly string[];
  /** The env files that Compose reads variables from; of two, the later one wins. Of those that are not there, none. */
  readonly envFiles: readonly EnvFileSource[];
}

/** All that checks go by: texts, what Compose says of them, and what was looked up before. Checks read, run and ask nothing themselves. */
export interface CheckFacts {
  readonly environments: readonly CheckedEnvironment[];
  /** What is told of workspace folders, and not of one environment. */
  readonly problems: readonly ConfigurationWarning[];
  /** The first command, workflow or text for people in a workspace folder that gives a variable a value: absolute path. */
  readonly givenBy: (workspaceFolder: string, variable: string) => string | undefined;
  /** The env files of the workspace folders and the examples of such, whether or not an environment has them. */
  readonly envFiles: readonly EnvFileSource[];
  /** Of paths that some check has asked for in `paths`; undefined of all others. */
  readonly pathKind: (path: string) => PathKind | undefined;
  /** Of the same paths, where they are in a git repository; undefined elsewhere, and where there is no git. */
  readonly git: (path: string) => GitState | undefined;
  /** Paths that some check has asked for in `realPaths` without symbolic links, as far as something is there; all others as they are. */
  readonly realPath: (path: string) => string;
  /** The text of a compose or env file, or of a file that some check has asked for in `texts`; undefined where there is none. */
  readonly textOf: (file: string) => string | undefined;
  /** The texts of the files that discovery and Compose have told of: also makefiles, scripts and whatever else has commands. */
  readonly told: ReadonlyMap<string, string>;
  /** The version of Docker Compose, such as `2.26.1`; undefined when it is not known. */
  readonly composeVersion: string | undefined;
}

/**
 * Whether a comment or `berth.yaml` leaves findings of a code out for an environment.
 * @param places where the environment has what would be found.
 */
export type IsLeftOut = (
  code: FindingCode,
  environment: Pick<CheckedEnvironment, 'definition'>,
  places: readonly FindingPlace[],
) => boolean;

/** One kind of trouble, or a few that are found together. */
export interface Check {
  /** The codes of what it finds. */
  readonly codes: readonly FindingCode[];
  /** The paths that are to be looked up for it; those on other machines are not. */
  readonly paths?: (facts: Pick<CheckFacts, 'environments' | 'envFiles'>) => Iterable<string>;
  /** The paths that it compares, to be looked up in the same way; more work than the others. */
  readonly realPaths?: (facts: Pick<CheckFacts, 'environments' | 'envFiles'>) => Iterable<string>;
  /** The files besides compose and env files whose texts it goes by, there or not: absolute paths. */
  readonly texts?: (facts: Omit<CheckFacts, 'textOf' | 'told'>) => Iterable<string>;
  /**
   * What it finds. Of what several environments have in common, it may find the same for each: they are made one.
   * @param isLeftOut for what is between environments: it stays between those that it is not left out for. All else is left out later.
   */
  readonly find: (facts: CheckFacts, isLeftOut: IsLeftOut) => Iterable<Finding>;
}

/** A finding of some environments, with the severity that its code mostly has. */
export function findingOf(
  code: FindingCode,
  environments: readonly Pick<CheckedEnvironment, 'definition'>[],
  rest: Pick<Finding, 'message' | 'remedy'> & Partial<Finding>,
): Finding {
  const ids = environments.map(({ definition }) => definition.id);
  return { code, severity: FINDING_CODES[code].severity, environments: ids, places: [], fixes: [], ...rest };
}
