import type { Clock } from '../common/clock';
import type { Event } from '../common/event';
import { type Look, lookUntil } from '../common/lookUntil';
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
  let ended: { readonly at: number; readonly patience: number } | undefined;
  const look = (): Look<readonly ServiceSnapshot[]> => {
    const now = services();
    if (!now.every(hasEnded)) {
      ended = undefined;
      return {};
    }
    const isStopped = now.some(({ health }) => health === 'stopped');
    ended ??= { at: clock.now(), patience: isStopped ? ENDED_AFTER.stopped : ENDED_AFTER.byItself };
    const left = ended.patience - (clock.now() - ended.at);
    return left > 0 ? { again: left } : { end: now };
  };
  return lookUntil(look, { changes, clock, signal });
}
