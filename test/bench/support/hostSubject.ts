// What VS Code calls in its extension host, to be measured.
import * as vscode from 'vscode';
import { waitFor } from '../../../src/core/common/event';
import type { Internals } from '../../../src/extension/extension';
import type { TreeNode } from '../../../src/extension/views/environmentTree';
import { type ActivationTimes, Subject } from './subject';

/** Answers the measuring process, with Berth up and connected, or as it is where Berth is not installed. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Internals>('berth.berth');
  const subject = new Subject(extension?.extensionPath, extension && (() => activationTimes(extension.id)));
  if (extension) {
    const { berth, view } = await extension.activate();
    const { store } = berth;
    await waitFor(store.onDidChange, () => store.isScanned || undefined);
    // Compose is asked once more: Berth may have come up before its processes were counted.
    await store.filesChanged();
    await store.whenResolved();
    await waitFor(store.onDidChange, () => store.engineState().kind === 'connected' || undefined);
    const shown = new Map<string, string>();
    const look = (nodes: readonly TreeNode[]) => {
      for (const node of nodes) {
        if (node.kind !== 'service') continue;
        const health = shownHealth(view.getTreeItem(node));
        if (shown.get(node.service) !== health) subject.tell(node.service, health);
        shown.set(node.service, health);
      }
    };
    const everything = () => view.getChildren().flatMap((node) => view.getChildren(node));
    look(everything());
    view.onDidChangeTreeData((nodes) => look(nodes ?? everything()));
  }
  await subject.answer();
}

/** `healthy` of `healthy · 5432`. */
function shownHealth({ description }: vscode.TreeItem): string {
  return typeof description === 'string' ? (/^\w+/.exec(description)?.[0] ?? '') : '';
}

/** How long VS Code says that an extension took to come up, in milliseconds: from its own report of its startup. */
async function activationTimes(id: string): Promise<ActivationTimes> {
  await vscode.commands.executeCommand('perfview.show');
  // Columns: extension, eager, load code, call activate, finish activate, event, by.
  const row = new RegExp(`^\\| *${id.replace('.', '\\.')} *\\|[^|]*\\| *(\\d+) *\\| *(\\d+) *\\|`, 'im');
  const find = () => {
    const report = vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'perf');
    return row.exec(report?.getText() ?? '') ?? undefined;
  };
  const [, loadCode, callActivate] = await waitFor(vscode.workspace.onDidChangeTextDocument, find);
  return { loadCode: Number(loadCode), callActivate: Number(callActivate) };
}
