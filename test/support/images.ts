import fs from 'node:fs';
import path from 'node:path';
import { archiveAddress, canInstallPackages, installPackages, linuxRelease } from './debian';
import { BenchError } from './errors';
import { findOnPath, repositoryRoot } from './paths';
import { lastLines, run, runOrFail, runPiped } from './processes';
import { say, step } from './steps';
import { withTemporaryFolder } from './temporary';

/**
 * How to make a stand-in: an image that does what the documentation of the real one promises, made of Debian's packages
 * where no registry can be reached.
 */
interface StandIn {
  /** Folder with the Dockerfile, below `images/` beside this file. */
  readonly folder: string;
  /** Puts what the Dockerfile needs besides that folder into `context`, and gives its build arguments. */
  prepare(context: string, signal?: AbortSignal): Promise<Record<string, string>>;
}

/** The images that the templates and the tests name. One that is missing here can be pulled, but has no stand-in. */
const standIns: Readonly<Record<string, StandIn>> = {
  'postgres:16-alpine': { folder: 'postgres', prepare: (_context, signal) => onBase(serverBase, signal) },
  'redis:7-alpine': { folder: 'redis', prepare: (_context, signal) => onBase(serverBase, signal) },
  'busybox:1-musl': { folder: 'busybox', prepare: withBusybox },
  'mariadb:11': { folder: 'mariadb', prepare: (_context, signal) => onBase(mariadbBase, signal) },
};

/** Those that nearly every test needs; the others are got by the tests that name them. */
const usual = ['postgres:16-alpine', 'redis:7-alpine', 'busybox:1-musl'];

/** A small Debian with servers installed, made once. */
interface Base {
  readonly name: string;
  readonly packages: readonly string[];
}

const suite = 'bookworm';
/** What the stand-ins of PostgreSQL and Redis share. */
const serverBase: Base = {
  name: `berth/stand-in-base:${suite}`,
  packages: ['postgresql-15', 'redis-server', 'curl'],
};
/** The server and its client alone, without Perl and what is there to manage them. */
const mariadbBase: Base = {
  name: `berth/stand-in-mariadb-base:${suite}`,
  packages: ['mariadb-server-core', 'mariadb-client-core'],
};

/** On every stand-in, so that nobody takes it for the real one. */
const standInLabel = 'dev.berth.stand-in=true';

/** A registry that has said nothing for this long, in milliseconds, is not going to. */
const FIRST_WORD_LIMIT = 20_000;

/** Sources lie beside this file's own source, not beside its translation. */
const imageSources = path.join(repositoryRoot, 'test', 'support', 'images');

/**
 * Makes sure that images are on the engine: what is there is left as it is, what is missing is pulled, and where that
 * fails a stand-in is made, and said so.
 * @param names those that nearly every test needs, when not given.
 */
export async function ensureImages(names: readonly string[] = usual, signal?: AbortSignal): Promise<void> {
  for (const name of names) await ensureImage(name, signal);
}

/**
 * Makes sure that there is the image for tests that need containers but no server, about 2 MB, with all of busybox.
 * Its command `idle` says what it can do: wait, exit, listen; `health` is its health check (see `images/idle`).
 * @returns its name.
 */
export async function idleImage(signal?: AbortSignal): Promise<string> {
  const folder = path.join(imageSources, 'idle');
  const name = 'berth/idle:1';
  if (await exists(name, signal)) return name;
  await ensureImage('busybox:1-musl', signal);
  await step(`Making the image ${name}`, (report) => build(name, folder, [], { report, signal }));
  return name;
}

async function ensureImage(name: string, signal?: AbortSignal): Promise<void> {
  if (await exists(name, signal)) return;
  try {
    await step(`Pulling ${name}`, (report) => pull(name, report, signal));
  } catch (problem) {
    const standIn = standIns[name];
    if (!(problem instanceof BenchError) || !standIn) throw problem;
    say(`  ${problem.message}`);
    await makeStandIn(name, standIn, signal);
  }
}

async function makeStandIn(name: string, standIn: StandIn, signal?: AbortSignal): Promise<void> {
  if (!canInstallPackages() || linuxRelease().id !== 'debian') {
    throw new BenchError(
      `The image ${name} can't be pulled, and stand-ins are made on Debian only, by root.`,
      `With a network: docker pull ${name}`,
    );
  }
  await withTemporaryFolder('image', async (context) => {
    fs.cpSync(path.join(imageSources, standIn.folder), context, { recursive: true });
    const buildArgs = Object.entries(await standIn.prepare(context, signal));
    await step(`Making a stand-in for ${name} from Debian's packages`, (report) => {
      const flags = buildArgs.flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
      return build(name, context, ['--label', standInLabel, ...flags], { report, signal });
    });
  });
}

async function exists(name: string, signal?: AbortSignal): Promise<boolean> {
  return (await run('docker', ['image', 'inspect', name], { signal })).exitCode === 0;
}

/** @throws {@link BenchError} saying why in a line. */
async function pull(name: string, report: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), FIRST_WORD_LIMIT);
  try {
    const { exitCode, stderr } = await run('docker', ['pull', name], {
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      onLine: (line) => {
        clearTimeout(timer);
        report(line);
      },
    });
    if (exitCode !== 0) throw new BenchError(lastLines(stderr, 1).replace(/^Error response from daemon: /, ''));
  } catch (error) {
    signal?.throwIfAborted();
    if (!silence.signal.aborted) throw error;
    throw new BenchError(`The registry said nothing for ${FIRST_WORD_LIMIT / 1000} s.`);
  } finally {
    clearTimeout(timer);
  }
}

async function build(
  name: string,
  context: string,
  flags: readonly string[],
  { report, signal }: { report: (line: string) => void; signal?: AbortSignal },
): Promise<void> {
  await runOrFail('docker', ['build', '--tag', name, ...flags, context], { signal, onLine: report });
}

async function onBase(base: Base, signal?: AbortSignal): Promise<Record<string, string>> {
  if (!(await exists(base.name, signal))) await makeBase(base, signal);
  return { BASE: base.name };
}

async function makeBase({ name, packages }: Base, signal?: AbortSignal): Promise<void> {
  const address = await archiveAddress(signal);
  if (!findOnPath('mmdebstrap')) await installPackages(['mmdebstrap'], { signal });
  const source = `deb ${address} ${suite} main`;
  await step(`Making a small Debian with ${packages.join(', ')} (once)`, (report) =>
    runPiped(
      ['mmdebstrap', ['--variant=minbase', `--include=${packages}`, ...leaveOut, suite, '-', source]],
      ['docker', ['import', '--change', `LABEL ${standInLabel}`, '-', name]],
      { signal, onLine: report },
    ),
  );
}

/** What only people read. */
const leaveOut = ['man', 'doc', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);

/** Takes the one file that matters out of Debian's package, without installing it. */
async function withBusybox(context: string, signal?: AbortSignal): Promise<Record<string, string>> {
  // Reads the package indexes when nobody did yet.
  await archiveAddress(signal);
  // apt's own download user may not write here, which it would complain about.
  const asRoot = ['-o', 'APT::Sandbox::User=root'];
  await runOrFail('apt-get', ['download', ...asRoot, 'busybox-static'], { cwd: context, signal });
  const archive = fs.readdirSync(context).find((file) => file.endsWith('.deb'));
  if (!archive) throw new BenchError('apt-get download left no package behind.');
  await runOrFail('dpkg-deb', ['--extract', archive, 'package'], { cwd: context, signal });
  const binary = ['bin/busybox', 'usr/bin/busybox']
    .map((file) => path.join(context, 'package', file))
    .find((file) => fs.existsSync(file));
  if (!binary) throw new BenchError(`${archive} holds no busybox.`);
  fs.copyFileSync(binary, path.join(context, 'busybox'));
  return {};
}
