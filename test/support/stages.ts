import fs from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { ensureChromium } from './chromium';
import { ensurePrograms } from './debian';
import { ensureEngine } from './engine';
import { BenchError } from './errors';
import { ensureImages, idleImage } from './images';
import { writeLauncherScript } from './launcher';
import { type Counts, variables } from './mochaRun';
import { packExtension } from './package';
import { cachePath, repositoryRoot, translatedTests } from './paths';
import { runInView } from './processes';
import { quietSettings } from './serverProcess';
import { say } from './steps';
import { withTemporaryFolder } from './temporary';
import { canRunVSCodeServer, ensureVSCodeServer, vscodeVersions } from './vscodeServer';
import { makeTestWorkspace } from './workspaces';

export interface StageContext {
  readonly signal: AbortSignal;
  /** Only tests whose full title matches this. */
  readonly grep?: string;
}

/** A part of the tests, with what it needs. */
export interface Stage {
  readonly name: string;
  /** Folder of its translated tests; a stage whose folder does not exist is skipped. */
  readonly folder: string;
  /** Once for each of these, or once: versions of VS Code. */
  readonly versions: readonly string[];
  /** Gets what is missing. Done right before the stage, so that what fails is seen where it matters. */
  prepare(signal: AbortSignal): Promise<void>;
  /** @throws {@link BenchError} when the tests did not come to their end. */
  run(context: StageContext, version: string): Promise<Counts>;
}

const desktopVersions = ['1.100.3', 'stable'];
/** No test is about time: this only ends one that hangs, also on a machine that is busy. In milliseconds. */
const UNIT_LIMIT = 30_000;

/** All of them, in the order in which they run: the fastest first. */
export async function allStages(): Promise<Stage[]> {
  const desktop = await canRunDesktop();
  return [
    {
      name: 'unit',
      folder: path.join(translatedTests, 'unit'),
      versions: [''],
      prepare: async () => {},
      run(context) {
        return runMochaProcess(this.folder, UNIT_LIMIT, context);
      },
    },
    {
      name: 'engine',
      folder: path.join(translatedTests, 'engine'),
      versions: [''],
      prepare: prepareEngine,
      run(context) {
        return runMochaProcess(this.folder, 120_000, context);
      },
    },
    {
      name: 'vscode',
      folder: path.join(translatedTests, 'vscode', 'suite'),
      versions: desktop ? desktopVersions : vscodeVersions,
      prepare: async (signal) => {
        await prepareEngine(signal);
        if (!desktop) await prepareServer(signal);
      },
      run: (context, version) => runInHost(context, version, desktop),
    },
    {
      name: 'ui',
      folder: path.join(translatedTests, 'vscode', 'ui'),
      versions: vscodeVersions,
      prepare: async (signal) => {
        await prepareEngine(signal);
        await prepareServer(signal);
      },
      async run(context, version) {
        const env = {
          BERTH_VSCODE_VERSION: version,
          BERTH_VSIX: await packExtension(context.signal),
          CHROMIUM: await ensureChromium(context.signal),
        };
        return runMochaProcess(this.folder, 120_000, context, env);
      },
    },
  ];
}

let engineReady: Promise<void> | undefined;

/** Gets the engine and images ready, once for all stages: they share the success, and the failure. */
function prepareEngine(signal: AbortSignal): Promise<void> {
  engineReady ??= (async () => {
    // What the steps of a CI workflow run, and what tells of the processes that a program has started.
    await ensurePrograms({ git: 'git', jq: 'jq', ps: 'procps' }, signal);
    await ensureEngine(signal);
    await ensureImages(undefined, signal);
    await idleImage(signal);
  })();
  return engineReady;
}

async function prepareServer(signal: AbortSignal): Promise<void> {
  for (const version of vscodeVersions) await ensureVSCodeServer(version, signal);
  await ensureChromium(signal);
}

/**
 * Whether tests in the extension host run in the VS Code that people have on their desktops, downloaded. On Linux that
 * takes a display, and the download may be out of reach: there is VS Code's server instead.
 */
async function canRunDesktop(): Promise<boolean> {
  if (!canRunVSCodeServer()) return true;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  try {
    const releases = 'https://update.code.visualstudio.com/api/releases/stable';
    return (await fetch(releases, { method: 'HEAD', signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

/** Runs a folder's tests in a Node process of their own. */
function runMochaProcess(
  folder: string,
  timeout: number,
  { signal, grep }: StageContext,
  env: NodeJS.ProcessEnv = {},
): Promise<Counts> {
  return withCountsFile(grep, async (countsEnv) => {
    const script = path.join(__dirname, 'mochaStage.js');
    const args = ['--enable-source-maps', script, folder, String(timeout)];
    const exitCode = await runInView(process.execPath, args, { signal, env: { ...env, ...countsEnv } });
    return exitCode === 0 ? undefined : `they ended with exit code ${exitCode}`;
  });
}

/** Runs the suite inside VS Code's extension host. */
function runInHost({ signal, grep }: StageContext, version: string, desktop: boolean): Promise<Counts> {
  return withTemporaryFolder('host', (folder) =>
    withCountsFile(grep, async (countsEnv) => {
      const workspace = path.join(folder, 'sample');
      await makeTestWorkspace(workspace, signal);
      const settings = path.join(folder, 'user', 'User', 'settings.json');
      fs.mkdirSync(path.dirname(settings), { recursive: true });
      fs.writeFileSync(settings, JSON.stringify(quietSettings, null, 2));
      const serverVersion = vscodeVersions.find((known) => known === version);
      try {
        await runTests({
          ...(desktop || !serverVersion
            ? { version, cachePath: cachePath('vscode-desktop') }
            : { vscodeExecutablePath: writeLauncherScript(folder, serverVersion) }),
          extensionDevelopmentPath: repositoryRoot,
          extensionTestsPath: path.join(translatedTests, 'vscode', 'suite', 'index.js'),
          extensionTestsEnv: countsEnv,
          launchArgs: [
            workspace,
            `--user-data-dir=${path.join(folder, 'user')}`,
            `--extensions-dir=${path.join(folder, 'extensions')}`,
          ],
        });
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        return error instanceof Error ? error.message : String(error);
      }
    }),
  );
}

/**
 * Has tests run by `run`, and reads the counts they leave. A run that ended badly although no test failed has one failure.
 * @param run gives what was wrong with how the run ended, in words, if anything was.
 * @throws {@link BenchError} when there are no counts.
 */
async function withCountsFile(
  grep: string | undefined,
  run: (env: NodeJS.ProcessEnv) => Promise<string | undefined>,
): Promise<Counts> {
  return withTemporaryFolder('counts', async (folder) => {
    const file = path.join(folder, 'counts.json');
    const problem = await run({ [variables.counts]: file, [variables.grep]: grep });
    if (!fs.existsSync(file)) {
      throw new BenchError(`The tests did not come to their end: ${problem ?? 'they left no counts'}.`);
    }
    const counts: Counts = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (!problem || counts.failures.length > 0) return counts;
    const failure = `No test failed, but ${problem}.`;
    say(failure);
    return { ...counts, failures: [failure] };
  });
}
