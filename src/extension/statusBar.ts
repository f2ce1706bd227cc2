import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../core/berth';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { COMMANDS, STATUS_BAR_ITEM } from './contributions';
import type { EnvironmentTree } from './views/environmentTree';
import { HEALTH_ICONS } from './views/icons';
import { environmentState } from './views/rows';
import { byImportance, statusSummary } from './views/statusSummary';
import { nameAmong } from './words';

/** The item in the status bar: how the environment is that matters most. A click offers what to do. */
export class StatusBar implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly item: vscode.StatusBarItem;
  private shown: string | undefined;

  constructor(
    private readonly berth: Berth,
    private readonly tree: EnvironmentTree,
  ) {
    this.item = this.owned.add(vscode.window.createStatusBarItem(STATUS_BAR_ITEM, vscode.StatusBarAlignment.Left, 10));
    this.item.name = 'Berth';
    this.item.command = COMMANDS.statusActions;
    this.owned.add(berth.store.onDidChange(() => this.update()));
    this.owned.add(berth.operations.onDidChange(() => this.update()));
    this.owned.add(tree.onDidChangeState(() => this.update()));
    this.update();
  }

  /** What it says now; undefined while it is hidden. For tests: VS Code tells nobody. */
  get text(): string | undefined {
    return this.shown;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const { environments } = this.berth.store;
    const { running } = this.berth.operations;
    const summary = statusSummary(environments, running);
    const { kind } = this.tree.state;
    const hasState = kind === 'ready' || kind === 'engineDown';
    if (!summary || !hasState) {
      this.shown = undefined;
      this.item.hide();
      return;
    }
    this.shown = summary.text;
    this.item.text = summary.text;
    this.item.accessibilityInformation = { label: summary.spoken, role: 'button' };
    this.item.backgroundColor =
      summary.severity === 'normal' ? undefined : new vscode.ThemeColor(`statusBarItem.${summary.severity}Background`);
    this.item.tooltip = this.tooltip();
    this.item.show();
  }

  /** All environments as a table. */
  private tooltip(): vscode.MarkdownString {
    const { store, operations } = this.berth;
    const { running } = operations;
    const tooltip = new vscode.MarkdownString('', true);
    tooltip.appendMarkdown(`|  | ${l10n.t('Environment')} | ${l10n.t('State')} |\n|---|:---|:---|\n`);
    for (const environment of byImportance(store.environments, running)) {
      const { id } = environment.definition;
      const operation = running.find(({ request }) => request.environmentId === id)?.request;
      tooltip
        .appendMarkdown(`| $(${HEALTH_ICONS[environment.health].id}) | `)
        .appendText(nameAmong(environment, store.environments))
        .appendMarkdown(' | ')
        .appendText(environmentState(environment, operation).replaceAll('|', '/').replaceAll('\n', ' '))
        .appendMarkdown(' |\n');
    }
    const engine = store.engineState();
    if (engine.kind === 'lost') tooltip.appendMarkdown('\n\n').appendText(engine.error.message);
    return tooltip;
  }
}
