import assert from 'node:assert/strict';
import type { EngineConnection } from '../../../../src/core/engine/connection';
import { type HostPort, parseContainers, publishersAmong } from '../../../../src/core/engine/contents';
import type { EngineInspection } from '../../../../src/core/engine/inspection';
import type { OwnedVolume } from '../../../../src/core/model/belongings';
import type { Port, ResolvedProject, ResolvedService } from '../../../../src/core/model/project';
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
      checkRoom(test, [], {
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

  describe('is looked for', () => {
    const LABELS = { 'com.docker.compose.project': 'dev' };
    /** What somebody else's container publishes, as the engine lists it. */
    const listed = (...Ports: object[]) => [{ Id: '1', Names: ['/dev-db-1'], Labels: LABELS, Ports }];
    const db = (change: Partial<Port>, more: Partial<ResolvedService> = {}) =>
      service('db', { ports: [{ target: 53, published: 53, protocol: 'tcp', ...change }], ...more });
    /** What is said of a test run's project beside that, on an engine that is on another machine. */
    const taken = async (engine: object[], services: readonly ResolvedService[], wanted: readonly string[] = []) => {
      const resolved = { kind: 'resolved', project: project(...services) } as const;
      const inspection = {
        publishers: async (port: HostPort) => publishersAmong(parseContainers(engine), port),
        container: () => Promise.reject(Object.assign(new Error(), { statusCode: 404 })),
      };
      const connection = {
        address: 'ssh://far',
        inspect: (question: (engine: unknown) => unknown) => question(inspection),
      };
      const error = await checkRoom(buildSnapshot(definition(), resolved, [], true), wanted, {
        connection: connection as unknown as EngineConnection,
        environments: [],
        signal: new AbortController().signal,
      }).catch((thrown: Error) => thrown.message);
      return error && /Port (\d+) is already in use by container "(.*?)"/.exec(error)?.slice(1).join(' of ');
    };
    const TCP = { IP: '0.0.0.0', PrivatePort: 53, PublicPort: 53, Type: 'tcp' };

    it('at the addresses and for the protocol that a port is to have', async () => {
      const udp = { ...TCP, Type: 'udp' };
      const one = { ...TCP, IP: '127.0.0.1' };
      const clash = '53 of dev-db-1';
      assert.equal(await taken(listed(TCP), [db({})]), clash);
      assert.equal(await taken(listed(udp), [db({})]), undefined);
      assert.equal(await taken(listed(udp), [db({ protocol: 'udp' })]), clash);
      assert.equal(await taken(listed(one), [db({ hostIp: '127.0.0.1' })]), clash);
      assert.equal(await taken(listed(one), [db({ hostIp: '127.0.0.2' })]), undefined);
      assert.equal(await taken(listed(one), [db({})]), clash);
      assert.equal(await taken(listed(one), [db({ hostIp: '::' })]), undefined);
      assert.equal(await taken(listed({ ...TCP, IP: '::' }), [db({ hostIp: '127.0.0.1' })]), clash);
      assert.equal(await taken(listed({ PrivatePort: 53, Type: 'tcp' }), [db({})]), undefined);
    });

    it('for what is brought up, with what that depends on', async () => {
      const api = service('api', { dependencies: ['cache'] });
      const cache = service('cache', { dependencies: ['db'] });
      const web = service('web');
      const tools = db({}, { profiles: ['tools'] });
      assert.equal(await taken(listed(TCP), [web, db({})], ['web']), undefined);
      assert.equal(await taken(listed(TCP), [web, api, cache, db({})], ['api']), '53 of dev-db-1');
      assert.equal(await taken(listed(TCP), [web, tools]), undefined);
      assert.equal(await taken(listed(TCP), [web, tools], ['db']), '53 of dev-db-1');
      assert.equal(await taken(listed(TCP), [db({}, { onHostNetwork: true })]), undefined);
    });
  });
});
