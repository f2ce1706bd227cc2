import * as vscode from 'vscode';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { watchContexts } from '../core/engine/contextWatch';
import { askAgain } from './askAgain';
import type { DockerPresence } from './dockerPresence';

/** Notices from outside of the engine's own connection that another try is worth it, or that another engine is meant. */
export class EngineWatch implements Disposable {
  private readonly owned = new DisposableStore();

  constructor(berth: Berth, docker: DockerPresence) {
    const { store } = berth;
    this.owned.add(watchContexts(() => void store.lookAtEngines().then(() => askAgain(store))));
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
}
