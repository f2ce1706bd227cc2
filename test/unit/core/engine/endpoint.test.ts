import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type DockerSurroundings, resolveEndpoint, targetOf } from '../../../../src/core/engine/endpoint';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('resolveEndpoint', () => {
  let home: string;
  let surroundings: DockerSurroundings;

  beforeEach(() => {
    home = temporaryFolder('home');
    surroundings = { env: {}, homeDirectory: home, platform: 'linux' };
  });
  afterEach(() => removeFolder(home));

  const config = (...parts: string[]) => path.join(home, '.docker', ...parts);
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  /** Makes a Docker context, as `docker context create` does. */
  const makeContext = (name: string, host: string, tls: Record<string, string> = {}, more: object = {}) => {
    const hash = createHash('sha256').update(name).digest('hex');
    const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false, ...more } } };
    write(config('contexts', 'meta', hash, 'meta.json'), JSON.stringify(meta));
    for (const [file, text] of Object.entries(tls)) write(config('contexts', 'tls', hash, 'docker', file), text);
  };
  const resolve = (env: Record<string, string> = {}, context?: string) =>
    resolveEndpoint(context, { ...surroundings, env });

  const engineAt = async (host: string) =>
    (await targetOf(undefined, { ...surroundings, env: { DOCKER_HOST: host } })).engine;

  it('without anything: the default socket of the platform', async () => {
    assert.deepEqual(await resolve(), { kind: 'socket', path: '/var/run/docker.sock' });
    surroundings = { ...surroundings, platform: 'win32' };
    assert.deepEqual(await resolve(), { kind: 'socket', path: '//./pipe/docker_engine' });
  });

  describe('an address', () => {
    const tcp = (host: string, port: number) => ({ kind: 'tcp', host, port, tls: undefined });
    for (const [address, expected] of Object.entries({
      'unix:///run/user/1000/docker.sock': { kind: 'socket', path: '/run/user/1000/docker.sock' },
      'unix://': { kind: 'socket', path: '/var/run/docker.sock' },
      'npipe:////./pipe/other': { kind: 'socket', path: '//./pipe/other' },
      'tcp://engine:2999': tcp('engine', 2999),
      'tcp://10.0.0.7': tcp('10.0.0.7', 2375),
      'tcp://[::1]:2375': tcp('::1', 2375),
      'http://engine:80': tcp('engine', 80),
      'engine:1234': tcp('engine', 1234),
    })) {
      it(address, async () => assert.deepEqual(await resolve({ DOCKER_HOST: address }), expected));
    }

    it('of ssh is left to the docker command line', async () => {
      assert.deepEqual(await resolve({ DOCKER_HOST: 'ssh://me@far:22' }), {
        kind: 'dial-stdio',
        address: 'ssh://me@far:22',
        dockerArgs: ['--host', 'ssh://me@far:22'],
      });
      makeContext('far', 'ssh://far');
      assert.deepEqual(await resolve({}, 'far'), {
        kind: 'dial-stdio',
        address: 'ssh://far',
        dockerArgs: ['--context', 'far'],
      });
    });

    it('that is none is named', async () => {
      for (const address of ['gopher://x', 'tcp://a b']) {
        await assert.rejects(resolve({ DOCKER_HOST: address }), {
          kind: 'engine-unreachable',
          message: `"${address}" is no address of a Docker engine.`,
        });
      }
    });
  });

  describe('which one is meant', () => {
    beforeEach(() => {
      makeContext('one', 'unix:///one');
      makeContext('two', 'unix:///two');
      write(config('config.json'), '{"auths":{},"currentContext":"one"}');
    });
    const socket = (name: string) => ({ kind: 'socket', path: `/${name}` });

    it('the current context', async () => assert.deepEqual(await resolve(), socket('one')));
    it('DOCKER_CONTEXT over the current one', async () =>
      assert.deepEqual(await resolve({ DOCKER_CONTEXT: 'two' }), socket('two')));
    it('DOCKER_HOST over both', async () =>
      assert.deepEqual(await resolve({ DOCKER_CONTEXT: 'two', DOCKER_HOST: 'unix:///host' }), socket('host')));
    it('a context by name over everything', async () =>
      assert.deepEqual(await resolve({ DOCKER_HOST: 'unix:///host' }, 'two'), socket('two')));
    it('the default context is DOCKER_HOST, or else the default socket', async () => {
      assert.deepEqual(await resolve({ DOCKER_HOST: 'unix:///host' }, 'default'), socket('host'));
      assert.deepEqual(await resolve({}, 'default'), { kind: 'socket', path: '/var/run/docker.sock' });
      assert.deepEqual(await resolve({ DOCKER_CONTEXT: 'default' }), { kind: 'socket', path: '/var/run/docker.sock' });
    });
    it('as the configuration elsewhere says', async () => {
      const elsewhere = path.join(home, 'elsewhere');
      fs.renameSync(config(), elsewhere);
      assert.deepEqual(await resolve({ DOCKER_CONFIG: elsewhere }), socket('one'));
    });
    it('empty variables are none', async () =>
      assert.deepEqual(await resolve({ DOCKER_HOST: '', DOCKER_CONTEXT: '', DOCKER_CONFIG: '' }), socket('one')));
  });

  it('one engine is one text, whichever contexts lead to it', async () => {
    const on = async (context?: string, env: Record<string, string> = {}) =>
      (await targetOf(context, { ...surroundings, env })).engine;
    write(path.join(home, 'engine.sock'), '');
    fs.symlinkSync(path.join(home, 'engine.sock'), path.join(home, 'link.sock'));
    makeContext('one', `unix://${home}/engine.sock`);
    makeContext('link', `unix://${home}/link.sock`);
    makeContext('far', 'ssh://far');
    makeContext('also-far', 'ssh://far');
    write(config('config.json'), '{"currentContext":"one"}');
    const one = await on();
    assert.equal(await on('one'), one);
    assert.equal(await on('link'), one);
    assert.equal(await on('far'), await on('also-far'));
    assert.equal(await on('default', { DOCKER_HOST: 'ssh://far' }), await on('far'));
    const others = [await on('far'), await on('default'), await on('none'), await on('no-other')];
    assert.equal(new Set([one, ...others]).size, 5, 'what leads nowhere is told by its name');
    makeContext('pipe', 'npipe:////./pipe/Docker_Engine');
    surroundings = { ...surroundings, platform: 'win32' };
    assert.equal(await on('pipe'), await on('default'));
  });

  it('one engine is one text, whether or not it runs', async () => {
    const on = (name: string) => engineAt(`unix://${home}/${name}`);
    fs.mkdirSync(path.join(home, 'run'));
    fs.symlinkSync('run', path.join(home, 'linked'));
    fs.symlinkSync('linked/engine.sock', path.join(home, 'link.sock'));
    fs.symlinkSync('loop.sock', path.join(home, 'loop.sock'));
    const names = ['run/engine.sock', 'linked/engine.sock', 'link.sock'];
    const before = await Promise.all(names.map(on));
    write(path.join(home, 'run', 'engine.sock'), '');
    assert.deepEqual(await Promise.all(names.map(on)), before);
    assert.equal(new Set(before).size, 1);
    assert.equal(await on('loop.sock'), path.join(home, 'loop.sock'));
    assert.equal(await on('none/engine.sock'), path.join(home, 'none', 'engine.sock'));
  });

  describe('one engine is one text, however its address is spelt', () => {
    const groups: Readonly<Record<string, readonly string[]>> = {
      'a host': ['tcp://build:2375', 'tcp://BUILD:2375', 'http://Build:2375/', 'build'],
      'this machine': ['tcp://localhost:2375', 'tcp://127.0.0.1:2375', 'tcp://[::1]:2375', 'tcp://[0:0::0:1]:2375'],
      'a host by ssh': ['ssh://me@box', 'ssh://me@BOX', 'ssh://me@box:22', 'ssh://me@box/', 'ssh://me@box:22/'],
      'a path by ssh': ['ssh://me@box/run/docker.sock', 'ssh://me@box:22/run/docker.sock'],
    };
    for (const [what, addresses] of Object.entries(groups)) {
      it(what, async () => assert.equal(new Set(await Promise.all(addresses.map(engineAt))).size, 1));
    }

    it('a pipe of Docker Desktop', async () => {
      surroundings = { ...surroundings, platform: 'win32' };
      assert.equal(
        await engineAt('npipe:////./pipe/dockerDesktopLinuxEngine'),
        await engineAt('npipe:////./pipe/docker_engine'),
      );
    });

    it('and others are others', async () => {
      const far = ['ssh://me@box:2222', 'ssh://Me@box', 'ssh://box', 'ssh://me@box2', 'tcp://build:2376', 'tcp://box'];
      const near = ['unix:///RUN/docker.sock', 'unix:///run/docker.sock', 'tcp://10.0.0.1:2375'];
      const all = [...Object.values(groups).flatMap(([first = '']) => first), ...far, ...near];
      assert.equal(new Set(await Promise.all(all.map(engineAt))).size, all.length);
    });
  });

  describe('TLS', () => {
    const pem = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' };
    const files = { ca: 'CA', cert: 'CERT', key: 'KEY' };
    const tlsOf = async (env: Record<string, string>, context?: string) => {
      const endpoint = await resolve(env, context);
      assert.ok(endpoint.kind === 'tcp');
      return { port: endpoint.port, ...endpoint.tls };
    };

    it('of a context', async () => {
      makeContext('tls', 'tcp://engine', pem);
      assert.deepEqual(await tlsOf({}, 'tls'), { port: 2376, ...files, skipVerify: false });
      makeContext('unseen', 'tcp://engine', {}, { SkipTLSVerify: true });
      const none = { ca: undefined, cert: undefined, key: undefined };
      assert.deepEqual(await tlsOf({}, 'unseen'), { port: 2376, ...none, skipVerify: true });
      makeContext('plain', 'tcp://engine');
      assert.deepEqual(await tlsOf({}, 'plain'), { port: 2375 });
    });

    it('of the variables', async () => {
      const env = { DOCKER_HOST: 'tcp://engine:1' };
      for (const [file, text] of Object.entries(pem)) write(config(file), text);
      assert.deepEqual(await tlsOf(env), { port: 1 });
      assert.deepEqual(await tlsOf({ ...env, DOCKER_TLS_VERIFY: '1' }), { port: 1, ...files, skipVerify: false });
      assert.deepEqual(await tlsOf({ ...env, DOCKER_TLS: '1' }), { port: 1, ...files, skipVerify: true });
      const folder = path.join(home, 'certificates');
      write(path.join(folder, 'ca.pem'), 'OTHER');
      const other = await tlsOf({ ...env, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder });
      assert.deepEqual([other.ca, other.cert], ['OTHER', undefined]);
    });

    it('that was asked for is not left out for want of files', async () => {
      const env = { DOCKER_HOST: 'tcp://engine', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: path.join(home, 'none') };
      assert.deepEqual(await tlsOf(env), { port: 2376, skipVerify: false });
    });
  });

  describe('what is wrong is said', () => {
    it('no such context', async () => {
      await assert.rejects(resolve({ DOCKER_CONTEXT: 'gone' }), {
        kind: 'engine-unreachable',
        message: 'There is no Docker context named "gone".',
      });
    });

    it('a context for something else than Docker', async () => {
      const hash = createHash('sha256').update('k8s').digest('hex');
      write(config('contexts', 'meta', hash, 'meta.json'), '{"Name":"k8s","Endpoints":{"kubernetes":{}}}');
      await assert.rejects(resolve({}, 'k8s'), { kind: 'engine-unreachable' });
    });

    it('bad JSON, with the file', async () => {
      write(config('config.json'), '{"currentContext": ');
      await assert.rejects(resolve(), (error: Error & { details: { place?: { file: string } } }) => {
        assert.match(error.message, /^Docker's configuration can't be read/);
        assert.equal(error.details.place?.file, config('config.json'));
        return true;
      });
    });

    it('JSON of another shape is taken for none', async () => {
      for (const text of ['[]', 'null', '{"currentContext": 5}', '{"currentContext": ""}']) {
        write(config('config.json'), text);
        assert.deepEqual(await resolve(), { kind: 'socket', path: '/var/run/docker.sock' });
      }
    });
  });
});
