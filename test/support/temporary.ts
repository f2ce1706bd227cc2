import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Makes a fresh folder for something that is thrown away. Its name is short: sockets in it have about 100 characters. */
export function temporaryFolder(name: string): string {
  // The real path: macOS reaches its temporary folder through a link, and VS Code does not.
  return fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `berth-${name}-`));
}

/** Removes a folder with everything in it; patient with files that a process that just ended still holds (Windows). */
export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Lends a fresh folder to `work` and removes it afterwards, come what may. */
export async function withTemporaryFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder(name);
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}
