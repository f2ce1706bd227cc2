import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { Finding, FindingPlace, Severity } from '../../core/model/finding';
import type { FindingCode } from '../../core/model/findingCodes';
import { DIAGNOSTICS } from '../contributions';
import { placeRange } from '../places';
import { findingText, type Named } from './findingWords';
import type { WorkspaceFindings } from './workspaceFindings';

/** Whom the Problems view names. */
const SOURCE = 'Berth';

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** The codes of what might as well not be there. */
const UNNECESSARY: ReadonlySet<FindingCode> = new Set([
  'obsolete-version',
  'reset-without-effect',
] satisfies FindingCode[]);

/** A finding as it shows in a file. */
export interface ShownFinding {
  readonly finding: Finding;
  readonly diagnostic: vscode.Diagnostic;
}

/** Shows findings where editors and the Problems view show problems. */
export class FindingDiagnostics implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(vscode.languages.createDiagnosticCollection(DIAGNOSTICS));
  private shown: ReadonlyMap<string, readonly ShownFinding[]> = new Map();

  /** @param pageOf gives the page that explains a code. */
  constructor(
    private readonly findings: Pick<WorkspaceFindings, 'all' | 'onDidChange'>,
    private readonly store: Named,
    private readonly pageOf: (code: FindingCode) => vscode.Uri,
  ) {
    this.owned.add(findings.onDidChange(() => this.update()));
  }

  /**
   * The findings that some diagnostics of a file are about.
   * @param file absolute path.
   * @param diagnostics as VS Code hands them out: copies of those that it was given.
   */
  of(file: string, diagnostics: readonly vscode.Diagnostic[]): readonly ShownFinding[] {
    const own = diagnostics.filter(({ source }) => source === SOURCE);
    return this.in(file).filter(({ diagnostic: { message, range } }) =>
      own.some((one) => one.message === message && one.range.isEqual(range)),
    );
  }

  /** All findings that show in a file. @param file absolute path. */
  in(file: string): readonly ShownFinding[] {
    return this.shown.get(file) ?? [];
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const before = this.shown;
    const byFile = new Map<string, ShownFinding[]>();
    for (const finding of this.findings.all) {
      const [place] = finding.places;
      if (!place) continue;
      const shown = { finding, diagnostic: this.diagnostic(finding, place) };
      byFile.set(place.file, [...(byFile.get(place.file) ?? []), shown]);
    }
    this.shown = byFile;
    const gone = [...before.keys()].filter((file) => !byFile.has(file));
    this.collection.set([
      ...gone.map((file) => [vscode.Uri.file(file), undefined] as [vscode.Uri, undefined]),
      ...[...byFile].map(
        ([file, shown]) =>
          [vscode.Uri.file(file), shown.map(({ diagnostic }) => diagnostic)] as [vscode.Uri, vscode.Diagnostic[]],
      ),
    ]);
  }

  private diagnostic(finding: Finding, place: FindingPlace): vscode.Diagnostic {
    const { code, severity, places } = finding;
    const made = new vscode.Diagnostic(placeRange(place), findingText(finding, this.store), SEVERITIES[severity]);
    made.source = SOURCE;
    made.code = { value: code, target: this.pageOf(code) };
    made.relatedInformation = places
      .slice(1)
      .map((one) => new vscode.DiagnosticRelatedInformation(locationOf(one), one.note ?? finding.message));
    if (UNNECESSARY.has(code)) made.tags = [vscode.DiagnosticTag.Unnecessary];
    return made;
  }
}

function locationOf(place: FindingPlace): vscode.Location {
  return new vscode.Location(vscode.Uri.file(place.file), placeRange(place));
}
