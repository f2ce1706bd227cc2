import fs from 'node:fs';
import path from 'node:path';
import type MochaClass from 'mocha';
import { describeError } from './errors';

// mocha is an ES module since version 12. Loaded this way it comes with or without a `default`, depending on whether
// Node itself or VS Code's extension host loads it.
const loaded: typeof MochaClass & { readonly default?: typeof MochaClass } = require('mocha');
const Mocha = loaded.default ?? loaded;

/** How many tests came out how. */
export interface Counts {
  readonly passed: number;
  readonly skipped: number;
  /** What failed: the whole title of each test or hook, and the error, shortened. */
  readonly failures: readonly string[];
}

/** So many lines of an error's message, and then of its stack, are told again at the end of a run. */
const FAILURE_LINES = { message: 20, stack: 3 } as const;

/** How the process that runs tests is told what to do, where it can't be given arguments. */
export const variables = {
  /** Path of the file that the counts go to. */
  counts: 'BERTH_TEST_COUNTS',
  /** Only tests whose full title matches this. */
  grep: 'BERTH_TEST_GREP',
} as const;

/**
 * Runs all `*.test.js` files in a folder and below it, shows how they do, and writes the counts to the file that the
 * environment names. Where that file is missing afterwards, the run did not come to its end.
 * @param timeout milliseconds that a test or hook has, unless it says otherwise.
 * @param signal aborts the run after the hooks of the test that runs.
 */
export async function runMocha(folder: string, timeout: number, signal?: AbortSignal): Promise<Counts> {
  const mocha = new Mocha({
    timeout,
    grep: process.env[variables.grep] || undefined,
    forbidOnly: Boolean(process.env.CI),
    color: Boolean(process.stdout.isTTY),
  });
  for (const file of testFiles(folder)) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const counts = await new Promise<Counts>((resolve) => {
    const failures: string[] = [];
    const runner = mocha.run(() => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passed: passes, skipped: pending, failures });
    });
    runner.on('fail', (test, error: unknown) => failures.push(`${test.fullTitle()}\n${shortened(error)}`));
    signal?.addEventListener('abort', () => runner.abort());
  });
  const file = process.env[variables.counts];
  if (file) fs.writeFileSync(file, JSON.stringify(counts));
  return counts;
}

function shortened(error: unknown): string {
  const lines = describeError(error).split('\n');
  const at = lines.findIndex((line) => /^ +at /.test(line));
  const [message, stack] = at < 0 ? [lines, []] : [lines.slice(0, at), lines.slice(at)];
  const left = message.length - FAILURE_LINES.message;
  return [
    ...message.slice(0, FAILURE_LINES.message),
    ...(left > 0 ? [`… ${left} more lines, see above`] : []),
    ...stack.slice(0, FAILURE_LINES.stack),
  ].join('\n');
}

/** The files with tests in a folder and below it, in order; none when there is no such folder. */
export function testFiles(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => path.join(folder, name));
}
