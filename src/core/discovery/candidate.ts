import type { Place } from '../common/errors';
import type { EnvironmentCommand } from '../model/command';
import type { EnvironmentDefinition, Evidence } from '../model/environment';
import type { Levels } from '../model/finding';

/** An environment in the making: what one origin says of it. */
export interface Candidate
  extends Pick<
    EnvironmentDefinition,
    | 'files'
    | 'envFiles'
    | 'profiles'
    | 'projectName'
    | 'projectDirectory'
    | 'context'
    | 'origin'
    | 'ephemeral'
    | 'startup'
  > {
  /** Undefined where nothing tells one; unique in its folder only when it is declared. */
  readonly name?: string;
  /** Where it is told by more than the name. */
  readonly purpose?: EnvironmentDefinition['purpose'];
  /** Whether it is what Compose runs in its folder without being told files. */
  readonly isDefault: boolean;
  /** Whether it is left to Compose which files it has: `berth.yaml` names none or, without one, some command that runs it, or nobody does. */
  readonly isLeftToCompose?: boolean;
  /** Whether only CI runs it. */
  readonly isOnCiOnly?: boolean;
  /** Whether it stands only in texts for people to read. */
  readonly isOnlyRead?: boolean;
  /** Whether its commands give it a project that only running them would tell. */
  readonly isProjectUnknown?: boolean;
  readonly evidence: readonly Evidence[];
  /** Whether all commands that run it are ways through a script. */
  readonly isOneWay?: boolean;
  readonly givenVariables?: readonly string[];
  /**
   * Where a command gives Compose the `.env` that it reads of itself, and without which it then refuses to go on. What is written for people
   * to read, and what CI runs, mostly makes it first.
   */
  readonly givesOwnEnvFile?: Place;
  /** The env files that some of its commands make before they give them to Compose, or look whether they are there: absolute paths. */
  readonly providedEnvFiles?: readonly string[];
  /** When it is up beside others, as the lists of commands tell that bring them up: see `Knowledge`. */
  readonly upTogether?: readonly string[];
  /** The command that has Compose wait for all of its services. */
  readonly waits?: Evidence;
  readonly commands: readonly EnvironmentCommand[];
  readonly levels?: Levels;
}
