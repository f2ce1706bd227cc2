import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { Checked } from '../../core/findings/findings';
import type { ProposedTexts } from '../../core/findings/fixing';
import { CONTEXT_KEYS, FIXED_SCHEME, VSCODE_COMMANDS } from '../contributions';
import { applyEdits, editsOf } from './documentEdits';
import { findingsWord } from './findingWords';

/** What is shown, and can be applied. */
interface Previewed {
  readonly title: string;
  readonly proposed: ProposedTexts;
  readonly checked: Checked;
}

/** Shows what files would be with fixes in them, in VS Code's editor for changes of several files, and applies that when it is asked to. */
export class FixPreview implements vscode.TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private previewed: Previewed | undefined;
  /** Of a text that was shown before, VS Code does not ask again. */
  private count = 0;

  constructor() {
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(FIXED_SCHEME, this));
    this.owned.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some((tab) => this.isOf(tab))) this.forget();
      }),
    );
  }

  /** Whether there are changes to be seen, and to be applied. */
  get isShown(): boolean {
    return this.previewed !== undefined;
  }

  async show(proposed: ProposedTexts, checked: Checked): Promise<void> {
    await this.close();
    const title = l10n.t('Fixes of {0}', findingsWord(proposed.mended.length));
    this.previewed = { title, proposed, checked };
    this.count += 1;
    const changes = [...proposed.texts.keys()].map((file) => {
      const uri = vscode.Uri.file(file);
      const before = checked.facts.textOf(file) === undefined ? undefined : uri;
      return [uri, before, uri.with({ scheme: FIXED_SCHEME, query: String(this.count) })];
    });
    await vscode.commands.executeCommand(VSCODE_COMMANDS.changes, title, changes);
    await vscode.commands.executeCommand(VSCODE_COMMANDS.setContext, CONTEXT_KEYS.showsFixes, true);
  }

  /**
   * Makes the changes that are shown, and shows them no more.
   * @returns what was mended; undefined when a file is another one by now, or nothing is shown.
   */
  async apply(): Promise<Previewed['proposed'] | undefined> {
    if (!this.previewed) return undefined;
    const { proposed, checked } = this.previewed;
    const { textOf } = checked.facts;
    const isDone = await applyEdits(editsOf(proposed, textOf), textOf);
    await this.close();
    return isDone ? proposed : undefined;
  }

  provideTextDocumentContent({ path }: vscode.Uri): string | undefined {
    return this.previewed?.proposed.texts.get(vscode.Uri.file(path).fsPath);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async close(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => this.isOf(tab));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
    this.forget();
  }

  private forget(): void {
    this.previewed = undefined;
    void vscode.commands.executeCommand(VSCODE_COMMANDS.setContext, CONTEXT_KEYS.showsFixes, false);
  }

  /** VS Code says behind the title how many files there are. */
  private isOf({ label }: vscode.Tab): boolean {
    return this.previewed !== undefined && label.startsWith(this.previewed.title);
  }
}
