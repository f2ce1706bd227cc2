import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { connectToEngine, type EngineConnection } from '../../src/core/engine/connection';
import { DialStdioAgent } from '../../src/core/engine/dialStdio';
import { EngineFeed } from '../../src/core/engine/engineFeed';
import { findOnPath } from '../support/paths';
import { removeFolder, temporaryFolder } from '../support/temporary';
import { ComposeFolder, IDLE_WITH_HEALTH } from './support/composeFolder';
import { connectThrough, type EngineProxy, engineSocket, startProxy } from './support/engineApi';
import { untilContainers } from './support/waiting';

describe('ways to an engine', () => {
  let socket: string;
  let proxy: EngineProxy | undefined;
  let project: ComposeFolder;

  before(async function () {
    const found = await engineSocket();
    if (!found) return this.skip();
    socket = found;
    project = new ComposeFolder('ways', { 'compose.yaml': `services:\n  web:\n    ${IDLE_WITH_HEALTH}` });
    await project.compose('up', '--detach', '--wait');
  });
  after(() => project?.dispose());
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  /** Everything that Berth asks of an engine, over a connection. */
  async function useConnection(connect: () => Promise<EngineConnection>): Promise<void> {
    const feed = new EngineFeed({ connect });
    try {
      const connection = await feed.whenConnected(AbortSignal.timeout(20_000));
      await untilContainers(feed, project.project, ['web-1: running healthy']);
      await project.setHealth('web', 'out of order');
      await untilContainers(feed, project.project, ['web-1: running unhealthy']);
      const [web] = await connection.listContainers(new AbortController().signal, [
        ...[...feed.containers].filter((one) => one.project === project.project).map((one) => one.id),
      ]);
      assert.equal(await connection.lastHealthOutput(web?.id ?? ''), 'out of order');
      await project.setHealth('web');
      await untilContainers(feed, project.project, ['web-1: running healthy']);
    } finally {
      feed.dispose();
    }
  }

  it('a unix socket', async () => {
    await useConnection(() => connectThrough(`unix://${socket}`));
  });

  it('plain TCP', async () => {
    const plain = await startProxy(socket, { tcp: true });
    proxy = plain;
    await useConnection(() => connectThrough(plain.dockerHost));
    assert.ok(plain.requests.length >= 3);
  });

  describe('TCP with TLS', () => {
    let certificates: string;
    let secured: EngineProxy;

    before(function () {
      if (!findOnPath('openssl')) return this.skip();
      certificates = temporaryFolder('tls');
      makeCertificates(certificates);
    });
    after(() => certificates && removeFolder(certificates));
    beforeEach(async () => {
      const read = (name: string) => fs.readFileSync(path.join(certificates, name));
      secured = proxy = await startProxy(socket, {
        tcp: true,
        listen: (onConnection) =>
          tls.createServer(
            {
              ca: read('ca.pem'),
              cert: read('server-cert.pem'),
              key: read('server-key.pem'),
              requestCert: true,
              rejectUnauthorized: true,
            },
            onConnection,
          ),
      });
    });

    it('whose certificates are verified both ways', async () => {
      await useConnection(() =>
        connectThrough(secured.dockerHost, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates }),
      );
    });

    it('is refused when the engine is not who it should be', async () => {
      const others = temporaryFolder('tls');
      try {
        makeCertificates(others);
        const connection = await connectThrough(secured.dockerHost, {
          DOCKER_TLS_VERIFY: '1',
          DOCKER_CERT_PATH: others,
        });
        await assert.rejects(connection.listContainers(new AbortController().signal), { kind: 'engine-unreachable' });
      } finally {
        removeFolder(others);
      }
    });

    it('is never left out when it was asked for, even without certificates', async () => {
      const empty = temporaryFolder('tls');
      try {
        const connection = await connectThrough(secured.dockerHost, {
          DOCKER_TLS_VERIFY: '1',
          DOCKER_CERT_PATH: empty,
        });
        assert.match(connection.address, /^https:/);
        await assert.rejects(connection.listContainers(new AbortController().signal), { kind: 'engine-unreachable' });
      } finally {
        removeFolder(empty);
      }
    });

    it('takes the certificate unseen when told to', async () => {
      await useConnection(() =>
        connectThrough(secured.dockerHost, { DOCKER_TLS: '1', DOCKER_CERT_PATH: certificates }),
      );
    });
  });

  it('a child process, as for ssh, which ends with its agent', async () => {
    const agent = new DialStdioAgent(['--host', `unix://${socket}`]);
    const get = (where: string) =>
      new Promise<string>((resolve, reject) => {
        const request = http.get({ agent, host: 'docker', path: where }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.once('end', () => resolve(text));
        });
        request.once('error', reject);
      });
    const [first, second] = [await get('/_ping'), await get('/version')];
    assert.equal(first, 'OK');
    assert.ok(JSON.parse(second).ApiVersion);
    const children = () => childrenOf(process.pid).filter((command) => command.includes('dial-stdio'));
    assert.equal(children().length, 1, 'the second request took the connection of the first one');
    // A long answer, read slowly, comes whole.
    assert.ok(Array.isArray(JSON.parse(await get('/containers/json?all=1'))));
    const idle = Object.values(agent.freeSockets)[0]?.[0];
    const closed = new Promise((resolve) => idle?.once('close', resolve));
    agent.destroy();
    await closed;
    await gone(() => children().length === 0);
  });

  it('a child process that fails: its complaint is the reason', async () => {
    const agent = new DialStdioAgent(['--host', 'unix:///nowhere/docker.sock']);
    await assert.rejects(
      new Promise((_resolve, reject) => http.get({ agent, host: 'docker', path: '/_ping' }).once('error', reject)),
      /nowhere\/docker\.sock|connect/,
    );
    agent.destroy();
  });

  it('nowhere: the reason says where it looked', async () => {
    const closed = await new Promise<number>((resolve) => {
      const server = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as net.AddressInfo;
        server.close(() => resolve(port));
      });
    });
    for (const dockerHost of ['unix:///nowhere/docker.sock', `tcp://127.0.0.1:${closed}`]) {
      const feed = new EngineFeed({ connect: () => connectThrough(dockerHost) });
      await assert.rejects(feed.whenConnected(), (error: Error) => {
        assert.match(error.message, /^No Docker engine answers at /);
        assert.ok(error.message.includes(dockerHost.replace(/^(unix:|tcp:\/\/)/, '').replace(/^\/\/\//, '/')));
        return true;
      });
      feed.dispose();
    }
    await assert.rejects(connectThrough('gopher://somewhere'), { kind: 'engine-unreachable' });
    await assert.rejects(connectToEngine('no-such-context'), { message: /no Docker context named "no-such-context"/ });
  });
});

/** An authority, a certificate for an engine on the loopback interface and one for its client, as Docker names the files. */
function makeCertificates(folder: string): void {
  const program = findOnPath('openssl') ?? '';
  const openssl = (...args: string[]) => execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '1',
    '-subj',
    '/CN=test authority',
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
  );
  fs.writeFileSync(path.join(folder, 'names'), 'subjectAltName = IP:127.0.0.1');
  for (const [name, prefix] of [
    ['engine', 'server-'],
    ['client', ''],
  ]) {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${prefix}key.pem`, '-out', `${name}.csr`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'],
      ...['-days', '1', '-extfile', 'names', '-out', `${prefix}cert.pem`],
    );
  }
}

/** The command lines of a process's children that still run. Linux only: elsewhere there seem to be none. */
function childrenOf(pid: number): string[] {
  try {
    const ids = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return ids.map((id) => fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' '));
  } catch {
    return [];
  }
}

/** Resolves once a process is seen to have ended: the kernel tells the time of that to nobody but its parent. */
async function gone(test: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!test()) {
    assert.ok(performance.now() < end, 'the child process has not ended');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
