import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The folder of this checkout, found from wherever this file was translated to. */
export const repositoryRoot = findRepositoryRoot(__dirname);

/** Where esbuild puts the translated tests: the layout below it is that of the sources. */
export const translatedTests = path.join(repositoryRoot, 'out', 'test');

function findRepositoryRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).name === 'berth') return folder;
    if (folder === path.dirname(folder)) throw new Error(`No package.json of berth in ${from} or above it.`);
  }
}

/**
 * A folder in the user's cache for what is expensive to make and the same for every checkout. Not created here.
 * @param parts names below it.
 */
export function cachePath(...parts: string[]): string {
  const caches = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.join(caches, 'berth', ...parts);
}

/** The first executable file of one of these names on the PATH, as an absolute path. */
export function findOnPath(...names: string[]): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  // The system folders are looked at last: a user's PATH may lack them although what they hold can be run.
  const system = process.platform === 'win32' ? [] : ['/usr/local/sbin', '/usr/sbin', '/sbin'];
  const folders = [...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean), ...system];
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (isExecutable(file)) return file;
      }
    }
  }
  return undefined;
}

/**
 * Path of the JavaScript file behind a command that an npm package of ours brings, to be run with `node`: works on
 * every platform without a shell, and saves the second that `npx` takes to think.
 * @param packageName the package, as in package.json.
 * @param command the command's name, when it is not the package's own.
 */
export function packageCommand(packageName: string, command = packageName): string {
  const folder = path.join(repositoryRoot, 'node_modules', packageName);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file: unknown = typeof bin === 'string' ? bin : bin?.[command];
  if (typeof file !== 'string') throw new Error(`${packageName} has no command ${command}.`);
  return path.join(folder, file);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
