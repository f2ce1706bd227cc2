import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../../../src/core/common/errors';
import { OPERATION_NAMES, type OperationName } from '../../../../src/core/compose/operationCalls';
import type { BindMount, ResolvedProject } from '../../../../src/core/model/project';
import { buildSnapshot, type EnvironmentSnapshot, type Resolution } from '../../../../src/core/model/snapshot';
import { planOperation } from '../../../../src/core/operations/plan';
import { definition, project, service } from '../support/examples';
import { container } from '../support/fakeEngine';

const BROKEN: Resolution = { kind: 'broken', error: new UserError('configuration', 'no') };
const RESET = { dataFolders: true };

function environment(name: string, resolution: Resolution, projectName?: string): EnvironmentSnapshot {
  return { definition: definition({ id: name, name }), projectName, resolution, health: 'stopped', services: [] };
}

function dev(binds: readonly BindMount[], volumes: readonly string[] = []): EnvironmentSnapshot {
  const services = project(service('cache', { image: 'redis', binds }));
  return environment('dev', { kind: 'resolved', project: { ...services, volumes } }, 'app');
}

const data = (source: string): BindMount => ({ source, keepsData: true });

function thrownBy(action: () => unknown): UserError {
  let thrown: unknown;
  assert.throws(action, (error) => {
    thrown = error;
    return error instanceof UserError;
  });
  return thrown as UserError;
}

describe('the plan of what removes data', () => {
  const reset = (one: EnvironmentSnapshot, others: readonly EnvironmentSnapshot[], options = {}) =>
    planOperation({ operation: 'reset', environmentId: 'dev', services: [], options }, one, [one, ...others]);
  const refused = (...args: Parameters<typeof reset>) => thrownBy(() => reset(...args));

  it('is refused for a data folder that is not for Berth to empty, so that it is not shown, either', () => {
    for (const source of ['/elsewhere', '/projects', '/', os.homedir(), path.dirname(os.homedir())]) {
      assert.match(
        refused(dev([data(source)]), [], RESET).message,
        /no folder of its own inside of the workspace/,
        source,
      );
    }
    const own = dev([data('/projects/data')]);
    assert.equal(reset(own, [], RESET).emptying.size, 1);
    const again = { ...own, definition: definition({ id: 'again', workspaceFolder: '/' }) };
    assert.equal(reset(own, [again], RESET).emptying.size, 1, 'found twice, it is mounted by itself');
  });

  it('is refused for a data folder in which something else lies that is mounted', () => {
    const { message } = refused(
      dev([data('/projects/data'), { source: '/projects/data/x', keepsData: false }]),
      [],
      RESET,
    );
    assert.match(message, /"\/projects\/data\/x", which "cache" has mounted, is inside of it/);
    reset(dev([data('/projects/data'), { source: '/projects/data/', keepsData: false }]), [], RESET);
    reset(dev([data('/projects/data'), { source: '/projects/data2', keepsData: false }]), [], RESET);
  });

  it('is refused for data folders while nothing is known of what another environment has mounted', () => {
    const error = refused(dev([data('/projects/data')]), [environment('test', BROKEN)], RESET);
    assert.match(error.message, /it is not known whether "test" has it mounted, too/);
    assert.match(error.details.remedy ?? '', /Correct the compose files of "test" first/);
    const pending: Resolution = { kind: 'pending', services: [] };
    const early = refused(dev([data('/projects/data')]), [environment('test', pending)], RESET);
    assert.match(early.details.remedy ?? '', /Try again/);
    const elsewhere = environment('test', BROKEN);
    reset(
      dev([data('/projects/data')]),
      [{ ...elsewhere, definition: { ...elsewhere.definition, context: 'far' } }],
      RESET,
    );
    const on = (name: string, engine: string) => {
      const one = environment(name, BROKEN);
      return { ...one, definition: { ...one.definition, context: name, engine } };
    };
    const here = { ...dev([data('/projects/data')]), definition: definition({ id: 'dev', engine: 'here' }) };
    assert.match(refused(here, [on('default', 'here')], RESET).message, /whether "default" has it mounted/);
    reset(here, [on('default', 'there')], RESET);
    reset(dev([data('/projects/data')]), [environment('test', { ...BROKEN, lastGood: project('web') })], RESET);
  });

  it('is refused for volumes with a name of their own while nothing is known of those of another environment', () => {
    const broken = environment('test', BROKEN);
    const error = refused(dev([], ['app_data', 'common']), [broken]);
    assert.match(error.message, /it is not known whether "common" is also a volume of "test"/);
    assert.match(error.details.remedy ?? '', /Correct the compose files of "test" first/);
    assert.equal(reset(dev([], ['app_data']), [broken]).calls.length, 2);
  });
});

describe('the plan of what removes volumes that another environment has, too', () => {
  const having = (name: string, projectName: string, volumes: Partial<ResolvedProject>): EnvironmentSnapshot =>
    environment(name, { kind: 'resolved', project: { ...project(service('db')), ...volumes } }, projectName);
  const one = having('dev', 'app', { volumes: ['app_db'] });
  const removal = (other: EnvironmentSnapshot, own = one) => {
    const request = { operation: 'down' as const, environmentId: 'dev', services: [], options: { volumes: true } };
    return planOperation(request, own, [own, other]).calls.length;
  };
  const refused = (...args: Parameters<typeof removal>) => thrownBy(() => removal(...args));

  it('is refused where it is in the same project, be it without containers', () => {
    const { message, details } = refused(having('test', 'app', { volumes: ['app_db', 'app_cache'] }));
    assert.match(message, /"app_db" is also a volume of "test"/);
    assert.match(details.remedy ?? '', /Give one of the two another project name/);
    assert.equal(details.takeDownFirst, undefined, 'it is down');
    assert.equal(removal(having('test', 'other', { volumes: ['other_db'] })), 1, 'with another project name');
    assert.equal(removal(having('test', 'app', { volumes: ['app_cache'] })), 1, 'of its own');
  });

  it('is refused where it uses the volume as an external one', () => {
    const { message, details } = refused(having('test', 'other', { externalVolumes: ['app_db'] }));
    assert.match(message, /"app_db" is also a volume of "test"/);
    assert.match(details.remedy ?? '', /make it external in "dev" as well/);
    const both = having('dev', 'app', { externalVolumes: ['app_db'] });
    assert.equal(removal(having('test', 'other', { externalVolumes: ['app_db'] }), both), 1, 'it stays');
  });

  it('is refused where not the files tell which volumes of the project go', () => {
    const broken = environment('dev', BROKEN, 'app');
    assert.match(refused(having('test', 'app', { volumes: ['app_cache'] }), broken).message, /"app_cache" is also/);
    assert.match(refused(having('test', 'other', { externalVolumes: ['app_x'] }), broken).message, /"app_x" is also/);
    assert.equal(removal(having('test', 'other', { volumes: ['other_db'] }), broken), 1);
    const inOther = having('dev', 'app', { volumes: ['app-dev_x'] });
    const adopted = { ...inOther, definition: { ...inOther.definition, adopted: true } };
    assert.match(refused(having('test', 'other', { externalVolumes: ['app_x'] }), adopted).message, /"app_x" is also/);
  });

  it('is refused while it is not known what another one in the same project has', () => {
    assert.match(refused(environment('test', BROKEN, 'app')).message, /not known whether "app_db" is also a volume/);
    assert.equal(removal(environment('test', BROKEN, 'other')), 1);
  });

  it('is not refused where it is found twice', () => {
    const again = { ...one, definition: definition({ id: 'again', workspaceFolder: '/' }) };
    assert.equal(removal(again), 1);
  });
});

describe('the plan of what makes containers', () => {
  const up = (one: EnvironmentSnapshot, other: EnvironmentSnapshot, operation: 'up' | 'stop' | 'build' = 'up') =>
    planOperation({ operation, environmentId: one.definition.id, services: [] }, one, [one, other]);
  const running = (name: string, adopted: boolean): EnvironmentSnapshot => {
    const resolution: Resolution = { kind: 'resolved', project: project(service('web')) };
    const own = definition({ id: name, name, projectName: 'app', ...(adopted ? { adopted } : {}) });
    return buildSnapshot(own, resolution, [container(`${name}-1`, { project: 'app' })], true);
  };

  it('is refused where the repository has started one environment in the project of another', () => {
    const [one, guest] = [running('dev', false), running('test', true)];
    for (const pair of [[one, guest] as const, [guest, one] as const]) {
      assert.throws(() => up(...pair), /would be in the same project: app/);
      // What ends it, and what makes no containers, goes on.
      assert.equal(up(...pair, 'stop').calls.length, 1);
      assert.equal(up(...pair, 'build').calls.length, 1);
    }
    // The host's data, also while nothing of the host runs.
    const idle = { ...one, services: [] };
    for (const operation of ['reset', 'down'] as const) {
      const request = { operation, environmentId: 'test', services: [], options: { volumes: true } };
      assert.throws(() => planOperation(request, guest, [idle, guest]), /The volumes of "test" are those of "dev"/);
    }
  });

  it('is refused where the containers were made from files in another folder, and so is what removes them', () => {
    const one = running('dev', false);
    const theirs = { ...one, definition: { ...one.definition, otherFolder: '/theirs/app' } };
    const plan = (operation: OperationName) =>
      planOperation({ operation, environmentId: 'dev', services: [], options: { volumes: true } }, theirs, [theirs]);
    const removing: readonly OperationName[] = ['up', 'recreate', 'rebuild', 'scale', 'reset', 'down', 'remove'];
    for (const operation of removing) {
      const error = thrownBy(() => plan(operation));
      assert.match(error.message, /"dev" are not its own: they were made from files in \/theirs\/app/, operation);
      assert.match(error.details.remedy ?? '', /"docker compose --project-name app down"/);
    }
    for (const operation of OPERATION_NAMES.filter((name) => !removing.includes(name))) plan(operation);
  });

  it('is not refused where an environment is in a workspace folder and in another one inside of it', () => {
    const one = running('dev', false);
    const found = (id: string, workspaceFolder: string, files = one.definition.files) => ({
      ...one,
      definition: { ...one.definition, id, workspaceFolder, files },
    });
    const [outer, inner] = [found('outer', '/projects'), found('inner', '/projects/shop')];
    assert.equal(up(outer, inner).calls.length, 1);
    assert.equal(up(inner, outer).calls.length, 1);
    const request = { operation: 'down' as const, environmentId: 'outer', services: [] };
    assert.deepEqual(planOperation(request, outer, [outer, inner]).request.services, [], 'all of the project');
    assert.throws(() => up(outer, found('inner', '/projects')), /made anew/, 'in one workspace folder');
    assert.throws(() => up(outer, found('inner', '/projects/shop', ['/projects/shop/x.yaml'])), /made anew/);
    const inFar = { ...inner, definition: { ...inner.definition, engine: 'far' } };
    assert.equal(up(outer, inFar).calls.length, 1);
  });

  it('is refused by the engine, whatever the contexts are called that lead to it', () => {
    const [one, other] = [running('dev', false), running('test', false)];
    const on = (environment: EnvironmentSnapshot, engine: string, context?: string) => ({
      ...environment,
      definition: { ...environment.definition, engine, context },
    });
    assert.throws(() => up(on(one, 'here'), on(other, 'here', 'default')), /made anew/);
    assert.equal(up(on(one, 'here'), on(other, 'there', 'default')).calls.length, 1);
    assert.equal(up(on(one, 'here', 'a'), on(other, 'there', 'a')).calls.length, 1);
    const request = { operation: 'down' as const, environmentId: 'dev', services: [], options: { volumes: true } };
    const [dev, test] = [on(one, 'here', 'default'), on(other, 'here')];
    assert.throws(() => planOperation(request, dev, [dev, test]), /is also that of "test", which has containers/);
  });

  it('is refused where it would make containers of another environment anew, in a project that both have', () => {
    const [one, other] = [running('dev', false), running('test', false)];
    const error = thrownBy(() => up(one, other));
    assert.match(error.message, /"test" would be made anew as those of "dev": both are in the project app, .* "web"/);
    assert.match(error.details.remedy ?? '', /Take "test" down first/);
    assert.equal(error.details.takeDownFirst, 'test');
    assert.equal(up(one, other, 'build').calls.length, 1);
    const apart = { ...other, services: other.services.map((service) => ({ ...service, name: 'suite' })) };
    assert.equal(up(one, apart).calls.length, 1, 'with services of other names, that they share it is meant');
    const idle = { ...other, services: other.services.map((service) => ({ ...service, containers: [] })) };
    assert.equal(up(one, idle).calls.length, 1);
  });
});
