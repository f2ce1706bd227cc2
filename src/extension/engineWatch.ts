import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { currentSurroundings, dockerConfigDirectory, resolveEndpoint } from '../core/engine/endpoint';
import { askAgain } from './askAgain';
import type { DockerPresence } from './dockerPresence';

/** Notices from outside of the engine's own connection that another try is worth it, or that another engine is meant. */
export class EngineWatch implements Disposable {
  private readonly owned = new DisposableStore();
  private endpoint: Promise<unknown>;

  constructor(
    private readonly berth: Berth,
    docker: DockerPresence,
  ) {
    this.endpoint = currentEndpoint();
    const folder = vscode.Uri.file(dockerConfigDirectory(currentSurroundings()));
    const config = this.owned.add(
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, 'config.json')),
    );
    for (const event of [config.onDidChange, config.onDidCreate, config.onDidDelete]) {
      this.owned.add(event(() => void this.configChanged()));
    }
    this.owned.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) return;
        // Whoever comes back may have started Docker, or installed it, meanwhile.
        docker.check();
        for (const feed of berth.feeds) feed.retryNow();
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** `docker context use` writes there, but so does `docker login`: only another engine is a reason to let go of this one. */
  private async configChanged(): Promise<void> {
    const before = this.endpoint;
    this.endpoint = currentEndpoint();
    if (isDeepStrictEqual(await before, await this.endpoint)) return;
    for (const feed of this.berth.feeds) feed.reconnect();
    askAgain(this.berth.store);
  }
}

/** Where the current context leads; the reason, when it leads nowhere. */
function currentEndpoint(): Promise<unknown> {
  return resolveEndpoint(undefined, currentSurroundings()).catch((error: unknown) => String(error));
}
