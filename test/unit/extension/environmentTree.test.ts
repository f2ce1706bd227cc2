import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../../src/core/common/errors';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';
import { container, environment, folder, service } from '../cli/examples';
import { running, runningProject, TreeWorld } from './examples';

const web = service('web', { ports: [{ target: 80, published: 8080, protocol: 'tcp' }] });
const db = service('db');

/** The same environment a moment later: what did not change in it is the same object. */
function later(
  before: EnvironmentSnapshot,
  containers: Parameters<typeof buildSnapshot>[2],
  connected = true,
): EnvironmentSnapshot {
  return buildSnapshot(before.definition, before.resolution, containers, connected, before);
}

describe('the tree of the Environments view', () => {
  const dev = environment('dev', { services: [db, web], containers: [container('db'), container('web')] });
  const test = environment('test', { services: [db, web] });

  it('has environments in the order of the store, and below them their services', () => {
    const world = new TreeWorld([dev, test]);
    assert.deepEqual(world.lines(), [
      'dev: healthy · 2/2',
      '  db: healthy',
      '  web: healthy · 8080',
      'test: stopped',
      '  db: stopped',
      '  web: stopped · 8080',
    ]);
  });

  it('tells of the one service that changed, when the environment looks the same', () => {
    const world = new TreeWorld([dev, test]);
    const starting = later(dev, [
      container('db', { healthCheck: 'starting' }),
      container('web', { healthCheck: 'starting' }),
    ]);
    world.become(starting, test);
    world.heard();
    world.become(
      later(starting, [container('db', { healthCheck: 'starting' }), container('web', { healthCheck: 'unhealthy' })]),
      test,
    );
    assert.deepEqual(world.heard(), [['dev', 'dev/web']]);
    world.become(
      later(starting, [
        container('db', { healthCheck: 'starting' }),
        container('web', { name: 'renamed', healthCheck: 'unhealthy' }),
      ]),
      test,
    );
    assert.deepEqual(world.heard(), [['dev/web']]);
  });

  it('keeps the nodes that stay, and tells nothing when nothing changed', () => {
    const world = new TreeWorld([dev, test]);
    const [devNode] = world.tree.children();
    const services = devNode && world.tree.children(devNode);
    world.become(later(dev, []), test);
    assert.equal(world.tree.children()[0], devNode);
    assert.deepEqual(devNode && world.tree.children(devNode), services);
    assert.ok(services?.every((node, index) => devNode && world.tree.children(devNode)[index] === node));
    world.heard();
    world.become(...world.environments);
    world.become(later(world.environments[0] ?? dev, []), test);
    assert.deepEqual(world.heard(), []);
  });

  it('tells of the environment whose services came or went', () => {
    const world = new TreeWorld([dev, test]);
    world.become(later(dev, [container('db'), container('web'), container('gone')]), test);
    assert.deepEqual(world.heard(), [['dev']]);
    assert.ok(world.lines().includes('  gone: healthy · not in the compose files'));
  });

  it('tells of everything when environments came or went', () => {
    const world = new TreeWorld([dev]);
    world.become(dev, test);
    assert.deepEqual(world.heard(), ['everything']);
  });

  it('says what an operation does, on the environment and on the service it is for', () => {
    const world = new TreeWorld([dev, test]);
    world.operations = [running('restart', dev, ['web'])];
    world.operationsChanged.fire();
    assert.deepEqual(world.lines().slice(0, 3), [
      'dev: restarting… · 2/2',
      '  db: healthy',
      '  web: restarting… · 8080',
    ]);
    assert.deepEqual(world.heard(), [['dev', 'dev/web']]);
    // One that waits for it shows where it will be done.
    world.operations = [...world.operations, running('stop', dev, ['db'])];
    world.operationsChanged.fire();
    assert.deepEqual(world.lines().slice(0, 3), [
      'dev: restarting… · 2/2',
      '  db: stopping…',
      '  web: restarting… · 8080',
    ]);
    assert.deepEqual(world.heard(), [['dev/db']]);
    world.operations = [running('down', dev)];
    world.operationsChanged.fire();
    assert.deepEqual(world.lines().slice(0, 2), ['dev: taking down…', '  db: healthy']);
  });

  it('puts what is wrong with the files above the services', () => {
    const file = path.join(folder, 'compose.yaml');
    const error = new UserError('configuration', 'Invalid YAML.', { place: { file, line: 3, column: 5 } });
    const broken = environment('dev', { error, containers: [container('web')] });
    const world = new TreeWorld([broken]);
    assert.deepEqual(world.lines(), [
      'dev: healthy · 1/1 · error in its files',
      '  compose.yaml:3: Invalid YAML.',
      '  web: healthy · not in the compose files',
    ]);
    const [node] = world.tree.children();
    const [problem] = node ? world.tree.children(node) : [];
    assert.deepEqual(problem && world.tree.row(problem)?.click, { kind: 'open', place: error.details.place });
    assert.equal(problem && world.tree.parent(problem), node);
  });

  it('has a level of workspace folders where several have environments', () => {
    const other = path.resolve('/projects/billing');
    const elsewhere = buildSnapshot(
      { ...dev.definition, id: `${other}#dev`, workspaceFolder: other },
      dev.resolution,
      [],
      true,
    );
    const world = new TreeWorld([dev]);
    world.folders = [
      { name: 'docs', path: path.resolve('/projects/docs') },
      { name: 'shop', path: folder },
      { name: 'billing', path: other },
    ];
    world.become(dev);
    assert.deepEqual(world.lines()[0], 'dev: healthy · 2/2');
    world.become(dev, elsewhere);
    assert.deepEqual(
      world.lines().filter((line) => !/^ {4}/.test(line)),
      ['shop: ', '  dev: healthy · 2/2', 'billing: ', '  dev: stopped'],
    );
  });

  it('has the projects that are elsewhere on the engine under a node of their own, unless the user does not want that', () => {
    const world = new TreeWorld([dev]);
    world.elsewhere = [runningProject('blog', [container('web', { project: 'blog' })])];
    world.become(dev);
    const [, node] = world.tree.children();
    assert.deepEqual(world.lines().slice(-3), [
      'Elsewhere on this engine: 1 project',
      '  blog: healthy · 1/1',
      '    web: healthy',
    ]);
    const row = node && world.tree.row(node);
    assert.deepEqual([row?.expanded, row?.accessibleLabel], [false, 'Elsewhere on this engine, 1 project']);
    const [blog] = node ? world.tree.children(node) : [];
    assert.equal(
      blog && world.tree.row(blog)?.accessibleLabel,
      'blog, project known from its containers only, healthy, 1 of 1 services ready',
    );
    world.showsElsewhere = false;
    world.tree.update();
    assert.ok(!world.lines().join().includes('Elsewhere'));
  });

  it('says at the top of a folder what is wrong with its berth.yaml, and nothing of other files', () => {
    const place = { file: path.join(folder, 'berth.yaml'), line: 4, column: 5 };
    const world = new TreeWorld([dev]);
    world.problems = [
      { code: 'invalid-declaration', message: 'There is no key "fles" here.', remedy: 'Known are: files.', place },
      {
        code: 'missing-compose-file',
        message: 'A command names a file that is not there.',
        remedy: '',
        place: { file: path.join(folder, 'Makefile') },
      },
    ];
    world.become(dev);
    assert.deepEqual(world.lines().slice(0, 2), ['berth.yaml:4: There is no key "fles" here.', 'dev: healthy · 2/2']);
    const [node] = world.tree.children();
    assert.deepEqual(node && world.tree.row(node)?.click, { kind: 'open', place });
  });

  it('shows nothing before there was an engine, and goes on showing when it is lost', () => {
    const error = new UserError('engine-unreachable', 'No Docker engine answers.', {
      cause: Object.assign(new Error('gone'), { code: 'ENOENT' }),
    });
    const lost = { kind: 'lost', error, retryAt: 0 } as const;
    const world = new TreeWorld([]);
    world.engine = { kind: 'connecting' };
    world.become(later(dev, [], false));
    assert.deepEqual([world.tree.state.kind, world.lines()], ['connecting', []]);
    world.engine = lost;
    world.become(...world.environments);
    assert.deepEqual([world.tree.state.kind, world.lines()], ['engineDown', []]);
    world.engine = { kind: 'connected', address: '' };
    world.become(dev);
    assert.equal(world.tree.state.kind, 'ready');
    world.heard();
    world.engine = lost;
    world.become(later(dev, [], false));
    const [notice, ...rest] = world.lines();
    assert.match(notice ?? '', /^Docker engine not reachable: next try at .* · No Docker engine answers\.$/);
    assert.deepEqual(rest, ['dev: unknown', '  db: unknown', '  web: unknown · 8080']);
    assert.deepEqual(world.heard(), ['everything']);
    // The next failed try changes nothing but the time in that row.
    world.engine = { ...lost, retryAt: 60_000 };
    world.become(...world.environments);
    assert.deepEqual(world.heard(), [['engine:']]);
  });

  it('lists what is in the text of a workspace that is not trusted, with nothing to do', () => {
    const text = buildSnapshot(dev.definition, { kind: 'text-only', services: ['db', 'web'] }, [], false);
    const world = new TreeWorld([text]);
    world.isTrusted = false;
    world.become(text);
    assert.deepEqual(world.lines(), [
      'Restricted mode: click to trust…',
      'dev: unknown',
      '  db: unknown',
      '  web: unknown',
    ]);
    const [, node] = world.tree.children();
    const contexts = node && [node, ...world.tree.children(node)].map((one) => world.tree.row(one)?.contextValue);
    assert.deepEqual(contexts, ['environment openFile', 'service', 'service']);
  });

  it('tells what it shows instead', () => {
    const world = new TreeWorld([]);
    const states: string[] = [world.tree.state.kind];
    world.tree.onDidChangeState((state) => states.push(state.kind));
    world.isDockerInstalled = false;
    world.dockerChanged.fire();
    world.dockerChanged.fire();
    world.folders = [];
    world.tree.update();
    assert.deepEqual(states, ['noEnvironments', 'dockerMissing', 'noFolder']);
  });

  it('has the commands of an environment under a node of their own, below its services', () => {
    const commands = [
      { name: 'unit', kind: 'test', service: 'web', command: ['pytest'], inNewContainer: true },
      { name: 'migrate', kind: 'setup', service: 'web', command: ['alembic'] },
      { name: 'front', kind: 'task', command: ['npm', 'start'], background: true },
    ] as const;
    const definition = { ...dev.definition, knowledge: { evidence: [], problems: [], commands } };
    const world = new TreeWorld([{ ...dev, definition }, test]);
    assert.deepEqual(world.lines().slice(0, 7), [
      'dev: healthy · 2/2',
      '  db: healthy',
      '  web: healthy · 8080',
      '  Commands: 3',
      '    unit: tests · in a new container of web',
      '    migrate: sets up · in web',
      '    front: on this machine · goes on until it is ended',
    ]);
    const node = world.tree.children(world.tree.children()[0]).at(-1);
    assert.equal(node && world.tree.row(node)?.expanded, false);
    const [unit] = world.tree.children(node);
    assert.equal(unit && world.tree.row(unit)?.contextValue, 'command inline-runEnvironmentCommand');
    // Nothing is run in a workspace that is not trusted.
    world.become({ ...dev, definition, resolution: { kind: 'text-only', services: [] } });
    assert.ok(!world.lines().join().includes('Commands'));
  });

  it('says what a test run has to do with an environment, and tells when that changes by itself', () => {
    const world = new TreeWorld([dev, test]);
    world.heard();
    world.runs.set(test.definition.id, 'under-way');
    world.runsChanged.fire();
    assert.deepEqual(world.heard(), [['test']]);
    assert.ok(world.lines().includes('test: stopped · test run under way'));
    world.runs.set(test.definition.id, 'kept');
    world.runsChanged.fire();
    const row = world.tree.row(world.tree.environmentNode(test.definition.id) as never);
    assert.deepEqual([row?.icon.id, row?.description], ['pinned', 'stopped · kept by a test run']);
    assert.match(row?.accessibleLabel ?? '', /kept by a test run/);
    assert.match(row?.tooltip.text ?? '', /kept by a test run/);
  });
});
