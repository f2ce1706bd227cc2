import type { Clock } from '../common/clock';
import type { Disposable } from '../common/disposable';
import type { Event } from '../common/event';
import { containerHealth, isActive } from '../model/health';
import type { ServiceSnapshot } from '../model/snapshot';

/**
 * For how long nothing may run, in milliseconds, before that is the end: what the engine restarts is shown as ended for a
 * moment; and what somebody has stopped may be about to be restarted or recreated, which takes longer.
 */
const ENDED_AFTER = { byItself: 1_500, stopped: 5_000 } as const;

/** Of several containers, each: the service's health is that of the worst, and one that failed leaves others running. */
function hasEnded({ health, containers }: ServiceSnapshot): boolean {
  const runs = isActive(health) || containers.some((container) => isActive(containerHealth(container, false)));
  return health !== 'unknown' && !runs;
}

/**
 * Waits until nothing of some services runs any more. While the engine is lost, nothing is known to have ended.
 * @param services gives them as they are now.
 * @param changes fires when they may have changed.
 * @returns the services as they have ended.
 * @throws the signal's reason when aborted.
 */
export function waitUntilEnded(
  services: () => readonly ServiceSnapshot[],
  { changes, clock, signal }: { readonly changes: Event<unknown>; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly ServiceSnapshot[]> {
  return new Promise((resolve, reject) => {
    let timer: Disposable | undefined;
    const stop = () => {
      timer?.dispose();
      subscription.dispose();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      stop();
      reject(signal.reason);
    };
    const look = () => {
      if (services().every(hasEnded)) {
        const isStopped = services().some(({ health }) => health === 'stopped');
        timer ??= clock.after(isStopped ? ENDED_AFTER.stopped : ENDED_AFTER.byItself, () => {
          stop();
          resolve(services());
        });
      } else {
        timer?.dispose();
        timer = undefined;
      }
    };
    const subscription = changes(look);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else look();
  });
}
