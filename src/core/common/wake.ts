import type { Clock } from './clock';
import { type Disposable, toDisposable } from './disposable';

/** How often the clocks are looked at, in milliseconds. */
const INTERVAL = 10_000;
/** How much later than it is due that may happen, in milliseconds, before it is no longer put down to a busy machine. */
const PATIENCE = 20_000;

/**
 * Calls `action` each time that the machine has slept, or that this process was halted for long. The one sign of it is
 * time that has passed unseen: the clock that timers go by stands still meanwhile on Linux and macOS, but not that of the
 * calendar; on Windows both go on. A calendar that is set looks the same.
 */
export function onWake(action: () => void, clock: Clock): Disposable {
  let timer: Disposable;
  const arm = () => {
    const [now, date] = [clock.now(), Date.now()];
    timer = clock.after(INTERVAL, () => {
      const passed = Math.max(clock.now() - now, Date.now() - date);
      arm();
      if (passed > INTERVAL + PATIENCE) action();
    });
  };
  arm();
  return toDisposable(() => timer.dispose());
}
