/** Measured values of one thing. */
export interface Distribution {
  readonly median: number;
  /** 99th percentile by nearest rank: the largest, with fewer than 100 values. */
  readonly p99: number;
  /** How many values there were. */
  readonly n: number;
}

/** @throws RangeError when there is nothing to sum up: a measurement without values is a broken one. */
export function distribution(values: readonly number[]): Distribution {
  if (values.length === 0) throw new RangeError('Nothing was measured.');
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (rank(0.5) + (sorted[middle] ?? Number.NaN)) / 2 : rank(0.5);
  return { median, p99: rank(0.99), n: sorted.length };
}

/** Milliseconds on a clock that all processes of this machine share. */
export function machineTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
