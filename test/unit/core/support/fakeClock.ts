import type { Clock } from '../../../../src/core/common/clock';
import { toDisposable } from '../../../../src/core/common/disposable';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private readonly timers = new Set<{ readonly at: number; readonly action: () => void }>();

  now = (): number => this.time;

  after = (ms: number, action: () => void) => {
    const timer = { at: this.time + ms, action };
    this.timers.add(timer);
    return toDisposable(() => this.timers.delete(timer));
  };

  /** How many actions wait for their time. */
  get pending(): number {
    return this.timers.size;
  }

  /** Lets `ms` milliseconds pass, and what comes due in them happen, one after another. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.action();
    }
    this.time = end;
  }
}

/** Resolves when everything that can go on without time or other programs has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
