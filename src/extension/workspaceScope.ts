import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import type { EnvironmentStore } from '../core/environmentStore';
import { SETTINGS } from './contributions';
import type { EnvironmentTree, WorkspaceFolder } from './views/environmentTree';

/** The workspace folders that Berth can look into: those on the machine it runs on. */
export function workspaceFolders(): readonly WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ name, uri }) => ({ name, path: uri.fsPath }));
}

/** Whether the view is to show the projects on the engines that are of no workspace folder. */
export function showsElsewhere(): boolean {
  return vscode.workspace.getConfiguration(SETTINGS.section).get(SETTINGS.elsewhereShow, true);
}

/** Tells the store where to look and what it may do there: now, and when workspace folders or their trust change. */
export class WorkspaceScope implements Disposable {
  private readonly owned = new DisposableStore();

  constructor(
    private readonly store: EnvironmentStore,
    private readonly tree: EnvironmentTree,
  ) {
    this.owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.set()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.set()));
    this.owned.add(vscode.workspace.onDidChangeConfiguration(() => this.tree.update()));
    this.set();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private set(): void {
    const folders = workspaceFolders();
    void this.store.setScope({
      workspaceFolders: folders.map((folder) => folder.path),
      trusted: vscode.workspace.isTrusted,
    });
    // Names and number of folders show at once; their environments follow when they have been searched.
    this.tree.update();
  }
}
