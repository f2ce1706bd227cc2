import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureEngine } from './engine';
import { BenchError } from './errors';
import { ensureImages } from './images';
import { packExtension } from './package';
import { cachePath, findOnPath, repositoryRoot } from './paths';
import { freePort } from './ports';
import { runOrFail } from './processes';
import { program } from './program';
import { type ServerProcess, startServer } from './serverProcess';
import { say, step } from './steps';
import { withTemporaryFolder } from './temporary';
import { canRunVSCodeServer, ensureVSCodeServer, newestVSCode } from './vscodeServer';
import { runBerth } from './workspaces';

/** The environment of the sample that is started. */
const environment = 'dev';

/**
 * Shows Berth at work: `npm start`. Makes a sample project, starts its environment, and opens VS Code on it with the
 * extension. With `--once` it does all that in a folder that is thrown away, sees that VS Code has the extension, and
 * takes the environment down again: the way to find out whether everything fits together.
 */
export const main = program(async (args, signal) => {
  const { values } = parseArgs({ args: [...args], options: { once: { type: 'boolean' }, port: { type: 'string' } } });
  const { startedPid } = await ensureEngine(signal);
  await ensureImages(undefined, signal);
  // The folder's name becomes the project's: not that of a sample that stays.
  const once = `sample-${process.pid}`;
  if (values.once) await withTemporaryFolder('once', (folder) => tryOnce(path.join(folder, once), signal));
  else await showSample(cachePath('sample'), Number(values.port ?? 0), signal);
  if (startedPid) say(`The Docker engine goes on (process ${startedPid}); to end it: kill ${startedPid}`);
  return 0;
});

async function tryOnce(folder: string, signal: AbortSignal): Promise<void> {
  try {
    await prepareSample(folder, signal);
    if (canRunVSCodeServer())
      await withServer(folder, 0, signal, async (server) => checkServer(server, folder, signal));
    else say(`VS Code is not tried: its server does not run on ${process.platform}.`);
  } finally {
    // Also after a failure or Ctrl-C, hence without the signal.
    if (fs.existsSync(folder)) {
      await runBerth(['down', environment], folder);
      // Berth keeps data; here nobody will come back for it.
      await runOrFail('docker', ['compose', 'down', '--volumes'], { cwd: folder });
    }
  }
  say('✔ Everything works.');
}

async function showSample(folder: string, port: number, signal: AbortSignal): Promise<void> {
  await prepareSample(folder, signal);
  const desktop = desktopVSCode();
  if (desktop) {
    await openDesktop(desktop, folder);
    say('VS Code opens on the sample, with the extension from this checkout.');
  } else {
    await withServer(folder, port, signal, async (server) => {
      say(`\nVS Code with Berth is at ${address(server, folder)}\nCtrl-C ends it.`);
      if (!signal.aborted) await once(signal, 'abort');
    });
  }
  const down = `node ${path.join(repositoryRoot, 'dist', 'cli.js')} down ${environment}`;
  say(`The sample's environment goes on; to end it, in ${folder}: ${down}`);
}

/** Makes the sample with Berth's own command line, unless it is there, and starts its environment. */
async function prepareSample(folder: string, signal: AbortSignal): Promise<void> {
  if (fs.existsSync(folder)) say(`The sample is kept as it is: ${folder}`);
  else {
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    await runBerth(['init', folder], path.dirname(folder), signal);
    await avoidTakenPorts(folder);
  }
  await runBerth(['up', environment], folder, signal);
  await runBerth(['envs'], folder, signal);
}

/** The template's ports, by the variable that moves each. */
const templatePorts = { POSTGRES_PORT: 5432, REDIS_PORT: 6379, TEST_POSTGRES_PORT: 5433, TEST_REDIS_PORT: 6380 };

/** Where a port of the template is taken on this machine, gives the sample another one, in its `.env`. */
async function avoidTakenPorts(folder: string): Promise<void> {
  const lines: string[] = [];
  for (const [variable, usual] of Object.entries(templatePorts)) {
    const port = await freePort(usual);
    if (port === usual) continue;
    say(`Port ${usual} is taken on this machine: the sample uses ${port} (${variable} in its .env file).`);
    lines.push(`${variable}=${port}\n`);
  }
  if (lines.length > 0) fs.writeFileSync(path.join(folder, '.env'), lines.join(''));
}

/** Starts VS Code's server with the packed extension installed, as people get it, and ends it after `work`. */
async function withServer(
  folder: string,
  port: number,
  signal: AbortSignal,
  work: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const vscode = await ensureVSCodeServer(newestVSCode, signal);
  const vsix = await packExtension(signal);
  const server = await step(`Starting VS Code ${vscode.version} on ${path.basename(folder)}`, () =>
    startServer(vscode, { vsix: [vsix], port }),
  );
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

async function checkServer(server: ServerProcess, folder: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(address(server, folder), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  if (!response.ok || !(await response.text()).includes('workbench')) {
    throw new BenchError(`VS Code answers with ${response.status}, and not with its workbench.`);
  }
  const { node, main: script } = await ensureVSCodeServer(newestVSCode, signal);
  const extensions = path.join(server.userDataFolder, 'extensions');
  const list = await runOrFail(node, [script, '--list-extensions', '--extensions-dir', extensions], { signal });
  if (!/^berth\.berth$/m.test(list)) throw new BenchError(`VS Code runs without the extension. It has: ${list}`);
  say('✔ VS Code runs and has the extension');
}

function address({ origin }: ServerProcess, folder: string): string {
  return `${origin}/?folder=${encodeURIComponent(folder)}`;
}

/** The desktop's VS Code, when it can open a window: not without a display, and not for root. */
function desktopVSCode(): string | undefined {
  const command = findOnPath('code');
  if (process.platform === 'win32') {
    // `code` is a script for the shell there, with the program itself two folders up.
    const executable = command && path.resolve(command, '..', '..', 'Code.exe');
    return executable && fs.existsSync(executable) ? executable : undefined;
  }
  if (process.platform !== 'linux') return command;
  const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  return hasDisplay && process.getuid?.() !== 0 ? command : undefined;
}

async function openDesktop(command: string, folder: string): Promise<void> {
  const args = ['--new-window', `--extensionDevelopmentPath=${repositoryRoot}`, folder];
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  child.unref();
}
