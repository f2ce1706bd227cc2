import fs from 'node:fs';
import path from 'node:path';
import { BenchError } from './errors';
import { findOnPath } from './paths';
import { lastLines, run } from './processes';
import { step } from './steps';

/** Debian's stable release after the one that has what we need too old. */
export interface BorrowedSuite {
  readonly suite: string;
  /** Only these are taken from it (and what of theirs the machine's own release can't satisfy). */
  readonly packages: readonly string[];
}

const apt = ['-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=20', '-o', 'Dpkg::Use-Pty=0'];
const quietly = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
let indexesUpdated: Promise<string> | undefined;

/** Whether packages can be installed without asking anybody: Debian or a child of it, and we are root. */
export function canInstallPackages(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
}

/** What the operating system calls itself, from os-release: `debian`, `ubuntu`; the release's code name. */
export function linuxRelease(): { id: string; codename: string } {
  const text = fs.existsSync('/etc/os-release') ? fs.readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codename: field('VERSION_CODENAME') };
}

/**
 * Installs packages with apt, without recommended ones and without questions.
 * @throws {@link BenchError} with apt's own words.
 */
export async function installPackages(
  packages: readonly string[],
  { signal, borrow }: { signal?: AbortSignal; borrow?: BorrowedSuite } = {},
): Promise<void> {
  const updated = await updateIndexes(signal);
  const wanted = [...packages, ...(borrow?.packages.map((name) => `${name}/${borrow.suite}`) ?? [])];
  const release = borrow ? await addSuite(borrow.suite, signal) : undefined;
  try {
    await step(`Installing ${wanted.join(', ')}`, async (report) => {
      const args = ['install', '--yes', '--no-install-recommends', '--no-remove', ...apt, ...wanted];
      const result = await run('apt-get', args, { env: quietly, signal, onLine: report });
      if (result.exitCode === 0) return;
      throw new BenchError(
        `apt could not install ${wanted.join(', ')}:\n${lastLines(`${updated}\n${result.stderr || result.stdout}`, 15)}`,
        `Look at what it says, then try by hand: apt-get install --no-install-recommends ${wanted.join(' ')}`,
      );
    });
  } finally {
    release?.();
  }
}

/**
 * Installs the packages of those programs that are not there.
 * @param programs their names, with that of the package of each.
 * @throws {@link BenchError} that names what is missing, where packages can't be installed.
 */
export async function ensurePrograms(programs: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
  const missing = Object.entries(programs).filter(([program]) => !findOnPath(program));
  if (missing.length === 0) return;
  if (!canInstallPackages()) {
    const names = missing.map(([program]) => program).join(', ');
    throw new BenchError(`The tests need ${names}, which can't be found.`, 'Install what is missing, and try again.');
  }
  await installPackages([...new Set(missing.map(([, name]) => name))], { signal });
}

/** The version of a package that apt would install, if any. */
export async function candidateVersion(name: string, signal?: AbortSignal): Promise<string | undefined> {
  await updateIndexes(signal);
  const { stdout } = await run('apt-cache', ['policy', name], { env: quietly, signal });
  const version = /^\s*Candidate: (.+)$/m.exec(stdout)?.[1];
  return version === '(none)' ? undefined : version;
}

/**
 * The address that this machine gets Debian itself from, out of apt's own configuration: whatever else we take from
 * Debian comes from the same place.
 * @throws {@link BenchError} when there is none.
 */
export async function archiveAddress(signal?: AbortSignal): Promise<string> {
  await updateIndexes(signal);
  const { codename } = linuxRelease();
  const format = '$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format], { env: quietly, signal });
  const lines = stdout.split('\n').map((line) => line.split('|'));
  const address = lines.find((line) => line[0] === 'Debian' && line[1] === codename && line[2] === 'main')?.[3];
  if (!address) throw new BenchError('No source of apt on this machine gives Debian itself.');
  return address.replace(/\/$/, '');
}

/** Reads the package indexes anew, once per run: a fresh machine has none. Gives apt's complaints, if any. */
function updateIndexes(signal?: AbortSignal): Promise<string> {
  indexesUpdated ??= step('Reading the package indexes (apt-get update)', async (report) => {
    const { stderr } = await run('apt-get', ['update', ...apt], { env: quietly, signal, onLine: report });
    // Not judged here: one unreachable source of somebody else's must not stop what does not come from it.
    return stderr;
  });
  return indexesUpdated;
}

/**
 * Makes another Debian release known to apt, ranked so low that nothing comes from it unasked.
 * @returns what takes it away again.
 */
async function addSuite(suite: string, signal?: AbortSignal): Promise<() => void> {
  const address = await archiveAddress(signal);
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const source = `/etc/apt/sources.list.d/berth-${suite}.list`;
  const preferences = `/etc/apt/preferences.d/berth-${suite}`;
  const remove = () => {
    for (const file of [source, preferences]) fs.rmSync(file, { force: true });
  };
  try {
    fs.mkdirSync(path.dirname(preferences), { recursive: true });
    fs.writeFileSync(preferences, `Package: *\nPin: release n=${suite}\nPin-Priority: 100\n`);
    const options = fs.existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
    fs.writeFileSync(source, `deb ${options}${address} ${suite} main\n`);
    await step(`Reading the package index of Debian ${suite}`, async (report) => {
      // Only this source, and the others' indexes stay.
      const only = ['-o', `Dir::Etc::sourcelist=${source}`, '-o', 'Dir::Etc::sourceparts=-'];
      const args = ['update', ...apt, ...only, '-o', 'APT::Get::List-Cleanup=0'];
      const result = await run('apt-get', args, { env: quietly, signal, onLine: report });
      if (result.exitCode !== 0) throw new BenchError(`apt can't read Debian ${suite}:\n${result.stderr}`);
    });
    return remove;
  } catch (error) {
    remove();
    throw error;
  }
}
