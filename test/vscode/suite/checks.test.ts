import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../../src/core/common/event';
import { COMMANDS } from '../../../src/extension/contributions';
import type { Internals } from '../../../src/extension/extension';
import { repositoryRoot } from '../../support/paths';
import { diagnosticLines, ownDiagnostics, untilDiagnostics } from './support/diagnostics';
import { HostProject } from './support/hostProject';

const SERVICES = `name: PROJECT
services:
  web:
    image: berth/idle:1
`;
const COMPOSE = `version: "3.8"\n${SERVICES}`;
const VERSION = 'information obsolete-version 1:1-1:8';

/** Two hundred lines with a bit of everything that YAML has, and one thing to find: the first line. */
const LONG = `version: "3.8"
name: PROJECT
x-common: &common
  image: "berth/idle:1"
  labels: { a: "1", b: '2' }
  logging:
    driver: json-file
    options: { max-size: 10m, max-file: "3" }
services:
${Array.from(
  { length: 24 },
  (_, index) => `  web-${index}:
    <<: *common
    environment:
      NAME: "a: b # c"
      TEXT: |
        one
        two
    command: ["idle", "listen", "80"]
    depends_on: []
`,
).join('')}`;

describe('checks, inside VS Code', () => {
  const project = new HostProject('checks');
  const file = vscode.Uri.file(project.path('compose.yaml'));
  let internals: Internals;
  let document: vscode.TextDocument;

  before(async () => {
    const extension = vscode.extensions.getExtension<Internals>('berth.berth');
    assert.ok(extension);
    internals = await extension.activate();
    // A VS Code in a browser saves by itself.
    await setAutoSave('off');
    project.write({ 'compose.yaml': COMPOSE });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await setAutoSave(undefined);
    await project.dispose();
  });

  const setAutoSave = (value: string | undefined) =>
    vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);
  const onDisk = () => fs.readFileSync(file.fsPath, 'utf8');
  const text = (of = COMPOSE) => of.replaceAll('PROJECT', project.name);

  /** What is offered at a position, by title. */
  async function actions(
    line: number,
    kind?: vscode.CodeActionKind,
    of = file,
  ): Promise<ReadonlyMap<string, vscode.CodeAction>> {
    const range = new vscode.Range(line, 0, line, 100);
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      of,
      range,
      kind?.value,
      20,
    );
    return new Map(found.map((action) => [action.title, action]));
  }

  async function apply(action: vscode.CodeAction | undefined): Promise<void> {
    assert.ok(action?.edit);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
  }

  /** Puts another text into the editor, without saving it. */
  async function type(now: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file, document.validateRange(new vscode.Range(0, 0, Number.MAX_SAFE_INTEGER, 0)), now);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  it('shows a finding at its place, with its code, and the page that explains it', async () => {
    await untilDiagnostics(file, [VERSION]);
    const [found] = ownDiagnostics(file);
    assert.match(found?.message ?? '', /^"version" has no effect: .* Remove it\. \(environments: .*dev\)$/);
    assert.deepEqual(found?.tags, [vscode.DiagnosticTag.Unnecessary]);
    const { code } = found ?? {};
    assert.ok(typeof code === 'object');
    assert.equal(code.target.fsPath, path.join(repositoryRoot, 'docs', 'checks', 'obsolete-version.md'));
    assert.match(fs.readFileSync(code.target.fsPath, 'utf8'), /^# obsolete-version: /);
  });

  it('has it in its view, below its environment, and on the badge', () => {
    const { checksView } = internals;
    const group = checksView.getChildren().find((node) => {
      const { label } = checksView.getTreeItem(node);
      return typeof label === 'string' && label.includes(project.name);
    });
    assert.ok(group);
    const [row] = checksView.getChildren(group);
    assert.ok(row);
    const item = checksView.getTreeItem(row);
    assert.match(String(item.description), /compose\.yaml:1$/);
    assert.match(item.accessibilityInformation?.label ?? '', /^Remark, "version" has no effect/);
    assert.equal(checksView.getParent(row), group);
    const pressing = internals.berth.findings.all.filter(({ severity }) => severity !== 'info').length;
    assert.equal(checksView.badge?.value, pressing === 0 ? undefined : pressing);
  });

  it('mends it by a quick fix, which can be undone, and goes by what is typed and not saved', async () => {
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const offered = await actions(0);
    assert.deepEqual(
      [...offered.keys()].filter((title) => /version/.test(title)),
      ['Remove "version"', 'Ignore obsolete-version here', 'Explain obsolete-version'],
    );
    assert.equal(offered.get('Remove "version"')?.isPreferred, true);
    await apply(offered.get('Remove "version"'));
    assert.equal(document.getText(), text(SERVICES));
    await untilDiagnostics(file, []);
    assert.equal(onDisk(), text(), 'it was saved');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text());
    await untilDiagnostics(file, [VERSION]);
  });

  it('offers nothing of a text that was not checked yet', async () => {
    await type(`# mine\n${text()}`);
    const titles = [...(await actions(0)).keys(), ...(await actions(1)).keys()];
    assert.ok(!titles.includes('Remove "version"'), titles.join());
    await untilDiagnostics(file, [VERSION.replaceAll('1:', '2:').replace('12:', '2:')]);
    assert.ok((await actions(1)).has('Remove "version"'));
  });

  it('leaves it out by a comment above it, as far in as that', async () => {
    await apply((await actions(1)).get('Ignore obsolete-version here'));
    assert.equal(document.getText(), `# mine\n# berth-ignore obsolete-version\n${text()}`);
    await untilDiagnostics(file, []);
  });

  it('mends all that is safe to mend when asked to, be it checked by then or not', async () => {
    await type(text());
    const [action] = (await actions(0, vscode.CodeActionKind.SourceFixAll)).values();
    assert.equal(action?.kind?.value, 'source.fixAll.berth');
    await apply(action);
    assert.equal(document.getText(), text(SERVICES));
    await untilDiagnostics(file, []);
  });

  it('mends all of one kind in the file by one quick fix, and nothing else', async () => {
    const checked = (name: string, mark: string) =>
      `  ${name}:\n    image: berth/idle:1\n    healthcheck: { test: ["${mark}", "idle ready"] }\n`;
    const services = (mark: string) => `${text(SERVICES)}${checked('api', mark)}${checked('worker', mark)}`;
    const title = 'Fix all broken-health-check in this file';
    await type(`version: "3.8"\n${text(SERVICES)}${checked('api', 'CMD')}`);
    await internals.berth.findings.refresh();
    const single = await actions(7);
    assert.ok(single.has('Run it in a shell') && !single.has(title), [...single.keys()].join());
    await type(`version: "3.8"\n${services('CMD')}`);
    await internals.berth.findings.refresh();
    assert.ok(!(await actions(0)).has('Fix all obsolete-version in this file'), 'there is one alone');
    await apply((await actions(7)).get(title));
    assert.equal(document.getText(), `version: "3.8"\n${services('CMD-SHELL')}`);
    await untilDiagnostics(file, [VERSION]);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('leaves out what is told of a makefile by a comment in it', async () => {
    const recipe = '\tdocker compose -f $(shell ./which) up -d\n';
    project.write({ Makefile: `up:\n${recipe}` });
    const makefile = vscode.Uri.file(project.path('Makefile'));
    await untilDiagnostics(makefile, [/^warning unclear-command 2:/]);
    const opened = await vscode.workspace.openTextDocument(makefile);
    await apply((await actions(1, undefined, makefile)).get('Ignore unclear-command here'));
    assert.equal(opened.getText(), `up:\n# berth-ignore unclear-command\n${recipe}`);
    await opened.save();
    await untilDiagnostics(makefile, []);
    fs.rmSync(makefile.fsPath);
  });

  it('says what Compose will say of what is typed, before it is saved', async () => {
    await type(`${text(SERVICES)}    ports: 5\n`);
    await untilDiagnostics(file, [/^error invalid-configuration 5:/]);
    assert.equal(onDisk(), text());
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await untilDiagnostics(file, [VERSION]);
  });

  it('takes a file that is typed line by line, however it stands', async () => {
    const lines = text(LONG).split('\n');
    assert.ok(lines.length >= 200, `${lines.length}`);
    await type('');
    for (const [index, line] of lines.entries()) {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(file, new vscode.Position(index, 0), index < lines.length - 1 ? `${line}\n` : line);
      assert.ok(await vscode.workspace.applyEdit(edit));
      if (index % 40 === 0) await internals.berth.findings.check();
      if (index % 40 === 0) await actions(0);
    }
    assert.equal(document.getText(), text(LONG));
    // What was found before the last lines is the same: nothing tells when they have been looked at, too.
    await internals.berth.findings.refresh();
    await untilDiagnostics(file, [VERSION]);
    await apply((await actions(0)).get('Remove "version"'));
    assert.equal(document.getText(), text(LONG).replace(/^version.*\n/, ''));
    await untilDiagnostics(file, []);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await untilDiagnostics(file, [VERSION]);
  });

  it('shows the fixes of all files before they are made, and makes them', async () => {
    project.write({ 'compose.test.yaml': 'version: "3.8"\nservices:\n  web:\n    command: idle\n' });
    const overlay = vscode.Uri.file(project.path('compose.test.yaml'));
    await untilDiagnostics(overlay, [VERSION]);
    await vscode.commands.executeCommand(COMMANDS.fixAll);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.match(tab?.label ?? '', /^Fixes of \d+ findings/);
    assert.equal(onDisk(), text(), 'nothing is changed yet');
    await vscode.window.tabGroups.close(tab as vscode.Tab);
    await vscode.commands.executeCommand(COMMANDS.applyFixes);
    assert.equal(onDisk(), text(), 'what is not shown is not made');
    await vscode.commands.executeCommand(COMMANDS.fixAll);
    await vscode.commands.executeCommand(COMMANDS.applyFixes);
    assert.equal(onDisk(), text(SERVICES));
    assert.equal(fs.readFileSync(overlay.fsPath, 'utf8'), 'services:\n  web:\n    command: idle\n');
    await untilDiagnostics(file, []);
    await untilDiagnostics(overlay, []);
    assert.ok(!vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label === tab?.label));
  });

  it('says so when it was asked to look again', async () => {
    project.write({ 'compose.yaml': COMPOSE });
    await vscode.commands.executeCommand(COMMANDS.checkNow);
    await waitFor(
      (listener) => vscode.languages.onDidChangeDiagnostics(listener),
      () => diagnosticLines(file).includes(VERSION) || undefined,
      AbortSignal.timeout(30_000),
    );
  });
});
