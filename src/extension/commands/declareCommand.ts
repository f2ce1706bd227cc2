import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { existingDeclaration, writeDeclaration } from '../../core/discovery/writeDeclaration';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Feedback } from '../feedback';
import { pick } from './picker';

/** Makes a `berth.yaml` of what was found, for the user to change. */
export class DeclareCommand {
  constructor(
    private readonly store: EnvironmentStore,
    private readonly feedback: Feedback,
  ) {}

  /** Asks for which workspace folder, where there are several; writes the file, or opens the one there is. */
  async run(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const folder = await pick(
      folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, value: uri.fsPath })),
      l10n.t('In which folder?'),
    );
    if (folder === undefined) return;
    const existing = await existingDeclaration(folder);
    const file = existing ?? (await this.write(folder));
    await vscode.window.showTextDocument(vscode.Uri.file(file));
  }

  private async write(folder: string): Promise<string> {
    const file = await writeDeclaration(
      folder,
      this.store.environments.map(({ definition }) => definition),
    );
    await this.store.filesChanged([file]);
    this.feedback.success(l10n.t('Wrote berth.yaml'));
    return file;
  }
}
