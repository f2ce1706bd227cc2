import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * A path without symbolic links. Of one where nothing is, the folders that are there are without them.
 * @param one absolute path.
 */
export async function realPath(one: string): Promise<string> {
  const parent = path.dirname(one);
  return fs
    .realpath(one)
    .catch(async () => (parent === one ? one : path.join(await realPath(parent), path.basename(one))));
}
