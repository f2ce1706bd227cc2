import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { CONTEXT_KEYS, ENVIRONMENTS_VIEW, VSCODE_COMMANDS } from '../contributions';
import type { EnvironmentTree, TreeNode } from './environmentTree';
import { treeItem } from './treeItem';
import { hasRows, type ViewState } from './viewState';

/** The Environments view: shows an {@link EnvironmentTree}, and where that has nothing to show, has VS Code say why. */
export class EnvironmentsView implements vscode.TreeDataProvider<TreeNode>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly emitter = this.owned.add(new vscode.EventEmitter<TreeNode[] | undefined>());

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(private readonly tree: EnvironmentTree) {
    this.owned.add(tree.onDidChange((change) => this.emitter.fire(change === 'everything' ? undefined : [...change])));
    this.view = this.owned.add(
      vscode.window.createTreeView(ENVIRONMENTS_VIEW, {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: true,
      }),
    );
    this.owned.add(tree.onDidChangeState((state) => this.showState(state)));
    this.showState(tree.state);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return [...this.tree.children(node)];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.tree.parent(node);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const row = this.tree.row(node);
    // VS Code may still ask for a node that has just gone; the change that says so is on its way.
    return row ? treeItem(node, row) : new vscode.TreeItem('');
  }

  /** Unfolds an environment, so that its services are seen on their way; does nothing while the view is hidden. */
  unfold(environmentId: string): void {
    const node = this.view.visible ? this.tree.environmentNode(environmentId) : undefined;
    if (node) void this.view.reveal(node, { expand: true, select: false, focus: false });
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Chooses the welcome text (see `viewsWelcome` in package.json), or the message above the rows: there is one or the other. */
  private showState(state: ViewState): void {
    const problem = state.kind === 'engineDown' ? state.problem : undefined;
    this.view.message = state.kind === 'engineDown' && hasRows(state) ? state.message : undefined;
    void vscode.commands.executeCommand(VSCODE_COMMANDS.setContext, CONTEXT_KEYS.engineProblem, problem);
    void vscode.commands.executeCommand(VSCODE_COMMANDS.setContext, CONTEXT_KEYS.viewState, state.kind);
  }
}
