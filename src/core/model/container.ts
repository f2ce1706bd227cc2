import type { Port } from './project';

/** The engine's states of a container. Source: Docker Engine API, `GET /containers/json`, field `State`. */
export const CONTAINER_STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

/** What the health check says, which counts only while the container runs; `none` when there is none. */
export type HealthCheckState = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** What a test run writes on the containers that it makes. */
export interface TestRunMark {
  /** Of that run. */
  readonly id: string;
  /** The machine that it ran on; see `lockReach`. */
  readonly host: string;
  /** Whether they are to stay when it is over. */
  readonly kept: boolean;
  /** Whether the volumes go with them. */
  readonly removesVolumes: boolean;
}

/** A container of a Compose project, as the engine has it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Compose project and service, from the labels. */
  readonly project: string;
  readonly service: string;
  /** Its number among those of its service, from 1: what `docker compose exec --index` takes. */
  readonly number: number;
  /** Made by `docker compose run`, so no part of the service's own set. */
  readonly oneOff: boolean;
  /** The compose files it was made from: absolute paths, as Compose noted them in the labels. */
  readonly configFiles: readonly string[];
  /** The test run that made it; undefined for what no test run made. */
  readonly testRun?: TestRunMark;
  /** The folder that their relative paths started at; undefined when Compose did not note it. */
  readonly workingDirectory?: string;
  readonly state: ContainerState;
  readonly healthCheck: HealthCheckState;
  /** Set once it has ended. */
  readonly exitCode?: number;
  /** Whether it ended because somebody stopped it, or by itself; undefined when that was not seen happening. */
  readonly stoppedOnRequest: boolean | undefined;
  /** Whether somebody had the engine kill it, as far as that was seen: also what does not heed a stop in time is killed. */
  readonly killedOnRequest: boolean | undefined;
  readonly ports: readonly Port[];
}
