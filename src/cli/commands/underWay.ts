import { LiveRegion } from '../rendering/liveRegion';
import { secondsText } from '../rendering/progress';
import type { CommandContext } from './command';

/** From when on what is under way is shown, and how often its seconds go on, in milliseconds. */
const TICK = 1_000;

/** Shows on a terminal what is under way, and for how long, once it takes longer than a second. @param what without its end: `Checking` */
export async function underWay<T>(
  { output: { err } }: Pick<CommandContext, 'output'>,
  what: string,
  action: () => Promise<T>,
): Promise<T> {
  if (!err.isTerminal) return action();
  const began = performance.now();
  const region = new LiveRegion(err);
  const timer = setInterval(() => region.draw([`${what} … ${secondsText(performance.now() - began)}`]), TICK);
  try {
    return await action();
  } finally {
    clearInterval(timer);
    region.clear();
  }
}
