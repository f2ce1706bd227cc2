import type { Container } from './container';
import type { ResolvedService } from './project';

/** Health of a service, worst first; `stopped` stands apart: it says nothing good or bad. */
export const SERVICE_HEALTHS = [
  'unhealthy',
  'exited',
  'restarting',
  'starting',
  'paused',
  'running',
  'healthy',
  'completed',
  'stopped',
] as const;
export type ServiceHealth = (typeof SERVICE_HEALTHS)[number];

/** Health as it is shown, of a service or an environment: `unknown` while the engine can't be reached or the files are still read. */
export type Health = ServiceHealth | 'unknown';

/** Whether a service of this health has something running. */
export function isActive(health: Health): boolean {
  return health !== 'stopped' && health !== 'exited' && health !== 'completed' && health !== 'unknown';
}

/** Whether a service of this health has reached what `up` waits for. */
export function isReady(health: ServiceHealth): boolean {
  return health === 'healthy' || health === 'running' || health === 'completed';
}

/** Whether a service of this health needs somebody to look at it. */
export function isFailing(health: Health): boolean {
  return health === 'unhealthy' || health === 'exited' || health === 'restarting';
}

/**
 * The worst of some healths. `stopped` counts only when there is nothing else: two services up and one that was never
 * started make an environment that is up.
 */
export function worstHealth(healths: readonly ServiceHealth[]): ServiceHealth {
  return SERVICE_HEALTHS.find((health) => healths.includes(health)) ?? 'stopped';
}

/** 128 + SIGINT, 128 + SIGTERM: how a program ends that was asked to stop and has no handler that says otherwise. */
const ENDED_BY_STOP_SIGNAL = [130, 143];
/** 128 + SIGKILL: of a program that did not heed the request to stop in time, but also of one that ran out of memory. */
const KILLED = 137;

/**
 * Health of one container. The health check counts only while the container runs: the engine goes on reporting an old
 * value for paused and stopped ones.
 * @param oneShot whether its service is known to run once and end.
 */
export function containerHealth(container: Container, oneShot: boolean): ServiceHealth {
  switch (container.state) {
    case 'running':
      return container.healthCheck === 'none' ? 'running' : container.healthCheck;
    case 'paused':
      return 'paused';
    case 'restarting':
      return 'restarting';
    case 'created':
    case 'removing':
      return 'stopped';
    case 'exited':
    case 'dead': {
      const { exitCode = 0, stoppedOnRequest } = container;
      if (stoppedOnRequest || ENDED_BY_STOP_SIGNAL.includes(exitCode)) return 'stopped';
      // Found like this, most were stopped: `docker stop` ends in it for every program without a handler.
      if (exitCode === KILLED && stoppedOnRequest === undefined) return 'stopped';
      if (exitCode !== 0) return 'exited';
      return oneShot || stoppedOnRequest === false ? 'completed' : 'stopped';
    }
  }
}

/**
 * Health of a service from its containers: the worst of them; `stopped` when it has none.
 * @param service what the compose files say of it; undefined when they no longer know it.
 */
export function serviceHealth(service: ResolvedService | undefined, containers: readonly Container[]): ServiceHealth {
  return worstHealth(containers.map((container) => containerHealth(container, service?.oneShot ?? false)));
}
