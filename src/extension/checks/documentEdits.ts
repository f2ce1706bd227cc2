import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { markLength } from '../../core/common/text';
import type { ProposedTexts } from '../../core/findings/fixing';
import type { FileEdit } from '../../core/model/finding';
import { changedPart } from '../commands/typed';

/** The text of a file that was checked; undefined where it is not there. */
type TextOf = (file: string) => string | undefined;

/** A change of a file from one text to another, as small as it can be. */
export function editsOf({ texts, privateFiles }: ProposedTexts, textOf: TextOf): readonly FileEdit[] {
  return [...texts].map(([file, text]) => {
    const { by, ...range } = changedPart(textOf(file) ?? '', text);
    return { file, ...range, text: by, ...(privateFiles.has(file) ? { isPrivate: true } : {}) };
  });
}

/** The files that edits make, and that only this user is to read: VS Code makes them for everybody. */
export function newPrivateFiles(edits: readonly FileEdit[], textOf: TextOf): readonly string[] {
  return edits.flatMap(({ file, isPrivate }) => (isPrivate && textOf(file) === undefined ? [file] : []));
}

/**
 * Edits of files in the form that VS Code does, and undoes, them in. Undefined when one of the files has another text by now than the one
 * that the edits are meant for.
 */
export async function workspaceEdit(
  edits: readonly FileEdit[],
  textOf: TextOf,
): Promise<vscode.WorkspaceEdit | undefined> {
  const made = new vscode.WorkspaceEdit();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const uri = vscode.Uri.file(file);
    const own = edits.filter((edit) => edit.file === file);
    const before = textOf(file);
    if (before === undefined) {
      made.createFile(uri, { contents: Buffer.from(own.map(({ text }) => text).join('')) });
      continue;
    }
    const document = await opened(uri);
    if (!document || !hasText(document, before)) return undefined;
    const mark = markLength(before);
    for (const { start, end, text } of own) {
      const range = new vscode.Range(document.positionAt(start - mark), document.positionAt(end - mark));
      made.replace(uri, range, text);
    }
  }
  return made;
}

/** Whether a document has the text of a file: a byte order mark is in the file, and in no document. */
export function hasText(document: vscode.TextDocument, text: string | undefined): boolean {
  return text !== undefined && document.getText() === text.slice(markLength(text));
}

/** Makes edits where they can be undone. Files that were as on the disk before are saved. @returns false when nothing was changed. */
export async function applyEdits(edits: readonly FileEdit[], textOf: TextOf): Promise<boolean> {
  const made = await workspaceEdit(edits, textOf);
  if (!made) return false;
  const documents = await Promise.all(made.entries().map(([uri]) => opened(uri)));
  const saved = documents.filter((document) => document && !document.isDirty);
  if (!(await vscode.workspace.applyEdit(made))) return false;
  for (const file of newPrivateFiles(edits, textOf)) await fs.chmod(file, 0o600);
  for (const document of saved) await document?.save();
  return true;
}

/** Undefined when it can't be read. */
async function opened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}
