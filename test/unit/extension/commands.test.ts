import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/common/errors';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';
import { usefulActions } from '../../../src/extension/commands/statusActions';
import { refusal, targetGiven, targetsOf } from '../../../src/extension/commands/targets';
import { projectToShow } from '../../../src/extension/terminalProject';
import { ACTIONS, type Action } from '../../../src/extension/views/actions';
import { container, environment, service } from '../cli/examples';
import { running } from './examples';

const port = { target: 80, published: 8080, protocol: 'tcp' };
const web = service('web', { ports: [port] });
const dev = environment('dev', { services: [service('db'), web], containers: [container('web', { ports: [port] })] });
const test = environment('test', { services: [service('db')] });

const targets = (action: Action, operations = [] as ReturnType<typeof running>[]) =>
  targetsOf(action, [dev, test], operations).map(({ environment: { definition }, service: one }) =>
    [definition.name, ...(one ? [one.name] : [])].join('/'),
  );

function serviceOf(of: EnvironmentSnapshot, name: string) {
  const found = of.services.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

describe('what a command applies to', () => {
  it('is what its action fits now', () => {
    assert.deepEqual(targets('up'), ['dev', 'test', 'dev/db', 'dev/web', 'test/db']);
    assert.deepEqual(targets('stop'), ['dev', 'dev/web']);
    assert.deepEqual(targets('down'), ['dev']);
    assert.deepEqual(targets('shell'), ['dev/web']);
    assert.deepEqual(targets('openPort'), ['dev', 'dev/web']);
    assert.deepEqual(targets('openFile'), ['dev', 'test']);
  });

  it('is a browser only for what may be web, and an address for every published port', () => {
    const at = (target: number) =>
      environment('dev', { containers: [container('db', { ports: [{ target, published: 9000, protocol: 'tcp' }] })] });
    for (const [target, found] of [
      [5432, 0],
      [3000, 2],
    ] as const) {
      assert.equal(targetsOf('openPort', [at(target)], []).length, found, `${target}`);
      assert.equal(targetsOf('copyAddress', [at(target)], []).length, 2, `${target}`);
    }
  });

  it('is not what an operation runs on, except to cancel that', () => {
    assert.deepEqual(targets('up', [running('up', dev)]), ['test', 'test/db']);
    assert.deepEqual(targets('cancelOperation', [running('up', dev)]), ['dev']);
    assert.deepEqual(targets('cancelOperation'), []);
  });

  it('is nothing that the engine must be asked for while it is lost', () => {
    const unknown = environment('dev', { services: [web], containers: [container('web')], connected: false });
    for (const action of ['up', 'stop', 'down', 'logs', 'shell'] as const) {
      assert.deepEqual(targetsOf(action, [unknown], []), []);
    }
  });

  it('can be given as a node of the view, or by name', () => {
    const given = (argument: unknown) => {
      const target = targetGiven(argument, [dev, test]);
      return target && [target.environment.definition.name, target.service?.name];
    };
    const { id: environmentId } = dev.definition;
    assert.deepEqual(given({ kind: 'environment', environmentId }), ['dev', undefined]);
    assert.deepEqual(given({ kind: 'service', environmentId, service: 'web' }), ['dev', 'web']);
    assert.deepEqual(given({ environment: 'dev', service: 'db' }), ['dev', 'db']);
    assert.deepEqual(given({ environment: 'development' }), ['dev', undefined]);
    for (const nothing of [undefined, 'dev', {}, { environment: 'prod' }, { environment: 'dev', service: 'gone' }]) {
      assert.equal(given(nothing), undefined);
    }
  });
});

describe('why a command refuses a target', () => {
  const connected = { kind: 'connected', address: '' } as const;
  const why = (
    action: Action,
    target: Parameters<typeof refusal>[1],
    engine: Parameters<typeof refusal>[3] = connected,
  ) => refusal(action, target, [], engine);

  it('is nothing where its menu would offer it', () => {
    assert.equal(why('up', { environment: test }), undefined);
    assert.equal(why('stop', { environment: dev, service: serviceOf(dev, 'web') }), undefined);
  });

  it('is that the workspace is not trusted: nothing of it runs, and no terminal shows it', () => {
    const read = buildSnapshot(dev.definition, { kind: 'text-only', services: ['web'] }, [container('web')], false);
    assert.equal(read.projectName, 'shop');
    for (const action of ACTIONS.filter((one) => one !== 'openFile')) {
      for (const target of [{ environment: read }, { environment: read, service: serviceOf(read, 'web') }]) {
        assert.match(why(action, target)?.message ?? '', /^In restricted mode, /, action);
      }
    }
    assert.equal(why('openFile', { environment: read }), undefined);
    assert.throws(() => projectToShow(read), { kind: 'usage', message: /^In restricted mode, / });
    assert.equal(projectToShow(dev), 'shop');
  });

  it('is what stands in its way', () => {
    const error = new UserError('configuration', 'Invalid YAML.');
    const lost = new UserError('engine-unreachable', 'No Docker engine answers.');
    const broken = environment('dev', { error });
    assert.equal(why('up', { environment: broken }), error);
    assert.equal(why('down', { environment: dev }, { kind: 'lost', error: lost, retryAt: 0 }), undefined);
    const unknown = environment('dev', { connected: false });
    assert.equal(why('up', { environment: unknown }, { kind: 'lost', error: lost, retryAt: 0 }), lost);
    assert.equal(why('stop', { environment: test })?.message, '"test" is stopped: this does not apply to it now.');
    assert.equal(refusal('up', { environment: dev }, [running('down', dev)], connected)?.message, 'dev: taking down…');
  });
});

describe('what the status bar offers for an environment', () => {
  it('is the next useful thing', () => {
    assert.deepEqual(usefulActions(dev, []), ['logs', 'openPort', 'restart', 'stop', 'down']);
    const database = { target: 5432, published: 5432, protocol: 'tcp' };
    const store = environment('dev', { containers: [container('db', { ports: [database] })] });
    assert.deepEqual(usefulActions(store, []), ['logs', 'copyAddress', 'restart', 'stop', 'down']);
    assert.deepEqual(usefulActions(test, []), ['up']);
    assert.deepEqual(usefulActions(test, [running('up', test)]), ['cancelOperation']);
  });
});
