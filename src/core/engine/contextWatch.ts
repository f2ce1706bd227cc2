import fs from 'node:fs';
import path from 'node:path';
import { type Disposable, DisposableStore, toDisposable } from '../common/disposable';
import { contextsDirectory, currentSurroundings, type DockerSurroundings, dockerConfigDirectory } from './endpoint';

/**
 * Follows where Docker's contexts lead: tells of `docker context use`, `update`, `create` and `rm` as the operating system tells
 * of what they write. The folders of contexts may come and go meanwhile, and so may the whole configuration.
 * @param onChange is called when there may be something new to look at; whether there is, it does not say.
 * @returns ends that when it is disposed.
 */
export function watchContexts(
  onChange: () => void,
  surroundings: DockerSurroundings = currentSurroundings(),
): Disposable {
  const config = dockerConfigDirectory(surroundings);
  const contexts = contextsDirectory(surroundings);
  let watches = new DisposableStore();
  const watchAnew = () => {
    watches.dispose();
    watches = new DisposableStore();
    const watch = (folder: string, onEntry: (name: string | null) => void) => {
      const watcher = watchFolder(folder, onEntry);
      return watcher && watches.add(watcher);
    };
    const whenNamed = (name: string, action: () => void) => (entry: string | null) => {
      if (entry === name) action();
    };
    const isThere = watch(config, (entry) => {
      if (entry === 'config.json') onChange();
      // Its own name is told when it is removed.
      if (entry === 'contexts' || entry === path.basename(config)) changed();
    });
    if (!isThere) watch(path.dirname(config), whenNamed(path.basename(config), changed));
    watch(path.dirname(contexts), whenNamed(path.basename(contexts), changed));
    // Before it is looked into: what comes after that is told.
    watch(contexts, changed);
    for (const context of foldersIn(contexts)) watch(context, whenNamed('meta.json', onChange));
  };
  /** A folder that was removed and made again is another one, which the old watch tells nothing of. */
  const changed = () => {
    watchAnew();
    onChange();
  };
  watchAnew();
  return toDisposable(() => watches.dispose());
}

/** Watches the entries of a folder: a file is mostly replaced by a new one. @returns undefined where that can't be. */
function watchFolder(folder: string, onEntry: (name: string | null) => void): Disposable | undefined {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (_, name) => onEntry(name));
    // It is gone, or can't be watched any longer.
    watcher.on('error', () => watcher.close());
    return toDisposable(() => watcher.close());
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}
