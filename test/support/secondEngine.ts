import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { BenchError } from './errors';
import { findOnPath } from './paths';
import { exited, lastLines, poll, runPiped, sendSignal, settledWithin } from './processes';
import { removeFolder, temporaryFolder } from './temporary';

/** How long the daemon may take to answer, or to end when told to, in milliseconds. */
const LIMIT = 30_000;

/** The daemon, and util-linux's two tools for namespaces. */
const programs = { dockerd: 'dockerd', unshare: 'unshare', nsenter: 'nsenter' } as const;

/** Why a second engine can't run here, for a test to skip with; undefined when it can. */
export function noSecondEngineBecause(): string | undefined {
  if (process.platform !== 'linux') return 'a second Docker daemon needs Linux';
  if (process.getuid?.() !== 0) return 'a second Docker daemon needs root';
  const missing = Object.values(programs).find((program) => !findOnPath(program));
  return missing && `a second Docker daemon needs ${missing}`;
}

export interface SecondEngineOptions {
  /** What stands in the daemon's configuration file. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** How large the disk is that its images and containers are on, as mount(8) takes it (`64m`); else it is the machine's. */
  readonly diskSize?: string;
}

/**
 * Starts a Docker engine beside the machine's own, to be killed and restarted by tests. It shares nothing with the
 * other: data, state, socket, network, processes and mounts are its own.
 * @returns it, answering. To be disposed; if this process dies instead, it dies too, and only its files stay.
 */
export async function startSecondEngine(options: SecondEngineOptions = {}): Promise<SecondEngine> {
  const impossible = noSecondEngineBecause();
  if (impossible) throw new BenchError(`No second engine: ${impossible}.`);
  const engine = new SecondEngine(await Namespaces.create(), temporaryFolder('engine'), options);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

export class SecondEngine {
  readonly socketPath: string;
  private readonly logPath: string;
  private daemon: Daemon | undefined;

  /** Not for tests, see {@link startSecondEngine}. */
  constructor(
    private readonly namespaces: Namespaces,
    private readonly folder: string,
    private readonly options: SecondEngineOptions,
  ) {
    this.socketPath = path.join(folder, 'docker.sock');
    this.logPath = path.join(folder, 'dockerd.log');
  }

  /** What to set for programs that should use this engine. */
  get environment(): { readonly DOCKER_HOST: string } {
    return { DOCKER_HOST: `unix://${this.socketPath}` };
  }

  /** Starts the daemon, the first time or again. Resolves when it answers. */
  async start(): Promise<void> {
    if (this.daemon) throw new BenchError('The second engine runs already.');
    const configuration = path.join(this.folder, 'daemon.json');
    fs.writeFileSync(configuration, JSON.stringify(this.options.configuration ?? {}));
    const data = path.join(this.folder, 'data');
    fs.mkdirSync(data, { recursive: true });
    this.daemon = await this.namespaces.startDaemon(
      [
        ...this.onDisk(data),
        findOnPath(programs.dockerd) ?? programs.dockerd,
        ...['--config-file', configuration],
        ...['--data-root', data],
        ...['--exec-root', path.join(this.folder, 'state')],
        ...['--pidfile', path.join(this.folder, 'dockerd.pid')],
        ...['--host', `unix://${this.socketPath}`],
      ],
      this.logPath,
    );
    const { launcher } = this.daemon;
    const up = await poll(
      async () => {
        if (launcher.exitCode !== null) throw new BenchError(`The second dockerd ended:\n${this.log()}`);
        return (await answers(this.socketPath)) || undefined;
      },
      { limit: LIMIT, interval: 50 },
    );
    if (!up) throw new BenchError(`The second dockerd does not answer:\n${this.log()}`);
  }

  /** Has a program run with a disk of its own at `folder`, which lasts as long as the namespaces. */
  private onDisk(folder: string): readonly string[] {
    const { diskSize } = this.options;
    if (diskSize === undefined) return [];
    const script = 'mountpoint -q "$0" || mount -t tmpfs -o "size=$1" tmpfs "$0"; shift; exec "$@"';
    return ['sh', '-c', script, folder, diskSize];
  }

  /** Kills the daemon as a crash would (SIGKILL). Its containers go on, until it is started again. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends the daemon in good order, and with it its containers. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** What to put before a command so that it runs in a folder, with the mounts that the engine sees: also its disk. */
  inside(folder: string): readonly [string, ...string[]] {
    return this.namespaces.command('sh', '-c', 'cd "$0" && exec "$@"', folder);
  }

  /** Copies an image from the machine's own engine to this one, which has none at first. */
  async load(image: string): Promise<void> {
    await runPiped(['docker', ['save', image]], ['docker', ['--host', this.environment.DOCKER_HOST, 'load']]);
  }

  /** The end of the daemon's log, for the message of a test that failed. */
  log(): string {
    return fs.existsSync(this.logPath) ? lastLines(fs.readFileSync(this.logPath, 'utf8'), 30) : '';
  }

  /** Ends the daemon and everything that runs in it, and removes its files. */
  async dispose(): Promise<void> {
    try {
      // In good order while it can: a container that is merely killed leaves an empty control group behind.
      if (this.daemon) await this.stop();
    } finally {
      await this.namespaces.dispose();
      removeFolder(this.folder);
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { daemon } = this;
    if (!daemon) return;
    this.daemon = undefined;
    sendSignal(daemon.pid, signal);
    if (await settledWithin(exited(daemon.launcher), LIMIT)) return;
    sendSignal(daemon.pid, 'SIGKILL');
    await exited(daemon.launcher);
    throw new BenchError(`The second dockerd had to be killed:\n${this.log()}`);
  }
}

interface Daemon {
  /** `nsenter`, which ends when the daemon does. */
  readonly launcher: ChildProcess;
  /** The daemon's process id as seen from here. */
  readonly pid: number;
}

/**
 * A network, a mount table and a process tree of their own. Their first process reads from a pipe that this process
 * holds: when that closes, be it because this process died, the first process ends, and the kernel ends all others in
 * there and drops their mounts and interfaces. Nothing has to be hunted down.
 */
class Namespaces {
  private constructor(
    private readonly holder: ChildProcess,
    private readonly firstPid: number,
  ) {}

  static async create(): Promise<Namespaces> {
    // The shell reaps the processes whose parents ended, as the first process of a tree has to.
    const script = 'echo ready; cat <&3 >/dev/null & wait $!';
    const flags = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const holder = spawn(programs.unshare, [...flags, 'sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // A Ctrl-C in the terminal is for the tests, which then dispose of this.
      detached: true,
    });
    let complaints = '';
    holder.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    await Promise.race([holder.stdout && once(holder.stdout, 'data'), exited(holder)]);
    const [firstPid] = childrenOf(holder);
    if (firstPid === undefined) throw new BenchError(`unshare gave no namespaces of their own: ${complaints}`);
    return new Namespaces(holder, firstPid);
  }

  /** A command, so that it runs in there. */
  command(...command: readonly string[]): readonly [string, ...string[]] {
    return [programs.nsenter, '--target', String(this.firstPid), '--net', '--mount', '--pid', ...command];
  }

  /** Starts a program in there, with its output at the end of a log file. */
  async startDaemon(command: readonly string[], log: string): Promise<Daemon> {
    const output = fs.openSync(log, 'a');
    const [program, ...args] = this.command(...command);
    const launcher = spawn(program, args, {
      detached: true,
      stdio: ['ignore', output, output],
    });
    fs.closeSync(output);
    await once(launcher, 'spawn');
    const pid = await poll(() => childrenOf(launcher)[0], { limit: 5000, interval: 5 });
    if (pid === undefined) throw new BenchError(`nsenter started nothing, see ${log}`);
    return { launcher, pid };
  }

  async dispose(): Promise<void> {
    // Not the holder itself: it would be gone before those it holds.
    sendSignal(this.firstPid, 'SIGKILL');
    await exited(this.holder);
  }
}

function childrenOf({ pid }: ChildProcess): number[] {
  try {
    const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return list.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Whether a Docker engine answers on a socket. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
