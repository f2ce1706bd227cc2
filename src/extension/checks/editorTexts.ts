import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { Findings } from '../../core/findings/findings';

/** Has the texts that are being typed checked, as long as they are not saved. */
export class EditorTexts implements Disposable {
  private readonly owned = new DisposableStore();

  constructor(private readonly findings: Findings) {
    // VS Code tells here of being saved, too: that a document is no longer as on the disk, or is so again.
    this.owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.follow(document)));
    this.owned.add(vscode.workspace.onDidSaveTextDocument((document) => this.follow(document)));
    this.owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => findings.setText(uri.fsPath, undefined)));
    // Which files matter is known after a look, and may be others after the next one.
    this.owned.add(findings.onDidChange(() => this.followAll()));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private followAll(): void {
    for (const document of vscode.workspace.textDocuments) this.follow(document);
  }

  private follow(document: vscode.TextDocument): void {
    const { uri, isDirty } = document;
    if (uri.scheme !== 'file') return;
    if (!isDirty) this.findings.setText(uri.fsPath, undefined);
    else if (this.findings.facts?.textOf(uri.fsPath) !== undefined) {
      this.findings.setText(uri.fsPath, document.getText());
    }
  }
}
