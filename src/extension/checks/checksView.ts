import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { CHECKS_VIEW, CONTEXT_KEYS, VSCODE_COMMANDS } from '../contributions';
import { treeItem } from '../views/treeItem';
import type { FindingNode, FindingTree } from './findingTree';
import { countWords, findingsWord } from './findingWords';

/** The Checks view: shows a {@link FindingTree}, and how many findings want to be seen. */
export class ChecksView implements vscode.TreeDataProvider<FindingNode>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly view: vscode.TreeView<FindingNode>;
  private readonly emitter = this.owned.add(new vscode.EventEmitter<undefined>());

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(private readonly tree: FindingTree) {
    this.view = this.owned.add(
      vscode.window.createTreeView(CHECKS_VIEW, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.owned.add(tree.onDidChange(() => this.update()));
    this.update();
  }

  /** What the view has on its icon: how many errors and warnings there are. */
  get badge(): vscode.ViewBadge | undefined {
    return this.view.badge;
  }

  getChildren(node?: FindingNode): FindingNode[] {
    return [...this.tree.children(node)];
  }

  getParent(node: FindingNode): FindingNode | undefined {
    return this.tree.parent(node);
  }

  getTreeItem(node: FindingNode): vscode.TreeItem {
    const row = this.tree.row(node);
    // VS Code may still ask for a node that has just gone; the change that says so is on its way.
    return row ? treeItem(node, row) : new vscode.TreeItem('');
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const { shown, hidden, state } = this.tree;
    const pressing = shown.filter(({ severity }) => severity !== 'info');
    this.view.badge = pressing.length === 0 ? undefined : { value: pressing.length, tooltip: countWords(pressing) };
    this.view.description = hidden > 0 ? l10n.t('{0} hidden', findingsWord(hidden)) : undefined;
    void vscode.commands.executeCommand(VSCODE_COMMANDS.setContext, CONTEXT_KEYS.checksState, state);
    this.emitter.fire(undefined);
  }
}
