// A VS Code executable, as @vscode/test-electron wants one, for machines without a display or without a way to download
// VS Code: its server and a browser without a window, which it ends again when the tests are through.
import fs from 'node:fs';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { type HostResult, variables } from './inHost';
import { lastLines } from './processes';
import { temporaryFolder } from './temporary';
import type { VSCodeVersion } from './vscodeServer';
import { chosenVersion, prepareWorkbench, type Workbench } from './workbench';

/** How long a run of tests may take, in milliseconds. */
const LIMIT = 15 * 60_000;

/** How long the workbench may take to tell the result after the extension host has ended. */
const RESULT_GRACE = 5000;

/** What the workbench itself says to the console, over and over. */
const noise = new RegExp(
  [
    '^Resolv(ing|ed) connection token',
    '^Creating a socket',
    '^\\[reconnection-grace-time\\]',
    '^(Ignoring fetching|Updating) additional builtin',
    '^\\[(Service Worker|AgentHost|AccountPolicyGate|DefaultAccount|chat-stt)',
    '^Timed out waiting for authentication provider',
    '^ChatSessionStore',
    '^Creation of workbench contribution',
    '^Canceled: ',
  ].join('|'),
);

/**
 * Makes a small script that starts this launcher for a version of VS Code: what `vscodeExecutablePath` takes.
 * @param folder where to put it; it is the caller's to remove.
 */
export function writeLauncherScript(folder: string, version: VSCodeVersion): string {
  const script = path.join(folder, `code-${version}`);
  const call = [process.execPath, '--enable-source-maps', __filename].map((word) => `'${word}'`).join(' ');
  fs.writeFileSync(script, `#!/bin/sh\nBERTH_VSCODE_VERSION=${version} exec ${call} "$@"\n`, { mode: 0o755 });
  return script;
}

/** One run of tests: all that can end it comes together in {@link TestRun.finish}, and the first one counts. */
class TestRun {
  private readonly folder = temporaryFolder('launcher');
  private readonly resultFile = path.join(this.folder, 'result.json');
  private starting: Promise<Workbench> | undefined;
  private finished = false;

  /** Starts VS Code with the tests. */
  async start(args: readonly string[]): Promise<void> {
    const { values, positionals } = parseArgs({
      args: [...args],
      // test-electron hands over flags that are for Electron: they are ignored.
      strict: false,
      allowPositionals: true,
      options: {
        extensionDevelopmentPath: { type: 'string', multiple: true },
        extensionTestsPath: { type: 'string' },
        'user-data-dir': { type: 'string' },
        'extensions-dir': { type: 'string' },
        'disable-workspace-trust': { type: 'boolean' },
      },
    });
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const tests = text(values.extensionTestsPath);
    if (!tests) throw new Error('This only runs tests: --extensionTestsPath is missing.');
    const workspace = positionals[0];
    this.starting = prepareWorkbench({
      version: chosenVersion(),
      testDriver: true,
      workspace: workspace && path.resolve(workspace),
      extensionDevelopmentPaths: (values.extensionDevelopmentPath ?? []).map((folder) => path.resolve(String(folder))),
      extensionTestsPath: path.join(__dirname, 'inHost.js'),
      userDataFolder: text(values['user-data-dir']),
      extensionsFolder: text(values['extensions-dir']),
      workspaceTrust: !values['disable-workspace-trust'],
      env: { [variables.tests]: require.resolve(path.resolve(tests)), [variables.result]: this.resultFile },
    });
    const workbench = await this.starting;
    if (this.finished) return;
    await this.listen(workbench);
    await workbench.page.goto(workbench.url, { waitUntil: 'domcontentloaded' });
  }

  /** Ends everything and then this process. */
  async finish(exitCode: number, problem?: string): Promise<void> {
    if (this.finished) return;
    this.finished = true;
    const workbench = await this.starting?.catch(() => undefined);
    let code = exitCode;
    let why = problem;
    if (code === 0 && !this.result()) {
      code = 1;
      why = 'the extension host ended before the tests did';
    }
    if (why) {
      const picture = await workbench?.screenshot('launcher').catch(() => undefined);
      console.error(`VS Code: ${why}${picture ? `, see ${picture}` : ''}`);
      console.error(lastLines(workbench?.server.log() ?? '', 20));
    }
    await workbench?.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
    process.exit(code);
  }

  /** Hears what the workbench has to tell under its test flag, and of everything that ends too early. */
  private async listen(workbench: Workbench): Promise<void> {
    const { page, browser, server } = workbench;
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const line = format(...args);
      if (this.finished || noise.test(line)) return;
      (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${line}\n`);
    });
    await page.exposeFunction('codeAutomationExit', (code: number | undefined) => this.finish(code ?? 1));
    page.on('crash', () => void this.finish(1, 'the page crashed'));
    browser.on('disconnected', () => void this.finish(1, 'the browser ended'));
    server.process.on('exit', () => void this.finish(1, 'the server ended'));
    server.process.stdout?.on('data', (text: string) => {
      if (!text.includes('Extension Host Process exited')) return;
      setTimeout(() => void this.finish(this.result()?.passed ? 0 : 1, 'the extension host ended'), RESULT_GRACE);
    });
  }

  private result(): HostResult | undefined {
    return fs.existsSync(this.resultFile) ? JSON.parse(fs.readFileSync(this.resultFile, 'utf8')) : undefined;
  }
}

function main(): void {
  const run = new TestRun();
  const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const [signal, code] of Object.entries(endings)) process.on(signal, () => void run.finish(code));
  // Whoever reads this output has gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void run.finish(1));
  const fail = (error: unknown) => void run.finish(1, error instanceof Error ? error.stack : String(error));
  process.on('uncaughtException', fail);
  setTimeout(() => void run.finish(1, `no result after ${LIMIT / 60_000} minutes`), LIMIT);
  run.start(process.argv.slice(2)).catch(fail);
}

if (require.main === module) main();
