import * as vscode from 'vscode';
import type { Place } from '../core/common/errors';
import type { FindingPlace } from '../core/model/finding';

/** Where the cursor goes to show a place: its start. */
export function placeSelection({ line = 1, column = 1 }: Place): vscode.Range {
  const position = new vscode.Position(line - 1, column - 1);
  return new vscode.Range(position, position);
}

/** What to underline for a place: as far as is known, or to the end of the line (VS Code cuts it where the text ends). */
export function placeRange({ line = 1, column = 1, endLine, endColumn }: FindingPlace): vscode.Range {
  if (endLine !== undefined && endColumn !== undefined) {
    return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  }
  return new vscode.Range(line - 1, column - 1, line - 1, Number.MAX_SAFE_INTEGER);
}

/** Opens a file at a place. */
export async function openPlace(place: Place): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection: placeSelection(place) });
}
