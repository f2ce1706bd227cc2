import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EnvironmentStore } from '../../core/environmentStore';
import { applyTemplate, listTemplates } from '../../core/templates/template';
import type { Feedback } from '../feedback';
import { pick } from './picker';

/** Makes a set-up from one of the templates that come with Berth. */
export class TemplateCommand {
  /** @param templatesFolder absolute path of `compose-templates`. */
  constructor(
    private readonly templatesFolder: string,
    private readonly store: EnvironmentStore,
    private readonly feedback: Feedback,
  ) {}

  /** Asks which template and which workspace folder, makes the files, and opens the first. Nothing is overwritten. */
  async run(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    if (folders.length === 0) {
      const open = { title: l10n.t('Open Folder'), run: () => vscode.commands.executeCommand('vscode.openFolder') };
      return this.feedback.inform(l10n.t('Open a folder first: that is where the compose files go.'), [open]);
    }
    const templates = await listTemplates(this.templatesFolder);
    const template = await pick(
      templates.map((name) => ({ label: name, value: name })),
      l10n.t('Which template?'),
    );
    if (template === undefined) return;
    const folder = await pick(
      folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, value: uri.fsPath })),
      l10n.t('In which folder?'),
    );
    if (folder === undefined) return;
    const made = await applyTemplate(path.join(this.templatesFolder, template), folder);
    await this.store.filesChanged(made);
    const names = made.map((file) => path.basename(file));
    this.feedback.inform(l10n.t('Made {0}. Nothing was overwritten.', names.join(', ')));
    const base = made.find((file) => path.basename(file) === 'compose.yaml') ?? made[0];
    if (base !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(base));
  }
}
