import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { GitState } from '../checks/check';
import { runProgram } from '../common/program';
import { isWithin } from '../model/dataFolder';

/**
 * How files stand to the git repositories that they are in. Those in none have no state, and nothing has where there is no git.
 * Nothing that a repository's own configuration names is run.
 * @param files absolute paths, there or not.
 * @param texts what files called `.gitignore` are to be taken to say, too, by absolute path.
 * @throws the signal's reason when aborted.
 */
export async function gitStates(
  files: Iterable<string>,
  signal?: AbortSignal,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<ReadonlyMap<string, GitState>> {
  const byRepository = new Map<string, string[]>();
  for (const file of files) {
    const root = repositoryOf(file);
    if (root !== undefined) byRepository.set(root, [...(byRepository.get(root) ?? []), file]);
  }
  const states = await Promise.all([...byRepository].map(([root, own]) => statesIn(root, own, signal, texts)));
  return new Map(states.flat());
}

async function statesIn(
  root: string,
  files: readonly string[],
  signal: AbortSignal | undefined,
  texts: ReadonlyMap<string, string>,
): Promise<[string, GitState][]> {
  const relative = new Map(files.map((file) => [path.relative(root, file).replaceAll(path.sep, '/'), file]));
  const ask = async (args: readonly string[], input?: Readable) => {
    const call = { command: 'git', args: [...SAFE, ...args], cwd: root, env: { GIT_OPTIONAL_LOCKS: '0' } };
    const { exitCode, stdout } = await runProgram(call, { signal, ...(input ? { input } : {}) });
    // 1 is how it says that nothing is ignored.
    return exitCode === 0 || exitCode === 1 ? new Set(stdout.split('\0')) : undefined;
  };
  try {
    const names = [...relative.keys()];
    const [tracked, ignored] = await Promise.all([
      ask(['ls-files', '-z', '--', ...names.map((name) => `:(literal)${name}`)]),
      ask(['check-ignore', '-z', '--no-index', '--stdin'], Readable.from(names.join('\0'))),
    ]);
    if (!tracked || !ignored) return [];
    const then = await ignoredThen(root, names, texts, ask);
    return [...relative].map(([name, file]) => {
      return [file, { root, isTracked: tracked.has(name), isIgnored: ignored.has(name) || then.has(name) }];
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

type Ask = (args: readonly string[], input?: Readable) => Promise<ReadonlySet<string> | undefined>;

/** What would be ignored by files with other texts: git is shown a folder with these alone. */
async function ignoredThen(
  root: string,
  names: readonly string[],
  texts: ReadonlyMap<string, string>,
  ask: Ask,
): Promise<ReadonlySet<string>> {
  const changed = [...texts].filter(([file]) => path.basename(file) === '.gitignore' && isWithin(root, file));
  if (changed.length === 0) return new Set();
  const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'berth-ignored-'));
  try {
    for (const [file, text] of changed) {
      const copy = path.join(folder, path.relative(root, file));
      await fs.promises.mkdir(path.dirname(copy), { recursive: true });
      await fs.promises.writeFile(copy, text);
    }
    // Before the command, so that the repository's own folder is not looked in.
    const elsewhere = [`--git-dir=${path.join(root, '.git')}`, `--work-tree=${folder}`, '-C', folder];
    const asked = [...elsewhere, 'check-ignore', '-z', '--no-index', '--stdin'];
    return (await ask(asked, Readable.from(names.join('\0')))) ?? new Set();
  } finally {
    await fs.promises.rm(folder, { recursive: true, force: true });
  }
}

/** What a repository may name to be run when it is only looked at. Source: git-config(1), `core.fsmonitor`. */
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/** The folder of the repository that a file is in. */
function repositoryOf(file: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, '.git'))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}
