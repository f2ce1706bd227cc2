import { type Disposable, toDisposable } from './disposable';
import { unlessAborted } from './event';

/** Time, as a parameter: the one thing that tests replace, because a real wait of a minute proves nothing more. */
export interface Clock {
  /** Milliseconds since the epoch, by a clock that goes on evenly when the machine's own is set. */
  now(): number;
  /** Calls `action` once after `ms` milliseconds, unless disposed first. */
  after(ms: number, action: () => void): Disposable;
}

/** The machine's time as it was when this process began, and what has passed since. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return toDisposable(() => clearTimeout(timer));
  },
};

/**
 * What `action` comes to, unless that takes too long: then the signal that it is given is aborted, and it is waited for no
 * longer, whether it heeds that or not.
 * @param ms how long it may take, in milliseconds.
 * @param late makes the error of one that takes too long.
 * @throws that error; the reason of `signal` when that is aborted first.
 */
export async function withinTime<T>(
  action: (signal: AbortSignal) => Promise<T>,
  {
    clock,
    ms,
    signal,
    late,
  }: { readonly clock: Clock; readonly ms: number; readonly signal?: AbortSignal; readonly late: () => Error },
): Promise<T> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const either = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  const timer = clock.after(ms, () => limit.abort(late()));
  try {
    return await unlessAborted(action(either), either);
  } finally {
    timer.dispose();
  }
}

/**
 * What `action` comes to; undefined where it fails or takes too long, as {@link withinTime} has it.
 * @throws the reason of `signal` when that is aborted.
 */
export async function ifInTime<T>(
  action: (signal: AbortSignal) => Promise<T>,
  { signal, ...limit }: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal },
): Promise<T | undefined> {
  return withinTime(action, { ...limit, signal, late: () => new Error('too late') }).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
}

/**
 * Milliseconds to wait before try `attempt` (0 is the first): doubles from 250 ms up to 30 s, spread over its upper half
 * at random, so that many clients of an engine that comes back don't all knock at once.
 * @param random gives a number from 0 up to 1.
 */
export function backoffDelay(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(30_000, 250 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + 0.5 * random()));
}
