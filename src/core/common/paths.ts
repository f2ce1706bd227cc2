import path from 'node:path';

/** How a file is called from a folder, with slashes on every platform; empty for the folder itself. Both are absolute paths. */
export function relativePath(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll(path.sep, '/');
}

/** What a file is called in a sentence: {@link relativePath}, or as it is where that leads further out than the folder beside. */
export function shownPath(folder: string, file: string): string {
  const relative = relativePath(folder, file);
  return relative.startsWith('../..') ? file : relative;
}

/**
 * Whether two absolute paths are the same file's by their text. On Windows neither the kind of slashes counts nor the case of the
 * drive letter: VS Code says `c:\app`, a terminal `C:\app`.
 */
export function samePath(a: string, b: string, platform: NodeJS.Platform = process.platform): boolean {
  return comparable(a, platform) === comparable(b, platform);
}

/** {@link samePath} of each. */
export function samePaths(a: readonly string[], b: readonly string[], platform = process.platform): boolean {
  return a.length === b.length && a.every((one, index) => samePath(one, b[index] ?? '', platform));
}

/**
 * Whether a path leads to another machine than one where a folder is (`\\\\machine\\share`): Windows would log in there, only because
 * a text says so.
 */
export function isOnOtherMachine(file: string, folder: string): boolean {
  const machineOf = (one: string) => /^[\\/]{2}([^\\/]+)/.exec(one)?.[1]?.toLowerCase();
  return machineOf(file) !== undefined && machineOf(file) !== machineOf(folder);
}

function comparable(one: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return one;
  return one.replaceAll('\\', '/').replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}
