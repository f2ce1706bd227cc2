import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { candidateVersion, canInstallPackages, installPackages, linuxRelease } from './debian';
import { BenchError } from './errors';
import { cachePath, findOnPath } from './paths';
import { lastLines, poll, run, sendSignal } from './processes';
import { say, step } from './steps';

/** What Berth supports, and so what its tests need. */
const minimum = { engine: '20.10', compose: '2.20' };

/** How long a daemon that was started may take to answer, in milliseconds. */
const START_LIMIT = 60_000;

export interface Engine {
  readonly engineVersion: string;
  readonly composeVersion: string;
  /** Process id of the daemon, when this call started it by hand. It stays: it is the machine's engine from now on. */
  readonly startedPid?: number;
}

/**
 * Makes sure that there are a Docker engine that answers and a Compose plugin, each new enough. What the docker command
 * line reaches (by DOCKER_HOST, context or default) is used as it is; on a Debian or Ubuntu machine that we are root on,
 * what is missing is installed and the daemon started.
 * @throws {@link BenchError} saying what is missing and how to get it.
 */
export async function ensureEngine(signal?: AbortSignal): Promise<Engine> {
  let startedPid: number | undefined;
  if (!(await answeringEngine(signal))) {
    await refuseWhenChosen(signal);
    if (!findOnPath('dockerd') || !findOnPath('docker')) await installEngine(signal);
    startedPid = (await answeringEngine(signal)) ? undefined : await startDaemon(signal);
  }
  const engineVersion = (await answeringEngine(signal)) ?? 'none';
  if (!isAtLeast(engineVersion, minimum.engine)) {
    throw new BenchError(`Docker Engine ${engineVersion} is too old: ${minimum.engine} is needed.`, howToInstall);
  }

  let composeVersion = await answeringCompose(signal);
  if (!composeVersion || !isAtLeast(composeVersion, minimum.compose)) {
    if (!canInstallPackages()) {
      const have = composeVersion ? `is ${composeVersion}` : 'is missing';
      throw new BenchError(`Docker's Compose plugin ${have}: ${minimum.compose} or later is needed.`, howToInstall);
    }
    await installCompose(signal);
    composeVersion = await answeringCompose(signal);
    if (!composeVersion) throw new BenchError('`docker compose version` fails although the plugin is installed.');
  }
  say(`✔ Docker Engine ${engineVersion} with Compose ${composeVersion}`);
  return { engineVersion, composeVersion, startedPid };
}

const howToInstall =
  'Install Docker Desktop, or Docker Engine with its Compose plugin: https://docs.docker.com/get-started/get-docker/';

/** Version of the engine that the docker command line reaches; undefined when none answers. */
async function answeringEngine(signal?: AbortSignal): Promise<string | undefined> {
  const output = await outputOf('docker', ['version', '--format', '{{.Server.Version}}'], signal);
  return output?.trim() || undefined;
}

async function answeringCompose(signal?: AbortSignal): Promise<string | undefined> {
  const output = await outputOf('docker', ['compose', 'version', '--short'], signal);
  return output && /\d+\.\d+(\.\d+)?/.exec(output)?.[0];
}

/** A program's output; undefined when it fails or doesn't exist. */
async function outputOf(command: string, args: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await run(command, args, { signal });
    return exitCode === 0 ? stdout : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** An engine that somebody chose by name is theirs to start: a local one in its place would not be what they meant. */
async function refuseWhenChosen(signal?: AbortSignal): Promise<void> {
  const host = process.env.DOCKER_HOST;
  if (host) throw new BenchError(`No Docker engine answers at DOCKER_HOST=${host}.`, 'Start it, or unset DOCKER_HOST.');
  const context = (await outputOf('docker', ['context', 'show'], signal))?.trim();
  if (context && context !== 'default') {
    throw new BenchError(
      `No Docker engine answers in the context ${context}.`,
      'Start it, or choose another: docker context use default',
    );
  }
}

async function installEngine(signal?: AbortSignal): Promise<void> {
  if (!canInstallPackages()) {
    const why = findOnPath('docker') ? 'No Docker engine answers.' : 'Docker is not installed.';
    throw new BenchError(why, howToInstall);
  }
  const packages = ['docker.io', 'containerd', 'runc', 'iptables'];
  // From Debian 13 on, the command line is a package of its own.
  if (await candidateVersion('docker-cli', signal)) packages.push('docker-cli');
  await installPackages(packages, { signal });
}

/** Debian calls Compose v2 `docker-compose` from release 13 on (before, that is v1); Ubuntu `docker-compose-v2`. */
async function installCompose(signal?: AbortSignal): Promise<void> {
  if (await candidateVersion('docker-compose-v2', signal)) {
    return installPackages(['docker-compose-v2'], { signal });
  }
  const own = await candidateVersion('docker-compose', signal);
  if (own && isAtLeast(own, minimum.compose)) return installPackages(['docker-compose'], { signal });
  if (linuxRelease().codename !== 'bookworm') {
    throw new BenchError('This release has no package with a Compose plugin that is new enough.', howToInstall);
  }
  await installPackages([], { signal, borrow: { suite: 'trixie', packages: ['docker-compose'] } });
}

/**
 * Starts the machine's Docker daemon: through systemd where that runs, else by hand in a session of its own, so that it
 * outlives this program.
 * @returns its process id, when it was started by hand.
 */
async function startDaemon(signal?: AbortSignal): Promise<number | undefined> {
  const dockerd = findOnPath('dockerd');
  if (!dockerd || process.getuid?.() !== 0) throw new BenchError('No Docker engine answers.', startByHand);
  return step('Starting the Docker engine', async (report) => {
    if (fs.existsSync('/run/systemd/system')) {
      const { exitCode, stderr } = await run('systemctl', ['start', 'docker'], { signal });
      if (exitCode !== 0) throw new BenchError(`systemctl start docker failed:\n${stderr}`, startByHand);
      return undefined;
    }
    forgetEndedDaemon();
    const log = cachePath('dockerd.log');
    const daemon = spawnDaemon(dockerd, [], log);
    report(`process ${daemon.pid}, log in ${log}`);
    const answered = await poll(
      async () => {
        if (daemon.exitCode !== null || daemon.signalCode) {
          throw new BenchError(`dockerd ended:\n${tail(log)}`, `Its whole log: ${log}`);
        }
        return answeringEngine(signal);
      },
      { limit: START_LIMIT, signal },
    );
    if (answered) return daemon.pid;
    sendSignal(daemon.pid, 'SIGTERM');
    throw new BenchError(`dockerd does not answer after ${START_LIMIT / 1000} s:\n${tail(log)}`, `Whole log: ${log}`);
  });
}

const startByHand =
  'Start it and try again: open Docker Desktop, or on Linux `sudo systemctl start docker`.\n' +
  'If it runs but needs root: https://docs.docker.com/engine/install/linux-postinstall/';

/** Where the daemon, and the containerd that it starts, note their process ids. */
const pidFiles = { dockerd: '/var/run/docker.pid', containerd: '/var/run/docker/containerd/containerd.pid' };

/**
 * Removes the notes of a daemon that was killed: it would not start while the process id in them is taken, be it by a
 * process that has ended and that nobody has waited for, or by another program.
 */
function forgetEndedDaemon(): void {
  for (const [name, file] of Object.entries(pidFiles)) {
    const pid = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
    const stat = `/proc/${pid}/stat`;
    // `4876 (dockerd) S …`; Z is one that has ended.
    const lives = pid && fs.existsSync(stat) && new RegExp(`\\(${name}\\) [^Z]`).test(fs.readFileSync(stat, 'utf8'));
    if (pid && !lives) fs.rmSync(file);
  }
}

/** Starts a daemon in its own session with its output in a file. */
function spawnDaemon(command: string, args: readonly string[], log: string): ChildProcess & { pid: number } {
  fs.mkdirSync(path.dirname(log), { recursive: true });
  const output = fs.openSync(log, 'w');
  try {
    const daemon = spawn(command, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      // It looks for containerd, runc and iptables itself.
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin` },
    });
    daemon.unref();
    if (daemon.pid === undefined) throw new BenchError(`${command} could not be started.`);
    return daemon as ChildProcess & { pid: number };
  } finally {
    fs.closeSync(output);
  }
}

function tail(log: string): string {
  return lastLines(fs.readFileSync(log, 'utf8'), 20);
}

/** Compares the first two numbers of versions. */
function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => text.split(/\D+/).map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const [leastMajor = 0, leastMinor = 0] = numbers(least);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
