// Runs inside the extension host, around the tests that the launcher was given.
import fs from 'node:fs';

/** What the launcher tells this module, through the environment. */
export const variables = { tests: 'BERTH_LAUNCHER_TESTS', result: 'BERTH_LAUNCHER_RESULT' } as const;

/** What a run of tests that came to its end leaves behind. */
export interface HostResult {
  readonly passed: boolean;
}

/**
 * Runs the tests, and leaves a result file when they are through: the workbench reports success, too, when the extension
 * host ended in the middle, so only such a file tells of a run that came to its end.
 * @throws what the tests throw.
 */
export async function run(): Promise<void> {
  const tests = process.env[variables.tests];
  const resultFile = process.env[variables.result];
  if (!tests || !resultFile) throw new Error('This module is for the launcher of VS Code only.');
  let passed = false;
  try {
    const module_: { run?: () => Promise<void> } = require(tests);
    if (typeof module_.run !== 'function') throw new Error(`${tests} exports no function run().`);
    await module_.run();
    passed = true;
  } finally {
    const result: HostResult = { passed };
    fs.writeFileSync(resultFile, JSON.stringify(result));
  }
}
