import assert from 'node:assert/strict';
import { readJUnit } from '../../src/core/runs/junit';
import { ensureImages } from '../support/images';
import { freePort } from '../support/ports';
import { BerthCommand, berth, berthOnTerminal } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { copySystem } from './support/systems';

interface StepJson {
  readonly criterion: string;
  readonly subject: string;
  readonly outcome: string;
  readonly seconds: number;
  readonly message?: string;
  readonly remedy?: string;
  readonly details?: string;
}

/** More time for start-up than a machine that is busy with other tests needs. */
const PATIENT = ['--timeout', '5m'];

/** `ports web 8080: failed`, of some criteria or all. */
function outcomes(steps: readonly StepJson[], ...criteria: readonly string[]): readonly string[] {
  return steps
    .filter(({ criterion }) => criteria.length === 0 || criteria.includes(criterion))
    .map(({ criterion, subject, outcome }) => `${criterion} ${subject}: ${outcome}`);
}

describe('berth accept of system D (hyvve)', () => {
  const ports = { postgres: 0, redis: 0, agentos: 0 };
  let folder: ComposeFolder;
  let cwd: string;

  before(async () => {
    ports.postgres = await freePort(24_800);
    ports.redis = await freePort(24_805);
    ports.agentos = await freePort(24_810);
    folder = copySystem(
      'hyvve',
      {
        '5432:5432': `${ports.postgres}:5432`,
        '6379:6379': `${ports.redis}:6379`,
        '7777:7777': `${ports.agentos}:7777`,
        hyvve_: 'berth-hyvve_',
        'services:\n': 'name: berth-hyvve\nservices:\n',
      },
      ['berth-hyvve'],
    );
    cwd = folder.path('hyvve');
  });
  after(async () => folder?.dispose());

  const accept = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth(['accept', 'dev', ...PATIENT, '--json', ...args], { cwd });
    return { exitCode, stderr, report: JSON.parse(stdout) };
  };
  const containers = async () =>
    (await folder.docker('ps', '--quiet', '--filter', 'label=com.docker.compose.project=berth-hyvve'))
      .split('\n')
      .filter(Boolean)
      .sort();
  const markers = async () => {
    const tables = ['psql', '-U', 'hyvve', '-Atc', "select relname from pg_class where relname like 'berth%'"];
    const keys = ['redis-cli', 'KEYS', 'berth*'];
    const found = [
      await folder.docker('exec', 'berth-hyvve_postgres', ...tables),
      await folder.docker('exec', 'berth-hyvve_redis', ...keys),
    ];
    return found.join('').trim();
  };

  it('brings it up, finds everything as it is to be, and takes it down again without its volumes', async () => {
    const { exitCode, stderr, report } = await accept('--junit', 'accept.xml');
    assert.equal(exitCode, 0, `${stderr}${JSON.stringify(report, undefined, 1)}`);
    const { version, operation, environment, project, accepted, cancelled, counts, after } = report;
    assert.deepEqual(
      { version, operation, environment, project, accepted, cancelled, counts, after },
      {
        ...{ version: 1, operation: 'accept', environment: 'dev', project: 'berth-hyvve' },
        ...{ accepted: true, cancelled: false, counts: { passed: 17, failed: 0, skipped: 0 }, after: 'as-before' },
      },
    );
    assert.deepEqual(outcomes(report.steps), [
      ...['healthy agentos: passed', 'healthy postgres: passed', 'healthy redis: passed'],
      ...[`ports agentos ${ports.agentos}: passed`, `ports postgres ${ports.postgres}: passed`],
      ...[`ports redis ${ports.redis}: passed`],
      ...['names agentos: passed', 'names postgres: passed', 'names redis: passed'],
      ...['data postgres: passed', 'data redis: passed'],
      ...['logs agentos: passed', 'logs postgres: passed', 'logs redis: passed'],
      ...['secrets dev: passed', 'connections postgres: passed', 'connections redis: passed'],
    ]);
    assert.deepEqual(report.connections, [
      {
        service: 'postgres',
        inside: 'postgresql://hyvve:***@postgres:5432/hyvve',
        host: `postgresql://hyvve:***@localhost:${ports.postgres}/hyvve`,
      },
      { service: 'redis', inside: 'redis://redis:6379', host: `redis://localhost:${ports.redis}` },
    ]);
    const first: StepJson = report.steps[0];
    assert.ok(first.seconds > 0);
    assert.equal(first.message, `healthy after ${first.seconds.toFixed(1)} s`);
    assert.deepEqual(await containers(), []);
    const volumes = await folder.docker('volume', 'ls', '--quiet', '--filter', 'name=berth-hyvve_');
    assert.deepEqual(volumes.trim().split('\n'), ['berth-hyvve_postgres_data', 'berth-hyvve_redis_data']);
  });

  it('leaves a report in the form of JUnit, and nothing beside it', async () => {
    const read = await readJUnit([folder.read('hyvve/accept.xml')], 100);
    assert.equal(read?.broken, undefined);
    assert.equal(read?.cases.length, 17);
    assert.deepEqual([...new Set(read?.cases.map(({ outcome }) => outcome))], ['passed']);
    assert.ok(read?.cases.some(({ name, suite }) => name === `agentos ${ports.agentos}` && suite === 'dev.ports'));
    const left = await folder.docker(
      'run',
      '--rm',
      '--volume',
      `${cwd}:/there:ro`,
      'berth/idle:1',
      'ls',
      '-A',
      '/there',
    );
    assert.doesNotMatch(left, /tmp|part/);
  });

  it('interrupts what is up only where that was agreed to, and says how', async () => {
    assert.equal((await berth(['up', 'dev'], { cwd })).exitCode, 0);
    const before = await containers();
    const { exitCode, report } = await accept();
    assert.equal(exitCode, 0);
    const data = (report.steps as StepJson[]).filter(({ criterion }) => criterion === 'data');
    assert.deepEqual(outcomes(data), ['data postgres: skipped', 'data redis: skipped']);
    assert.match(data[0]?.message ?? '', /nobody could be asked: --yes says so/);
    assert.deepEqual([report.accepted, report.after], [true, 'as-before']);
    assert.deepEqual(await containers(), before);
  });

  it('asks on a terminal, and leaves it out when the answer is no', async () => {
    const before = await containers();
    const asked = berthOnTerminal(['accept', 'dev', '--no-color'], { cwd });
    await asked.until(/taken down and brought up again\.\r\n.*\r\nGo on\? \[y\/N\] /);
    asked.process.stdin?.write('n\n');
    const { exitCode, stdout } = await asked.ended;
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, / – postgres {2}skipped: To take the environment down and bring it up again was declined\./);
    assert.match(stdout, /✔ dev is accepted: 15 passed, 2 skipped/);
    assert.deepEqual(await containers(), before);
  });

  it('takes it down and up with --yes, and leaves it up, with no marker in it', async () => {
    const before = await containers();
    const { exitCode, stderr, report } = await accept('--yes');
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(outcomes(report.steps, 'data'), ['data postgres: passed', 'data redis: passed']);
    const after = await containers();
    assert.equal(after.length, 3);
    assert.ok(after.every((id) => !before.includes(id)));
    assert.equal(await markers(), '');
  });

  it('brings it up again first when it is interrupted while that is down', async () => {
    const accepting = new BerthCommand(['accept', 'dev', '--yes'], { cwd, input: '' });
    try {
      await accepting.until(/postgres: ○ stopped/, 'stderr');
      accepting.process.kill('SIGINT');
      const { exitCode, stderr } = await accepting.ended;
      assert.equal(exitCode, 130, stderr);
      assert.match(stderr, /Bringing "dev" up again …[\s\S]*agentos: ✔ healthy[\s\S]*Cancelled\./);
    } finally {
      accepting.process.kill('SIGKILL');
    }
    assert.equal((await containers()).length, 3);
    assert.equal(await markers(), '');
  });

  it('stops again what was stopped', async () => {
    assert.equal((await berth(['stop', 'dev'], { cwd })).exitCode, 0);
    const { exitCode, stderr, report } = await accept();
    assert.deepEqual([exitCode, report.after], [0, 'as-before'], stderr);
    // What only its containers have would go with them: nobody has agreed to that.
    const steps: readonly StepJson[] = report.steps;
    const data = steps.filter(({ criterion }) => criterion === 'data');
    assert.deepEqual(
      data.map(({ outcome, message = '' }) => `${outcome} ${/nobody could be asked/.test(message)}`),
      ['skipped true', 'skipped true'],
    );
    const format = ['--filter', 'label=com.docker.compose.project=berth-hyvve', '--format', '{{.State}}'];
    assert.equal(await folder.docker('ps', '--all', ...format), 'exited\nexited\nexited\n');
  });
});

/** Made at random; put together, so that no scanner takes this file for a leak. */
const PASSWORD = ['q8ZfT2vX', 'w7Lk3Pn9', 'Rb5Yd1Hs'].join('');

/** Says what is an error and what only has the word, then waits. */
const TALK = `echo "0 errors so far"; echo "ERROR: no stock for ${PASSWORD}"; exec idle`;

/** Has an error the first time, and none when it is started again. */
const LEARN = '[ -e /tmp/knows ] || echo "ERROR: what is a sheet"; touch /tmp/knows; exec idle';

const BROKEN = `
name: PROJECT
services:
  db:
    image: postgres:16-alpine
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: ${PASSWORD} }
    volumes: [data:/var/lib/postgres]
    tmpfs: [/var/lib/postgresql/data]
    healthcheck: { test: ["CMD-SHELL", "pg_isready --host 127.0.0.1 --username app"], interval: 1s, timeout: 5s, retries: 60 }
  cache:
    image: redis:7-alpine
    tmpfs: [/data]
  forgetful:
    image: redis:7-alpine
    command: redis-server --save "" --appendonly no
    volumes: [forgotten:/data]
  bare:
    build: { context: ., dockerfile: Dockerfile }
    stop_grace_period: 1s
  deaf:
    ${IDLE_WITH_HEALTH}
    ports: ["PORT:8080"]
  talker:
    ${IDLE}
    entrypoint: ["sh", "-c", ${JSON.stringify(TALK)}]
  novice:
    ${IDLE}
    entrypoint: ["sh", "-c", ${JSON.stringify(LEARN)}]
volumes:
  data:
  forgotten:
`;

/** Without a shell, or anything else that asks for names. */
const BARE = `FROM busybox:1-musl AS busybox
FROM scratch
COPY --from=busybox /bin/busybox /bin/waiter/busybox
CMD ["/bin/waiter/busybox", "sleep", "2147483647"]
`;

const SICK = `
name: PROJECT-sick
services:
  sick:
    ${IDLE_WITH_HEALTH}
    environment: { UNHEALTHY: no connection to the tide gauge }
`;

const LATE = `
name: PROJECT-late
services:
  late:
    ${IDLE}
    healthcheck: { test: ["CMD-SHELL", "echo no tide yet; false"], interval: 1s, start_period: 5m, retries: 1 }
`;

const TARDY = `
name: PROJECT-tardy
services:
  tardy:
    ${IDLE}
    healthcheck: { test: ["CMD", "true"], interval: 3s }
`;

describe('berth accept of what is not as it is to be', () => {
  let folder: ComposeFolder;
  let port: number;

  before(async () => {
    port = await freePort(24_820);
    folder = new ComposeFolder('accept', {
      'broken/compose.yaml': BROKEN.replace('PORT:', `${port}:`),
      'broken/Dockerfile': BARE,
      'sick/compose.yaml': SICK,
      'late/compose.yaml': LATE,
      'tardy/compose.yaml': TARDY,
    });
    folder.owns(...['sick', 'late', 'tardy'].map((name) => `${folder.project}-${name}`));
  });
  after(async () => folder?.dispose());

  const accept = async (cwd: string, ...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth(['accept', '--json', ...args], { cwd: folder.path(cwd) });
    assert.equal(exitCode, 1, stdout + stderr);
    return { stdout, steps: JSON.parse(stdout).steps as readonly StepJson[] };
  };
  const step = (steps: readonly StepJson[], criterion: string, subject: string): StepJson => {
    const found = steps.find((one) => one.criterion === criterion && one.subject === subject);
    assert.ok(found, `${criterion} ${subject} in ${outcomes(steps).join(', ')}`);
    return found;
  };

  it('names the port that nobody answers, the store that loses its data, the error and the secret', async () => {
    const { stdout, steps } = await accept('broken', '--keep', ...PATIENT, '--junit', 'accept.xml');
    assert.deepEqual(
      outcomes(steps).filter((text) => text.endsWith('failed')),
      [
        `ports deaf ${port}: failed`,
        'data db: failed',
        'logs novice: failed',
        'logs talker: failed',
        'secrets db: failed',
      ],
    );
    const deaf = step(steps, 'ports', `deaf ${port}`);
    assert.equal(deaf.message, `Nothing answers at localhost:${port}.`);
    assert.match(deaf.remedy ?? '', /listens at port 8080, and at 0\.0\.0\.0/);
    assert.equal(step(steps, 'data', 'db').message, 'What was written into "db" is gone after down and up.');
    assert.match(step(steps, 'data', 'db').details ?? '', /^ERROR: +relation ".*" does not exist$/);
    const cache = step(steps, 'data', 'cache');
    assert.deepEqual(
      [cache.outcome, cache.message],
      ['skipped', 'It has no named volume or folder for its data, so that it is not meant to keep it.'],
    );
    const forgetful = step(steps, 'data', 'forgetful');
    assert.equal(forgetful.message, 'It is told to keep nothing: neither "save" nor "appendonly" is on.');
    const talker = step(steps, 'logs', 'talker');
    // Once before it was taken down, and once after.
    assert.equal(talker.message, 'The log of "talker" has 2 errors.');
    assert.equal(talker.details, 'ERROR: no stock for ***\nERROR: no stock for ***');
    const secret = step(steps, 'secrets', 'db');
    assert.equal(secret.message, 'The value of POSTGRES_PASSWORD of "db" stands in clear text in compose.yaml.');
    assert.match(secret.remedy ?? '', /Move it to \.env/);
    assert.match(secret.details ?? '', /^compose\.yaml:\d+$/);
    assert.ok(!(stdout + folder.read('broken/accept.xml')).includes(PASSWORD));
  });

  it('has the same in the form of JUnit', async () => {
    const read = await readJUnit([folder.read('broken/accept.xml')], 100);
    assert.equal(read?.broken, undefined);
    const failed = read?.cases.filter(({ outcome }) => outcome === 'failed') ?? [];
    const environment = failed[0]?.suite?.split('.')[0];
    assert.deepEqual(
      failed.map(({ suite, name }) => `${suite} ${name}`),
      [
        `${environment}.ports deaf ${port}`,
        `${environment}.data db`,
        `${environment}.logs novice`,
        `${environment}.logs talker`,
        `${environment}.secrets db`,
      ],
    );
    assert.match(failed[3]?.details ?? '', /ERROR: no stock for \*\*\*/);
  });

  it('asks for names in the place of a container that can not, and reads the logs of the last run alone', async () => {
    const kept = await accept('broken', ...PATIENT);
    assert.equal(step(kept.steps, 'names', 'bare').message, 'finds cache, db, deaf, forgetful, novice, talker');
    await folder.docker('network', 'disconnect', `${folder.project}_default`, folder.container('cache'));
    await folder.compose('restart', 'novice');
    const { steps } = await accept('broken', ...PATIENT);
    assert.deepEqual(
      [kept.steps, steps].map((all) => step(all, 'logs', 'novice').outcome),
      ['failed', 'passed'],
    );
    const bare = step(steps, 'names', 'bare');
    assert.deepEqual([bare.outcome, bare.message], ['failed', '"bare" finds no address of: cache.']);
    assert.match(step(steps, 'names', 'db').message ?? '', /finds no address of: cache\.$/);
    const left = [
      'ps',
      '--all',
      '--quiet',
      '--filter',
      'ancestor=berth/idle:1',
      '--filter',
      'label=com.docker.compose.project=',
    ];
    assert.equal(await folder.docker(...left), '');
  });

  it('names the service that is not healthy, and then takes nothing down for its data', async () => {
    const { steps } = await accept('sick', ...PATIENT);
    assert.deepEqual(outcomes(steps, 'healthy', 'data'), ['healthy sick: failed', 'data dev: skipped']);
    assert.equal(step(steps, 'data', 'dev').message, 'Not every service is up.');
    const sick = step(steps, 'healthy', 'sick');
    assert.equal(sick.message, 'Service "sick" is unhealthy: its health check fails.');
    assert.match(sick.details ?? '', /no connection to the tide gauge/);
  });

  it('names the service that is not healthy in time', async () => {
    const late = step((await accept('late', '--timeout', '12s')).steps, 'healthy', 'late');
    assert.match(late.message ?? '', /^Service "late" is still starting after \d+\.\d s\.$/);
    assert.match(late.details ?? '', /no tide yet/);
  });

  it('names the service that was not healthy in time when somebody else brought it up', async () => {
    assert.equal((await berth(['up'], { cwd: folder.path('tardy') })).exitCode, 0);
    const tardy = step((await accept('tardy', '--timeout', '1s')).steps, 'healthy', 'tardy');
    assert.match(tardy.message ?? '', /^Service "tardy" took \d+\.\d s to be up\.$/);
  });

  it('is wrong usage of what there is not', async () => {
    const wrong = async (pattern: RegExp, ...args: string[]) => {
      const { exitCode, stderr } = await berth(['accept', ...args], { cwd: folder.folder });
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, pattern);
    };
    await wrong(/There is no environment "nowhere"/, 'nowhere');
    await wrong(/"soon" is no length of time/, '--timeout', 'soon');
  });
});

describe('berth accept with MariaDB', () => {
  let folder: ComposeFolder;

  before(async function () {
    this.timeout(300_000);
    await ensureImages(['mariadb:11']);
    folder = new ComposeFolder('acceptmaria', {
      'compose.yaml': `
name: PROJECT
x-server: &server
  image: mariadb:11
  healthcheck: { test: [CMD, healthcheck.sh, --connect], interval: 1s, timeout: 5s, retries: 60 }
services:
  db:
    <<: *server
    environment: { MARIADB_USER: app, MARIADB_PASSWORD: "\${PASSWORD}", MARIADB_DATABASE: app, MARIADB_RANDOM_ROOT_PASSWORD: "1" }
    volumes: [data:/var/lib/mysql]
  root-alone:
    <<: *server
    environment: { MARIADB_ROOT_PASSWORD: "\${PASSWORD}" }
    volumes: [more:/var/lib/mysql]
volumes: { data: , more: }
`,
      '.env': 'PASSWORD=of-the-app\n',
    });
  });
  after(async () => folder?.dispose());

  it('writes into its database, where it has one, and reads it again', async () => {
    const { stdout, stderr } = await berth(['accept', ...PATIENT, '--json'], { cwd: folder.folder });
    const { steps }: { steps: readonly StepJson[] } = JSON.parse(stdout);
    assert.deepEqual(
      outcomes(steps, 'healthy', 'data'),
      [...['healthy db: passed', 'healthy root-alone: passed'], ...['data root-alone: skipped', 'data db: passed']],
      stdout + stderr,
    );
  });
});

describe('berth accept of what was scaled by hand', () => {
  let folder: ComposeFolder;
  after(async () => folder?.dispose());

  it('brings up as many containers as there were', async () => {
    folder = new ComposeFolder('acceptscaled', {
      'compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE}
  store:
    image: redis:7-alpine
    command: [redis-server, --appendonly, "yes"]
    volumes: ["data:/data"]
volumes: { data: }
`,
    });
    await folder.compose('up', '--detach', '--scale', 'web=3');
    const { stdout, stderr } = await berth(['accept', ...PATIENT, '--yes', '--json'], { cwd: folder.folder });
    const { steps }: { steps: readonly StepJson[] } = JSON.parse(stdout);
    assert.deepEqual(outcomes(steps, 'data'), ['data store: passed'], stdout + stderr);
    assert.equal((await folder.compose('ps', '--quiet', 'web')).trim().split('\n').length, 3);
  });
});
