import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { holderOfLsof, isPortFree, portHolder, programNamed } from '../../../../src/core/common/portHolder';
import { findOnPath } from '../../../support/paths';

describe('ports of this machine', () => {
  let server: net.Server;
  let port: number;
  beforeEach(async () => {
    server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => server.close());

  it('are free, or not, at the address that is asked for', async () => {
    assert.equal(await isPortFree({ port, host: '127.0.0.1' }), false);
    assert.equal(await isPortFree({ port }), false);
    assert.equal(await isPortFree({ port, protocol: 'udp' }), true);
    server.close();
    await once(server, 'close');
    assert.equal(await isPortFree({ port, host: '127.0.0.1' }), true);
  });

  it('also those of UDP', async () => {
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const address = { port: socket.address().port, host: '127.0.0.1', protocol: 'udp' };
    assert.equal(await isPortFree(address), false);
    await new Promise<void>((resolve) => socket.close(resolve));
    assert.equal(await isPortFree(address), true);
  });

  it('have a program that listens there, by name and number', async function () {
    if (process.platform === 'win32') this.skip();
    const holder = await portHolder(port);
    assert.equal(holder?.pid, process.pid);
    assert.equal(await programNamed(process.pid), holder?.name);
    server.close();
    await once(server, 'close');
    assert.equal(await portHolder(port), undefined);
  });

  it('have the same program where only lsof tells', async function () {
    if (!findOnPath('lsof')) this.skip();
    assert.equal((await holderOfLsof(port))?.pid, process.pid);
  });
});
