import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { EnvironmentStore } from '../../core/environmentStore';
import { DIAGNOSTICS } from '../contributions';
import { placeRange } from '../places';
import { configurationProblems, type FileProblem } from './fileProblems';

/** Shows what is wrong with the files of a workspace where editors and the Problems panel show problems. */
export class ConfigurationProblems implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly diagnostics = this.owned.add(vscode.languages.createDiagnosticCollection(DIAGNOSTICS));
  private shown: readonly unknown[] = [];

  constructor(private readonly store: EnvironmentStore) {
    this.owned.add(store.onDidChange(() => this.update()));
    this.update();
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
    for (const [file, problems] of configurationProblems(environments, ofFolders)) {
      this.diagnostics.set(vscode.Uri.file(file), problems.map(diagnostic));
    }
  }
}

function diagnostic({ place, message, severity }: FileProblem): vscode.Diagnostic {
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  const made = new vscode.Diagnostic(placeRange(place), message, severity === 'error' ? error : warning);
  made.source = 'Berth';
  return made;
}
