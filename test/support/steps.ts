/** Shows how far a step is: a few words that replace the ones before. */
export type Report = (progress: string) => void;

/** How often progress is repeated where lines can't be overwritten, in milliseconds. */
const PLAIN_INTERVAL = 10_000;

/**
 * Does something that takes long, in view: what it is, how far it is, how long it took.
 * On a terminal one line that changes; elsewhere plain lines.
 */
export async function step<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
  const line = process.stdout.isTTY && !process.env.CI ? new ChangingLine(title) : new PlainLines(title);
  const started = performance.now();
  try {
    const result = await work((progress) => line.report(progress));
    line.end(`✔ ${title} (${duration(started)})`);
    return result;
  } catch (error) {
    line.end(`✘ ${title} (after ${duration(started)})`);
    throw error;
  }
}

/** One line about something that took no time. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Begins a part of the run that prints a lot. */
export function headline(text: string): void {
  process.stdout.write(`\n── ${text} ${'─'.repeat(Math.max(3, 76 - text.length))}\n`);
}

/** Time since `started` (from `performance.now()`), as people write it. */
export function duration(started: number): string {
  const seconds = (performance.now() - started) / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A line on a terminal that is rewritten each second, so that a silent step is seen to live. */
class ChangingLine {
  private readonly started = performance.now();
  private readonly timer = setInterval(() => this.draw(), 1000);
  private progress = '';

  constructor(private readonly title: string) {
    this.draw();
  }

  report(progress: string): void {
    this.progress = progress;
    this.draw();
  }

  end(text: string): void {
    clearInterval(this.timer);
    process.stdout.write(`\r\x1b[K${text}\n`);
  }

  private draw(): void {
    const text = `… ${this.title} (${duration(this.started)}) ${this.progress}`;
    // A wrapped line could not be overwritten.
    process.stdout.write(`\r\x1b[K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`);
  }
}

/** Start and end of a step, and in between its progress now and then. */
class PlainLines {
  private readonly started = performance.now();
  private lastShown = performance.now();

  constructor(private readonly title: string) {
    say(`… ${title}`);
  }

  report(progress: string): void {
    if (performance.now() - this.lastShown < PLAIN_INTERVAL) return;
    this.lastShown = performance.now();
    say(`… ${this.title} (${duration(this.started)}) ${progress}`);
  }

  end(text: string): void {
    say(text);
  }
}
