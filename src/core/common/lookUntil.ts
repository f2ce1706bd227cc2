import type { Clock } from './clock';
import type { Disposable } from './disposable';
import type { Event } from './event';

/** What a look comes to: an end; or none yet, and after how many milliseconds to look again if nothing changes before. */
export type Look<T> = { readonly end: T } | { readonly again?: number };

/**
 * Looks now, on each change and when a look wants another, until one comes to an end.
 * @returns what that end is.
 * @throws what a look throws; the signal's reason when aborted.
 */
export function lookUntil<T>(
  look: () => Look<T>,
  { changes, clock, signal }: { readonly changes: Event<unknown>; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
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
    const lookNow = () => {
      timer?.dispose();
      timer = undefined;
      try {
        const found = look();
        if ('end' in found) {
          stop();
          resolve(found.end);
        } else if (found.again !== undefined) timer = clock.after(found.again, lookNow);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const subscription = changes(lookNow);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else lookNow();
  });
}
