import * as vscode from 'vscode';
import type { EnvironmentStore } from '../../core/environmentStore';
import { taskValues } from './taskValues';

/** The files that tasks stand in. */
export const TASK_FILES: vscode.DocumentSelector = [
  { scheme: 'file', pattern: '**/.vscode/tasks.json' },
  { scheme: 'file', pattern: '**/*.code-workspace' },
];

/** Completes what environments, commands and services there are in tasks of Berth; the schema completes all else. */
export class TaskCompletion implements vscode.CompletionItemProvider {
  constructor(private readonly store: EnvironmentStore) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
    const isOfWorkspace = document.uri.path.endsWith('.code-workspace');
    const environments = this.store.environments.filter(
      ({ definition }) => isOfWorkspace || definition.workspaceFolder === folder,
    );
    const found = await taskValues(document.getText(), document.offsetAt(position), environments);
    if (!found) return [];
    const range = new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
    return found.values.map(({ value, detail }) => {
      const item = new vscode.CompletionItem(value, vscode.CompletionItemKind.Value);
      const text = JSON.stringify(value);
      return Object.assign(item, { detail, range, insertText: text, filterText: text });
    });
  }
}
