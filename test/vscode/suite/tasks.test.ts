import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { UserError } from '../../../src/core/common/errors';
import { waitFor } from '../../../src/core/common/event';
import { readJUnit } from '../../../src/core/runs/junit';
import type { Internals } from '../../../src/extension/extension';
import { RefusalTerminal } from '../../../src/extension/tasks/refusalTerminal';
import { repositoryRoot } from '../../support/paths';
import { exited } from '../../support/processes';
import { removeFolder } from '../../support/temporary';
import { HostProject } from './support/hostProject';

/** What only a workflow tells is left out: workflows are those at the top of a workspace folder, and here that is above the systems. */
const IN_WORKFLOWS = ['test dashtam/compose/ci test'];

const SYSTEMS = ['dashtam', 'emotion-visualizer', 'hyvve', 'ichrisbirch', 'sherpa'] as const;

const COMPOSE = `name: PROJECT
services:
  postgres:
    image: postgres:16-alpine
    environment: { POSTGRES_PASSWORD: k7Q2vX9mT4sL8wZr }
    volumes: [data:/var/lib/postgresql/data]
    healthcheck: { test: ["CMD-SHELL", "pg_isready -U postgres -h 127.0.0.1"], interval: 1s, retries: 30 }
    stop_grace_period: 2s
  redis:
    image: redis:7-alpine
    tmpfs: [/data]
    healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s }
    stop_grace_period: 2s
volumes:
  data:
`;

const BERTH = `environments:
  dev:
    files: [compose.yaml]
    purpose: development
    commands:
      greet: { run: [node, -e, 'process.exit(process.env.NAME && process.env.NAME === process.argv[1] ? 4 : 5)'] }
      serve: { run: [node, serve.js], background: true }
  test:
    files: [compose.yaml]
    project: PROJECT-test
    purpose: test
    commands:
      rows:
        kind: test
        service: postgres
        run:
          - sh
          - -ec
          - |
            psql -v ON_ERROR_STOP=1 -qU postgres -c "create table ships (name text)" -c "insert into ships values ('Argo')"
            [ "$(psql -qtAU postgres -c 'select count(*) from ships')" = 1 ]
      keys:
        kind: test
        service: redis
        run:
          - sh
          - -c
          - |
            redis-cli set ship Argo
            [ "$(redis-cli get ship)" = Vasa ] && exit
            echo "PROJECT/ships_test.py:2: AssertionError"
            exit 7
          - pytest
      words: { kind: test, service: redis, run: [sh, -c, '[ "$1 $2 $FLAG" = "a b c on" ]', sh] }
      endless: { kind: test, service: redis, run: [sh, -c, redis-cli lpush begun 1; exec sleep 600] }
      migrate: { kind: setup, service: redis, run: redis-cli ping }
`;

const TASKS = {
  version: '2.0.0',
  tasks: [
    {
      label: 'with everything',
      type: 'berth',
      environment: 'PROJECT/test',
      command: 'words',
      services: ['redis'],
      args: ['a b', 'c'],
      env: { FLAG: 'on' },
      timeout: '1m',
      problemMatcher: [],
    },
    { label: 'main', type: 'berth', environment: 'PROJECT/test' },
    { label: 'unknown environment', type: 'berth', environment: 'PROJECT/tset' },
    { label: 'unknown command', type: 'berth', environment: 'PROJECT/test', command: 'row' },
    {
      label: 'greeting',
      type: 'berth',
      environment: 'PROJECT/dev',
      command: 'greet',
      args: ['Argo'],
      env: { NAME: 'Argo' },
    },
    { label: 'no test', type: 'berth', environment: 'PROJECT/test', command: 'migrate', keep: true },
    {
      label: 'acceptance',
      type: 'berth',
      environment: 'PROJECT/dev',
      operation: 'accept',
      args: ['--junit', 'PROJECT/accept.xml'],
    },
    { label: 'unknown operation', type: 'berth', environment: 'PROJECT/dev', operation: 'upp' },
  ],
};

describe('the terminal of a task that can not be', () => {
  it('begins each line at its beginning', () => {
    const terminal = new RefusalTerminal(new UserError('usage', 'No such thing.', { remedy: 'One.\nAnother.' }));
    let written = '';
    terminal.onDidWrite((text) => {
      written += text;
    });
    terminal.open();
    terminal.close();
    assert.match(written, /No such thing\..*\r\n {2}One\.\r\nAnother\.\r\n$/);
  });
});

describe('tasks, inside VS Code', function () {
  this.timeout(180_000);
  const project = new HostProject('tasks');
  const [workspaceFolder] = vscode.workspace.workspaceFolders ?? [];
  const root = workspaceFolder?.uri.fsPath ?? '';
  const tasksFile = path.join(root, '.vscode', 'tasks.json');
  let internals: Internals;

  before(async () => {
    const extension = vscode.extensions.getExtension<Internals>('berth.berth');
    assert.ok(extension);
    internals = await extension.activate();
    project.write({ 'compose.yaml': COMPOSE, 'berth.yaml': BERTH, 'ships_test.py': '\nassert False\n' });
    await untilFound([`${project.name}/dev`, `${project.name}/test`]);
  });

  after(async () => {
    fs.rmSync(tasksFile, { force: true });
    await project.dispose();
  });

  async function untilFound(names: readonly string[]): Promise<void> {
    const { store } = internals.berth;
    const found = () => store.environments.map(({ definition }) => definition.name);
    await waitFor(store.onDidChange, () => names.every((name) => found().includes(name)) || undefined);
  }

  /** The tasks of Berth whose environments lie in a folder of the workspace. */
  async function tasksIn(folder: string): Promise<readonly vscode.Task[]> {
    const all = await vscode.tasks.fetchTasks({ type: 'berth' });
    return all.filter(({ definition }) => String(definition.environment).startsWith(`${folder}/`));
  }

  async function task(name: string): Promise<vscode.Task> {
    const all = await vscode.tasks.fetchTasks({ type: 'berth' });
    const found = all.find((one) => one.name === name);
    assert.ok(found, `${name} is not among ${all.map((one) => one.name).join(', ')}`);
    return found;
  }

  /** Waits for the end of a task. @returns its exit code. */
  function endOf(name: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== name) return;
        subscription.dispose();
        resolve(exitCode);
      });
    });
  }

  /** Runs a task to its end. @returns its exit code. */
  async function exitCodeOf(name: string): Promise<number | undefined> {
    const toRun = await task(name);
    const ended = endOf(name);
    await vscode.tasks.executeTask(toRun);
    return ended;
  }

  /** The containers, networks and volumes of a project. */
  async function left(name: string): Promise<string> {
    const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${name}`];
    const found = await Promise.all([
      project.docker('ps', '--all', ...filter),
      project.docker('network', 'ls', ...filter),
      project.docker('volume', 'ls', ...filter),
    ]);
    return found.join('');
  }

  it('are there for the reference systems: test commands in the group of tests, and up and down', async () => {
    const expected: string[] = [];
    const folders = new Map(SYSTEMS.map((system) => [system, `${project.name}-${system}`]));
    try {
      for (const [system, folder] of folders) {
        const source = path.join(repositoryRoot, 'test', 'workspaces', system);
        fs.cpSync(source, path.join(root, folder), { recursive: true });
        const environments: readonly { name: string; directory: string; testCommands: readonly string[] }[] =
          JSON.parse(fs.readFileSync(`${source}.expected.json`, 'utf8'));
        for (const { name, directory, testCommands } of environments) {
          const environment = path.posix.join(folder, directory, name);
          const tests = testCommands
            .map((command) => `test ${environment} ${command.split(':')[0]}`)
            .filter((test) => !IN_WORKFLOWS.includes(test.replace(`${project.name}-`, '')));
          expected.push(...tests.map((test) => `berth: ${test} (test)`));
          expected.push(`berth: up ${environment} ()`, `berth: down ${environment} ()`);
        }
      }
      await untilFound(expected.flatMap((line) => /: up (.*) \(\)$/.exec(line)?.[1] ?? []));
      const found = (await Promise.all([...folders.values()].map(tasksIn))).flat();
      assert.deepEqual(
        found.map(({ source, name, group }) => `${source}: ${name} (${group?.id ?? ''})`).sort(),
        expected.sort(),
      );
      assert.deepEqual(
        found.filter(({ group }) => group?.isDefault).map(({ name }) => name),
        ['dashtam/compose/test test', 'ichrisbirch/test run_tests'].map((name) => `test ${project.name}-${name}`),
      );
      assert.deepEqual(new Set(found.map(({ scope }) => scope)), new Set([workspaceFolder]));
      const pytest = found.find(({ name }) => name.endsWith('dashtam/compose/test test-unit'));
      assert.deepEqual(pytest?.problemMatchers, ['$berth-pytest']);
      assert.equal(pytest?.detail, 'tests · in app');
    } finally {
      for (const folder of folders.values()) removeFolder(path.join(root, folder));
    }
  });

  it('end with the exit code of the tests, which ran in an environment of their own', async () => {
    assert.equal(await exitCodeOf(`test ${project.name}/test rows`), 0);
    assert.equal(await left(`${project.name}-test`), '');
    assert.equal(await exitCodeOf(`test ${project.name}/test keys`), 7);
    assert.equal(await left(`${project.name}-test`), '');
    const file = vscode.Uri.file(project.path('ships_test.py'));
    const problem = await waitFor(
      vscode.languages.onDidChangeDiagnostics,
      () => vscode.languages.getDiagnostics(file)[0],
    );
    assert.deepEqual([problem.source, problem.message, problem.range.start.line], ['pytest', 'AssertionError', 1]);
  });

  it('are completed in tasks.json: environments, their commands and services', async () => {
    const environment = `${project.name}/dev`;
    const text = JSON.stringify({ tasks: [{ type: 'berth', environment, command: 'x', services: ['y'] }] });
    fs.mkdirSync(project.path('.vscode'));
    project.write({ '.vscode/tasks.json': text });
    const document = await vscode.workspace.openTextDocument(project.path('.vscode/tasks.json'));
    /** What is offered inside a text that stands there, by what would take its place. */
    const offered = async (inside: string) => {
      const found = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        document.positionAt(text.indexOf(`"${inside}"`) + 1),
      );
      // VS Code offers variables there, too.
      return found.items.flatMap(({ kind, insertText }) =>
        kind === vscode.CompletionItemKind.Value ? insertText : [],
      );
    };
    const environments = await offered(environment);
    for (const name of ['dev', 'test'])
      assert.ok(environments.includes(`"${project.name}/${name}"`), `${environments}`);
    assert.deepEqual(await offered('x'), ['"greet"', '"serve"']);
    assert.deepEqual(await offered('y'), ['"postgres"', '"redis"']);
  });

  it('are what tasks.json says; what can not be is said, and fails', async () => {
    const known = new Promise((resolve) => {
      const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('tasks')) return;
        subscription.dispose();
        resolve(undefined);
      });
    });
    fs.mkdirSync(path.dirname(tasksFile), { recursive: true });
    fs.writeFileSync(tasksFile, JSON.stringify(TASKS).replaceAll('PROJECT', project.name));
    await known;
    const begun: string[] = [];
    const { store } = internals.berth;
    const subscription = store.onDidChange(() => {
      const test = store.environments.find(({ definition }) => definition.name === `${project.name}/test`);
      begun.push(...(test?.services ?? []).filter(({ containers }) => containers.length > 0).map(({ name }) => name));
    });
    assert.equal(await exitCodeOf('with everything'), 0);
    subscription.dispose();
    assert.deepEqual(new Set(begun), new Set(['redis']));
    assert.equal(await exitCodeOf('main'), 0);
    assert.equal(await exitCodeOf('greeting'), 4);
    for (const name of ['unknown environment', 'unknown command', 'no test', 'unknown operation']) {
      assert.equal(await exitCodeOf(name), 2, name);
    }
  });

  it('are there for any command; one that goes on until it is ended is a task in the background', async () => {
    const { isBackground, group, problemMatchers } = await task(`run ${project.name}/dev serve`);
    assert.deepEqual([isBackground, group, problemMatchers], [true, undefined, []]);
    assert.equal((await task(`run ${project.name}/dev greet`)).isBackground, false);
    assert.equal(await exitCodeOf(`run ${project.name}/dev greet`), 5);
  });

  it('find out whether an environment is as it is to be, from tasks.json and by a command', async () => {
    // A password that was made at random stands in the compose file.
    assert.equal(await exitCodeOf('acceptance'), 1);
    const report = await readJUnit([fs.readFileSync(project.path('accept.xml'), 'utf8')], 100);
    const outcomes = (report?.cases ?? []).map(
      ({ suite = '', name, outcome }) => `${path.posix.basename(suite)} ${name} ${outcome}`,
    );
    assert.deepEqual(
      outcomes.filter((one) => one.endsWith(' failed')),
      ['dev.secrets postgres failed'],
    );
    const name = `accept ${project.name}/dev`;
    const ended = endOf(name);
    await vscode.commands.executeCommand('berth.accept', { environment: `${project.name}/dev` });
    assert.equal(await ended, 1);
    assert.equal(
      await project.docker('ps', '--quiet', '--filter', `label=com.docker.compose.project=${project.name}`),
      '',
    );
  });

  it('begin a debug session only once everything is healthy', async () => {
    project.write({ 'program.js': '' });
    const health = () =>
      project.docker('ps', '--filter', `label=com.docker.compose.project=${project.name}`, '--format', '{{.Status}}');
    assert.equal(await health(), '');
    const atStart = new Promise<string>((resolve, reject) => {
      const subscription = vscode.debug.onDidStartDebugSession(() => {
        subscription.dispose();
        health().then(resolve, reject);
      });
    });
    const ended = new Promise((resolve) => {
      const subscription = vscode.debug.onDidTerminateDebugSession(({ parentSession }) => {
        if (parentSession) return;
        subscription.dispose();
        resolve(undefined);
      });
    });
    const started = await vscode.debug.startDebugging(workspaceFolder, {
      type: 'node',
      request: 'launch',
      name: 'program',
      program: project.path('program.js'),
      runtimeExecutable: process.execPath,
      preLaunchTask: `berth: up ${project.name}/dev`,
    });
    assert.ok(started);
    assert.deepEqual((await atStart).match(/\(\w.*?\)/g), ['(healthy)', '(healthy)']);
    await ended;
    assert.equal(await exitCodeOf(`down ${project.name}/dev`), 0);
  });

  it('that are terminated remove what they made', async () => {
    const { store } = internals.berth;
    const name = `test ${project.name}/test endless`;
    const test = () => store.environments.find(({ definition }) => definition.name === `${project.name}/test`);
    const execution = await vscode.tasks.executeTask(await task(name));
    await waitFor(store.onDidChange, () => test()?.health === 'healthy' || undefined);
    await project.docker('exec', `${project.name}-test-redis-1`, 'redis-cli', 'blpop', 'begun', '60');
    const filter = ['--filter', 'type=network', '--filter', 'type=volume', '--filter', 'event=destroy'];
    const events = spawn('docker', ['events', ...filter, '--format', '{{json .Actor}}'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(events, 'spawn');
    const wanted = new Set([`${project.name}-test_default`, `${project.name}-test_data`]);
    const removed = (async () => {
      for await (const line of createInterface({ input: events.stdout })) {
        for (const one of wanted) if (line.includes(one)) wanted.delete(one);
        if (wanted.size === 0) return;
      }
    })();
    try {
      execution.terminate();
      await removed;
      await waitFor(store.onDidChange, () => test()?.health === 'stopped' || undefined);
    } finally {
      events.kill();
      await exited(events);
    }
    assert.equal(await left(`${project.name}-test`), '');
  });
});
