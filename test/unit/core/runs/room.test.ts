import assert from 'node:assert/strict';
import type { EngineConnection } from '../../../../src/core/engine/connection';
import type { EngineInspection } from '../../../../src/core/engine/inspection';
import type { OwnedVolume } from '../../../../src/core/model/belongings';
import type { ResolvedProject, ResolvedService } from '../../../../src/core/model/project';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { canBeTwice, checkRoom } from '../../../../src/core/runs/room';
import { definition, project, service } from '../support/examples';

/** An engine that has these volumes. */
function engineWith(...volumes: readonly OwnedVolume[]): EngineConnection {
  const belongings = async () => ({ containers: [], networks: [], volumes });
  return { inspect: (question) => question({ belongings } as unknown as EngineInspection) } as EngineConnection;
}

describe('room for a test run', () => {
  it('is for two at once where nothing has a name or a port of its own', () => {
    const twice = (change: Partial<ResolvedProject>, web: Partial<ResolvedService> = {}) =>
      canBeTwice({ ...project(service('web', web)), name: 'shop', ...change });
    assert.ok(twice({ volumes: ['shop_data'], networks: ['shop_default'] }));
    assert.ok(twice({}, { ports: [{ target: 80, protocol: 'tcp' }], binds: [{ source: '/src', keepsData: false }] }));
    assert.ok(!twice({ volumes: ['data'] }));
    assert.ok(!twice({ networks: ['proxy'] }));
    assert.ok(!twice({ externalVolumes: ['shop_data'] }));
    assert.ok(!twice({ externalNetworks: ['proxy'] }));
    assert.ok(!twice({}, { ports: [{ target: 80, published: 8080, protocol: 'tcp' }] }));
    assert.ok(!twice({}, { containerName: 'web' }));
    assert.ok(!twice({}, { binds: [{ source: '/data', keepsData: true }] }));
    assert.ok(!twice({ networks: ['shop_default'], subnets: ['172.28.0.0/16'] }));
    assert.ok(!twice({}, { onHostNetwork: true }));
  });

  it('is none where another environment on the engine has its data in the same place', async () => {
    const environment = (name: string, data: Partial<ResolvedProject>, source: string, context?: string) => {
      const projectName = `shop-${name}`;
      const db = service('db', { image: 'postgres', binds: [{ source, keepsData: true }] });
      const resolved = { ...project(db), ...data, name: projectName };
      return buildSnapshot(
        definition({ id: name, name, projectName, ...(context === undefined ? {} : { context }) }),
        { kind: 'resolved', project: resolved },
        [],
        true,
      );
    };
    const test = environment('test', { volumes: ['shared'] }, '/data/db');
    const check = (other: typeof test, connection = engineWith()) =>
      checkRoom(test, {
        connection,
        environments: [test, other],
        signal: new AbortController().signal,
      });
    await check(environment('dev', { volumes: ['own'] }, '/data/dev'));
    await check(environment('dev', { volumes: ['shared'] }, '/data/db', 'another'));
    await assert.rejects(check(environment('dev', { volumes: ['shared'] }, '/data/dev')), (error: Error) => {
      assert.equal(error.message, 'There is no room for "test": The volume shared is also that of "dev".');
      return true;
    });
    await assert.rejects(check(environment('dev', {}, '/data/db')), /The data folder \/data\/db is also that of "dev"/);
    const dev = environment('dev', {}, '/data/dev');
    await check(dev, engineWith({ name: 'shared', anonymous: false }));
    await assert.rejects(
      check(dev, engineWith({ name: 'shared', anonymous: false, foreignProject: 'blog' })),
      /The volume shared is that of the project blog/,
    );
    await assert.rejects(
      check(dev, engineWith({ name: 'shared', anonymous: false, madeByNone: true })),
      /The volume shared was made by somebody else/,
    );
  });
});
