import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import type { Internals } from '../../../src/extension/extension';
import { untilDiagnostics } from './support/diagnostics';
import { HostProject } from './support/hostProject';

const MARK = '\uFEFF';
const VERSION = 'version: "3.8"\n';
const SERVICES = 'name: PROJECT\nservices:\n  web:\n    # mine\n    image: berth/idle:1\n';

describe('checks of texts as other programs write them, inside VS Code', () => {
  const project = new HostProject('texts');
  const file = vscode.Uri.file(project.path('compose.yaml'));
  const written = (text: string) => text.replaceAll('PROJECT', project.name).replaceAll('\n', '\r\n');
  const setAutoSave = (value: string | undefined) =>
    vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);
  let document: vscode.TextDocument;

  before(async () => {
    const extension = vscode.extensions.getExtension<Internals>('berth.berth');
    assert.ok(extension);
    await extension.activate();
    // A VS Code in a browser saves by itself.
    await setAutoSave('off');
    project.write({ 'compose.yaml': MARK + written(VERSION + SERVICES) });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await setAutoSave(undefined);
    await project.dispose();
  });

  /** Takes a quick fix in a line, counted from 0. */
  async function fix(line: number, title: string): Promise<void> {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file,
      new vscode.Range(line, 0, line, 100),
      undefined,
      20,
    );
    const action = actions.find((one) => one.title === title);
    assert.ok(action?.edit, actions.map((one) => one.title).join());
    assert.ok(await vscode.workspace.applyEdit(action.edit));
  }

  it('mend it in its place beside a byte order mark, with line ends of Windows', async () => {
    await untilDiagnostics(file, ['information obsolete-version 1:1-1:8']);
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    assert.equal(document.getText(), written(VERSION + SERVICES));
    await fix(0, 'Remove "version"');
    assert.equal(document.getText(), written(SERVICES));
    assert.ok(await document.save());
    assert.equal(fs.readFileSync(file.fsPath, 'utf8'), MARK + written(SERVICES));
    await untilDiagnostics(file, []);
  });

  it('mend it in its place beside what is not saved', async () => {
    const typed = new vscode.WorkspaceEdit();
    typed.insert(file, new vscode.Position(0, 0), written(`# not saved\n${VERSION}`));
    assert.ok(await vscode.workspace.applyEdit(typed));
    await untilDiagnostics(file, ['information obsolete-version 2:1-2:8']);
    await fix(1, 'Remove "version"');
    assert.equal(document.getText(), written(`# not saved\n${SERVICES}`));
    await untilDiagnostics(file, []);
    assert.equal(fs.readFileSync(file.fsPath, 'utf8'), MARK + written(SERVICES));
    assert.ok(await document.save());
    assert.equal(fs.readFileSync(file.fsPath, 'utf8'), MARK + written(`# not saved\n${SERVICES}`));
  });

  it('leave it out by a comment in its place', async () => {
    const typed = new vscode.WorkspaceEdit();
    typed.replace(file, new vscode.Range(0, 0, 1, 0), written(VERSION));
    assert.ok(await vscode.workspace.applyEdit(typed));
    assert.ok(await document.save());
    await untilDiagnostics(file, ['information obsolete-version 1:1-1:8']);
    await fix(0, 'Ignore obsolete-version here');
    assert.equal(document.getText(), written(`# berth-ignore obsolete-version\n${VERSION}${SERVICES}`));
    await untilDiagnostics(file, []);
  });
});
