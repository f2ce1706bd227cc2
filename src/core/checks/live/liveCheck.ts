import type { UserError } from '../../common/errors';
import type { RunningProgram } from '../../common/runningProgram';
import type { EngineAbout, EngineContainer } from '../../model/engineContents';
import type { Finding } from '../../model/finding';
import type { FindingCode } from '../../model/findingCodes';
import type { ResolvedService } from '../../model/project';
import type { EnvironmentSnapshot } from '../../model/snapshot';
import type { PublishedPort } from '../across/publishedPorts';
import type { CheckedEnvironment, CheckFacts, IsLeftOut } from '../check';

/** What an engine has. What could not be found out is undefined. */
export interface EngineFacts {
  readonly about?: EngineAbout;
  readonly containers?: readonly EngineContainer[];
  /** Of the networks that are asked for, those that are there. */
  readonly networks?: readonly string[];
  /** The same of volumes. */
  readonly volumes?: readonly string[];
  /** Of the images that are asked for, what kind of machine each is for (`linux/amd64`); undefined of one that is not there. */
  readonly images?: ReadonlyMap<string, string | undefined>;
  /** How much room is left for it, in bytes; undefined where it is on another machine. */
  readonly freeSpace?: number;
}

/** A port that can't be published. */
export interface TakenPort {
  readonly port: PublishedPort;
  /** Who has it; undefined for somebody on the engine's machine of whom nothing is known. */
  readonly holder?: PortContainer | PortPrograms;
  /** Whether that was looked for on this machine. */
  readonly isLocal: boolean;
  /** A port that nobody has; undefined where that can't be told. */
  readonly free?: number;
}

/** A container that has a port. */
export interface PortContainer {
  readonly kind: 'container';
  readonly container: EngineContainer;
  /** Whether the engine removes it, with its volumes without names, as soon as it ends: `docker run --rm`. */
  readonly isRemovedAtEnd: boolean;
}

/** Programs of this machine that have a port. */
export interface PortPrograms {
  readonly kind: 'programs';
  /** At least one. */
  readonly programs: readonly RunningProgram[];
  /** Whether the port is free when that one has ended, and nothing else needs it. */
  readonly mayBeEnded: boolean;
}

/** A certificate that an environment has mounted, with its key. Never with the key's contents. */
export interface CertificateFile {
  /** Absolute path. */
  readonly file: string;
  readonly service: string;
  /** That something names it and it is not there, or that it is a folder for certificates in which there are none. */
  readonly missing?: 'file' | 'all-of-folder';
  /** Set where a service may write there: it may make it itself, or another one. */
  readonly mayBeMade?: true;
  /** Of a certificate that could be read, milliseconds since 1970. */
  readonly validTo?: number;
  /** The key beside it. */
  readonly key?: string;
  /** Whether the key belongs to it; undefined where that can't be told. */
  readonly isOfKey?: boolean;
}

/** A folder in which a store of an environment keeps its data. */
export interface DataFolderOwner {
  readonly path: string;
  readonly service: string;
  /** User numbers: whose it is, and whose it has to be. */
  readonly owner: number;
  readonly expected: number;
}

/** An environment that is looked at, with what was found out for it. */
export interface LiveEnvironment {
  readonly checked: CheckedEnvironment;
  readonly snapshot: EnvironmentSnapshot;
  /** The services that `up` starts, with what they depend on; none where Compose does not accept the files. */
  readonly services: readonly ResolvedService[];
  /** Why its engine does not answer. */
  readonly unreachable?: UserError;
  /** Of one that does not answer, nothing is known. */
  readonly engine: EngineFacts;
  readonly takenPorts: readonly TakenPort[];
  /** The ports at addresses that this machine does not have, where it is the engine's. */
  readonly missingAddresses: readonly PublishedPort[];
  readonly certificates: readonly CertificateFile[];
  readonly dataFolders: readonly DataFolderOwner[];
  /** Whether the command that tells whether migrations are to be run says so; undefined when it was not asked. */
  readonly hasPendingMigrations?: boolean;
}

/** What live checks go by: what static ones do, and what engine and machine have told. */
export interface LiveFacts extends CheckFacts {
  /** Those that are looked at. */
  readonly live: readonly LiveEnvironment[];
  /** All that Berth knows: what is in the way may be one of theirs. */
  readonly known: readonly EnvironmentSnapshot[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One kind of trouble that only the engine or the machine shows. As static checks, it asks nothing itself. */
export interface LiveCheck {
  readonly codes: readonly FindingCode[];
  readonly find: (facts: LiveFacts, isLeftOut: IsLeftOut) => Iterable<Finding>;
}
