import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { runCompose } from '../../src/core/compose/compose';
import { logsCall, shellCall } from '../../src/core/compose/serviceCalls';
import { EngineFeed } from '../../src/core/engine/engineFeed';
import { freePort } from '../support/ports';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { askEngine, connectThrough, engineSocket } from './support/engineApi';
import { OperatedFolder } from './support/operations';
import { containersOf, describeEnvironment, environmentNamed, eventually, untilEnvironment } from './support/waiting';

/** A service that goes on starting. */
const NOT_YET_HEALTHY = `name: PROJECT
services:
  web:
    ${IDLE_WITH_HEALTH.replace('retries: 1', 'retries: 1000')}
    environment: { UNHEALTHY: not yet }
`;

// Faults that docs/faults.md lists; those of operationFailures.test.ts, which came before, are not repeated.
describe('faults of services and files', () => {
  const folders: ComposeFolder[] = [];
  const cores: OperatedFolder[] = [];

  /** Core, looking at a folder with these files. */
  async function open(name: string, files: Readonly<Record<string, string>>) {
    const folder = new ComposeFolder(name, files);
    folders.push(folder);
    const core = await OperatedFolder.open(folder);
    cores.push(core);
    return { folder, core, described: (one = 'dev') => describeEnvironment(environmentNamed(core.store, one)) };
  }
  afterEach(async () => {
    for (const core of cores.splice(0)) core.dispose();
    for (const folder of folders.splice(0)) await folder.dispose();
  });

  it('out of memory: says so, and how much it may use', async () => {
    const { core, described } = await open('memory', {
      'compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE}
    mem_limit: 16m
    memswap_limit: 16m
    command: sh -c 'echo hungry; exec tail /dev/zero'
`,
    });
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(
      error.message,
      /^Service "web" (?:ran|was killed, most likely because it ran) out of memory: it may use 16\.8 MB\.$/,
    );
    assert.match(error.details.output ?? '', /hungry/);
    assert.match(error.details.remedy ?? '', /mem_limit/);
    assert.equal(described(), 'dev exited: web exited');
  });

  it('killed by somebody with the engine, or within: tells which', async () => {
    const { folder, core } = await open('killed', { 'compose.yaml': NOT_YET_HEALTHY });
    const up = core.fail('up');
    await untilEnvironment(core.store, 'dev starting: web starting');
    await folder.docker('kill', folder.container('web'));
    assert.equal((await up).error.message, 'Service "web" was killed: somebody had the engine do that.');

    const byItself = `name: PROJECT
services:
  web:
    ${IDLE}
    command: sh -c 'sleep 100 & kill -9 $$!; wait $$!'
`;
    const within = await open('killedwithin', { 'compose.yaml': byItself });
    const { error } = await within.core.fail('up');
    assert.match(error.message, /^Service "web" ended with exit code 137: it, or a program in it, was killed, and not/);
    assert.match(error.details.remedy ?? '', /dmesg/);

    // The kernel kills such a one, and the engine does not always notice that.
    const limited = await open('killedlimited', { 'compose.yaml': `${byItself}    mem_limit: 16m\n` });
    const { error: likely, finding } = await limited.core.fail('up');
    assert.equal(
      likely.message,
      'Service "web" was killed, most likely because it ran out of memory: it may use 16.8 MB.',
    );
    assert.equal(finding?.code, 'out-of-memory');
  });

  it('paused by somebody else in the middle of up: says so; a second up unpauses it', async () => {
    const { folder, core, described } = await open('paused', { 'compose.yaml': NOT_YET_HEALTHY });
    const up = core.fail('up');
    await untilEnvironment(core.store, 'dev starting: web starting');
    await folder.compose('pause');
    const { error, service } = await up;
    assert.deepEqual([service, error.message], ['web', 'Service "web" is paused.']);
    assert.equal(described(), 'dev paused: web paused');
    const again = core.do('up');
    await untilEnvironment(core.store, 'dev starting: web starting');
    await folder.setHealth('web');
    await again;
    assert.equal(described(), 'dev healthy: web healthy');
  });

  it('a port that another environment has: says which service of which', async () => {
    const port = await freePort(24400);
    const services = `services:\n  web:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]\n`;
    const { folder, core, described } = await open('ports', {
      'compose.yaml': `name: PROJECT\n${services}`,
      'other/compose.yaml': `name: PROJECT-other\n${services.replace('web:', 'store:')}`,
    });
    folder.owns(`${folder.project}-other`);
    const [, other = ''] = core.store.environments.map(({ definition }) => definition.name);
    await core.do('up', other);
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.equal(error.message, `Port ${port} is already in use by service "store" of environment "${other}".`);
    const made = ['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${folder.project}`];
    assert.equal(await folder.docker(...made), '', 'nothing was made before that was seen');
    assert.equal(described(), 'dev stopped: web stopped');
    assert.equal(described(other), `${other} running: store running`);
    // The way out that it names.
    await core.do('down', other);
    await core.do('up');
  });

  it('a port that a container of no environment has', async () => {
    const port = await freePort(24410);
    const { folder, core } = await open('stranger', {
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]\n`,
    });
    const stranger = `${folder.project}-stranger`;
    await folder.docker('run', '--detach', '--publish', `127.0.0.1:${port}:99`, '--name', stranger, 'berth/idle:1');
    try {
      const { error } = await core.fail('up');
      assert.equal(
        error.message,
        `Port ${port} is already in use by container "${stranger}", which belongs to no project.`,
      );
    } finally {
      await folder.docker('rm', '--force', stranger);
    }
  });

  it('a port that a program has: says which one', async function () {
    if (process.platform !== 'linux') return this.skip();
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      const { core, described } = await open('program', {
        'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]\n`,
      });
      const { error, service } = await core.fail('up');
      assert.equal(service, 'web');
      assert.match(
        error.message,
        new RegExp(`^Port ${port} is already in use by the program \\S+ \\(process ${process.pid}\\)\\.$`),
      );
      assert.equal(described(), 'dev stopped: web stopped');
    } finally {
      server.close();
    }
  });

  it('a container name that another environment has: says whose it is', async () => {
    const text = (service: string) => `services:\n  ${service}:\n    ${IDLE}\n    container_name: PROJECT-fixed\n`;
    const { folder, core, described } = await open('names', {
      'compose.yaml': `name: PROJECT\n${text('web')}`,
      'other/compose.yaml': `name: PROJECT-other\n${text('store')}`,
    });
    folder.owns(`${folder.project}-other`);
    const [, other = ''] = core.store.environments.map(({ definition }) => definition.name);
    await core.do('up', other);
    const { error } = await core.fail('up');
    assert.equal(
      error.message,
      `The container name "${folder.project}-fixed" is already in use by service "store" of environment "${other}".`,
    );
    assert.match(error.details.remedy ?? '', /container_name/);
    assert.equal(described(), 'dev stopped: web stopped');
    // What was made halfway is Compose's network, which goes with "down".
    const { kept } = await core.do('down');
    assert.deepEqual(kept, { containers: [], networks: [], volumes: [] });
    assert.equal(described(other), `${other} running: store running`);
  });

  it('an external network that there is not: says how to make it', async () => {
    const service = `  web:\n    ${IDLE}\n    networks: [a]\n`;
    const { folder, core, described } = await open('external', {
      'compose.yaml': `name: PROJECT\nservices:\n${service}networks:\n  a: { external: true, name: PROJECT-a }\n`,
    });
    const { error } = await core.fail('up');
    assert.equal(error.details.remedy, `Make it first: docker network create ${folder.project}-a`);
    assert.equal(described(), 'dev stopped: web stopped');
  });

  it('folders and services with names that no shell would like', async () => {
    const inner = `-v $HOME 'one' "two" & ünï 船`;
    const folder = new ComposeFolder('odd', {
      [path.join(inner, 'compose.yaml')]: `name: PROJECT
services:
  "--help":
    ${IDLE}
    volumes: ["./data:/data"]
  "-v.1_x":
    ${IDLE_WITH_HEALTH}
`,
      [path.join(inner, 'data', 'word')]: 'moored',
    });
    folders.push(folder);
    const core = await OperatedFolder.open(folder);
    cores.push(core);
    const [environment] = core.store.environments;
    assert.ok(environment);
    const { name, context } = environment.definition;
    const described = () => describeEnvironment(environmentNamed(core.store, name));
    await core.do('up', name);
    assert.equal(described(), `${name} running: --help running, -v.1_x healthy`);
    const call = shellCall(folder.project, context, '--help', { terminal: false });
    assert.deepEqual(call.args.slice(0, 4), ['compose', '--project-name', folder.project, 'exec']);
    assert.equal(await folder.docker('exec', folder.container('--help'), 'cat', '/data/word'), 'moored');
    const logs = await runCompose(
      logsCall(folder.project, context, ['-v.1_x'], { follow: false, tail: 5, colour: false }),
    );
    assert.match(logs.stdout, /idle: waiting/);
    for (const operation of ['stop', 'start', 'pause', 'unpause', 'scale', 'kill', 'remove', 'down'] as const) {
      await core.do(operation, name, { services: ['--help'], options: { replicas: { '--help': 1 } } });
    }
    await core.do('up', name);
    assert.equal(described(), `${name} running: --help running, -v.1_x healthy`);
    await core.do('down', name);
    assert.equal(described(), `${name} stopped: --help stopped, -v.1_x stopped`);
  });

  it('a compose file of 5,000 lines: read, worked with, and its one mistake found', async () => {
    const service = (index: number) => `  service-${index}:
    image: berth/idle:1
    stop_grace_period: 3s
    profiles: [rest]
    environment:
      FIRST: one
      SECOND: two
    labels:
      - berth.test=${index}
    hostname: host-${index}`;
    const lines = ['name: PROJECT', 'services:', '  web:', `    ${IDLE}`];
    for (let index = 0; index < 500; index++) lines.push(service(index));
    const text = `${lines.join('\n')}\n`;
    assert.ok(text.split('\n').length > 5000);
    const { folder, core, described } = await open('long', { 'compose.yaml': text });
    await core.do('up');
    assert.equal(environmentNamed(core.store, 'dev').services.length, 501);
    await core.do('up', 'dev', { services: ['service-499'] });
    assert.equal(environmentNamed(core.store, 'dev').health, 'running');
    folder.write('compose.yaml', text.replace('host-321', 'host-321\n    hostnam: wrong'));
    await core.store.filesChanged([folder.path('compose.yaml')]);
    await core.store.whenResolved();
    const { resolution } = environmentNamed(core.store, 'dev');
    assert.ok(resolution.kind === 'broken');
    const expected = folder.read('compose.yaml').split('\n').indexOf('    hostnam: wrong') + 1;
    assert.deepEqual(resolution.error.details.place?.line, expected);
    await core.do('down');
    assert.match(described(), /^dev stopped/);
  });
});

describe('an engine that is busy with others', () => {
  const FOREIGN = 200;
  const RENAMES = 10;
  let socket: string;
  let folder: ComposeFolder;
  let ids: string[] = [];

  before(async function () {
    const found = await engineSocket();
    if (!found) return this.skip();
    socket = found;
    folder = new ComposeFolder('busy', { 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    // Never started: to the engine's list and events that makes no difference, and it takes a tenth of the time.
    const create = async (index: number) => {
      const Labels = {
        'com.docker.compose.project': `${folder.project}-foreign-${index % 20}`,
        'com.docker.compose.service': `service-${index}`,
      };
      const name = `${folder.project}-foreign-${index}`;
      const { body } = await askEngine(socket, 'POST', `/containers/create?name=${name}`, {
        Image: 'berth/idle:1',
        Labels,
      });
      return String(JSON.parse(body).Id);
    };
    for (let index = 0; index < FOREIGN; index += 10) {
      ids.push(...(await Promise.all(Array.from({ length: 10 }, (_, other) => create(index + other)))));
    }
  });
  after(async () => {
    for (; ids.length > 0; ids = ids.slice(10)) {
      await Promise.all(ids.slice(0, 10).map((id) => askEngine(socket, 'DELETE', `/containers/${id}?force=1`)));
    }
    await folder?.dispose();
  });

  it('200 foreign containers are no part of the environments, and in nobody’s way', async () => {
    const core = await OperatedFolder.open(folder);
    try {
      await core.do('up');
      assert.deepEqual(core.store.environments.map(describeEnvironment), ['dev running: web running']);
      assert.equal(environmentNamed(core.store, 'dev').services[0]?.containers.length, 1);
    } finally {
      core.dispose();
    }
  });

  it('a burst of 2,000 events is followed to the last, while operations go on', async () => {
    const core = await OperatedFolder.open(folder);
    try {
      await core.do('up');
      const feed = core.berth.feedFor(undefined);
      const names = () =>
        new Map([...feed.containers].filter(({ id }) => ids.includes(id)).map(({ id, name }) => [id, name]));
      const rename = async (id: string, index: number) => {
        for (let round = 0; round < RENAMES; round++) {
          const { status } = await askEngine(
            socket,
            'POST',
            `/containers/${id}/rename?name=${folder.project}-${index}-${round}`,
          );
          assert.equal(status, 204);
        }
      };
      const renamed = Promise.all(ids.map(rename));
      await core.do('restart');
      await core.do('down');
      await renamed;
      const expected = ids.map((_, index) => `${folder.project}-${index}-${RENAMES - 1}`);
      const actual = () => ids.map((id) => names().get(id));
      await eventually(
        feed.onDidChangeContainers,
        () => JSON.stringify(actual()) === JSON.stringify(expected) || undefined,
        actual,
      );
      assert.equal(feed.state.kind, 'connected');
      await untilEnvironment(core.store, 'dev stopped: web stopped');
    } finally {
      core.dispose();
    }
  });

  it('a calendar that is wrong by an hour, either way, changes nothing', async () => {
    const { now } = Date;
    for (const jump of [-3_600_000, 3_600_000]) {
      Date.now = () => now() + jump;
      const feed = new EngineFeed({ connect: () => connectThrough(`unix://${socket}`) });
      try {
        await feed.whenConnected();
        const all = JSON.parse((await askEngine(socket, 'GET', '/containers/json?all=1')).body) as {
          Id: string;
          State: string;
        }[];
        const known = new Map([...feed.containers].map(({ id, state }) => [id, state]));
        for (const { Id, State } of all) if (known.has(Id)) assert.equal(known.get(Id), State);
        await folder.compose('up', '--detach');
        await eventually(
          feed.onDidChangeContainers,
          () => containersOf(feed, folder.project).some(({ state }) => state === 'running') || undefined,
          () => containersOf(feed, folder.project),
        );
        await folder.compose('down');
        await eventually(
          feed.onDidChangeContainers,
          () => containersOf(feed, folder.project).length === 0 || undefined,
          () => containersOf(feed, folder.project),
        );
      } finally {
        Date.now = now;
        feed.dispose();
      }
    }
  });
});
