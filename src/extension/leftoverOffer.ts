import * as l10n from '@vscode/l10n';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { runMarkOf } from '../core/runs/runProject';
import type { CommandRuns } from './commands/commandRuns';
import type { Feedback } from './feedback';

/** Offers once, after the start, to remove what test runs that were killed have left in the workspace. */
export class LeftoverOffer implements Disposable {
  private readonly owned = new DisposableStore();

  constructor(
    private readonly berth: Berth,
    private readonly runs: CommandRuns,
    private readonly feedback: Feedback,
  ) {
    const watch = this.owned.add(
      berth.store.onDidChange(() => {
        if (!this.isAnythingMarked()) return;
        watch.dispose();
        void feedback.guarded(() => this.offer())();
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Whether there is anything to look for: without it nothing is asked of the engine. */
  private isAnythingMarked(): boolean {
    return this.berth.store.environments.some((environment) => runMarkOf(environment)?.kept === false);
  }

  private async offer(): Promise<void> {
    const left = await this.runs.leftovers();
    if (left.length === 0) return;
    const names = left.map(({ environment }) => environment).join(', ');
    this.feedback.inform(l10n.t('A test run was killed, and has left something of {0}.', names), [
      { title: l10n.t('Remove'), run: () => this.feedback.guarded(() => this.runs.remove(left))() },
      { title: l10n.t('Not Now'), run: () => {} },
    ]);
  }
}
