import assert from 'node:assert/strict';
import path from 'node:path';
import type { EnvironmentCommand } from '../../../../src/core/model/command';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { commandCall } from '../../../../src/core/runs/commandCall';
import { runFileText } from '../../../../src/core/runs/runFile';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { definition, project } from '../support/examples';

describe('the call of a command', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('call');
  });
  afterEach(() => removeFolder(folder));

  const callOf = (change: Partial<EnvironmentCommand>, options: object = {}, envFiles: readonly string[] = []) => {
    const command = { name: 'unit', kind: 'test' as const, command: ['pytest', '-q'], ...change };
    const known = definition({ projectName: 'shop-test', projectDirectory: folder, envFiles });
    const environment = buildSnapshot(
      known,
      { kind: 'resolved', project: { ...project('api'), name: 'shop-test' } },
      [],
      true,
    );
    return commandCall(command, environment, { terminal: false, ...options });
  };

  it('in a running container is exec, with the names of variables only among its arguments', async () => {
    const call = await callOf(
      { service: 'api', directory: '/app', user: '1000', env: { MODE: 'a', LEVEL: '1' } },
      { args: ['-k', 'a b'], env: { MODE: 'secret' } },
    );
    const words = [
      'exec',
      '-T',
      '--user=1000',
      '--workdir=/app',
      '--env',
      'MODE',
      '--env',
      'LEVEL',
      '--',
      'api',
      'pytest',
      '-q',
      '-k',
      'a b',
    ];
    assert.deepEqual(call.args.slice(-words.length), words);
    assert.ok(call.args.includes('shop-test'));
    assert.deepEqual([call.env?.MODE, call.env?.LEVEL], ['secret', '1']);
  });

  it('in a new container is run, which leaves that when it has a name and something is to be collected', async () => {
    const call = await callOf({ service: 'api', inNewContainer: true, user: 'app' });
    assert.deepEqual(call.args.slice(-8), ['run', '--rm', '-T', '--user=app', '--', 'api', 'pytest', '-q']);
    const named = (collect?: readonly string[]) =>
      callOf({ service: 'api', inNewContainer: true, collect }, { containerName: 'tests' });
    assert.deepEqual((await named()).args.slice(-8, -4), ['run', '--rm', '--name=tests', '-T']);
    assert.deepEqual((await named(['report.xml'])).args.slice(-7, -4), ['run', '--name=tests', '-T']);
  });

  it('in a new container has no warnings of Compose where a value loses a part, but where it is shown', async () => {
    const command = { name: 'unit', kind: 'test' as const, command: ['ls'], service: 'api', inNewContainer: true };
    const argsWith = async (isShown: boolean, parts?: readonly string[]) => {
      const warning = { code: 'unset-variable' as const, message: '', remedy: '', parts };
      const resolved = { ...project('api'), warnings: [warning] };
      const environment = buildSnapshot(definition(), { kind: 'resolved', project: resolved }, [], true);
      const { args } = await commandCall(command, environment, { terminal: false, isShown });
      return args.slice(0, args.indexOf('compose'));
    };
    assert.deepEqual(await argsWith(false, ['zebra77']), ['--log-level', 'error']);
    assert.deepEqual(await argsWith(true, ['zebra77']), []);
    assert.deepEqual(await argsWith(false), []);
  });

  it('on this machine is the program itself, with its variables', async () => {
    const call = await callOf({ directory: 'web', env: { C: '3', D: '3' } }, { env: { D: '4' }, args: ['x'] });
    assert.deepEqual(call, {
      command: 'pytest',
      args: ['-q', 'x'],
      cwd: path.join(folder, 'web'),
      env: { C: '3', D: '4' },
    });
  });

  it('says what is wrong: arguments, a service, an env file', async () => {
    await assert.rejects(callOf({ takesArguments: false }, { args: ['x'] }), /"unit" takes no arguments/);
    const line = ['sh', '-c', 'pytest | tee log'];
    await assert.rejects(callOf({ command: line }, { args: ['x'] }), /"unit" takes no arguments/);
    await callOf({ command: [...line, 'sh'] }, { args: ['x'] });
    await assert.rejects(callOf({ service: 'web' }), /Environment ".*" has no service "web"/);
    await assert.rejects(callOf({}, {}, [path.join(folder, '.env')]), /The env file \.env can't be read/);
  });
});

describe('the compose file of a test run', () => {
  it('labels every service, the volumes where they go with them, and does nothing else', () => {
    const mark = { id: 'ab', host: 'here', kept: false, removesVolumes: true };
    const labels = {
      'dev.berth.run': 'ab',
      'dev.berth.run.host': 'here',
      'dev.berth.run.kept': 'false',
      'dev.berth.run.volumes': 'remove',
    };
    const services = { api: { labels }, db: { labels } };
    const resolved = { ...project('api', 'db'), volumes: ['shop_data'], volumeKeys: ['data'] };
    assert.deepEqual(JSON.parse(runFileText(resolved, mark)), { services, volumes: { data: { labels } } });
    const staying = JSON.parse(runFileText(resolved, { ...mark, removesVolumes: false }));
    assert.deepEqual(Object.keys(staying), ['services']);
  });
});
