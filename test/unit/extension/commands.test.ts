import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/common/errors';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';
import type { RunState } from '../../../src/core/runs/runWatch';
import { usefulActions } from '../../../src/extension/commands/statusActions';
import {
  actionsOn,
  byEnvironment,
  refusal,
  targetGiven,
  targetsGiven,
  targetsOf,
} from '../../../src/extension/commands/targets';
import { projectToShow } from '../../../src/extension/terminalProject';
import { ACTIONS, type Action } from '../../../src/extension/views/actions';
import { container, environment, service } from '../cli/examples';
import { activity, running, runningProject } from './examples';

const port = { target: 80, published: 8080, protocol: 'tcp' };
const web = service('web', { ports: [port], built: true });
const dev = environment('dev', { services: [service('db'), web], containers: [container('web', { ports: [port] })] });
const test = environment('test', { services: [service('db')] });

const targets = (action: Action, operations = [] as ReturnType<typeof running>[]) =>
  targetsOf(action, [dev, test], activity(operations)).map(({ environment: { definition }, service: one }) =>
    [definition.name, ...(one ? [one.name] : [])].join('/'),
  );

function serviceOf(of: EnvironmentSnapshot, name: string) {
  const found = of.services.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

/** A store as commands look into it. */
function storeOf(environments: readonly EnvironmentSnapshot[], elsewhere: readonly EnvironmentSnapshot[] = []) {
  const all = [...environments, ...elsewhere];
  return { environments, find: (id: string) => all.find(({ definition }) => definition.id === id) };
}

/** A project that only its containers tell of. */
const foreign = runningProject('blog', [container('web', { project: 'blog' })]);

describe('what a command applies to', () => {
  it('of a project elsewhere is what needs no files, and only where it was chosen in the view', () => {
    const store = storeOf([dev, test], [foreign]);
    const [target] = targetsGiven({ kind: 'environment', environmentId: foreign.definition.id }, undefined, store);
    assert.equal(target?.environment, foreign);
    assert.deepEqual(targetsGiven({ environment: 'blog' }, undefined, store), []);
    const fitting = actionsOn({ environment: foreign }, activity());
    for (const action of ['stop', 'restart', 'logs', 'down', 'copyName', 'stats'] as const)
      assert.ok(fitting.has(action));
    for (const action of ['up', 'build', 'pull', 'reset', 'recreate', 'showConfiguration', 'openFile'] as const) {
      assert.ok(!fitting.has(action), action);
    }
    const ofService = actionsOn({ environment: foreign, service: serviceOf(foreign, 'web') }, activity());
    for (const action of ['stop', 'logs', 'shell', 'inspectContainer'] as const) assert.ok(ofService.has(action));
    for (const action of ['up', 'limit', 'scale', 'rebuild'] as const) assert.ok(!ofService.has(action), action);
  });

  it('is what its action fits now', () => {
    assert.deepEqual(targets('up'), ['dev', 'test', 'dev/db', 'dev/web', 'test/db']);
    assert.deepEqual(targets('stop'), ['dev', 'dev/web']);
    assert.deepEqual(targets('down'), ['dev', 'dev/web']);
    assert.deepEqual(targets('pause'), ['dev', 'dev/web']);
    assert.deepEqual(targets('unpause'), []);
    assert.deepEqual(targets('scale'), ['dev/db', 'dev/web', 'test/db']);
    assert.deepEqual(targets('reset'), ['dev', 'test']);
    assert.deepEqual(targets('downWithVolumes'), ['dev', 'test']);
    assert.deepEqual(targets('upWithChoices'), ['dev', 'test']);
    assert.deepEqual(targets('build'), ['dev', 'dev/web']);
    assert.deepEqual(targets('remove'), []);
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
      assert.equal(targetsOf('openPort', [at(target)], activity()).length, found, `${target}`);
      assert.equal(targetsOf('copyAddress', [at(target)], activity()).length, 2, `${target}`);
    }
  });

  it('may be what an operation runs on: another one waits for it', () => {
    assert.deepEqual(targets('up', [running('up', dev)]), ['dev', 'test', 'dev/db', 'dev/web', 'test/db']);
    assert.deepEqual(targets('cancelOperation', [running('up', dev)]), ['dev']);
    assert.deepEqual(targets('cancelOperation'), []);
  });

  it('is what has the data store, and what runs it', () => {
    const at = (image: string, state: 'running' | 'exited' = 'running') =>
      environment('dev', { services: [service('db', { image })], containers: [container('db', { image, state })] });
    const found = (action: Action, of: EnvironmentSnapshot) => targetsOf(action, [of], activity()).length;
    const postgres = at('postgres:16-alpine');
    assert.deepEqual(
      (['databaseShell', 'runSqlFile', 'redisInfo', 'redisFlush', 'copyConnectionString'] as const).map((action) => [
        found(action, postgres),
        found(action, at('redis:7-alpine')),
        found(action, at('nginx:1')),
        found(action, at('postgres:16-alpine', 'exited')),
      ]),
      [
        [1, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 1, 0, 0],
        [2, 2, 0, 0],
      ],
    );
  });

  it('is what Compose is to watch files for', () => {
    const watched = environment('dev', { services: [service('db'), service('web', { watched: true })] });
    const found = targetsOf('watch', [watched, test], activity()).map(({ service: one }) => one?.name);
    assert.deepEqual(found, [undefined, 'web']);
  });

  it('is, of what a test run has made, what is kept or left, and nothing while a run goes on there', () => {
    const made = environment('test', { services: [web], containers: [container('web')] });
    const ofRuns = (run?: RunState) =>
      (['finishAndRemove', 'removeLeftovers'] as const).filter((action) =>
        actionsOn({ environment: made }, activity([], run)).has(action),
      );
    assert.deepEqual([ofRuns('kept'), ofRuns('left')], [['finishAndRemove'], ['removeLeftovers']]);
    assert.deepEqual([ofRuns('under-way'), ofRuns()], [[], []]);
    const connected = { kind: 'connected', address: '' } as const;
    const refused = refusal('finishAndRemove', { environment: made }, activity([], 'under-way'), connected);
    assert.equal(refused?.message, 'test: test run under way');
  });

  it('is told apart by what its containers are at', () => {
    const paused = environment('dev', { services: [web], containers: [container('web', { state: 'paused' })] });
    const stopped = environment('dev', { services: [web], containers: [container('web', { state: 'exited' })] });
    const on = (of: EnvironmentSnapshot) =>
      ACTIONS.filter((action) => targetsOf(action, [of], activity()).length === 2);
    assert.deepEqual(
      on(paused).filter((action) => !on(stopped).includes(action)),
      ['restart', 'stop', 'unpause', 'kill', 'stats', 'openPort', 'copyAddress'],
    );
    assert.deepEqual(
      on(stopped).filter((action) => !on(paused).includes(action)),
      ['start', 'remove'],
    );
  });

  it('is nothing that the engine must be asked for while it is lost', () => {
    const unknown = environment('dev', { services: [web], containers: [container('web')], connected: false });
    for (const action of ['up', 'stop', 'down', 'logs', 'shell'] as const) {
      assert.deepEqual(targetsOf(action, [unknown], activity()), []);
    }
  });

  it('can be given as a node of the view, or by name', () => {
    const given = (argument: unknown) => {
      const target = targetGiven(argument, storeOf([dev, test]));
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

describe('what a command was given', () => {
  const { id: environmentId } = dev.definition;
  const node = (name?: string) =>
    name === undefined ? { kind: 'environment', environmentId } : { kind: 'service', environmentId, service: name };
  const given = (argument: unknown, selection?: unknown) =>
    targetsGiven(argument, selection, storeOf([dev, test])).map(({ environment: { definition }, service: one }) =>
      [definition.name, ...(one ? [one.name] : [])].join('/'),
    );

  it('is all that is selected, when it was chosen on one of several', () => {
    assert.deepEqual(given(node('web'), [node('web'), node('db')]), ['dev/web', 'dev/db']);
    assert.deepEqual(given(node('web'), [node('web')]), ['dev/web']);
    assert.deepEqual(given(node('web')), ['dev/web']);
    assert.deepEqual(given(undefined), []);
  });

  it('has a service only once, where all of its environment is selected', () => {
    const other = { kind: 'service', environmentId: test.definition.id, service: 'db' };
    assert.deepEqual(given(node(), [node('web'), node(), other]), ['dev', 'test/db']);
  });

  it('is not what other rows are below: a mistake in a file is no environment', () => {
    assert.deepEqual(given(node('web'), [node('web'), { kind: 'problem', environmentId }]), ['dev/web']);
  });

  it('is one request for each environment, with the names of the services', () => {
    const targetsOfSelection = targetsGiven(
      node('web'),
      [node('web'), node('db'), { environment: 'test' }],
      storeOf([dev, test]),
    );
    assert.deepEqual(
      byEnvironment(targetsOfSelection).map(({ environment: { definition }, services }) => [
        definition.name,
        services.map(({ name }) => name),
      ]),
      [
        ['dev', ['web', 'db']],
        ['test', []],
      ],
    );
  });
});

describe('why a command refuses a target', () => {
  const connected = { kind: 'connected', address: '' } as const;
  const why = (
    action: Action,
    target: Parameters<typeof refusal>[1],
    engine: Parameters<typeof refusal>[3] = connected,
  ) => refusal(action, target, activity(), engine);

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
  });

  it('is that the very same is under way', () => {
    const whole = { environment: dev };
    const one = { environment: dev, service: serviceOf(dev, 'web') };
    const message = (action: Action, target: typeof one | typeof whole, by: ReturnType<typeof running>) =>
      refusal(action, target, activity([by]), connected)?.message;
    assert.equal(message('up', whole, running('up', dev)), 'dev: bringing up…');
    assert.equal(message('restart', one, running('restart', dev, ['web'])), 'dev/web: restarting…');
    assert.equal(message('restart', one, running('restart', dev, ['db'])), undefined);
    assert.equal(message('restart', one, running('restart', dev)), undefined);
    assert.equal(message('down', whole, running('up', dev)), undefined);
    assert.equal(message('cancelOperation', whole, running('up', dev)), undefined);
  });
});

describe('what the status bar offers for an environment', () => {
  it('is the next useful thing', () => {
    assert.deepEqual(usefulActions(dev, activity()), ['logs', 'openPort', 'restart', 'stop', 'down']);
    const database = { target: 5432, published: 5432, protocol: 'tcp' };
    const store = environment('dev', { containers: [container('db', { ports: [database] })] });
    assert.deepEqual(usefulActions(store, activity()), ['logs', 'copyAddress', 'restart', 'stop', 'down']);
    assert.deepEqual(usefulActions(test, activity()), ['runTests', 'up']);
    const made = environment('test', { services: [web], containers: [container('web')] });
    const first = (run: RunState) => usefulActions(made, activity([], run))[0];
    assert.deepEqual([first('kept'), first('left')], ['finishAndRemove', 'removeLeftovers']);
    assert.deepEqual(usefulActions(test, activity([running('up', test)])), ['cancelOperation']);
  });
});
