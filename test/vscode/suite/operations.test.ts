import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../../src/core/common/event';
import type { OperationRequest } from '../../../src/core/operations/operation';
import { COMMANDS, type CommandName, DOCUMENT_SCHEMES, SETTINGS } from '../../../src/extension/contributions';
import type { Internals } from '../../../src/extension/extension';
import type { TreeNode } from '../../../src/extension/views/environmentTree';
import { HostProject } from './support/hostProject';

/** `web` has a secret; `worker` has a volume of its own. */
const COMPOSE = `name: PROJECT
services:
  web:
    image: berth/idle:1
    environment: { API_TOKEN: never-seen-42 }
    stop_grace_period: 3s
  worker:
    image: berth/idle:1
    volumes: [data:/data]
    stop_grace_period: 3s
volumes:
  data:
`;

describe('operations and tools, inside VS Code', () => {
  const project = new HostProject('two');
  const settings = () => vscode.workspace.getConfiguration(SETTINGS.section);
  let internals: Internals;

  before(async () => {
    const extension = vscode.extensions.getExtension<Internals>('berth.berth');
    assert.ok(extension);
    internals = await extension.activate();
    project.write({ 'compose.yaml': COMPOSE, 'compose.test.yaml': 'services: { web: { labels: { a: b } } }\n' });
    await Promise.all([until('dev', 'stopped', 'stopped'), until('test', 'stopped', 'stopped')]);
  });

  after(async () => {
    for (const kind of ['kill', 'removeVolumes'] as const) {
      await settings().update(SETTINGS.confirm(kind), undefined, vscode.ConfigurationTarget.Global);
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await project.dispose();
  });

  function environment(name: string) {
    return internals.berth.store.environments.find(
      ({ definition }) => definition.projectDirectory === project.folder && path.basename(definition.name) === name,
    );
  }

  /** The node of an environment, or of a service of it. */
  function node(name: string, service?: string): TreeNode {
    const { tree } = internals;
    const found = tree.environmentNode(environment(name)?.definition.id ?? '');
    const wanted =
      service === undefined
        ? found
        : found && tree.children(found).find((child) => child.kind === 'service' && child.service === service);
    assert.ok(wanted, `no node ${name} ${service ?? ''}`);
    return wanted;
  }

  /** Waits until Compose has said what an environment contains, and web and worker of it have these healths. */
  async function until(name: string, web: string, worker: string): Promise<void> {
    const healths = () => environment(name)?.services.map(({ health }) => health);
    const isSo = () =>
      (environment(name)?.resolution.kind === 'resolved' && String(healths()) === String([web, worker])) || undefined;
    await waitFor(internals.berth.store.onDidChange, isSo, AbortSignal.timeout(30_000)).catch(() => {
      assert.deepEqual(healths(), [web, worker]);
    });
  }

  const run = (command: CommandName, ...args: unknown[]) => vscode.commands.executeCommand(COMMANDS[command], ...args);

  /** The operations that were begun while `action` ran. */
  async function begunWhile(action: () => Thenable<unknown>): Promise<readonly OperationRequest[]> {
    const begun = new Set<OperationRequest>();
    const { operations } = internals.berth;
    const subscription = operations.onDidChange(() => {
      for (const { request } of operations.running) begun.add(request);
    });
    try {
      await action();
      return [...begun];
    } finally {
      subscription.dispose();
    }
  }

  it('brings up several environments at the same time', async () => {
    let most = 0;
    const { operations } = internals.berth;
    const subscription = operations.onDidChange(() => {
      most = Math.max(most, operations.running.length);
    });
    await run('up', node('dev'), [node('dev'), node('test')]);
    subscription.dispose();
    assert.equal(most, 2);
    await until('dev', 'running', 'running');
    await until('test', 'running', 'running');
  });

  it('shows what is under way before the command has returned to who called it', async () => {
    const described = () => internals.view.getTreeItem(node('dev', 'web')).description;
    let returned = false;
    const restarted = run('restart', node('dev', 'web')).then(() => {
      returned = true;
    });
    await waitFor(internals.tree.onDidChange, () => described() === 'restarting…' || undefined);
    assert.ok(!returned);
    await restarted;
    await until('dev', 'running', 'running');
  });

  it('does one operation on the services that are selected', async () => {
    const both = [node('dev', 'web'), node('dev', 'worker')];
    const begun = await begunWhile(() => run('stop', both[0], both));
    assert.deepEqual(
      begun.map(({ operation, services }) => [operation, services]),
      [['stop', ['web', 'worker']]],
    );
    await until('dev', 'stopped', 'stopped');
    await run('start', both[0], both);
    await until('dev', 'running', 'running');
  });

  it('does what waits for another operation after that one, and shows both', async () => {
    const { tree, berth, view } = internals;
    const rows = () => (['web', 'worker'] as const).map((name) => view.getTreeItem(node('dev', name)).description);
    const stopping = run('stop', node('dev', 'web'));
    const pausing = run('pause', node('dev', 'worker'));
    await waitFor(tree.onDidChange, () => String(rows()) === 'stopping…,pausing…' || undefined);
    assert.equal(berth.operations.running.length, 2);
    await Promise.all([stopping, pausing]);
    await until('dev', 'stopped', 'paused');
    await run('unpause', node('dev', 'worker'));
    await run('start', node('dev', 'web'));
    await until('dev', 'running', 'running');
  });

  it('shows a container and the configuration without secrets, until they are asked for', async () => {
    const shown = () => vscode.window.activeTextEditor?.document;
    await run('inspectContainer', node('dev', 'web'));
    assert.equal(shown()?.languageId, 'json');
    const container = JSON.parse(shown()?.getText() ?? '');
    assert.ok(JSON.stringify(container).includes(project.container('web')));
    assert.ok(!shown()?.getText().includes('never-seen-42'));

    await run('showConfiguration', node('dev'));
    const uri = shown()?.uri;
    assert.match(shown()?.getText() ?? '', /^name: .*\nservices:\n/);
    assert.ok(!shown()?.getText().includes('never-seen-42'));
    await run('showSecrets', uri);
    assert.equal(shown()?.uri.scheme, DOCUMENT_SCHEMES.open);
    assert.ok(shown()?.getText().includes('API_TOKEN: never-seen-42'));
    await run('inspectImage', node('dev', 'web'));
    assert.match(shown()?.uri.path ?? '', /web image\.json$/);
  });

  it('makes a document anew when asked to', async () => {
    const document = () => vscode.window.activeTextEditor?.document;
    await run('inspectContainer', node('dev', 'web'));
    const before = document()?.getText();
    await run('restart', node('dev', 'web'));
    const changed = new Promise((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document !== document()) return;
        subscription.dispose();
        resolve(undefined);
      });
    });
    await run('refreshDocument', document()?.uri);
    await changed;
    assert.notEqual(document()?.getText(), before);
  });

  it('copies the names that Docker has for things', async () => {
    const both = [node('dev', 'web'), node('dev', 'worker')];
    await run('copyName', both[0], both);
    assert.equal(await vscode.env.clipboard.readText(), `${project.container('web')}\n${project.container('worker')}`);
    await run('copyName', node('dev'));
    assert.equal(await vscode.env.clipboard.readText(), project.name);
  });

  it('runs nothing that destroys unless the question before it was answered', async () => {
    // Here, VS Code refuses to show a dialog.
    for (const command of ['reset', 'downWithVolumes', 'kill'] as const) {
      assert.deepEqual(await begunWhile(() => run(command, node('dev'))), [], command);
    }
    await until('dev', 'running', 'running');
  });

  it('asks nothing where the settings say so', async () => {
    for (const kind of ['kill', 'removeVolumes'] as const) {
      await settings().update(SETTINGS.confirm(kind), false, vscode.ConfigurationTarget.Global);
    }
    const [killed] = await begunWhile(() => run('kill', node('dev', 'web')));
    assert.deepEqual([killed?.operation, killed?.services], ['kill', ['web']]);
    const volumes = () =>
      project.docker('volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${project.name}`);
    assert.notEqual(await volumes(), '');
    await run('downWithVolumes', node('dev'));
    assert.equal(await volumes(), '');
    await until('dev', 'stopped', 'stopped');
    await until('test', 'running', 'running');
  });
});
