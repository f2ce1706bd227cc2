import * as l10n from '@vscode/l10n';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import type { RunWatch } from '../core/runs/runWatch';
import type { CommandRuns } from './commands/commandRuns';
import type { Feedback } from './feedback';

/** Offers to remove what a test run has left in the workspace, once each time that one does: also when it did before the start. */
export class LeftoverOffer implements Disposable {
  private readonly owned = new DisposableStore();
  /** The ids of the environments that are known to hold something. */
  private left: ReadonlySet<string> = new Set();

  constructor(
    private readonly berth: Berth,
    private readonly watch: RunWatch,
    private readonly runs: CommandRuns,
    private readonly feedback: Feedback,
  ) {
    this.owned.add(berth.store.onDidChange(() => this.look()));
    this.owned.add(watch.onDidChange(() => this.look()));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Asks the engine only when something is left that was not before. */
  private look(): void {
    const { store } = this.berth;
    const before = this.left;
    const all = [...store.environments, ...store.elsewhere];
    const left = all.filter((environment) => this.watch.stateOf(environment) === 'left');
    this.left = new Set(left.map(({ definition }) => definition.id));
    if ([...this.left].some((id) => !before.has(id))) void this.feedback.guarded(() => this.offer())();
  }

  private async offer(): Promise<void> {
    const left = await this.runs.leftovers();
    if (left.length === 0) return;
    const names = left.map(({ environment }) => environment).join(', ');
    this.feedback.inform(l10n.t('A test run has left something of {0}.', names), [
      { title: l10n.t('Remove'), run: () => this.feedback.guarded(() => this.runs.remove(left))() },
      { title: l10n.t('Not Now'), run: () => {} },
    ]);
  }
}
