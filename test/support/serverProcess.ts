import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BenchError } from './errors';
import { exited, lastLines, runOrFail, sendSignal, settledWithin } from './processes';
import { removeFolder, temporaryFolder } from './temporary';
import type { VSCodeServer } from './vscodeServer';

/** How long the server may take until it listens, in milliseconds. */
const START_LIMIT = 60_000;

/**
 * Settings that keep VS Code from talking about itself, or over the net. What the caller sets wins over them.
 * VS Code's server reads them as plain JSON: no comments.
 */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'terminal.integrated.enablePersistentSessions': false,
  'terminal.integrated.gpuAcceleration': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export interface ServerOptions {
  /** Where VS Code keeps what it knows of its user; a fresh folder that is removed afterwards, when not given. */
  readonly userDataFolder?: string;
  /** Where extensions are installed; in the folder above, when not given. */
  readonly extensionsFolder?: string;
  /** Packed extensions to install first. */
  readonly vsix?: readonly string[];
  /** User settings, on top of {@link quietSettings} and of those that the folder has. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables for the extension host, on top of this process's own; `undefined` takes one away. */
  readonly env?: NodeJS.ProcessEnv;
  /** 0, the default, is any free one. */
  readonly port?: number;
  /**
   * Starts it under its test flag. Extensions in development and tests in the extension host need that; without it, this
   * is the product as people have it.
   */
  readonly testDriver?: boolean;
  /** Asks whether a workspace is trusted, as people's VS Code does: one that is opened starts restricted. */
  readonly workspaceTrust?: boolean;
  readonly logLevel?: string;
}

/** A running VS Code server, listening on the loopback interface. */
export interface ServerProcess {
  readonly process: ChildProcess;
  /** As a browser names it: `http://localhost:PORT`. */
  readonly origin: string;
  readonly userDataFolder: string;
  /** Everything it has printed so far. */
  log(): string;
  /** Ends it and all that it started, and removes the folder that was made for it. */
  stop(): Promise<void>;
}

/** Starts VS Code's server. Resolves when it listens. */
export async function startServer(server: VSCodeServer, options: ServerOptions = {}): Promise<ServerProcess> {
  const userDataFolder = path.resolve(options.userDataFolder ?? temporaryFolder('vscode'));
  const removeData = () => {
    if (!options.userDataFolder) removeFolder(userDataFolder);
  };
  try {
    writeSettings(userDataFolder, options);
    const extensionsFolder = path.resolve(options.extensionsFolder ?? path.join(userDataFolder, 'extensions'));
    const folders = [
      ...['--server-data-dir', userDataFolder, '--user-data-dir', userDataFolder],
      ...['--extensions-dir', extensionsFolder],
    ];
    for (const vsix of options.vsix ?? []) {
      const args = [server.main, '--accept-server-license-terms', ...folders, '--install-extension', vsix, '--force'];
      await runOrFail(server.node, args, { env: foreignVariables() });
    }
    const child = spawn(server.node, [server.main, ...folders, ...serverFlags(options)], {
      env: { ...process.env, ...foreignVariables(), ...socketsIn(userDataFolder), ...options.env },
      // A process group of its own takes the extension hosts and terminals along when it is ended.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    const watchdog = watchOver(child);
    const stop = async () => {
      await endGroup(child);
      watchdog?.kill('SIGKILL');
      removeData();
    };
    try {
      const port = await listening(child, () => log);
      return { process: child, origin: `http://localhost:${port}`, userDataFolder, log: () => log, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    removeData();
    throw error;
  }
}

function serverFlags(options: ServerOptions): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    // Nobody but this machine's users can reach it, and a browser on it should not need more than the address.
    '--without-connection-token',
    '--accept-server-license-terms',
    ...['--disable-telemetry', '--disable-getting-started-override'],
    // The variables are to be those it is started with: a login shell's would take their place, PATH first of all.
    '--force-disable-user-env',
    ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...(options.logLevel ? ['--log', options.logLevel] : []),
  ];
}

function writeSettings(userDataFolder: string, { settings, workspaceTrust }: ServerOptions): void {
  const file = path.join(userDataFolder, 'User', 'settings.json');
  const present = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8') || '{}') : {};
  const trust = { 'security.workspace.trust.enabled': workspaceTrust === true };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ ...quietSettings, ...trust, ...present, ...settings }, null, 2));
}

/** Takes away what a VS Code that this process may itself be running in has set: it would confuse this one. */
function foreignVariables(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => /^(VSCODE|ELECTRON)_/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Where the machine has no folder that goes with its user's session, VS Code would leave its sockets behind in the temporary one. */
function socketsIn(folder: string): NodeJS.ProcessEnv {
  return process.env.XDG_RUNTIME_DIR ? {} : { XDG_RUNTIME_DIR: folder };
}

/** Resolves with the port as soon as the server tells it. */
function listening(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new BenchError(`VS Code's server ${what}:\n${lastLines(log(), 20)}`));
    };
    const timer = setTimeout(() => fail('does not listen'), START_LIMIT);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', () => fail('ended at once'));
    child.stdout?.on('data', () => {
      const port = /agent listening on (\d+)/.exec(log())?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}

/**
 * Starts a process that waits for this one's end, however it ends: then the pipe between them closes, and it ends the
 * server's process group.
 */
function watchOver({ pid }: ChildProcess): ChildProcess | undefined {
  if (pid === undefined) return undefined;
  const script = 'cat >/dev/null; kill -TERM "-$1"; sleep 2; kill -KILL "-$1"';
  const watchdog = spawn('sh', ['-c', script, 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  return watchdog;
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  sendSignal(-child.pid, 'SIGTERM');
  await settledWithin(exited(child), 3000);
  sendSignal(-child.pid, 'SIGKILL');
  await exited(child);
}
