import fs from 'node:fs';
import path from 'node:path';
import { BenchError } from './errors';
import { repositoryRoot } from './paths';
import { runInView, runOrFail } from './processes';

/** The command line, as built from this checkout. */
const berth = path.join(repositoryRoot, 'dist', 'cli.js');

/**
 * Makes the workspace that tests in the extension host find open: a copy of `test/workspaces/sample`, or where there is
 * none what the first template gives.
 * @param folder where; must not exist yet.
 */
export async function makeTestWorkspace(folder: string, signal?: AbortSignal): Promise<void> {
  const sample = path.join(repositoryRoot, 'test', 'workspaces', 'sample');
  if (fs.existsSync(sample)) fs.cpSync(sample, folder, { recursive: true });
  else await runOrFail(process.execPath, [berth, 'init', folder], { signal });
}

/**
 * Runs the command line in view.
 * @throws {@link BenchError} when it fails; it has said why itself.
 */
export async function runBerth(args: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> {
  process.stdout.write(`$ berth ${args.join(' ')}\n`);
  const exitCode = await runInView(process.execPath, [berth, ...args], { cwd, signal });
  if (exitCode !== 0) throw new BenchError(`berth ${args.join(' ')} failed (exit code ${exitCode}), see above.`);
}
