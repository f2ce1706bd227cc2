import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { EnvironmentStore } from '../../core/environmentStore';
import { COMMANDS, DIAGNOSTICS } from '../contributions';
import { placeRange } from '../places';
import { configurationProblems, type FileProblem } from './fileProblems';

/** Whom the Problems panel names. */
const SOURCE = 'Berth';

/** Shows what is wrong with the files of a workspace where editors and the Problems panel show problems. */
export class ConfigurationProblems implements Disposable, vscode.CodeActionProvider {
  private readonly owned = new DisposableStore();
  private readonly diagnostics = this.owned.add(vscode.languages.createDiagnosticCollection(DIAGNOSTICS));
  private shown: readonly unknown[] = [];
  private found: ReadonlyMap<string, readonly FileProblem[]> = new Map();

  constructor(private readonly store: EnvironmentStore) {
    this.owned.add(store.onDidChange(() => this.update()));
    this.owned.add(
      vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
    this.update();
  }

  /** A missing file that there is an example of can be copied from that. */
  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const own = this.found.get(document.uri.fsPath) ?? [];
    return diagnostics.flatMap((diagnostic) => {
      // VS Code hands out copies.
      const isOwn = ({ message }: FileProblem) => diagnostic.source === SOURCE && message === diagnostic.message;
      const missing = own.find(isOwn)?.missing;
      if (!missing) return [];
      const { file, example } = missing;
      const title = l10n.t('Copy {0} to {1}', path.basename(example), path.basename(file));
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.command = { command: COMMANDS.copyExample, title, arguments: [missing] };
      action.diagnostics = [diagnostic];
      action.isPreferred = true;
      return [action];
    });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const { environments, problems: ofFolders } = this.store;
    const told = [
      ofFolders,
      ...environments.flatMap(({ definition, resolution }) => [definition.knowledge, resolution]),
    ];
    if (told.length === this.shown.length && told.every((one, index) => one === this.shown[index])) return;
    this.shown = told;
    this.diagnostics.clear();
    this.found = configurationProblems(environments, ofFolders);
    for (const [file, problems] of this.found) {
      this.diagnostics.set(vscode.Uri.file(file), problems.map(diagnostic));
    }
  }
}

function diagnostic({ place, message, severity }: FileProblem): vscode.Diagnostic {
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  const made = new vscode.Diagnostic(placeRange(place), message, severity === 'error' ? error : warning);
  made.source = SOURCE;
  return made;
}
