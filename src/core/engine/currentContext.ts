import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Disposable, DisposableStore, toDisposable } from '../common/disposable';
import {
  contextsDirectory,
  currentSurroundings,
  type DockerSurroundings,
  dockerConfigDirectory,
  resolveEndpoint,
} from './endpoint';
import type { EngineFeed } from './engineFeed';

/** Where the docker command line's current context leads, to be asked again when its configuration was written. */
export class CurrentEndpoint {
  private known: Promise<unknown>;

  constructor(private readonly surroundings: DockerSurroundings = currentSurroundings()) {
    this.known = this.resolved();
  }

  /** Whether it leads elsewhere than when this was last asked: `docker login`, too, writes to the same file. */
  async hasMoved(): Promise<boolean> {
    const before = this.known;
    this.known = this.resolved();
    return !isDeepStrictEqual(await before, await this.known);
  }

  /** The endpoint; the reason, when it leads nowhere. */
  private resolved(): Promise<unknown> {
    return resolveEndpoint(undefined, this.surroundings).catch((error: unknown) => String(error));
  }
}

/**
 * Has the feed of the current context follow `docker context use`, and whoever looks where contexts lead look again after
 * `docker context update`, as the operating system tells of the write.
 * @param look is called when any context was changed.
 * @returns ends that when it is disposed. Where there is no configuration folder there is no other context to follow.
 */
export function followContexts(
  feed: Pick<EngineFeed, 'reconnect'>,
  look: () => void,
  surroundings: DockerSurroundings = currentSurroundings(),
): Disposable {
  const endpoint = new CurrentEndpoint(surroundings);
  const folder = dockerConfigDirectory(surroundings);
  const owned = new DisposableStore();
  const followCurrent = async () => {
    if (await endpoint.hasMoved()) feed.reconnect();
  };
  owned.add(watchFor('config.json', folder, followCurrent));
  for (const context of foldersIn(contextsDirectory(surroundings))) {
    const changed = () => {
      look();
      void followCurrent();
    };
    owned.add(watchFor('meta.json', context, changed));
  }
  return owned;
}

/** Watches a file by its folder: the docker command line puts a new file in the place of the old one. */
function watchFor(name: string, folder: string, onChange: () => unknown): Disposable {
  if (!fs.existsSync(folder)) return toDisposable(() => {});
  const watcher = fs.watch(folder, { persistent: false }, (_, file) => {
    if (file === name) onChange();
  });
  // It is gone, or can't be watched any longer.
  watcher.on('error', () => watcher.close());
  return toDisposable(() => watcher.close());
}

function foldersIn(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).map((name) => path.join(folder, name));
}
