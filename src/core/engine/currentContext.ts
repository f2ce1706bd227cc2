import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Disposable, toDisposable } from '../common/disposable';
import { currentSurroundings, type DockerSurroundings, dockerConfigDirectory, resolveEndpoint } from './endpoint';
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
 * Has the feed of the current context follow `docker context use`, as the operating system tells of the write.
 * @returns ends that when it is disposed. Where there is no configuration folder there is no other context to follow.
 */
export function followCurrentContext(
  feed: Pick<EngineFeed, 'reconnect'>,
  surroundings: DockerSurroundings = currentSurroundings(),
): Disposable {
  const endpoint = new CurrentEndpoint(surroundings);
  const folder = dockerConfigDirectory(surroundings);
  if (!fs.existsSync(folder)) return toDisposable(() => {});
  // The folder: the docker command line puts a new file in the place of the old one.
  const watcher = fs.watch(folder, { persistent: false }, async (_, file) => {
    if (file === 'config.json' && (await endpoint.hasMoved())) feed.reconnect();
  });
  // It is gone, or can't be watched any longer.
  watcher.on('error', () => watcher.close());
  return toDisposable(() => watcher.close());
}
