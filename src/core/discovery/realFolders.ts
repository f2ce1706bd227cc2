import fs from 'node:fs/promises';
import { isOnOtherMachine } from '../common/paths';

/** Where folders that labels of containers name are without symbolic links, as far as they have been looked at. */
export class RealFolders {
  private readonly known = new Map<string, string | undefined>();

  /** @param onChange called when a folder is found to be elsewhere than was said, or not to be there. */
  constructor(private readonly onChange: () => void) {}

  /**
   * The folder without symbolic links; undefined where there is none. Until it has been looked at it is said to be where its path
   * says, and so is one on another machine, which is never looked at.
   * @param folder absolute path.
   * @param near a folder on whose machine it has to be.
   */
  of(folder: string, near: string): string | undefined {
    if (isOnOtherMachine(folder, near)) return folder;
    if (!this.known.has(folder)) {
      this.known.set(folder, folder);
      void this.look([folder]);
    }
    return this.known.get(folder);
  }

  /** Looks again at all that were asked for. Resolves when they are known as they are now. */
  lookAgain(): Promise<void> {
    return this.look([...this.known.keys()]);
  }

  private async look(folders: readonly string[]): Promise<void> {
    const looked = await Promise.all(folders.map(async (folder) => [folder, await realFolder(folder)] as const));
    const moved = looked.filter(([folder, real]) => this.known.get(folder) !== real);
    for (const [folder, real] of moved) this.known.set(folder, real);
    if (moved.length > 0) this.onChange();
  }
}

/** One that may not be looked into is there. */
function realFolder(folder: string): Promise<string | undefined> {
  return fs
    .realpath(folder)
    .catch(({ code }: NodeJS.ErrnoException) => (code === 'ENOENT' || code === 'ENOTDIR' ? undefined : folder));
}
