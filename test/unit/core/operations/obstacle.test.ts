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
        { id: '1', name: 'db-1', project: `of-${published}`, oneOff: false, isRunning: true, ports: [], networks: [] },
      ];
      assert.equal(
        await told(said, { publishers }),
        'Port 5432 is already in use by container "db-1" of project "of-5432".',
      );
    }
  });

  it('an address that the machine does not have, as engines of all systems say it', async () => {
    for (const said of [
      'Error starting userland proxy: listen tcp4 10.99.99.99:5432: bind: cannot assign requested address',
      'failed to bind host port for 10.99.99.99:5432:172.18.0.2:5432/tcp: cannot assign requested address',
      "Ports are not available: exposing port TCP 10.99.99.99:5432 -> 0.0.0.0:0: listen tcp 10.99.99.99:5432: bind: can't assign requested address",
      'Ports are not available: exposing port TCP 10.99.99.99:5432 -> 127.0.0.1:0: listen tcp 10.99.99.99:5432: bind: The requested address is not valid in its context.',
    ]) {
      assert.equal(
        await told(said),
        "Port 5432 can't be published at 10.99.99.99: the engine's machine does not have that address.",
        said,
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

  it('an image, with what to do about it', () => {
    for (const [said, code, remedy] of [
      [
        'no matching manifest for linux/arm64/v8 in the manifest list entries',
        'wrong-platform',
        /none for linux\/arm64\/v8/,
      ],
      [
        'image with reference mysql:5.7 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64',
        'wrong-platform',
        /none for linux\/arm64:/,
      ],
      [
        'failed to solve: mysql:5.7: failed to resolve source metadata for docker.io/library/mysql:5.7: no match for platform in manifest: not found',
        'wrong-platform',
        /the processor of the engine/,
      ],
      ['toomanyrequests: You have reached your pull rate limit.', 'image-not-found', /for now: wait/],
      ['Head "https://ghcr.io/v2/x/manifests/1": unauthorized', 'image-not-found', /docker login/],
      [
        'Error response from daemon: denied: requested access to the resource is denied',
        'image-not-found',
        /docker login/,
      ],
      ['Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout', 'image-not-found', /not reached/],
      [
        'Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused',
        'image-not-found',
        /not reached/,
      ],
      [
        'Get "https://berth.invalid/v2/": dial tcp: lookup berth.invalid: no such host',
        'image-not-found',
        /not reached/,
      ],
      [
        'manifest for moon:1 not found: manifest unknown: manifest unknown',
        'image-not-found',
        /its tag are named right/,
      ],
      [
        'failed to solve: moon:1: failed to resolve source metadata for docker.io/library/moon:1: docker.io/library/moon:1: not found',
        'image-not-found',
        /its tag are named right/,
      ],
    ] as const) {
      const reason = plainReasonIn(said);
      assert.equal(reason?.code, code, said);
      assert.match(reason.remedy, remedy, said);
    }
  });

  it('not an image, where something that runs says the like', () => {
    for (const said of [
      'failed to solve: process "/bin/sh -c apk add git" did not complete successfully: exit code: 1\nlookup x: no such host',
      'dial tcp 172.18.0.2:5432: connect: connection refused',
      'mkdir /data: permission denied',
    ]) {
      assert.equal(plainReasonIn(said), undefined, said);
    }
  });

  it('nothing, when a service itself is at fault', async () => {
    assert.equal(await told('Error response from daemon: manifest unknown'), undefined);
  });
});
