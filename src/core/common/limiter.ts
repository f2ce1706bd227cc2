/** Runs at most so many things at once, the others in turn. */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  /** What `action` comes to, once it had its turn. */
  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await action();
    } finally {
      // Handed over, not given back: whoever asks in between would get it as well.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
