import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import type { UserError } from '../../../src/core/common/errors';
import type { Finding } from '../../../src/core/model/finding';
import type { FindingCode } from '../../../src/core/model/findingCodes';
import { freePort } from '../../support/ports';
import { BerthCommand } from '../support/berthCommand';
import { ComposeFolder, IDLE } from '../support/composeFolder';
import { type EngineProxy, engineSocket, startProxy } from '../support/engineApi';
import { LiveFolder } from '../support/liveFolder';
import { startRegistry } from '../support/registry';

/** What is on the engine, or is not. */
describe('live checks of the engine', () => {
  let live: LiveFolder;
  afterEach(() => live?.dispose());

  const open = async (services: string, rest = '') => {
    live = await LiveFolder.open({ 'compose.yaml': `name: PROJECT\nservices:\n${services}${rest}` });
  };
  const WEB = `  web:\n    ${IDLE}\n`;

  it('an external network and volume that are missing, which are made', async () => {
    await open(
      `${WEB}    networks: [proxy]\n    volumes: ["kept:/kept"]\n`,
      'networks:\n  proxy: { external: true, name: PROJECT-proxy }\nvolumes:\n  kept: { external: true, name: PROJECT-kept }\n',
    );
    const { project } = live.folder;
    try {
      const network = await live.only('missing-network');
      assert.equal(network.message, `The network "${project}-proxy" is not there.`);
      const volume = await live.only('missing-volume');
      assert.equal(volume.message, `The volume "${project}-kept" is not there.`);
      assert.deepEqual(
        [...live.placesOf(network), ...live.placesOf(volume)],
        ['compose.yaml:9:3', 'compose.yaml:11:3'],
      );
      await live.fix(network, 'create-network');
      await live.fix(volume, 'create-volume');
      assert.deepEqual([...(await live.found('missing-network')), ...(await live.found('missing-volume'))], []);
      await live.core.do('up');
      await live.core.do('down');
    } finally {
      await live.folder.docker('network', 'rm', `${project}-proxy`);
      await live.folder.docker('volume', 'rm', `${project}-kept`);
    }
  });

  it('what several environments lack once, with all of them', async () => {
    const rest = `  built:\n    build: .\n  pulled:\n    image: berth.invalid/none:1\n`;
    const networks = 'networks:\n  proxy: { external: true, name: PROJECT-proxy }\n';
    const overlay = (more: string) =>
      `name: PROJECT-test\nservices:\n  built:\n    build: .${more}\n  web:\n    labels: { by: tests }\n`;
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n${WEB}    networks: [proxy]\n${rest}${networks}`,
      'compose.test.yaml': overlay(''),
    });
    const namesOf = ({ environments }: Finding) =>
      environments.map((id) => live.core.store.find(id)?.definition.name).sort();
    assert.deepEqual(namesOf(await live.only('missing-network')), ['dev', 'test']);
    const images = await live.only('image-missing');
    assert.deepEqual(namesOf(images), ['dev', 'test']);
    assert.deepEqual(live.placesOf(images), ['compose.yaml:8:5', 'compose.test.yaml:4:5']);
    // What is pulled is there for both then; what is built has the name of its project.
    const titles = ({ fixes }: Finding) => fixes.map(({ title }) => title);
    assert.deepEqual(titles(images), ['Pull images of "dev"', 'Build images of "dev"', 'Build images of "test"']);
    live.folder.write('compose.test.yaml', overlay(' # berth-ignore image-missing'));
    const left = await live.only('image-missing');
    assert.deepEqual([...namesOf(left), ...titles(left)], ['dev', 'Pull images of "dev"', 'Build images of "dev"']);
  });

  it('what is missing on each engine that lacks it', async () => {
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    image: berth.invalid/none:1\n    networks: [x]\n    volumes: ["kept:/x"]\nnetworks: { x: { external: true, name: PROJECT-x } }\nvolumes: { kept: { external: true, name: PROJECT-x } }\n`,
      'berth.yaml':
        'environments:\n  here: { files: [compose.yaml] }\n  there: { files: [compose.yaml], context: default }\n',
    });
    const name = `${live.folder.project}-x`;
    const { findings } = await live.check();
    assert.deepEqual(findings.map(({ message }) => message).sort(), [
      'Images of services are not here yet: web.',
      'Images of services are not in the context "default" yet: web.',
      `The network "${name}" is not there in the context "default".`,
      `The network "${name}" is not there.`,
      `The volume "${name}" is not there in the context "default".`,
      `The volume "${name}" is not there.`,
    ]);
  });

  it('says which environments it could not look at, and why', async () => {
    const port = await freePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const compose = `name: PROJECT\nservices:\n${WEB}    env_file: web.env\n    ports: ["127.0.0.1:${port}:80"]\n`;
    await open('  web: {}\n');
    live.folder.write('compose.yaml', compose);
    const look = async (code: FindingCode) => {
      const { findings, notes } = await live.check({ codes: [code] });
      return [findings.length, ...notes.map((note) => note.replace(/(:.*?): .*$/, '$1'))];
    };
    try {
      assert.deepEqual(await look('port-taken'), [0, 'dev: could not be looked at, since Compose refuses its files']);
      // What goes by no file was looked at.
      assert.deepEqual(await look('engine-unreachable'), [0]);
      live.folder.write('web.env', '');
      assert.deepEqual(await look('port-taken'), [1]);
      live.folder.write('compose.yaml', `${compose}    nonsense: 1\n`);
      assert.deepEqual(await look('port-taken'), [
        1,
        'dev: was looked at by its files as Compose last accepted them, since it refuses them now',
      ]);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('not what only a service uses that a profile keeps out', async () => {
    await open(
      `${WEB}  tool:\n    ${IDLE}\n    profiles: [tools]\n    networks: [proxy]\n`,
      'networks:\n  proxy: { external: true, name: PROJECT-proxy }\n',
    );
    assert.deepEqual(await live.found('missing-network'), []);
  });

  it('not an external network that is given by its id', async () => {
    await open('  web: {}\n');
    const { folder } = live;
    const name = `${folder.project}-proxy`;
    const id = (await folder.docker('network', 'create', name)).trim();
    try {
      const networks = `networks:\n  proxy: { external: true, name: ${id} }\n`;
      folder.write('compose.yaml', `name: PROJECT\nservices:\n${WEB}    networks: [proxy]\n${networks}`);
      assert.deepEqual(await live.found('missing-network'), []);
      await live.core.do('up');
      await live.core.do('down');
    } finally {
      await folder.docker('network', 'rm', name);
    }
  });

  it('images that are not here yet, and none of those that are', async () => {
    await open(`${WEB}  built:\n    build: .\n  pulled:\n    image: berth.invalid/none:1\n`);
    const finding = await live.only('image-missing');
    assert.equal(finding.message, 'Images of services are not here yet: built, pulled.');
    assert.equal(finding.severity, 'info');
    assert.deepEqual(
      finding.fixes.map((fix) => fix.kind === 'operation' && [fix.operation, ...fix.services]),
      [
        ['pull', 'pulled'],
        ['build', 'built'],
      ],
    );
    live.folder.write('compose.yaml', `name: PROJECT\nservices:\n${WEB}`);
    assert.deepEqual(await live.found('image-missing'), []);
  });

  it('images that are not here yet, which are built', async () => {
    await open(`${WEB}  built:\n    build: .\n    command: idle\n    stop_grace_period: 3s\n`);
    live.folder.write('Dockerfile', 'FROM berth/idle:1\n');
    const finding = await live.only('image-missing');
    await live.fix(finding, 'operation', 'Build images of "dev"');
    assert.deepEqual(await live.found('image-missing'), []);
    await live.folder.docker('image', 'inspect', `${live.folder.project}-built`);
    assert.equal(await live.folder.compose('ps', '--all', '--quiet'), '', 'nothing is started by that');
    await live.core.do('up');
  });

  it('images that are not here yet, which are pulled, or why they are not', async function () {
    if ((await engineSocket()) === undefined || process.platform !== 'linux') return this.skip();
    const registry = await startRegistry();
    const file = (image: string) => `name: PROJECT\nservices:\n${WEB}  pulled:\n    image: ${image}\n`;
    try {
      live = await LiveFolder.open({ 'compose.yaml': file(`${registry.image}-none`) });
      const absent = await live.only('image-missing');
      await assert.rejects(live.fix(absent, 'operation', 'Pull images of "dev"'), (error: UserError) => {
        assert.match(error.message, /manifest unknown/);
        assert.match(error.details.remedy ?? '', /named right: the registry does not give it/);
        assert.equal(error.details.place?.file, live.folder.path('compose.yaml'));
        return true;
      });
      live.folder.write('compose.yaml', file(registry.image));
      const finding = await live.only('image-missing');
      await live.fix(finding, 'operation', 'Pull images of "dev"');
      assert.deepEqual(await live.found('image-missing'), []);
      await live.folder.docker('image', 'rm', registry.image);
      assert.equal((await live.found('image-missing')).length, 1);
    } finally {
      registry.dispose();
      await live.folder.docker('image', 'rm', registry.image).catch(() => {});
    }
  });

  it('an image that is here and for another kind of processor', async () => {
    const file = (platform: string) =>
      `name: PROJECT\nservices:\n${WEB}  far:\n    build: { context: ., platforms: [${platform}] }\n`;
    live = await LiveFolder.open({
      'compose.yaml': file('linux/s390x'),
      Dockerfile: 'FROM scratch\nCOPY file /\n',
      file: '',
    });
    await live.core.do('build');
    const finding = await live.only('wrong-platform');
    const machine = (await live.folder.docker('version', '--format', '{{.Server.Os}}/{{.Server.Arch}}')).trim();
    assert.equal(
      finding.message,
      `The image of service "far" is for linux/s390x, and the engine's machine is ${machine}: it runs slowly, or not at all.`,
    );
    assert.equal(finding.severity, 'warning');
    assert.deepEqual(live.placesOf(finding), ['compose.yaml:7:5']);
    live.folder.write('compose.yaml', file(machine));
    await live.core.store.filesChanged();
    await live.core.do('build');
    assert.deepEqual(await live.found('wrong-platform'), []);
  });

  it('an image that is asked for another kind of processor', async () => {
    await open(`${WEB}    platform: linux/s390x\n`);
    const finding = await live.only('wrong-platform');
    assert.match(
      finding.message,
      /^The image of service "web" is for linux\/s390x, and the engine's machine is linux\//,
    );
    assert.deepEqual(live.placesOf(finding), ['compose.yaml:6:5']);
    live.folder.write('compose.yaml', `name: PROJECT\nservices:\n${WEB}`);
    assert.deepEqual(await live.found('wrong-platform'), []);
  });

  it('what the engine does not know yet', async () => {
    await open(`${WEB}    healthcheck: { test: "true", interval: 1s, start_period: 5s, start_interval: 1s }\n`);
    const version = (await live.folder.docker('version', '--format', '{{.Server.Version}}')).trim();
    const isOld = Number(version.split('.')[0]) < 25;
    const found = await live.found('engine-too-old');
    assert.deepEqual(
      found.map(({ message }) => message),
      isOld
        ? [`"healthcheck.start_interval" of service "web" needs Docker Engine 25.0 or later, and this is ${version}.`]
        : [],
    );
  });

  it('what Compose does not know yet, where it refuses the files', async () => {
    await open(`${WEB}    label_file: ./labels\n`);
    const version = (await live.folder.docker('compose', 'version', '--short')).trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isOld = major === 2 && minor < 32;
    const found = await live.found('compose-too-old');
    assert.deepEqual(
      found.map((finding) => [finding.message.replace(/, and this is .*/, ''), ...live.placesOf(finding)]),
      isOld ? [['"label_file" needs Docker Compose 2.32.2 or later', 'compose.yaml:6:5']] : [],
    );
    live.folder.write(
      'compose.yaml',
      `name: PROJECT\nservices:\n${WEB}    labels: { label_file: x }\n    nonsense: 1\n`,
    );
    assert.deepEqual(await live.found('compose-too-old'), []);
  });

  it('containers of two environments in one network', async () => {
    const file = (project: string, networks: string) =>
      `name: ${project}\nservices:\n${WEB}    networks: [shared]\nnetworks:\n  shared: ${networks}\n`;
    live = await LiveFolder.open({
      'compose.dev.yaml': file('PROJECT', '{ name: PROJECT-shared }'),
      'compose.test.yaml': file('PROJECT-test', '{ external: true, name: PROJECT-shared }'),
    });
    live.folder.owns(`${live.folder.project}-test`);
    await live.core.do('up', 'dev');
    assert.deepEqual(await live.found('not-isolated'), []);
    await live.core.do('up', 'test');
    const finding = await live.only('not-isolated');
    const network = `${live.folder.project}-shared`;
    assert.equal(finding.message, `Containers of "dev" and "test" reach each other in the network ${network}.`);
    assert.equal(finding.severity, 'warning');
    assert.deepEqual(live.placesOf(finding), ['compose.dev.yaml:8:3', 'compose.test.yaml:8:3']);
    await live.core.do('stop', 'test');
    assert.deepEqual(await live.found('not-isolated'), []);
    await live.core.do('down', 'test');
  });

  it('migrations, only where somebody wants its command run', async () => {
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n${WEB}`,
      'berth.yaml': `environments:
  dev:
    files: [compose.yaml]
    commands:
      migrations: { kind: task, service: web, run: [test, -e, /tmp/migrated] }
      migrate: { kind: task, service: web, run: [touch, /tmp/migrated] }
`,
    });
    const asked = { runsCommands: true };
    const { findings, notes } = await live.check(asked);
    assert.deepEqual(
      findings.filter(({ code }) => code === 'pending-migrations'),
      [],
    );
    assert.deepEqual(notes, [
      'dev: could not be looked at: its command "migrations" runs in "web", which does not run.',
    ]);
    await live.core.do('up');
    assert.deepEqual(await live.found('pending-migrations'), []);
    const declared = live.folder.read('berth.yaml');
    live.folder.write(
      'berth.yaml',
      declared.replace('[test, -e, /tmp/migrated]', "[sh, -c, 'echo no connection; exit 1']"),
    );
    const failed = await live.check(asked);
    assert.deepEqual(failed.notes, ['dev: could not be looked at: its command failed: no connection']);
    assert.ok(!failed.findings.some(({ code }) => code === 'pending-migrations'));
    live.folder.write('berth.yaml', declared);
    const finding = await live.only('pending-migrations', asked);
    assert.equal(finding.message, '"dev" has migrations that have not been run, says its command "migrations".');
    await live.fix(finding, 'run-command');
    assert.deepEqual(await live.found('pending-migrations', asked), []);
  });

  it('how much room is left where the engine keeps its data, and nothing where that is enough', async function () {
    await open(WEB);
    const root = (await live.folder.docker('info', '--format', '{{.DockerRootDir}}')).trim();
    // Docker Desktop has a disk of its own.
    if (!fs.existsSync(root)) return this.skip();
    const { findings, facts } = await live.check({ codes: ['low-disk'] });
    const { bavail, bsize } = fs.statfsSync(root);
    const [{ engine: { freeSpace = -1 } = {} } = {}] = facts.live;
    // Others write to it meanwhile.
    assert.ok(Math.abs(freeSpace - bavail * bsize) < 1024 ** 3, `${freeSpace}`);
    assert.equal(findings.length, freeSpace < 2 * 1024 ** 3 ? 1 : 0);
  });

  it('an engine that does not answer', async () => {
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n${WEB}    ports: ["1:1"]\n`,
      'berth.yaml': 'environments:\n  dev: { files: [compose.yaml], context: berth-none }\n',
    });
    const { findings } = await live.check();
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['engine-unreachable'],
    );
  });

  it('nothing of an environment that is all right, and nothing of a workspace that is not trusted', async () => {
    await open(WEB);
    await live.core.do('up');
    const { findings, notes } = await live.check();
    assert.deepEqual({ findings, notes }, { findings: [], notes: [] });
    const { store } = live.core.berth;
    await store.setScope({ workspaceFolders: [live.folder.folder], trusted: false });
    await assert.rejects(live.check(), /not trusted/);
  });
});

/** What is said of containers in the way, by an engine that may not answer. */
describe('live checks of what would be lost', () => {
  let live: LiveFolder;
  let other: ComposeFolder;
  let proxy: EngineProxy;
  let command: BerthCommand;
  /** Of the container that is in the way. */
  let id: string;
  /** Called when that is asked about. */
  let onInspected: () => void;

  beforeEach(async function () {
    const socket = await engineSocket();
    if (socket === undefined) this.skip();
    onInspected = () => {};
    const port = await freePort();
    const name = `lost-${port}`;
    const shop = `${IDLE}\n    container_name: ${name}\n    ports: ["127.0.0.1:${port}:80"]`;
    other = new ComposeFolder('others', { 'compose.yaml': `services:\n  shop:\n    ${shop}\n` });
    await other.compose('up', '--detach');
    id = (await other.docker('inspect', '--format', '{{.Id}}', name)).trim();
    proxy = await startProxy(socket, {
      listen: (onConnection) =>
        net.createServer((client) => {
          onConnection(client);
          client.on('data', (chunk) => {
            if (chunk.toString('latin1').includes(`/containers/${id}/json`)) onInspected();
          });
        }),
    });
    live = await LiveFolder.open({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${shop}\n` });
  });
  afterEach(async () => {
    command?.process.kill('SIGKILL');
    await proxy?.close();
    await live?.dispose();
    await other?.dispose();
  });

  const check = (code: string) => {
    const env = { DOCKER_HOST: proxy.dockerHost };
    command = new BerthCommand(['check', '--live', '--code', code], { cwd: live.folder.folder, env, input: '' });
    return command;
  };

  it('is left out when the engine does not tell, and the findings are shown', async () => {
    onInspected = () => proxy.silence();
    await check('name-taken').until(/^1 error\.$/m);
    const { stdout, exitCode } = await command.ended;
    assert.match(stdout, /name-taken$/m);
    assert.doesNotMatch(stdout, /goes with it/);
    assert.equal(exitCode, 1);
  });

  it('is asked for with sizes only of a container that goes', async () => {
    const inspected = async (code: string) => {
      const before = proxy.requests.length;
      assert.equal((await check(code).ended).exitCode, 1);
      return proxy.requests.slice(before).filter((one) => one.includes(`/containers/${id}/json?`));
    };
    assert.deepEqual(await inspected('port-taken'), []);
    assert.equal((await inspected('name-taken')).length, 1);
  });
});
