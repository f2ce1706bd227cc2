import assert from 'node:assert/strict';
import type { OperationName, OperationOptions } from '../../src/core/compose/operationCalls';
import type { Belongings } from '../../src/core/model/belongings';
import { describeBelongings, isNothing, lossesOf } from '../../src/core/operations/consequences';
import type { OperationProgress } from '../../src/core/operations/operation';
import { run } from '../support/processes';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { healthsTold, OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed, untilEnvironment } from './support/waiting';

const FILE = `name: PROJECT
services:
  db:
    image: postgres:16-alpine
    environment: { POSTGRES_PASSWORD: not-a-secret, POSTGRES_USER: app }
    volumes: ["data:/var/lib/postgresql/data"]
    stop_grace_period: 5s
    healthcheck: { test: ["CMD-SHELL", "pg_isready --user app --host localhost"], interval: 1s, retries: 20 }
  cache:
    image: redis:7-alpine
    stop_grace_period: 5s
    healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s, retries: 20 }
  tool:
    ${IDLE}
    profiles: [tools]
  web:
    ${IDLE_WITH_HEALTH}
volumes:
  data:
`;

// One story, each test going on where the one before left off: starting databases takes seconds.
describe('further operations on PostgreSQL, Redis and others', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    folder = new ComposeFolder('more', { 'compose.yaml': FILE });
    core = await OperatedFolder.open(folder);
  });
  /** Volumes without a name outlive their containers, and nothing then tells whose they were. */
  const volumes = new Set<string>();
  const noteVolumes = async () => {
    const ids = await folder.compose('ps', '--all', '--quiet');
    const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
    if (ids.trim()) {
      const names = await folder.docker('inspect', '--format', format, ...ids.trim().split('\n'));
      for (const name of names.split('\n')) if (/^[0-9a-f]{64}$/.test(name)) volumes.add(name);
    }
  };
  afterEach(noteVolumes);
  after(async () => {
    core?.dispose();
    await folder?.dispose();
    if (volumes.size > 0) await run('docker', ['volume', 'rm', '--force', ...volumes]);
  });

  const described = () => describeEnvironment(environmentNamed(core.store, 'dev'));
  const psql = async (sql: string) => {
    const args = ['psql', '--user', 'app', '--no-psqlrc', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1'];
    return (await folder.docker('exec', folder.container('db'), ...args, '--command', sql)).trim();
  };
  const idOf = async (service: string) =>
    (await folder.docker('inspect', '--format', '{{.Id}}', folder.container(service))).trim();
  const losses = async (operation: OperationName, services: string[] = [], options: OperationOptions = {}) => {
    const environment = environmentNamed(core.store, 'dev');
    const connection = await core.berth.feedFor(undefined).whenConnected();
    const request = { operation, environmentId: environment.definition.id, services, options };
    return lossesOf(request, environment, connection, { sizes: true, signal: new AbortController().signal });
  };
  const containersIn = ({ containers }: Belongings) => containers.map(({ service }) => service).sort();
  /** Makes the file something that Compose refuses, for as long as `work` takes. */
  const whileBroken = async (work: () => Promise<void>) => {
    const good = folder.read('compose.yaml');
    const set = async (text: string) => {
      folder.write('compose.yaml', text);
      await core.store.filesChanged([folder.path('compose.yaml')]);
      await core.store.whenResolved();
    };
    try {
      await set(good.replace('profiles: [tools]', 'profiles: {}'));
      await work();
    } finally {
      await set(good);
    }
  };

  it('up with a profile starts what is in it, and up without leaves that alone', async () => {
    await core.do('up', 'dev', { options: { profiles: ['tools'] } });
    assert.equal(
      described(),
      'dev healthy: cache healthy, db healthy, tool running, web healthy'.replace('dev healthy', 'dev running'),
    );
    const tool = await idOf('tool');
    await core.do('up');
    assert.equal(await idOf('tool'), tool);
  });

  it('pause and unpause, of one, of what is left, and of all', async () => {
    const progress: OperationProgress[] = [];
    await core.do('pause', 'dev', { services: ['cache'], progress });
    assert.deepEqual(healthsTold(progress, 'cache'), ['paused']);
    assert.equal(described(), 'dev paused: cache paused, db healthy, tool running, web healthy');
    await core.do('pause');
    assert.equal(described(), 'dev paused: cache paused, db paused, tool paused, web paused');
    await core.do('pause');
    await core.do('unpause', 'dev', { services: ['db', 'tool'] });
    await untilEnvironment(core.store, 'dev paused: cache paused, db healthy, tool running, web paused');
    await core.do('unpause');
    await untilEnvironment(core.store, 'dev running: cache healthy, db healthy, tool running, web healthy');
    await core.do('unpause');
  });

  it('up, start and scale of what is paused unpause it', async () => {
    await core.do('pause', 'dev', { services: ['cache', 'web'] });
    await core.do('up');
    assert.equal(described(), 'dev running: cache healthy, db healthy, tool running, web healthy');
    await core.do('pause', 'dev', { services: ['web'] });
    await core.do('start', 'dev', { services: ['web'] });
    assert.match(described(), /web healthy$/);
    await core.do('pause', 'dev', { services: ['web'] });
    await core.do('restart', 'dev', { services: ['web'] });
    assert.match(described(), /web healthy$/);
    await core.do('pause', 'dev', { services: ['web'] });
    await core.do('stop', 'dev', { services: ['web'] });
    assert.match(described(), /web stopped$/);
    await core.do('up', 'dev', { services: ['web'] });
  });

  it('scale up, and down again', async () => {
    const replicas = () => environmentNamed(core.store, 'dev').services.find(({ name }) => name === 'web')?.containers;
    const first = await idOf('web');
    await core.do('scale', 'dev', { services: ['web'], options: { replicas: { web: 3 } } });
    assert.deepEqual(
      replicas()?.map(({ state, healthCheck }) => `${state} ${healthCheck}`),
      ['running healthy', 'running healthy', 'running healthy'],
    );
    await core.do('scale', 'dev', { services: ['web'], options: { replicas: { web: 1 } } });
    assert.equal(replicas()?.length, 1);
    assert.equal(await idOf('web'), first);
    await core.do('scale', 'dev', { services: ['web'], options: { replicas: { web: 0 } } });
    assert.match(described(), /web stopped$/);
    await core.do('up', 'dev', { services: ['web'] });
  });

  it('recreate makes another container, and keeps the data', async () => {
    await psql('create table ships (name text)');
    await psql("insert into ships values ('Fram')");
    const [db, cache] = [await idOf('db'), await idOf('cache')];
    await core.do('recreate', 'dev', { services: ['db'] });
    assert.notEqual(await idOf('db'), db);
    assert.equal(await idOf('cache'), cache);
    assert.equal(await psql('select name from ships'), 'Fram');
    assert.match(described(), /db healthy/);
  });

  it('kill ends at once what is told, remove takes away what has ended', async () => {
    assert.deepEqual(containersIn(await losses('kill')), ['cache', 'db', 'tool', 'web']);
    assert.ok(isNothing(await losses('remove')));
    await core.do('kill', 'dev', { services: ['cache', 'tool'] });
    assert.deepEqual(containersIn(await losses('kill')), ['db', 'web']);
    const gone = await losses('remove');
    assert.deepEqual([containersIn(gone), gone.networks, gone.volumes], [['cache', 'tool'], [], []]);
    assert.deepEqual(containersIn(await losses('remove', ['cache'])), ['cache']);
    await core.do('remove');
    assert.equal(await folder.compose('ps', '--all', '--services'), 'db\nweb\n');
    assert.equal(described(), 'dev healthy: cache stopped, db healthy, tool stopped, web healthy');
    await core.do('remove');
    await core.do('kill', 'dev', { services: ['cache'] });
    await core.do('up');
  });

  it('while the files are broken: what works on what exists goes on, what needs them says where they are', async () => {
    await whileBroken(async () => {
      assert.equal(environmentNamed(core.store, 'dev').resolution.kind, 'broken');
      for (const operation of ['recreate', 'rebuild', 'build', 'pull', 'scale', 'reset'] as const) {
        const services = operation === 'scale' ? ['web'] : [];
        const { error } = await core.fail(operation, 'dev', { services });
        assert.deepEqual(
          [operation, error.kind, error.details.place?.file],
          [operation, 'configuration', folder.path('compose.yaml')],
        );
      }
      await core.do('pause', 'dev', { services: ['web'] });
      await core.do('unpause', 'dev', { services: ['web'] });
      await core.do('kill', 'dev', { services: ['cache'] });
      await core.do('remove', 'dev', { services: ['cache'] });
      assert.match(described(), /cache stopped, db healthy/);
      assert.equal(await psql('select name from ships'), 'Fram', 'reset has removed nothing');
    });
    await core.do('up');
  });

  it('down takes profile and orphan services along, and says what stays', async () => {
    await core.do('up', 'dev', { options: { profiles: ['tools'] } });
    folder.write('orphan.yaml', `services:\n  orphan:\n    ${IDLE}\n`);
    await folder.compose(
      '--file',
      'compose.yaml',
      '--file',
      'orphan.yaml',
      'up',
      '--detach',
      '--no-recreate',
      'orphan',
    );
    await untilEnvironment(
      core.store,
      'dev running: cache healthy, db healthy, orphan running, tool running, web healthy',
    );
    const gone = await losses('down');
    assert.deepEqual(containersIn(gone), ['cache', 'db', 'orphan', 'tool', 'web']);
    assert.deepEqual([gone.networks, gone.volumes], [[`${folder.project}_default`], []]);
    const { kept } = await core.do('down');
    assert.equal(described(), 'dev stopped: cache stopped, db stopped, tool stopped, web stopped');
    assert.deepEqual([kept?.containers, kept?.networks], [[], []]);
    const [named, nameless, ...more] = kept?.volumes ?? [];
    assert.deepEqual(named, { name: `${folder.project}_data`, anonymous: false });
    // The image of Redis has a volume for its data, which nobody named.
    assert.deepEqual([nameless?.anonymous, more], [true, []]);
    await folder.docker('volume', 'rm', nameless?.name ?? '');
  });

  it('down of one service removes its containers, and leaves the others', async () => {
    await core.do('up');
    assert.equal(await psql('select name from ships'), 'Fram');
    await noteVolumes();
    await core.do('down', 'dev', { services: ['cache'] });
    assert.equal(await folder.compose('ps', '--all', '--services'), 'db\nweb\n');
    await core.do('up');
  });

  it('reset says what goes, with true sizes; then the data is gone, and all is healthy again', async () => {
    const MEGABYTES = 7;
    await psql(`create table cargo as select repeat(md5(n::text), 250) as what from generate_series(1, 1) n`);
    await folder.docker(
      ...['exec', folder.container('db'), 'dd', 'if=/dev/zero', 'of=/var/lib/postgresql/data/extra'],
      ...['bs=1000000', `count=${MEGABYTES}`],
    );
    await folder.docker('exec', folder.container('web'), 'dd', 'if=/dev/zero', 'of=/written', 'bs=1000000', 'count=2');
    const gone = await losses('reset');
    const volume = gone.volumes.find(({ anonymous }) => !anonymous);
    const inside = Number(
      (await folder.docker('exec', folder.container('db'), 'du', '-sb', '/var/lib/postgresql/data')).split(/\s/)[0],
    );
    assert.ok(volume?.size !== undefined && volume.size > MEGABYTES * 1e6, JSON.stringify(gone));
    assert.ok(Math.abs(volume.size - inside) < 0.2 * inside, `${volume.size} told, ${inside} there`);
    const web = gone.containers.find(({ service }) => service === 'web');
    assert.ok(web?.size !== undefined && web.size >= 2e6 && web.size < 2.5e6, JSON.stringify(web));
    const [volumes = '', containers = '', networks] = describeBelongings(gone);
    assert.match(volumes, new RegExp(`${folder.project}_data \\(.*MB\\)`));
    assert.match(containers, /web-1 \(2.* MB\)/);
    assert.equal(networks, `Networks: ${folder.project}_default`);
    const progress: OperationProgress[] = [];
    await core.do('reset', 'dev', { progress });
    assert.equal(described(), 'dev healthy: cache healthy, db healthy, tool stopped, web healthy');
    assert.deepEqual(healthsTold(progress, 'db').at(-1), 'healthy');
    assert.equal(await psql("select count(*) from pg_tables where tablename = 'ships'"), '0');
  });

  it('down with volumes leaves nothing', async () => {
    const gone = await losses('down', [], { volumes: true });
    const named = gone.volumes.filter(({ anonymous }) => !anonymous).map(({ name }) => name);
    assert.deepEqual(named, [`${folder.project}_data`]);
    const { kept } = await core.do('down', 'dev', { options: { volumes: true } });
    assert.deepEqual(kept, { containers: [], networks: [], volumes: [] });
    assert.ok(isNothing(await losses('reset')));
  });
});

describe('operations that make images', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    folder = new ComposeFolder('images', {
      'compose.yaml': `name: PROJECT
services:
  app:
    build: ./app
    stop_signal: SIGKILL
  web:
    ${IDLE}
`,
      'app/Dockerfile':
        'FROM busybox:1-musl\nRUN cat /proc/sys/kernel/random/uuid >/built\nCOPY version /version\nCMD ["sleep", "1000000"]\n',
      'app/version': 'one\n',
    });
    core = await OperatedFolder.open(folder);
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const inApp = async (file: string) => (await folder.docker('exec', folder.container('app'), 'cat', file)).trim();

  it('build makes the image and starts nothing; up then takes it', async () => {
    const progress: OperationProgress[] = [];
    await core.do('build', 'dev', { progress });
    assert.ok(progress.some((one) => one.kind === 'output' && /RUN cat/.test(one.line)));
    assert.equal(await folder.compose('ps', '--all', '--quiet'), '');
    await core.do('up');
    assert.equal(await inApp('/version'), 'one');
  });

  it('up builds anew only when told to', async () => {
    folder.write('app/version', 'two\n');
    await core.do('up');
    assert.equal(await inApp('/version'), 'one');
    await core.do('up', 'dev', { options: { build: true } });
    assert.equal(await inApp('/version'), 'two');
  });

  it('rebuild takes nothing from the cache, and recreates', async () => {
    const built = await inApp('/built');
    const web = await folder.docker('inspect', '--format', '{{.Id}}', folder.container('web'));
    await core.do('rebuild', 'dev', { services: ['app'] });
    assert.notEqual(await inApp('/built'), built);
    assert.equal(await folder.docker('inspect', '--format', '{{.Id}}', folder.container('web')), web);
  });

  it('a build that fails says what the failing step printed, and leaves running what runs', async () => {
    folder.write('app/Dockerfile', 'FROM busybox:1-musl\nRUN echo the anchor is stuck && exit 4\n');
    for (const operation of ['build', 'rebuild'] as const) {
      const { error, service, environment } = await core.fail(operation);
      assert.equal(service, 'app');
      assert.match(error.message, /failed to solve: .*exit code: 4/);
      assert.match(error.details.output ?? '', /the anchor is stuck/);
      assert.equal(environment && describeEnvironment(environment), 'dev running: app running, web running');
    }
  });

  it('pull of what no registry has says so, and changes nothing', async () => {
    const text = folder.read('compose.yaml');
    folder.write('compose.yaml', `${text}  other:\n    image: berth.invalid/none:1\n    profiles: [other]\n`);
    await core.store.filesChanged([folder.path('compose.yaml')]);
    const { error, service } = await core.fail('pull', 'dev', { services: ['other'] });
    assert.equal(service, 'other');
    assert.match(error.message, /berth\.invalid/);
    assert.match(error.details.remedy ?? '', /registry/);
    assert.equal(
      describeEnvironment(environmentNamed(core.store, 'dev')),
      'dev running: app running, other stopped, web running',
    );
    // What is built here is not pulled.
    await core.do('pull', 'dev', { services: ['app'] });
  });
});
