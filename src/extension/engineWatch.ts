import fs from 'node:fs';
import * as vscode from 'vscode';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { CurrentEndpoint } from '../core/engine/currentContext';
import { contextsDirectory, currentSurroundings, dockerConfigDirectory } from '../core/engine/endpoint';
import { askAgain } from './askAgain';
import type { DockerPresence } from './dockerPresence';

/** Notices from outside of the engine's own connection that another try is worth it, or that another engine is meant. */
export class EngineWatch implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly endpoint = new CurrentEndpoint();

  constructor(
    private readonly berth: Berth,
    docker: DockerPresence,
  ) {
    const folder = vscode.Uri.file(dockerConfigDirectory(currentSurroundings()));
    const config = this.owned.add(
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, 'config.json')),
    );
    for (const event of [config.onDidChange, config.onDidCreate, config.onDidDelete]) {
      this.owned.add(event(() => void this.configChanged()));
    }
    this.followContexts();
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

  /** Where a context leads may be changed while it is in use. Where there are no contexts, none is. */
  private followContexts(): void {
    const folder = contextsDirectory(currentSurroundings());
    if (!fs.existsSync(folder)) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '*/meta.json');
    const contexts = this.owned.add(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [contexts.onDidChange, contexts.onDidCreate, contexts.onDidDelete]) {
      this.owned.add(
        event(() => {
          void this.berth.store.lookAtEngines();
          void this.configChanged();
        }),
      );
    }
  }

  /** Only another engine is a reason to let go of this one. */
  private async configChanged(): Promise<void> {
    if (!(await this.endpoint.hasMoved())) return;
    this.berth.feedFor(undefined).reconnect();
    askAgain(this.berth.store);
  }
}
