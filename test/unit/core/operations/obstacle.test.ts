import assert from 'node:assert/strict';
import type { HostPort } from '../../../../src/core/engine/contents';
import type { EngineInspection } from '../../../../src/core/engine/inspection';
import { obstacleIn, plainReasonIn } from '../../../../src/core/operations/obstacle';
import { FakeConnection } from '../support/fakeEngine';

const remedyOf = (said: string) => plainReasonIn(said)?.remedy;

/** What an operation is told of its obstacle, asked of an engine that answers so. */
async function told(said: string, answers: Partial<EngineInspection> = {}, address = 'ssh://far') {
  const engine = { version: async () => '28.2.2', publishers: async () => [], ...answers } as EngineInspection;
  const connection = Object.assign(new FakeConnection(), {
    address,
    inspect: (question: (engine: EngineInspection) => Promise<unknown>) => question(engine),
  });
  const { signal } = new AbortController();
  return (await obstacleIn(said, { connection: connection as never, environments: [], signal }))?.message;
}

describe('what stands in the way of an operation', () => {
  it('a port, as engines of all versions say it', async () => {
    for (const said of [
      'driver failed programming external connectivity on endpoint x (0123): Bind for 0.0.0.0:5432 failed: port is already allocated',
      'Error starting userland proxy: listen tcp4 127.0.0.1:5432: bind: address already in use',
      'Error starting userland proxy: listen tcp6 [::1]:5432: bind: address already in use',
      'failed to bind host port for 0.0.0.0:5432:172.18.0.2:5432/tcp: address already in use',
      'Bind for :::5432 failed: port is already allocated',
      'Ports are not available: exposing port TCP 0.0.0.0:5432 -> 0.0.0.0:0: listen tcp 0.0.0.0:5432: bind: …',
    ]) {
      assert.equal(await told(said), "Port 5432 is already in use by a program on the engine's machine.", said);
      const publishers = async ({ published }: HostPort) => [
        { id: '1', name: 'db-1', project: `of-${published}`, isRunning: true, ports: [], networks: [] },
      ];
      assert.equal(
        await told(said, { publishers }),
        'Port 5432 is already in use by container "db-1" of project "of-5432".',
      );
    }
  });

  it('a port, asked for at the address that was wanted', async () => {
    const wanted = async (said: string) => {
      const asked: HostPort[] = [];
      await told(said, {
        publishers: async (port) => {
          asked.push(port);
          return [];
        },
      });
      return asked[0];
    };
    assert.deepEqual(await wanted('listen tcp4 127.0.0.1:5432: bind: address already in use'), {
      published: 5432,
      hostIp: '127.0.0.1',
      protocol: 'tcp',
    });
    assert.deepEqual(await wanted('listen udp [::1]:53: bind: address already in use'), {
      published: 53,
      hostIp: '[::1]',
      protocol: 'udp',
    });
    assert.deepEqual(await wanted('Bind for :::5432 failed: port is already allocated'), {
      published: 5432,
      hostIp: '::',
      protocol: undefined,
    });
    const newer = 'failed to bind host port for 0.0.0.0:53:172.18.0.2:53/udp: address already in use';
    assert.deepEqual(await wanted(newer), { published: 53, hostIp: '0.0.0.0', protocol: 'udp' });
  });

  it('what the engine has run out of', async () => {
    for (const said of [
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
      'failed to create network x: all predefined address pools have been fully subscribed',
    ]) {
      assert.match((await told(said)) ?? '', /no addresses left/);
    }
    assert.match((await told('write /x: no space left on device')) ?? '', /disk .* full/);
  });

  it('an engine that is too old', async () => {
    const version = (text: string) => ({ version: async () => text });
    assert.match((await told('something', version('19.03.15'))) ?? '', /version 19\.03\.15, which is too old/);
    assert.match((await told('something', version('20.9.0'))) ?? '', /too old/);
    for (const one of ['20.10.24+dfsg1', '28.2.2', '', 'dev']) assert.equal(await told('x', version(one)), undefined);
  });

  it('something that is only to be made, or to be got', () => {
    const network = 'network proxy declared as external, but could not be found';
    assert.equal(remedyOf(network), 'Make it first: docker network create proxy');
    assert.match(remedyOf('Error response from daemon: network proxy not found') ?? '', /network create proxy$/);
    assert.equal(remedyOf(`Error response from daemon: network ${'a1'.repeat(32)} not found`), undefined);
    assert.equal(remedyOf('external volume "app_data" not found'), 'Make it first: docker volume create app_data');
    assert.match(remedyOf('pull access denied for moon, repository does not exist') ?? '', /docker login/);
    assert.equal(remedyOf('something else'), undefined);
  });

  it('nothing, when a service itself is at fault', async () => {
    assert.equal(await told('Error response from daemon: manifest unknown'), undefined);
  });
});
