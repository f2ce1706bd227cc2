import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../../src/core/common/event';
import type { EnvironmentDefinition } from '../../../src/core/model/environment';
import { COMMANDS } from '../../../src/extension/contributions';
import type { Internals } from '../../../src/extension/extension';
import type { TreeChange, TreeNode } from '../../../src/extension/views/environmentTree';
import { freePort } from '../../support/ports';
import { ownDiagnostics, untilDiagnostics } from './support/diagnostics';
import { HostProject } from './support/hostProject';

/** `web` can be broken by a test and is published; `worker` has no health check; `tool` waits for its profile. */
const COMPOSE = `name: PROJECT
services:
  web:
    image: berth/idle:1
    command: ["idle", "listen", "8080"]
    ports: ["127.0.0.1:PORT:8080"]
    healthcheck: { test: ["CMD", "health"], interval: 1s, retries: 1 }
    stop_grace_period: 3s
  worker:
    image: berth/idle:1
    stop_grace_period: 3s
  tool:
    image: berth/idle:1
    profiles: [tools]
`;

describe('the extension, inside VS Code', () => {
  const project = new HostProject('one');
  let internals: Internals;
  let port: number;
  let compose: string;

  before(async () => {
    port = await freePort(21_800);
    compose = COMPOSE.replace('PORT', String(port));
    const extension = vscode.extensions.getExtension<Internals>('berth.berth');
    assert.ok(extension);
    internals = await extension.activate();
  });

  after(() => project.dispose());

  /** An environment of the project; its name has the folder in front when there are compose files elsewhere, too. */
  function definition(environment: string): EnvironmentDefinition | undefined {
    return internals.berth.store.environments
      .map((snapshot) => snapshot.definition)
      .find(({ name, projectDirectory }) => projectDirectory === project.folder && path.basename(name) === environment);
  }

  /** The node of an environment of the project, or of something below it. */
  function node(environment: string, label?: string): TreeNode | undefined {
    const { view } = internals;
    const id = definition(environment)?.id;
    const found = view.getChildren().find((child) => child.kind === 'environment' && child.environmentId === id);
    if (!found || label === undefined) return found;
    return view.getChildren(found).find((child) => view.getTreeItem(child).label === label);
  }

  /** The node of what is wrong with an environment of the project. */
  function problemOf(environment: string): TreeNode | undefined {
    const found = node(environment);
    return found && internals.view.getChildren(found).find(({ kind }) => kind === 'problem');
  }

  /** An environment of the project with all below it, as `label: description`. */
  function shown(environment: string): readonly string[] {
    const { view } = internals;
    const found = node(environment);
    const written = (one: TreeNode) => {
      const { label, description } = view.getTreeItem(one);
      return `${path.basename(String(label))}: ${description}`;
    };
    return found ? [written(found), ...view.getChildren(found).map(written)] : [];
  }

  /** Waits until an environment is shown so. Mocha's time limit ends the wait. */
  async function untilShown(environment: string, expected: readonly string[]): Promise<void> {
    const wanted = JSON.stringify(expected);
    const latest = { shown: shown(environment) };
    const probe = () => {
      latest.shown = shown(environment);
      return JSON.stringify(latest.shown) === wanted || undefined;
    };
    try {
      await waitFor(internals.tree.onDidChange, probe, AbortSignal.timeout(30_000));
    } catch {
      assert.deepEqual(latest.shown, expected);
    }
  }

  /** What the view draws anew while `action` runs. */
  async function drawnWhile(action: () => Promise<unknown>): Promise<readonly TreeChange[]> {
    const drawn: TreeChange[] = [];
    const subscription = internals.tree.onDidChange((change) => drawn.push(change));
    try {
      await action();
      return drawn;
    } finally {
      subscription.dispose();
    }
  }

  const stopped = () => ['dev: stopped', 'tool: stopped (profile tools)', `web: stopped · ${port}`, 'worker: stopped'];
  const stoppedTest = ['test: stopped', 'tool: stopped (profile tools)', 'web: stopped', 'worker: stopped'];
  const up = (web = 'healthy', worker = 'running', dev = 'running · 2/2') => [
    `dev: ${dev}`,
    'tool: stopped (profile tools)',
    `web: ${web} · ${port}`,
    `worker: ${worker}`,
  ];

  it('registers every command', async () => {
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.values(COMMANDS).filter((command) => !registered.includes(command)),
      [],
    );
  });

  it('finds a folder with compose files that appears', async () => {
    project.write({ 'compose.yaml': compose, 'compose.test.yaml': 'services: { web: { ports: !override [] } }\n' });
    await untilShown('dev', stopped());
    await untilShown('test', stoppedTest);
  });

  it('says in words what an item is, to eyes and ears', () => {
    const web = node('dev', 'web');
    assert.ok(web);
    const item = internals.view.getTreeItem(web);
    assert.equal(item.accessibilityInformation?.label, `web, service, stopped, published ports: ${port}`);
    assert.ok(item.iconPath instanceof vscode.ThemeIcon);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.match(item.tooltip.value, /berth\/idle:1/);
    assert.equal(item.command, undefined, 'a click on a service does something');
  });

  it('brings an environment up by command, and draws nothing of another one', async () => {
    const dev = node('dev');
    const drawn = await drawnWhile(async () => {
      await vscode.commands.executeCommand(COMMANDS.up, dev);
    });
    await untilShown('dev', up());
    assert.ok(drawn.length > 0);
    const isOther = (one: TreeNode) => !('environmentId' in one) || one.environmentId !== definition('dev')?.id;
    const others = drawn.filter((change) => change === 'everything' || change.some(isOther));
    assert.deepEqual(others, []);
    assert.equal(node('dev'), dev);
    assert.equal(internals.statusBar.text, `$(play-circle) ${definition('dev')?.name} running`);
  });

  it('draws the service that failed, and its environment, and nothing else', async () => {
    const drawn = await drawnWhile(async () => {
      const complaint = ['sh', '-c', 'echo "no connection" >/tmp/unhealthy'];
      await project.docker('exec', project.container('web'), ...complaint);
      await untilShown('dev', up('unhealthy', 'running', 'unhealthy · 1/2'));
    });
    assert.deepEqual(drawn, [[node('dev'), node('dev', 'web')]]);
    assert.equal(internals.statusBar.text, `$(error) ${definition('dev')?.name} unhealthy: web`);
    await project.docker('exec', project.container('web'), 'rm', '/tmp/unhealthy');
    await untilShown('dev', up());
  });

  it('shows what is stopped behind its back', async () => {
    await project.docker('stop', project.container('worker'));
    await untilShown('dev', up('healthy', 'stopped', 'healthy · 1/2'));
    assert.equal(internals.statusBar.text, `$(pass-filled) ${definition('dev')?.name} healthy 1/2`);
  });

  it('starts a single service by command', async () => {
    await vscode.commands.executeCommand(COMMANDS.up, { environment: definition('dev')?.name, service: 'worker' });
    await untilShown('dev', up());
  });

  it('shows a mistake in a file as an item and as a problem, and what runs beside it', async () => {
    const file = vscode.Uri.file(project.path('compose.yaml'));
    project.write({ 'compose.yaml': compose.replace('  worker:\n', '  worker: [\n') });
    const { tree, view } = internals;
    // The two share the file, and are looked at one after the other.
    const broken = await waitFor(tree.onDidChange, () => problemOf('test') && problemOf('dev'));
    assert.equal(shown('dev')[0], 'dev: running · 2/2 · error in its files');
    assert.deepEqual(shown('dev').slice(2), up().slice(1));
    // Of the one whose files are looked at first, it may be told first.
    const ofBoth = () =>
      ownDiagnostics(file).find(({ message }) => /^Invalid YAML.*\(environments: .*dev, .*test\)$/.test(message));
    const problem = await waitFor((listener) => vscode.languages.onDidChangeDiagnostics(listener), ofBoth);
    await untilDiagnostics(file, [/^error invalid-configuration/]);
    const item = view.getTreeItem(broken);
    assert.equal(item.label, `${project.name}/compose.yaml:${(problem?.range.start.line ?? 0) + 1}`);

    const [uri, options] = item.command?.arguments ?? [];
    await vscode.commands.executeCommand(item.command?.command ?? '', uri, options);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, file.fsPath);
    assert.deepEqual(editor?.selection.active, problem?.range.start);

    project.write({ 'compose.yaml': compose });
    await untilShown('dev', up());
    await untilShown('test', stoppedTest);
    await untilDiagnostics(file, []);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('follows logs in one terminal, however often it is asked', async () => {
    const dev = node('dev');
    const mine = () => vscode.window.terminals.filter(({ name }) => name === `Logs: ${definition('dev')?.name}/web`);
    const web = node('dev', 'web');
    await vscode.commands.executeCommand(COMMANDS.logs, web);
    await vscode.commands.executeCommand(COMMANDS.logs, web);
    assert.equal(mine().length, 1);
    await vscode.commands.executeCommand(COMMANDS.logs, dev);
    assert.ok(vscode.window.terminals.some(({ name }) => name === `Logs: ${definition('dev')?.name}`));
    const closed = new Promise((resolve) => vscode.window.onDidCloseTerminal(resolve));
    mine()[0]?.dispose();
    await closed;
    await vscode.commands.executeCommand(COMMANDS.logs, web);
    assert.equal(mine().length, 1);
  });

  it('copies the address of a port', async () => {
    await vscode.commands.executeCommand(COMMANDS.copyAddress, node('dev', 'web'));
    assert.equal(await vscode.env.clipboard.readText(), `localhost:${port}`);
  });

  it('shows a variable that is not set as an item and as a problem', async () => {
    const file = vscode.Uri.file(project.path('compose.yaml'));
    const lines = compose.trimEnd().split('\n');
    project.write({ 'compose.yaml': [...lines, '    labels:', `      a: "\${BERTH_UNSET}"`, ''].join('\n') });
    await untilShown('dev', [
      'dev: running · 2/2 · warning in its files',
      `compose.yaml:${lines.length + 2}: The variable BERTH_UNSET is not set, and so counts as empty.`,
      ...up().slice(1),
    ]);
    await untilDiagnostics(file, [new RegExp(`^warning unset-variable ${lines.length + 2}:11-`)]);
    project.write({ 'compose.yaml': compose });
    await untilShown('dev', up());
    await untilShown('test', stoppedTest);
    await untilDiagnostics(file, []);
  });

  it('offers to make a file that is missing out of its example, and does', async () => {
    const file = vscode.Uri.file(project.path('compose.yaml'));
    const text = compose.replace('  worker:\n', '  worker:\n    env_file: worker.env\n');
    project.write({ 'worker.env.example': 'A=1\n', 'compose.yaml': text });
    const { tree, view } = internals;
    // The two share the file, and are looked at one after the other.
    const row = await waitFor(tree.onDidChange, () => problemOf('test') && problemOf('dev'));
    await untilDiagnostics(file, [/^warning missing-env-file/]);
    const [problem] = ownDiagnostics(file);
    assert.match(problem?.message ?? '', /worker\.env of .* Copy \S*worker\.env\.example to it, and fill that in\./);
    assert.equal(view.getTreeItem(row).contextValue, 'problem inline-copyExample');
    await vscode.window.showTextDocument(file);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file,
      problem?.range,
    );
    const [action] = actions.filter(({ command }) => command?.command === COMMANDS.copyExample);
    assert.equal(action?.title, 'Copy worker.env.example to worker.env');
    await vscode.commands.executeCommand(COMMANDS.copyExample, ...(action?.command?.arguments ?? []));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, project.path('worker.env'));
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'A=1\n');
    await untilShown('dev', up());
    await untilShown('test', stoppedTest);
    // What is there is not overwritten.
    project.write({ 'worker.env': 'A=2\n' });
    await vscode.commands.executeCommand(COMMANDS.copyExample, action?.command?.arguments?.[0]);
    assert.equal(fs.readFileSync(project.path('worker.env'), 'utf8'), 'A=2\n');
    project.write({ 'compose.yaml': compose });
  });

  it('takes it down by command', async () => {
    await vscode.commands.executeCommand(COMMANDS.down, node('dev'));
    await untilShown('dev', stopped());
    const left = await project.docker(
      'ps',
      '--all',
      '--quiet',
      '--filter',
      `label=com.docker.compose.project=${project.name}`,
    );
    assert.equal(left, '');
  });

  it('runs nothing on what it does not apply to, whoever asks for it', async () => {
    const begun: unknown[] = [];
    const { operations } = internals.berth;
    const subscription = operations.onDidChange(() => begun.push(...operations.running));
    try {
      await vscode.commands.executeCommand(COMMANDS.stop, node('dev'));
      await vscode.commands.executeCommand(COMMANDS.down, { environment: definition('dev')?.name });
      await vscode.commands.executeCommand(COMMANDS.restart, { environment: definition('dev')?.name, service: 'web' });
    } finally {
      subscription.dispose();
    }
    assert.deepEqual(begun, []);
  });

  it('lets go of environments whose folder is removed', async () => {
    await project.dispose();
    await untilShown('dev', []);
  });
});
