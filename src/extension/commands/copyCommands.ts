import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import type { CopyPath } from '../../core/compose/serviceCalls';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { replacedHere } from '../../core/operations/copying';
import type { Feedback } from '../feedback';
import type { Remembered } from '../remembered';
import { showProgress, waitVisibly } from '../waiting';
import { targetName } from '../words';
import { mayOverwrite } from './confirmation';
import { chooseContainer } from './containerChoice';
import { isContainerPath } from './typed';

/** What is to be copied, and to where. */
export interface Copy {
  readonly from: CopyPath;
  readonly to: CopyPath;
}

/** Copies files between this machine and containers. Nothing is overwritten unasked. */
export class CopyCommands {
  constructor(
    private readonly berth: Berth,
    private readonly feedback: Feedback,
    private readonly remembered: Remembered,
  ) {}

  /** Copies a file or a folder out of a service's container, into a folder. */
  async fromContainer(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const copy = await this.askFrom(environment, service);
    if (!copy) return;
    const { from, to } = copy;
    const target = path.join(to.path, path.posix.basename(from.path));
    const detail = l10n.t('There is something of that name already.');
    if ((await replacedHere(from.path, to.path)) && !(await mayOverwrite(target, detail))) return;
    await this.copy(environment, copy);
    const copied = vscode.Uri.file(target);
    this.feedback.inform(l10n.t('Copied {0} to {1}.', from.path, target), [
      {
        title: l10n.t('Show'),
        run: () => vscode.commands.executeCommand('revealInExplorer', copied),
      },
    ]);
  }

  /** Asks what is to be copied out of a service's container, and to where. @returns undefined when the user left. */
  async askFrom(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<Copy | undefined> {
    const container = await chooseContainer(environment, service, this.remembered);
    if (!container) return undefined;
    const about = [environment.definition.id, service.name] as const;
    const from = await askPath(
      l10n.t('Which file or folder of {0} should be copied?', nameOf(environment, service)),
      this.remembered.get('copyFrom', ...about) ?? '/',
    );
    if (from === undefined) return undefined;
    await this.remembered.set('copyFrom', from, ...about);
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        openLabel: l10n.t('Copy Here'),
        title: l10n.t('Copy {0} to', from),
        defaultUri: vscode.Uri.file(environment.definition.workspaceFolder),
      })) ?? [];
    return folder && { from: { service: service.name, ...container, path: from }, to: { path: folder.fsPath } };
  }

  /** Copies a file or a folder into a folder of a service's container. */
  async toContainer(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const copy = await this.askTo(environment, service);
    if (!copy) return;
    const { from, to } = copy;
    const name = path.basename(from.path);
    const target = path.posix.join(to.path, name);
    const what = `${nameOf(environment, service)}:${target}`;
    const replaced = await waitVisibly(l10n.t('Looking for {0}', target), (signal) =>
      this.berth.tools.replacedByCopy(environment, from, to, signal),
    );
    const names = replaced.map((one) => one.container).join(', ');
    const detail = l10n.t('There is something of that name already in {0}.', names);
    if (replaced.length > 0 && !(await mayOverwrite(what, detail))) return;
    await this.copy(environment, copy);
    this.feedback.success(l10n.t('Copied {0} to {1}', name, what));
  }

  /** Asks what is to be copied into a service's container, and to where. @returns undefined when the user left. */
  async askTo(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<Copy | undefined> {
    const container = await chooseContainer(environment, service, this.remembered, { all: true });
    if (!container) return undefined;
    const about = [environment.definition.id, service.name] as const;
    const what = nameOf(environment, service);
    const [file] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: true,
        // Where the system's own dialog knows only one of the two, it is folders that can't be chosen.
        canSelectFolders: process.platform === 'darwin',
        openLabel: l10n.t('Copy'),
        title: l10n.t('Copy to {0}', what),
        defaultUri: vscode.Uri.file(environment.definition.workspaceFolder),
      })) ?? [];
    if (!file) return undefined;
    const folder = await askPath(
      l10n.t('To which folder of {0}?', what),
      this.remembered.get('copyTo', ...about) ?? '/tmp',
    );
    if (folder === undefined) return undefined;
    await this.remembered.set('copyTo', folder, ...about);
    const to = { service: service.name, ...container, path: `${folder.replace(/\/$/, '')}/` };
    return { from: { path: file.fsPath }, to };
  }

  private async copy(environment: EnvironmentSnapshot, { from, to }: Copy): Promise<void> {
    await showProgress(l10n.t('Copying {0}', from.path), (signal, say) =>
      this.berth.tools.copyFiles(environment, from, to, { onLine: say, signal }),
    );
  }
}

async function askPath(prompt: string, value: string): Promise<string | undefined> {
  const path = await vscode.window.showInputBox({
    prompt,
    value,
    valueSelection: [value.length, value.length],
    validateInput: (typed) => (isContainerPath(typed) ? undefined : l10n.t('A path that begins with "/", please.')),
  });
  return path?.trim();
}

function nameOf({ definition }: EnvironmentSnapshot, service: ServiceSnapshot): string {
  return targetName(definition.name, [service.name]);
}
