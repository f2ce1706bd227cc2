import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor } from '../../../../src/core/common/event';

/** How long diagnostics may take, in milliseconds: Compose is asked for them. */
const LIMIT = 30_000;

/** The diagnostics of Berth in a file, in lines as `info obsolete-version 1:1-1:8`. */
export function diagnosticLines(uri: vscode.Uri): readonly string[] {
  return ownDiagnostics(uri).map(({ severity, code, range: { start, end } }) => {
    const name = vscode.DiagnosticSeverity[severity].toLowerCase();
    const at = [start, end].map(({ line, character }) => `${line + 1}:${character + 1}`);
    return `${name} ${typeof code === 'object' ? code.value : code} ${at.join('-')}`;
  });
}

/** The diagnostics of Berth in a file. */
export function ownDiagnostics(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Berth');
}

/** Waits until a file has these diagnostics, and no others of Berth. @param expected as {@link diagnosticLines} writes them. */
export async function untilDiagnostics(uri: vscode.Uri, expected: readonly (string | RegExp)[]): Promise<void> {
  const matches = (line: string, wanted: string | RegExp = '') =>
    typeof wanted === 'string' ? line === wanted : wanted.test(line);
  const isThere = () => {
    const lines = diagnosticLines(uri);
    return (
      (lines.length === expected.length && lines.every((line, index) => matches(line, expected[index]))) || undefined
    );
  };
  try {
    await waitFor((listener) => vscode.languages.onDidChangeDiagnostics(listener), isThere, AbortSignal.timeout(LIMIT));
  } catch {
    assert.deepEqual(diagnosticLines(uri), expected);
  }
}
