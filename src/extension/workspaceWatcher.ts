import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Clock, systemClock } from '../core/common/clock';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { isSearchedFolder } from '../core/discovery/workspaceText';
import type { EnvironmentStore } from '../core/environmentStore';

/** How long files must have been quiet before they are read, in milliseconds: an editor's save is several events. */
const QUIET = 150;
/**
 * When to look again after a folder appeared, in milliseconds: VS Code begins to watch a new folder a moment late, and
 * tells nothing of the files that were written into it before.
 */
const FOLDER_FOLLOW_UP = 1_500;
/**
 * When to look again after the window was opened, once, in milliseconds: what is written while VS Code sets up its own
 * watching of the workspace is told to nobody.
 */
const START_FOLLOW_UP = 4_000;

/** Tells the store when files change that environments are made of. */
export class WorkspaceWatcher implements Disposable {
  private readonly owned = new DisposableStore();
  /** Watchers of files outside the workspace folders, by path. */
  private readonly outside = new Map<string, Disposable>();
  private dependsOn: ReadonlySet<string> = new Set();
  private readonly changed = new Set<string>();
  private timer: Disposable | undefined;
  private followUp: Disposable | undefined;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly clock: Clock = systemClock,
  ) {
    // VS Code watches the workspace folders anyway: this watcher costs no more than a look at each path.
    this.owned.add(this.watch('**/*'));
    this.owned.add(store.onDidChange(() => this.watchOutside()));
    this.owned.add(clock.after(START_FOLLOW_UP, () => void store.lookAgain()));
  }

  dispose(): void {
    this.owned.dispose();
    this.timer?.dispose();
    this.followUp?.dispose();
    for (const watcher of this.outside.values()) watcher.dispose();
  }

  private watch(pattern: vscode.GlobPattern): Disposable {
    const owned = new DisposableStore();
    const watcher = owned.add(vscode.workspace.createFileSystemWatcher(pattern));
    owned.add(watcher.onDidChange(({ fsPath }) => this.isRelevant(fsPath) && this.note(fsPath)));
    owned.add(watcher.onDidCreate(({ fsPath }) => void this.created(fsPath)));
    owned.add(watcher.onDidDelete(({ fsPath }) => this.deleted(fsPath)));
    return owned;
  }

  private isRelevant(file: string): boolean {
    return this.store.concerns(file);
  }

  private async created(file: string): Promise<void> {
    if (this.isRelevant(file)) return this.note(file);
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath;
    if (folder === undefined || !isSearchedFolder(path.relative(folder, file))) return;
    const stat = await fs.stat(file).catch(() => undefined);
    if (!stat?.isDirectory()) return;
    this.note(file);
    this.followUp?.dispose();
    this.followUp = this.clock.after(FOLDER_FOLLOW_UP, () => this.note(file));
  }

  /** A folder's deletion is told, that of the files in it is not. */
  private deleted(file: string): void {
    const inside = [...this.dependsOn].filter((known) => known.startsWith(file + path.sep));
    if (inside.length > 0 || this.isRelevant(file)) for (const known of [file, ...inside]) this.note(known);
  }

  private note(file: string): void {
    this.changed.add(file);
    this.timer?.dispose();
    this.timer = this.clock.after(QUIET, () => {
      const paths = [...this.changed];
      this.changed.clear();
      void this.store.filesChanged(paths);
    });
  }

  /** Follows which files matter; those outside the workspace folders need watchers of their own. */
  private watchOutside(): void {
    if (this.dependsOn === this.store.dependsOn) return;
    this.dependsOn = this.store.dependsOn;
    const wanted = [...this.dependsOn].filter((file) => !vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)));
    for (const [file, watcher] of this.outside) {
      if (wanted.includes(file)) continue;
      watcher.dispose();
      this.outside.delete(file);
    }
    for (const file of wanted) {
      if (this.outside.has(file)) continue;
      const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
      this.outside.set(file, this.watch(pattern));
    }
  }
}
