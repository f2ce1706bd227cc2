import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { holdersOfLsof, isPortFree, portHolders } from '../../../../src/core/common/portHolder';
import { isNeeded, runningProgram } from '../../../../src/core/common/runningProgram';
import { findOnPath } from '../../../support/paths';

describe('ports of this machine', () => {
  let server: net.Server;
  let port: number;
  beforeEach(async () => {
    server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    server.close();
    for (const program of programs.splice(0)) program.kill();
  });

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

  it('are taken by what has them on IPv6 alone, where that is asked for, too', async function () {
    const other = net.createServer().listen({ port: 0, host: '::1' });
    const failed = once(other, 'error').then(() => true);
    if (await Promise.race([failed, once(other, 'listening').then(() => false)])) this.skip();
    const own = (other.address() as AddressInfo).port;
    assert.equal(await isPortFree({ port: own }), false);
    assert.equal(await isPortFree({ port: own, host: '[::1]' }), false);
    assert.equal(await isPortFree({ port: own, host: '0.0.0.0' }), true);
    other.close();
    await once(other, 'close');
    assert.equal(await isPortFree({ port: own }), true);
  });

  it('have a program that listens there, by name and number', async function () {
    if (process.platform === 'win32') this.skip();
    const own = await runningProgram(process.pid);
    assert.ok(own?.name && own.started);
    for (const host of [undefined, '127.0.0.1', '0.0.0.0']) {
      assert.deepEqual(await portHolders({ port, host }), { programs: [own], hasOthers: false }, host);
    }
    for (const host of ['127.0.0.2', '::', '[::1]']) {
      assert.deepEqual(await portHolders({ port, host }), { programs: [], hasOthers: false }, host);
    }
    server.close();
    await once(server, 'close');
    assert.deepEqual(await portHolders({ port }), { programs: [], hasOthers: false });
  });

  it('have a program also where that listens on UDP', async function () {
    if (process.platform === 'win32') this.skip();
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const own = await runningProgram(process.pid);
    const at = { port: socket.address().port, host: '127.0.0.1' };
    assert.deepEqual(await portHolders({ ...at, protocol: 'udp' }), { programs: [own], hasOthers: false });
    assert.deepEqual((await portHolders(at)).programs, []);
    await new Promise<void>((resolve) => socket.close(resolve));
    assert.deepEqual((await portHolders({ ...at, protocol: 'udp' })).programs, []);
  });

  it('have what listens at all of IPv6 on IPv4 as well, unless somebody else has that', async function () {
    if (process.platform === 'win32') this.skip();
    const both = await serving({ port: 0, host: '::' });
    const { programs: found } = await portHolders({ port: both.port, host: '127.0.0.1' });
    assert.deepEqual(
      found.map(({ pid }) => pid),
      [both.pid],
    );
    const beside = await serving({ port, host: '::', ipv6Only: true });
    const pidsAt = async (host?: string) => (await portHolders({ port, host })).programs.map(({ pid }) => pid).sort();
    assert.deepEqual(await pidsAt('127.0.0.1'), [process.pid]);
    assert.deepEqual(await pidsAt('::'), [beside.pid]);
    assert.deepEqual(await pidsAt(), [process.pid, beside.pid].sort());
  });

  it('have the first of those that share one', async function () {
    if (process.platform === 'win32') this.skip();
    const sharing = await serving(
      { port: 0, host: '127.0.0.1' },
      `
      const { pid } = require('node:child_process').spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', server._handle.fd] });
      process.once('exit', () => process.kill(pid));
      process.once('SIGTERM', () => process.exit());`,
    );
    const { programs: found } = await portHolders({ port: sharing.port });
    assert.deepEqual(
      found.map(({ pid }) => pid),
      [sharing.pid],
    );
  });

  it('have the same program where only lsof tells', async function () {
    if (!findOnPath('lsof')) this.skip();
    assert.equal((await holdersOfLsof({ port, host: '127.0.0.1' })).programs[0]?.pid, process.pid);
    assert.deepEqual((await holdersOfLsof({ port, host: '::1' })).programs, []);
  });

  it('are not taken from what the machine, Docker or VS Code needs', async function () {
    if (process.platform === 'win32') this.skip();
    const program = (name: string) => ({ name, pid: 2 ** 30, started: '' });
    for (const name of [
      'sshd',
      'dockerd',
      'docker-proxy',
      'containerd',
      'com.docker.back',
      'code',
      'systemd-resolve',
    ]) {
      assert.equal(await isNeeded(program(name)), true, name);
    }
    for (const name of ['node', 'postgres', 'redis-server', 'codegen']) {
      assert.equal(await isNeeded(program(name)), false, name);
    }
    for (const pid of [1, process.pid, process.ppid]) {
      assert.equal(await isNeeded({ ...program('node'), pid }), true, `${pid}`);
    }
    const server = await serving({ port: 0, host: '127.0.0.1' }, '', '/root/.vscode-server/out/server-main.js');
    assert.equal(await isNeeded({ ...program('node'), pid: server.pid }), true);
  });
});

/** Those that a test has started. */
const programs: ChildProcess[] = [];

/** A program of its own that listens. @param more what else it does, of `server`. @param word one more word of its command. */
async function serving(options: net.ListenOptions, more = '', word = '') {
  const script = `const server = require('node:net').createServer().listen(${JSON.stringify(options)}, () => {
    ${more}
    console.log(server.address().port);
  })`;
  const program = spawn(process.execPath, ['-e', script, word], { stdio: ['ignore', 'pipe', 'inherit'] });
  programs.push(program);
  const [line] = await once(program.stdout, 'data');
  const { pid = 0 } = program;
  return { port: Number(line), pid };
}
