/** How one test ended: it failed, or something went wrong before or after what it is about. */
export type TestOutcome = 'passed' | 'failed' | 'errored' | 'skipped';

/** One test of a suite, as the program that ran it reported it. */
export interface TestCase {
  readonly name: string;
  /** What it belongs to: a class, a module, nested suites; undefined where the report names none. */
  readonly suite?: string;
  readonly outcome: TestOutcome;
  /** What is wrong, or why it was skipped: short. */
  readonly message?: string;
  /** All that is told of a failure: a stack, a comparison. Several lines. */
  readonly details?: string;
  /** Milliseconds that it took. */
  readonly ms?: number;
  /** The file that it stands in, as the program calls it: a path where that ran, maybe a relative one. */
  readonly file?: string;
  /** The line in that file, from 1. */
  readonly line?: number;
}

/** How many tests ended in each way. */
export function outcomeCounts(cases: readonly TestCase[]): Readonly<Record<TestOutcome, number>> {
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  for (const { outcome } of cases) counts[outcome]++;
  return counts;
}

/** Whether a test is one that somebody has to look into. */
export function isBad({ outcome }: Pick<TestCase, 'outcome'>): boolean {
  return outcome === 'failed' || outcome === 'errored';
}
