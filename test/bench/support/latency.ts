import type { RawEvent } from './rawEvents';
import type { Change } from './subject';

/** The kinds of events that change what is shown, and the health that each is to be shown as. */
export const KINDS = {
  'health_status: unhealthy': 'unhealthy',
  'health_status: healthy': 'healthy',
  start: 'starting',
  // The containers end well, because they are told to.
  die: 'stopped',
  pause: 'paused',
  unpause: 'starting',
} as const;
export type Kind = keyof typeof KINDS;

/** How long before the raw line its consequence may be shown: the two are read by different processes. In milliseconds. */
const EARLIEST = -500;

/**
 * Finds to each event the change that it led to: the next one of its service, to the health that it stands for.
 * @returns milliseconds from the event's line to the change, by kind; and the events that led to none.
 */
export function latencies(
  events: readonly Pick<RawEvent, 'at' | 'service' | 'action'>[],
  changes: readonly Change[],
): { readonly byKind: Readonly<Record<Kind, readonly number[]>>; readonly missing: readonly string[] } {
  const byKind: Record<Kind, number[]> = {
    'health_status: unhealthy': [],
    'health_status: healthy': [],
    start: [],
    die: [],
    pause: [],
    unpause: [],
  };
  const missing: string[] = [];
  const left = new Map<string, Change[]>();
  for (const change of changes) left.set(change.service, [...(left.get(change.service) ?? []), change]);
  const healthBefore = new Map<string, string>();
  for (const event of events) {
    if (!isKind(event.action)) continue;
    const health = KINDS[event.action];
    // A check that is late says once more what is shown already.
    if (healthBefore.get(event.service) === health) continue;
    healthBefore.set(event.service, health);
    const own = left.get(event.service) ?? [];
    const index = own.findIndex((change) => change.health === health && change.at > event.at + EARLIEST);
    const change = own[index];
    if (!change) {
      missing.push(`${event.service} ${event.action}`);
      continue;
    }
    own.splice(0, index + 1);
    byKind[event.action].push(change.at - event.at);
  }
  return { byKind, missing };
}

/** Whether an event is one that changes what is shown. */
export function isKind(action: string): action is Kind {
  return action in KINDS;
}
