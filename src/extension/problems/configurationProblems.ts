import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { EnvironmentStore } from '../../core/environmentStore';
import { DIAGNOSTICS } from '../contributions';
import { placeRange } from '../places';
import { configurationProblems, type FileProblem } from './fileProblems';

/** Shows what is wrong with compose files where editors and the Problems panel show problems. */
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
    const resolutions = this.store.environments.map(({ resolution }) => resolution);
    const same =
      resolutions.length === this.shown.length && resolutions.every((one, index) => one === this.shown[index]);
    if (same) return;
    this.shown = resolutions;
    this.diagnostics.clear();
    for (const [file, problems] of configurationProblems(this.store.environments)) {
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
