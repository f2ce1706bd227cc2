/** Random choices that are the same again for the same seed. */
export class Random {
  /** @param state the seed: a whole number. */
  constructor(private state: number) {}

  /** From 0 up to 1. A linear congruential generator of 32 bits, of which the upper bits are good. */
  next(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return (this.state >>> 8) / 2 ** 24;
  }

  /** A whole number from 0 up to `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of them, which there must be. */
  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error('There is nothing to choose from.');
    return chosen;
  }
}
