import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { webScheme } from '../../../../src/core/operations/webScheme';
import { findOnPath } from '../../../support/paths';
import { withTemporaryFolder } from '../../../support/temporary';
import { FakeClock } from '../support/fakeClock';

describe('webScheme', () => {
  let servers: net.Server[] = [];
  let sockets: net.Socket[] = [];
  let clock: FakeClock;
  const { signal } = new AbortController();

  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    servers = [];
    sockets = [];
    assert.equal(clock.pending, 0);
  });

  const listening = async (server: net.Server): Promise<number> => {
    servers.push(server);
    server.on('connection', (socket: net.Socket) => sockets.push(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as net.AddressInfo).port;
  };
  const ask = (port: number, host = '127.0.0.1') => webScheme(host, port, signal, clock);

  it('is http where HTTP is answered, with whatever status', async () => {
    const port = await listening(http.createServer((_request, response) => response.writeHead(503).end()));
    assert.equal(await ask(port), 'http');
    assert.equal(await ask(port, 'localhost'), 'http');
  });

  it('is https where a handshake succeeds, also when HTTP is answered there to say no', async function () {
    const certificate = selfSigned();
    if (!certificate) return this.skip();
    const { key, cert } = await certificate;
    const secure = await listening(tls.createServer({ key, cert }));
    assert.equal(await ask(secure), 'https');
    const both = net.createServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        if (chunk[0] !== 0x16) return socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
        const inner = net.connect(secure, '127.0.0.1').on('error', () => socket.destroy());
        inner.write(chunk);
        return socket.pipe(inner).pipe(socket);
      });
    });
    assert.equal(await ask(await listening(both)), 'https');
  });

  it('is http of a server that says nothing to TLS, and takes one connection after another', async () => {
    const waiting: net.Socket[] = [];
    const serve = (socket: net.Socket) => {
      const next = () => {
        waiting.shift();
        if (waiting[0]) serve(waiting[0]);
      };
      socket.once('close', next);
      socket.on('data', (chunk) => /^HEAD/.test(chunk.toString('latin1')) && socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    };
    let connections = 0;
    let onBoth = () => {};
    const both = new Promise<void>((resolve) => {
      onBoth = resolve;
    });
    const port = await listening(
      net.createServer((socket) => {
        if (waiting.push(socket) === 1) serve(socket);
        if (++connections === 2) onBoth();
      }),
    );
    const answer = ask(port);
    await both;
    await clock.advance(1_000);
    assert.equal(await answer, 'http');
  });

  it('is none of what says nothing, says something else, or is not there', async () => {
    let onFirst = () => {};
    const first = new Promise<void>((resolve) => {
      onFirst = resolve;
    });
    const silent = ask(await listening(net.createServer(() => onFirst())));
    await first;
    await clock.advance(2_000);
    assert.equal(await silent, undefined);
    const redis = net.createServer((socket) =>
      socket.on('data', () => socket.write("-ERR unknown command 'HEAD'\r\n")),
    );
    assert.equal(await ask(await listening(redis)), undefined);
    const gone = net.createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as net.AddressInfo;
    gone.close();
    assert.equal(await ask(port), undefined);
  });

  it('rejects when it is cancelled', async () => {
    const controller = new AbortController();
    const port = await listening(net.createServer(() => controller.abort()));
    await assert.rejects(webScheme('127.0.0.1', port, controller.signal, clock), { name: 'AbortError' });
  });
});

/** A certificate that nobody trusts; undefined where there is no openssl to make it. */
function selfSigned(): Promise<{ key: Buffer; cert: Buffer }> | undefined {
  const openssl = findOnPath('openssl');
  if (!openssl) return undefined;
  return withTemporaryFolder('web', async (folder) => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name)) as [string, string];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=x'];
    execFileSync(openssl, ['req', '-x509', ...kind, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    return { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
  });
}
