import assert from 'node:assert/strict';
import { addressOf } from '../../../../src/core/model/address';

const port = { target: 80, published: 8080, protocol: 'tcp' };

describe('the address of a published port', () => {
  const hostOf = (hostIp: string | undefined, engine: string | undefined = '/var/run/docker.sock') =>
    addressOf({ ...port, hostIp }, engine)?.host;

  it('is on this machine, unless it is bound elsewhere', () => {
    for (const hostIp of [undefined, '0.0.0.0', '::', '127.0.0.1']) assert.equal(hostOf(hostIp), 'localhost');
    assert.equal(hostOf('127.0.0.2'), '127.0.0.2');
    assert.equal(hostOf('192.168.1.5'), '192.168.1.5');
    assert.equal(hostOf('fd00::5'), '[fd00::5]');
    // `localhost` may stand for 127.0.0.1 alone.
    assert.equal(hostOf('::1'), '[::1]');
  });

  it('is on the machine of the engine', () => {
    for (const engine of [undefined, '', '//./pipe/docker_engine', 'http://127.0.0.1:2375', 'https://[::1]:2376']) {
      assert.equal(hostOf(undefined, engine), 'localhost', engine);
    }
    assert.equal(hostOf(undefined, 'ssh://me@build.example:2222'), 'build.example');
    assert.equal(hostOf('0.0.0.0', 'https://10.0.0.7:2376'), '10.0.0.7');
    assert.equal(hostOf('::', 'https://[fd00::7]:2376'), '[fd00::7]');
  });

  it('is not there without a published TCP port', () => {
    assert.equal(addressOf({ target: 80, protocol: 'tcp' }, undefined), undefined);
    assert.equal(addressOf({ target: 53, published: 53, protocol: 'udp' }, undefined), undefined);
  });

  it('says what usually speaks there, and whether that may be for a browser', () => {
    const at = (target: number, published: number) => {
      const address = addressOf({ target, published, protocol: 'tcp' }, undefined);
      return [address?.url, address?.isWeb];
    };
    assert.deepEqual(at(80, 8080), ['http://localhost:8080', true]);
    assert.deepEqual(at(3000, 3000), ['http://localhost:3000', true]);
    assert.deepEqual(at(443, 9000), ['https://localhost:9000', true]);
    assert.deepEqual(at(80, 8443), ['https://localhost:8443', true]);
    assert.deepEqual(at(5432, 5433), ['postgresql://localhost:5433', false]);
    assert.deepEqual(at(6379, 443), ['redis://localhost:443', false]);
  });
});
