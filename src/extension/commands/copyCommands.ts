import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { runProgram } from '../../core/common/program';
import { execCall } from '../../core/compose/serviceCalls';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { Feedback } from '../feedback';
import type { Remembered } from '../remembered';
import { projectToShow } from '../terminalProject';
import { serviceActions } from '../views/actions';
import { showProgress, waitVisibly } from '../waiting';
import { targetName } from '../words';
import { confirm } from './confirmation';
import { isContainerPath } from './typed';

/** Copies files between this machine and containers. Nothing is overwritten unasked. */
export class CopyCommands {
  constructor(
    private readonly berth: Berth,
    private readonly feedback: Feedback,
    private readonly remembered: Remembered,
  ) {}

  /** Copies a file or a folder out of a service's container, into a folder. */
  async fromContainer(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const about = [environment.definition.id, service.name] as const;
    const from = await askPath(
      l10n.t('Which file or folder of {0} should be copied?', nameOf(environment, service)),
      this.remembered.get('copyFrom', ...about) ?? '/',
    );
    if (from === undefined) return;
    await this.remembered.set('copyFrom', from, ...about);
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        openLabel: l10n.t('Copy Here'),
        title: l10n.t('Copy {0} to', from),
        defaultUri: vscode.Uri.file(environment.definition.workspaceFolder),
      })) ?? [];
    if (!folder) return;
    const target = path.join(folder.fsPath, path.posix.basename(from));
    if ((await exists(target)) && !(await mayOverwrite(target))) return;
    await this.copy(environment, { service: service.name, path: from }, { path: folder.fsPath });
    const copied = vscode.Uri.file(target);
    this.feedback.inform(l10n.t('Copied {0} to {1}.', from, target), [
      {
        title: l10n.t('Show'),
        run: () => vscode.commands.executeCommand('revealInExplorer', copied),
      },
    ]);
  }

  /** Copies a file or a folder into a folder of a service's container. */
  async toContainer(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
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
    if (!file) return;
    const folder = await askPath(
      l10n.t('To which folder of {0}?', what),
      this.remembered.get('copyTo', ...about) ?? '/tmp',
    );
    if (folder === undefined) return;
    await this.remembered.set('copyTo', folder, ...about);
    const target = path.posix.join(folder, path.basename(file.fsPath));
    if ((await this.isInContainer(environment, service, target)) && !(await mayOverwrite(`${what}:${target}`))) return;
    await this.copy(
      environment,
      { path: file.fsPath },
      { service: service.name, path: `${folder.replace(/\/$/, '')}/` },
    );
    this.feedback.success(l10n.t('Copied {0} to {1}', path.basename(file.fsPath), `${what}:${target}`));
  }

  private async copy(
    environment: EnvironmentSnapshot,
    from: { readonly service?: string; readonly path: string },
    to: { readonly service?: string; readonly path: string },
  ): Promise<void> {
    await showProgress(l10n.t('Copying {0}', from.path), (signal, say) =>
      this.berth.tools.copyFiles(environment, from, to, { onLine: say, signal }),
    );
  }

  /** Whether there is something at a path; taken to be so where that can't be found out. */
  private async isInContainer(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    target: string,
  ): Promise<boolean> {
    if (!serviceActions(service, environment).has('shell')) return true;
    const { context } = environment.definition;
    const call = execCall(projectToShow(environment), context, service.name, ['test', '-e', target], {
      terminal: false,
    });
    const { exitCode } = await waitVisibly(l10n.t('Looking for {0}', target), (signal) => runProgram(call, { signal }));
    return exitCode !== 1;
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

function mayOverwrite(target: string): Promise<boolean> {
  return confirm(
    l10n.t('Overwrite {0}?', target),
    l10n.t('There may be something of that name already.'),
    l10n.t('Overwrite'),
  );
}

function nameOf({ definition }: EnvironmentSnapshot, service: ServiceSnapshot): string {
  return targetName(definition.name, [service.name]);
}

async function exists(file: string): Promise<boolean> {
  return fs.lstat(file).then(
    () => true,
    () => false,
  );
}
