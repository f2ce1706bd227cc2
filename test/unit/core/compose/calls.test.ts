import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../../../src/core/common/errors';
import { composeCall, projectCall } from '../../../../src/core/compose/composeCall';
import { type OperationName, type OperationOptions, operationCalls } from '../../../../src/core/compose/operationCalls';
import {
  configCall,
  copyCall,
  execCall,
  logsCall,
  runCall,
  shellCall,
  watchCall,
} from '../../../../src/core/compose/serviceCalls';
import type { Container } from '../../../../src/core/model/container';
import { buildSnapshot, type Resolution } from '../../../../src/core/model/snapshot';
import { scaledByHand } from '../../../../src/core/operations/phases';
import { definition, project, service } from '../support/examples';
import { container } from '../support/fakeEngine';

/** A folder that belongs to no project. */
const NOWHERE = path.parse(process.cwd()).root;

describe('composeCall', () => {
  it('names the files, and runs in the project directory', () => {
    assert.deepEqual(composeCall(definition(), ['config']), {
      command: 'docker',
      args: ['compose', '--file', '/projects/compose.yaml', 'config'],
      cwd: '/projects',
    });
  });

  it('says everything that makes it mean this environment', () => {
    const environment = definition({
      context: 'far',
      files: ['/projects/compose.yaml', '/projects/compose.test.yaml'],
      envFiles: ['/projects/a.env', '/projects/b.env'],
      profiles: ['tools', 'debug'],
      projectName: 'app-test',
    });
    const { args } = composeCall(environment, ['up', '-d']);
    assert.deepEqual(args, [
      ...['--context', 'far', 'compose'],
      ...['--file', '/projects/compose.yaml', '--file', '/projects/compose.test.yaml'],
      ...['--env-file', '/projects/a.env', '--env-file', '/projects/b.env'],
      ...['--profile', 'tools', '--profile', 'debug', '--project-name', 'app-test', 'up', '-d'],
    ]);
    const all = composeCall(environment, ['config'], { profiles: ['*'] }).args;
    assert.deepEqual(
      all.filter((_, index) => all[index - 1] === '--profile'),
      ['*'],
    );
  });

  it('names the project directory when the first file lies elsewhere', () => {
    const { args, cwd } = composeCall(definition({ files: ['/projects/docker/compose.yaml'] }), ['ps']);
    assert.deepEqual(args.slice(3), ['--project-directory', '/projects', 'ps']);
    assert.equal(cwd, '/projects');
  });
});

describe('projectCall', () => {
  it('names the project alone, and runs where no compose file is', () => {
    assert.deepEqual(projectCall('app', 'far', ['stop']), {
      command: 'docker',
      args: ['--context', 'far', 'compose', '--project-name', 'app', 'stop'],
      cwd: NOWHERE,
      env: { COMPOSE_FILE: '', COMPOSE_PROFILES: '' },
    });
  });
});

describe('operationCalls', () => {
  const resolved: Resolution = { kind: 'resolved', project: project('web') };
  const broken: Resolution = { kind: 'broken', error: new UserError('configuration', 'no') };
  const snapshot = (resolution: Resolution = resolved) =>
    buildSnapshot(definition({ profiles: ['tools'] }), resolution, [], true);
  const argsOf = (operation: OperationName, services: string[], resolution?: Resolution) =>
    callsOf(operation, services, {}, resolution)[0] ?? [];
  const callsOf = (operation: OperationName, services: string[], options: OperationOptions, resolution?: Resolution) =>
    operationCalls(operation, snapshot(resolution), 'app', services, options).map((call) => call.args);
  const files = ['compose', '--file', '/projects/compose.yaml'];
  const byName = ['compose', '--project-name', 'app'];

  it('up uses the files and the profiles', () => {
    assert.deepEqual(argsOf('up', []), [...files, '--profile', 'tools', 'up', '--detach']);
  });

  it('takes services behind a separator: a name may begin with a dash', () => {
    assert.deepEqual(argsOf('up', ['-v', 'web']).slice(-4), ['--detach', '--', '-v', 'web']);
    assert.deepEqual(argsOf('stop', ['--help']), [...byName, 'stop', '--', '--help']);
  });

  it('stop, start and restart go by the name: they reach all profiles, also while the files are broken', () => {
    for (const operation of ['stop', 'start', 'restart'] as const) {
      assert.deepEqual(argsOf(operation, []), [...byName, operation]);
      assert.deepEqual(argsOf(operation, [], broken), [...byName, operation]);
    }
  });

  it('down uses the files when they are good, with all profiles, and never removes data', () => {
    assert.deepEqual(argsOf('down', []), [...files, '--profile', '*', 'down', '--remove-orphans']);
    assert.deepEqual(argsOf('down', [], broken), [...byName, 'down', '--remove-orphans']);
  });

  it('down of some services removes their containers', () => {
    const remove = ['rm', '--stop', '--force', '--', 'web'];
    assert.deepEqual(argsOf('down', ['web']), [...files, '--profile', '*', ...remove]);
    assert.deepEqual(argsOf('down', ['web'], broken), [...byName, ...remove]);
  });

  it('other ways to make containers and images', () => {
    const up = [...files, '--profile', 'tools', 'up', '--detach'];
    const build = [...files, '--profile', 'tools', 'build'];
    assert.deepEqual(callsOf('up', ['web'], { build: true }), [[...up, '--build', '--', 'web']]);
    assert.deepEqual(callsOf('up', [], { profiles: ['a', 'b'] }), [
      [...files, '--profile', 'a', '--profile', 'b', 'up', '--detach'],
    ]);
    assert.deepEqual(callsOf('up', [], { profiles: [] }), [[...files, 'up', '--detach']]);
    assert.deepEqual(callsOf('recreate', [], {}), [[...up, '--force-recreate']]);
    assert.deepEqual(callsOf('build', ['web'], { noCache: true, pullBase: true }), [
      [...build, '--no-cache', '--pull', '--', 'web'],
    ]);
    assert.deepEqual(callsOf('rebuild', [], {}), [
      [...build, '--no-cache'],
      [...up, '--force-recreate'],
    ]);
    assert.deepEqual(callsOf('pull', [], {}), [[...files, '--profile', 'tools', 'pull', '--ignore-buildable']]);
    assert.deepEqual(callsOf('scale', ['a', 'b'], { replicas: { a: 3, b: 2 } }), [
      [...up, '--no-recreate', '--scale', 'a=3', '--scale', 'b=2', '--', 'a', 'b'],
    ]);
  });

  it('pause and unpause name the containers of a service that has both paused and running ones', () => {
    const both = [1, 2, 3].map((number) =>
      container(`app-web-${number}`, { number, state: number === 2 ? 'paused' : 'running' }),
    );
    const db = container('app-db-1', { service: 'db' });
    const calls = (operation: OperationName, ...containers: Container[]) =>
      operationCalls(
        operation,
        buildSnapshot(definition({ context: 'far' }), resolved, containers, true),
        'app',
        [],
      ).map(({ args }) => args.slice(2));
    const project = ['compose', '--project-name', 'app'];
    assert.deepEqual(calls('pause', ...both, db), [
      [...project, 'pause', '--', 'db'],
      ['pause', 'app-web-1', 'app-web-3'],
    ]);
    assert.deepEqual(calls('unpause', ...both, { ...db, state: 'paused' }), [
      [...project, 'unpause', '--', 'db'],
      ['unpause', 'app-web-2'],
    ]);
    assert.deepEqual(calls('unpause', ...both.slice(1, 2), db), [[...project, 'unpause', '--', 'web']]);
    assert.deepEqual(calls('pause', db), [[...project, 'pause']]);
    assert.deepEqual(calls('up', ...both)[0], ['unpause', 'app-web-2']);
  });

  it('scale says how many containers there are of what is depended on, and of nothing else', () => {
    const services = [
      service('web', { dependencies: ['api'] }),
      service('api', { dependencies: ['db'] }),
      service('db'),
    ];
    const resolution: Resolution = { kind: 'resolved', project: project(...services, 'cache') };
    const containers = ['web', 'api', 'db', 'cache'].flatMap((name) =>
      [1, 2].map((number) => container(`app-${name}-${number}`, { service: name, number })),
    );
    const scaled = buildSnapshot(definition(), resolution, containers, true);
    const [call] = operationCalls('scale', scaled, 'app', ['api'], { replicas: { api: 3 } });
    assert.deepEqual(call?.args.slice(3), [
      ...['up', '--detach', '--no-recreate', '--scale', 'api=3', '--scale', 'db=2', '--', 'api'],
    ]);
    // So does what brings up some services; of those themselves the files say it.
    const [up] = operationCalls('up', scaled, 'app', ['api']);
    assert.deepEqual(up?.args.slice(-6), ['up', '--detach', '--scale', 'db=2', '--', 'api']);
    const [whole] = operationCalls('up', scaled, 'app', []);
    assert.deepEqual(whole?.args.slice(-2), ['up', '--detach']);
    // Unless it is told how many there were, once they are gone.
    const gone = buildSnapshot(definition(), resolution, [], true);
    const replicas = scaledByHand(scaled);
    assert.deepEqual(replicas, { web: 2, api: 2, db: 2, cache: 2 });
    const argsOf = (services: readonly string[]) => operationCalls('up', gone, 'app', services, { replicas })[0]?.args;
    assert.deepEqual(argsOf(['db'])?.slice(-6), ['up', '--detach', '--scale', 'db=2', '--', 'db']);
    assert.deepEqual(
      argsOf([])?.slice(-8),
      ['api', 'cache', 'db', 'web'].flatMap((name) => ['--scale', `${name}=2`]),
    );
    assert.deepEqual(scaledByHand(gone), {});
  });

  it('what removes data', () => {
    const down = [...files, '--profile', '*', 'down', '--remove-orphans', '--volumes'];
    assert.deepEqual(callsOf('down', [], { volumes: true }), [down]);
    assert.deepEqual(callsOf('down', [], { volumes: true }, broken), [
      [...byName, 'down', '--remove-orphans', '--volumes'],
    ]);
    assert.deepEqual(callsOf('reset', [], {}), [down, [...files, '--profile', 'tools', 'up', '--detach']]);
    assert.deepEqual(callsOf('remove', ['web'], {}), [[...byName, 'rm', '--force', '--', 'web']]);
  });

  it('asks for plain progress', () => {
    const [call] = operationCalls('up', snapshot(), 'app', []);
    assert.deepEqual(call?.env, { COMPOSE_PROGRESS: 'plain', COMPOSE_ANSI: 'never', BUILDKIT_PROGRESS: 'plain' });
  });
});

describe('calls for a service', () => {
  const byName = ['compose', '--project-name', 'app'];
  const files = ['compose', '--file', '/projects/compose.yaml', '--profile', 'tools'];
  const quietly = ['--log-level', 'error', ...files];
  const environment = definition({ profiles: ['tools'] });

  it('logs', () => {
    assert.deepEqual(logsCall('app', undefined, ['-x'], { follow: true, tail: 100, colour: true }).args, [
      ...[...byName, '--ansi', 'always', 'logs', '--follow', '--tail', '100', '--', '-x'],
    ]);
    const plain = logsCall('app', 'far', [], { follow: false, tail: 'all', colour: false }).args;
    assert.deepEqual(plain, [
      ...['--context', 'far', ...byName, '--ansi', 'never', 'logs', '--no-color', '--tail', 'all'],
    ]);
    const options = { follow: false, tail: 5, colour: false, since: '-10m', timestamps: true };
    assert.deepEqual(logsCall('app', undefined, [], options).args.slice(-4), [
      ...['--tail', '5', '--since=-10m', '--timestamps'],
    ]);
  });

  it('a shell: the best one, or the one that is wanted', () => {
    assert.deepEqual(shellCall('app', undefined, '-web').args.slice(3, 8), ['exec', '--', '-web', 'sh', '-c']);
    assert.deepEqual(shellCall('app', 'far', 'web', { terminal: false, user: '-1', shell: '/bin/zsh' }).args, [
      ...['--context', 'far', ...byName, 'exec', '-T', '--user=-1', '--', 'web', '/bin/zsh'],
    ]);
  });

  it('a command, in a running container or a new one', () => {
    const command = ['-x', '--', 'y z'];
    const options = { terminal: false, user: 'me', workdir: '/a', variables: ['A'] };
    assert.deepEqual(execCall('app', undefined, 'web', command, options).args, [
      ...[...byName, 'exec', '-T', '--user=me', '--workdir=/a', '--env', 'A', '--', 'web', ...command],
    ]);
    assert.deepEqual(execCall('app', undefined, 'web', ['ls'], { terminal: true, index: 2 }).args, [
      ...[...byName, 'exec', '--index=2', '--', 'web', 'ls'],
    ]);
    assert.deepEqual(runCall(environment, 'web', command, { terminal: true }).args, [
      ...[...files, 'run', '--rm', '--', 'web', ...command],
    ]);
    const quiet = { terminal: false, user: 'me', noDeps: true, withoutWarnings: true };
    assert.deepEqual(runCall(environment, 'web', [], quiet).args, [
      ...[...quietly, 'run', '--rm', '-T', '--user=me', '--no-deps', '--', 'web'],
    ]);
  });

  it('copying, watching, and the configuration', () => {
    assert.deepEqual(copyCall('app', undefined, { path: '/a:b' }, { service: '-web', path: '/x' }).args, [
      ...[...byName, 'cp', '--', '/a:b', '-web:/x'],
    ]);
    assert.deepEqual(copyCall('app', undefined, { service: 'web', path: '/x', index: 2 }, { path: '/a' }).args, [
      ...[...byName, 'cp', '--index=2', '--', 'web:/x', '/a'],
    ]);
    const web = { name: '-web', profiles: ['web', 'tools'] };
    assert.deepEqual(watchCall(environment, [web]).args, [...files, '--profile', 'web', 'watch', '--', '-web']);
    assert.deepEqual(watchCall(environment, []).args, [...files, 'watch']);
    assert.deepEqual(configCall(environment).args, [...files, 'config']);
    assert.deepEqual(configCall(environment, 'json').args, [...files, 'config', '--format', 'json']);
  });
});
