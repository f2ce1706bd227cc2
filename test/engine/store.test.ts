import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type Berth, createBerth } from '../../src/core/berth';
import { silentLog } from '../../src/core/common/log';
import { runOrFail } from '../support/processes';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { setVariables } from './support/engineApi';
import { describeEnvironment, environmentNamed, untilEnvironment } from './support/waiting';

describe('EnvironmentStore with a real engine', () => {
  let folder: ComposeFolder;
  let berth: Berth;

  beforeEach(() => {
    berth = createBerth(silentLog, 'test');
  });
  afterEach(async () => {
    berth.dispose();
    await folder.dispose();
  });

  it('shows what others start; what did not change stays the same object', async () => {
    folder = new ComposeFolder('store', {
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE_WITH_HEALTH}\n  plain:\n    ${IDLE}`,
      'compose.test.yaml': 'name: PROJECT-test\nservices: {}',
    });
    const { store } = berth;
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await folder.compose('up', '--detach');
    const before = await untilEnvironment(store, 'dev running: plain running, web healthy');
    const test = environmentNamed(store, 'test');
    const changes: string[] = [];
    store.onDidChange(() => changes.push(describeEnvironment(environmentNamed(store, 'dev'))));
    await folder.setHealth('web', 'broken');
    const after = await untilEnvironment(store, 'dev unhealthy: plain running, web unhealthy');
    const service = (environment: typeof before, name: string) => environment.services.find((one) => one.name === name);
    assert.notEqual(service(after, 'web'), service(before, 'web'));
    assert.equal(service(after, 'plain'), service(before, 'plain'));
    assert.equal(environmentNamed(store, 'test'), test);
    assert.deepEqual(changes, ['dev unhealthy: plain running, web unhealthy'], 'one change, told once');
  });

  it('reads anew what changes in files that only what is included names', async () => {
    const port = `    ports: ["\${PORT}:80"]\n`;
    folder = new ComposeFolder('included', {
      'compose.yaml': 'name: PROJECT\ninclude:\n  - one/web.yaml\n  - { path: two/db.yaml, env_file: two/db.env }\n',
      'one/web.yaml': `services:\n  web:\n    ${IDLE}\n${port}`,
      'one/.env': 'PORT=1111\n',
      'two/db.yaml': `services:\n  db:\n    ${IDLE}\n${port}`,
      'two/db.env': 'PORT=3333\n',
    });
    const { store } = berth;
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    const ports = async () => {
      await store.whenResolved();
      return environmentNamed(store, 'dev').services.map((service) => service.ports[0]?.published);
    };
    assert.deepEqual(await ports(), [3333, 1111]);
    for (const [file, text] of Object.entries({ 'one/.env': 'PORT=2222\n', 'two/db.env': 'PORT=4444\n' })) {
      folder.write(file, text);
      assert.ok(store.concerns(folder.path(file)), file);
      await store.filesChanged([folder.path(file)]);
    }
    assert.deepEqual(await ports(), [4444, 2222]);
    // As it was before: what Compose said of that is known.
    folder.write('one/.env', 'PORT=1111\n');
    await store.filesChanged();
    assert.deepEqual(await ports(), [4444, 1111]);
  });

  it('keeps what the files last amounted to while they are broken, beside the error, until they are mended', async () => {
    const good = `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n  never:\n    ${IDLE}\n`;
    folder = new ComposeFolder('broken', { 'compose.yaml': good });
    const { store } = berth;
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await folder.compose('up', '--detach', 'web');
    await untilEnvironment(store, 'dev running: never stopped, web running');
    const file = folder.path('compose.yaml');

    folder.write('compose.yaml', good.replace('services:', 'services: [\n'));
    await store.filesChanged([file]);
    await store.whenResolved();
    const broken = environmentNamed(store, 'dev');
    assert.equal(describeEnvironment(broken), 'dev running: never stopped, web running');
    assert.ok(broken.resolution.kind === 'broken');
    assert.equal(broken.resolution.error.kind, 'configuration');
    assert.equal(broken.resolution.error.details.place?.file, file);
    assert.ok((broken.resolution.error.details.place?.line ?? 0) >= 2);
    await folder.docker('stop', folder.container('web'));
    await untilEnvironment(store, 'dev stopped: never stopped, web stopped');

    folder.write('compose.yaml', `${good}  new:\n    ${IDLE}\n`);
    await store.filesChanged([file]);
    await store.whenResolved();
    const mended = environmentNamed(store, 'dev');
    assert.equal(mended.resolution.kind, 'resolved');
    assert.equal(describeEnvironment(mended), 'dev stopped: never stopped, new stopped, web stopped');
  });

  it('broken from the start: its containers are found by the files they were made from', async () => {
    const good = `services:\n  web:\n    ${IDLE}\n`;
    folder = new ComposeFolder('broken', { 'compose.yaml': good });
    await folder.compose('up', '--detach');
    folder.write('compose.yaml', `${good}\n  x: [`);
    const { store } = berth;
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await store.whenResolved();
    const environment = await untilEnvironment(store, 'dev running: web running');
    assert.equal(environment.resolution.kind, 'broken');
    assert.equal(environment.projectName, folder.project);
  });

  it('has a project that was started from standard input in the workspace', async () => {
    folder = new ComposeFolder('piped', {
      'compose.yaml': `name: PROJECT-other\nservices:\n  web:\n    ${IDLE}\n`,
      'made.txt': `services:\n  piped:\n    ${IDLE}\n`,
    });
    const { store } = berth;
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await store.whenResolved();
    await runOrFail('sh', ['-c', `docker compose -p ${folder.project} -f - up --detach <made.txt`], {
      cwd: folder.folder,
    });
    await untilEnvironment(store, `${folder.project} running: piped running`);
  });

  describe('in a workspace that is not trusted', () => {
    it('runs no program and opens no connection; once it is trusted, both', async () => {
      folder = new ComposeFolder('untrusted', {
        'compose.yaml': `services:\n  web:\n    ${IDLE}\n  db:\n    ${IDLE}`,
        'bin/docker': `#!/bin/sh\ntouch '${'FOLDER'}/docker-was-run'\necho '{"name":"x","services":{"web":{}}}'\n`,
      });
      const trace = folder.path('docker-was-run');
      folder.write('bin/docker', folder.read('bin/docker').replace('FOLDER', folder.folder));
      fs.chmodSync(folder.path('bin/docker'), 0o755);
      let connections = 0;
      let onConnection = () => {};
      const engine = net.createServer((socket) => {
        connections++;
        socket.destroy();
        onConnection();
      });
      const socketPath = folder.path('docker.sock');
      await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
      const restore = setVariables({
        DOCKER_HOST: `unix://${socketPath}`,
        PATH: `${folder.path('bin')}${path.delimiter}${process.env.PATH}`,
      });
      try {
        const { store } = berth;
        await store.setScope({ workspaceFolders: [folder.folder], trusted: false });
        await store.whenResolved();
        await store.filesChanged();
        await store.whenResolved();
        assert.equal(describeEnvironment(environmentNamed(store, 'dev')), 'dev unknown: db unknown, web unknown');
        assert.equal(environmentNamed(store, 'dev').resolution.kind, 'text-only');
        assert.deepEqual([...berth.feeds], []);

        // The proof that the traps work: with trust, both go off.
        const connected = new Promise<void>((resolve) => {
          onConnection = resolve;
        });
        assert.deepEqual([fs.existsSync(trace), connections], [false, 0]);
        await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
        await store.whenResolved();
        await connected;
        assert.ok(fs.existsSync(trace));
        assert.equal(environmentNamed(store, 'dev').resolution.kind, 'resolved');
      } finally {
        berth.dispose();
        restore();
        engine.close();
      }
    });
  });
});
