import path from 'node:path';
import type { Place } from '../common/errors';
import type { MissingFile } from '../common/exampleFile';
import type { FindingCode } from './findingCodes';
import type { ServiceLimits } from './limits';

/** A port of a container, published on the host or not. */
export interface Port {
  /** The port inside the container. */
  readonly target: number;
  /** The port on the host; undefined when not published, or when the engine chooses one that is not known yet. */
  readonly published?: number;
  /** The host address it is bound to; undefined means all. */
  readonly hostIp?: string;
  readonly protocol: string;
}

/** Something of the engine's machine that is mounted into a service's containers. */
export interface BindMount {
  /** Absolute path on the engine's machine. */
  readonly source: string;
  /** Whether a data store keeps its data there. */
  readonly keepsData: boolean;
  /** Set where Compose was told not to let it be made: it must be there. */
  readonly mustExist?: true;
}

/** A service as `docker compose config` resolved it. */
export interface ResolvedService {
  readonly name: string;
  readonly image?: string;
  readonly profiles: readonly string[];
  readonly ports: readonly Port[];
  /** Runs once and ends: another service waits for it to complete. */
  readonly oneShot: boolean;
  /** Whether `docker compose watch` has something to do for it. */
  readonly watched: boolean;
  /** Whether its image is built here; undefined means that it is not. */
  readonly built?: boolean;
  /** How many containers it is to have; undefined means one. */
  readonly replicas?: number;
  /** The services that it depends on itself, by name; undefined means none. */
  readonly dependencies?: readonly string[];
  /** What of the engine's machine is mounted into its containers, sockets and single files included; undefined means nothing. */
  readonly binds?: readonly BindMount[];
  /** Undefined means none. */
  readonly limits?: ServiceLimits;
  /** The name that its container is to have; undefined means that Compose makes one out of the project's. */
  readonly containerName?: string;
  /** Set where its containers have the network of the engine's machine, and publish no ports. */
  readonly onHostNetwork?: true;
}

/** What the compose files of an environment amount to, as `docker compose config` says. */
export interface ResolvedProject {
  /** The project name Compose will use. */
  readonly name: string;
  /** The volumes that are the project's to remove, by the names that they have on the engine; undefined means none. */
  readonly volumes?: readonly string[];
  /** The same volumes, in the same order, as the compose files call them; undefined means none. */
  readonly volumeKeys?: readonly string[];
  /** The volumes that it uses and that are not the project's to remove, by the names on the engine; undefined means none. */
  readonly externalVolumes?: readonly string[];
  /** The networks that are the project's to make, by the names that they have on the engine; undefined means none. */
  readonly networks?: readonly string[];
  /** The networks that it uses and does not make, by the names on the engine; undefined means none. */
  readonly externalNetworks?: readonly string[];
  /** The subnets that its own networks are to have, such as `172.28.0.0/16`; undefined means that the engine chooses them. */
  readonly subnets?: readonly string[];
  /** In the order Compose gives (by name). */
  readonly services: readonly ResolvedService[];
  /** What Compose warned of; undefined when there was nothing. */
  readonly warnings?: readonly ConfigurationWarning[];
  /** All that Compose says of it, for checks. */
  readonly config: ComposeConfig;
}

/** What `docker compose config --format json` prints. The values of variables are in it, secrets included: no JSON ever has it. */
export class ComposeConfig {
  constructor(readonly content: Readonly<Record<string, unknown>>) {}

  toJSON(): undefined {
    return undefined;
  }
}

/** Some services and all that they depend on, be it by way of others; by name. */
export function withDependencies(names: readonly string[], { services }: ResolvedProject): ReadonlySet<string> {
  // Grows while it is gone through.
  const all = new Set(names);
  for (const name of all) {
    for (const other of services.find((service) => service.name === name)?.dependencies ?? []) all.add(other);
  }
  return all;
}

/** Something in the compose files that Compose accepts, though it is hardly meant. */
export interface ConfigurationWarning {
  readonly code: FindingCode;
  /** What it is, one sentence. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
  readonly place?: Place;
  /** The variable that it is about. */
  readonly variable?: string;
  /** In its place, those that may be parts of a value, such as a password: they are not to be shown. */
  readonly parts?: readonly string[];
  /** The file that is missing, where there is an example to copy it from. */
  readonly missing?: MissingFile;
}

/** A project name from a folder's name, as Compose makes it. Source: compose-go, `loader/loader.go` (NormalizeProjectName). */
export function normalisedProjectName(folderOrName: string): string {
  return path
    .basename(folderOrName)
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[-_]+/, '');
}
