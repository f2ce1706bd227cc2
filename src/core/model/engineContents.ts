import type { Port } from './project';

/** A container on an engine, of whatever project or of none. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  /** Of Compose; undefined when it belongs to none. */
  readonly project?: string;
  readonly service?: string;
  /** Whether `docker compose run` made it. */
  readonly oneOff: boolean;
  readonly isRunning: boolean;
  /** Those that it publishes now: none unless it runs. */
  readonly ports: readonly Port[];
  /** The networks that it is in, or will be in when it is started. */
  readonly networks: readonly { readonly name: string; readonly address?: string }[];
}

/** What an engine says of itself. */
export interface EngineAbout {
  /** `28.2.2` */
  readonly version: string;
  /** As images name it: `linux/amd64`. */
  readonly platform: string;
  /** Absolute path, on its machine, of the folder that it keeps everything in. */
  readonly dataRoot: string;
  /** Whether users in its containers are others on its machine: it is rootless, or has user namespaces. */
  readonly mapsUsers: boolean;
  /** Whether it is one of a swarm, whose networks are told of on those machines only that use them. */
  readonly isInSwarm: boolean;
  /** The subnets that it takes those of networks from, where it is told which: `10.8.0.0/16`. */
  readonly addressPools: readonly string[];
}
