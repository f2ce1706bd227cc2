import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { isCancellation, messageOf } from '../../core/common/errors';
import type { Comparison } from '../../core/model/comparison';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { COMMANDS, COMPARISON_PANEL } from '../contributions';
import type { Remembered } from '../remembered';
import { nameAmong } from '../words';
import { comparisonPage, messagePage, type PageFrame } from './comparisonPage';

/**
 * The one panel that compares environments: those that were chosen last, as their files are now. It comes back with the
 * window. While it is hidden, nothing is asked for it.
 */
export class ComparisonPanel implements Disposable {
  private readonly owned = new DisposableStore();
  private panel: vscode.WebviewPanel | undefined;
  private comparison: Comparison | undefined;
  private isStale = true;
  private comparing: AbortController | undefined;

  constructor(
    private readonly berth: Pick<Berth, 'store' | 'comparisons'>,
    private readonly remembered: Remembered,
  ) {
    this.owned.add(berth.store.onDidRead(() => this.filesChanged()));
    this.owned.add(
      vscode.window.registerWebviewPanelSerializer(COMPARISON_PANEL, {
        deserializeWebviewPanel: async (panel) => this.adopt(panel),
      }),
    );
  }

  /** Compares environments, and keeps which for the next time. */
  async show(environments: readonly EnvironmentSnapshot[]): Promise<void> {
    await this.remembered.set(
      'comparison',
      environments.map(({ definition }) => definition.id),
    );
    this.comparison = undefined;
    this.isStale = true;
    if (this.panel) {
      this.panel.reveal();
      await this.refresh();
    } else {
      const title = l10n.t('Compare Environments');
      this.adopt(vscode.window.createWebviewPanel(COMPARISON_PANEL, title, vscode.ViewColumn.Active));
    }
  }

  /** Shows only what differs, or everything, from now on. */
  async toggleSame(): Promise<void> {
    const isOnly = this.remembered.get('onlyDifferences') ?? false;
    await this.remembered.set('onlyDifferences', isOnly ? undefined : true);
    this.draw();
  }

  dispose(): void {
    this.comparing?.abort();
    this.owned.dispose();
    // The panel itself stays: VS Code brings it back with the window.
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.webview.options = { enableScripts: false, enableCommandUris: [COMMANDS.toggleSame], localResourceRoots: [] };
    panel.onDidChangeViewState(() => void this.refresh());
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.comparing?.abort();
      this.panel = undefined;
    });
    this.isStale = true;
    void this.refresh();
  }

  private filesChanged(): void {
    this.isStale = true;
    void this.refresh();
  }

  /** Compares anew where that is seen and needed; what was begun before then counts no longer. */
  private async refresh(): Promise<void> {
    const { store, comparisons } = this.berth;
    if (!this.panel?.visible || !this.isStale) return;
    if (!this.comparison) this.say(l10n.t('Reading the compose files…'));
    // Opened with the window, it is asked for before folders have been searched; that they have been is told.
    if (!store.isScanned) return;
    this.isStale = false;
    this.comparing?.abort();
    const comparing = new AbortController();
    this.comparing = comparing;
    const ids = this.remembered.get('comparison') ?? [];
    const environments = ids.flatMap((id) => store.find(id) ?? []);
    if (environments.length === 0) return this.say(l10n.t('The environments that were compared are gone.'));
    try {
      const comparison = await comparisons.compare(environments, comparing.signal);
      if (this.comparing !== comparing) return;
      this.comparison = comparison;
      this.draw();
    } catch (error) {
      if (!isCancellation(error) && this.comparing === comparing) this.say(messageOf(error));
    }
  }

  private draw(): void {
    if (!this.panel || !this.comparison) return;
    const { environments } = this.berth.store;
    this.panel.webview.html = comparisonPage(this.comparison, {
      nameOf: ({ definition }) => nameAmong({ definition }, environments),
      onlyDifferences: this.remembered.get('onlyDifferences') ?? false,
      ...frame(),
    });
  }

  private say(message: string): void {
    this.comparison = undefined;
    if (this.panel) this.panel.webview.html = messagePage(message, frame());
  }
}

function frame(): PageFrame {
  return { nonce: randomUUID(), language: vscode.env.language };
}
