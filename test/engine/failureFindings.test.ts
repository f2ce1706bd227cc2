import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { isToBeConfirmed } from '../../src/core/findings/fixActions';
import type { Finding } from '../../src/core/model/finding';
import { freePort } from '../support/ports';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { startRegistry } from './support/registry';

/** What an operation failed of, as a finding with its fixes. */
describe('findings of operations that fail', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;
  afterEach(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const open = async (services: string, more: Readonly<Record<string, string>> = {}) => {
    folder = new ComposeFolder('fails', { 'compose.yaml': `name: PROJECT\nservices:\n${services}`, ...more });
    core = await OperatedFolder.open(folder);
  };
  /** What bringing it up fails of. */
  const found = async (): Promise<Finding> => {
    const { finding, error } = await core.fail('up');
    assert.ok(finding, `nothing was recognised in: ${error.message} ${error.details.output}`);
    assert.deepEqual(finding.environments, [core.store.environments[0]?.definition.id]);
    return finding;
  };
  const lines = ({ places }: Finding) => places.map(({ line }) => line);
  const kinds = ({ fixes }: Finding) => fixes.map(({ kind }) => kind);

  it('a port: with its place, and the fixes of the check', async () => {
    const port = await freePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      await open(
        `  web:\n    ${IDLE}\n    ports:\n      - "127.0.0.1:${port}:80"\n    volumes: ["data:/data"]\nvolumes: { data: }\n`,
      );
      const finding = await found();
      assert.deepEqual([finding.code, finding.service, finding.places[0]?.line], ['port-taken', 'web', 7]);
      // The program is this process itself, which is not to be ended.
      assert.deepEqual(kinds(finding), ['edit']);
      // It was looked at before anything was made.
      const made = ['ps', 'network', 'volume'].map((kind) => {
        const list = kind === 'ps' ? ['ps', '--all'] : [kind, 'ls'];
        return folder.docker(...list, '--quiet', '--filter', `label=com.docker.compose.project=${folder.project}`);
      });
      assert.deepEqual(await Promise.all(made), ['', '', '']);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('not what the environment itself has, nor what it does not bring up', async () => {
    const [own, others] = [await freePort(), await freePort()];
    const server = net.createServer().listen(others, '127.0.0.1');
    await once(server, 'listening');
    try {
      await open(`  web:
    ${IDLE}
    container_name: PROJECT-own
    ports: ["127.0.0.1:${own}:80", "127.0.0.2:${others}:80"]
  tool:
    ${IDLE}
    profiles: [tools]
    networks: [missing]
    ports: ["127.0.0.1:${others}:80"]
networks: { missing: { external: true, name: PROJECT-x } }
`);
      await core.do('up');
      folder.write(
        'compose.yaml',
        folder.read('compose.yaml').replace('PROJECT-own\n', 'PROJECT-own\n    labels: { new: x }\n'),
      );
      await core.store.filesChanged();
      await core.do('up');
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('not what was so before a file was written, though nobody has told of that yet', async () => {
    const port = await freePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      const services = `  web:\n    ${IDLE}\n    ports: ["127.0.0.1:\${WEB_PORT:?}:80"]\n`;
      await open(services, { '.env': `WEB_PORT=${port}\n` });
      assert.equal((await found()).code, 'port-taken');
      folder.write('.env', `WEB_PORT=${await freePort()}\n`);
      await core.do('up');
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('with fixes that Compose has judged', async () => {
    const port = await freePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      await open(`  web:\n    ${IDLE}\n    ports:\n      - "127.0.0.1:${port}:80"\n`);
      const { fixing } = core.berth;
      const asked: string[] = [];
      const proposal = fixing.proposal.bind(fixing);
      fixing.proposal = (fixes, ...rest) => {
        asked.push(...fixes.map(([{ code }]) => code));
        return proposal(fixes, ...rest);
      };
      await found();
      assert.deepEqual(asked, ['port-taken']);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('a name, a network and a volume', async () => {
    await open(`  web:\n    ${IDLE}\n    container_name: PROJECT-other\n`);
    await folder.docker('create', '--name', `${folder.project}-other`, 'berth/idle:1');
    try {
      const finding = await found();
      assert.deepEqual([finding.code, ...kinds(finding)], ['name-taken', 'edit', 'remove-container']);
    } finally {
      await folder.docker('rm', '--force', `${folder.project}-other`);
    }
    const external = (kind: string) => `  web:\n    ${IDLE}\n    ${kind}\n`;
    for (const [code, use, rest, fix] of [
      ['missing-network', 'networks: [x]', 'networks: { x: { external: true, name: PROJECT-x } }\n', 'create-network'],
      [
        'missing-volume',
        'volumes: ["kept:/x"]',
        'volumes: { kept: { external: true, name: PROJECT-x } }\n',
        'create-volume',
      ],
    ] as const) {
      folder.write('compose.yaml', `name: PROJECT\nservices:\n${external(use)}${rest}`);
      await core.store.filesChanged();
      const finding = await found();
      assert.deepEqual([finding.code, ...kinds(finding)], [code, fix]);
    }
  });

  it('an image that is nowhere', async () => {
    await open('  web:\n    image: berth.invalid/none:1');
    const finding = await found();
    assert.deepEqual([finding.code, lines(finding)], ['image-not-found', [4]]);
  });

  it('an image that its registry does not know, though that does not name it', async () => {
    const registry = await startRegistry();
    try {
      const image = registry.image.replace(/:1$/, ':2');
      await open(`  web:\n    image: ${image}\n`);
      const { code, message } = await found();
      assert.deepEqual([code, message.includes(image)], ['image-not-found', true], message);
    } finally {
      registry.dispose();
    }
  });

  it('a variable that must have a value, and an env file', async () => {
    await open(`  web:\n    ${IDLE}\n    environment: { A: "\${NEEDED_HERE:?is needed}" }\n`);
    assert.equal((await found()).code, 'unset-variable');
    folder.write('compose.yaml', `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    env_file: [web.env]\n`);
    folder.write('web.env.example', 'A=1\n');
    await core.store.filesChanged();
    const finding = await found();
    assert.deepEqual([finding.code, kinds(finding)[0]], ['missing-env-file', 'copy-example']);
  });

  it('an env file that everybody is to bring, without an example', async () => {
    await open(`  web:\n    ${IDLE}\n    env_file: [mine.env]\n`);
    execFileSync('git', ['init', '--quiet'], { cwd: folder.folder });
    folder.write('.gitignore', 'mine.env\n');
    await core.store.filesChanged();
    const finding = await found();
    assert.deepEqual(
      [finding.code, finding.severity, lines(finding), kinds(finding)],
      ['missing-env-file', 'warning', [6], ['edit']],
    );
  });

  it('a health check that fails', async () => {
    await open(`  web:\n    ${IDLE_WITH_HEALTH}\n    environment: { UNHEALTHY: no connection to the moon }\n`);
    const finding = await found();
    assert.deepEqual([finding.code, finding.service], ['health-check-failing', 'web']);
  });

  it('a health check whose tool the image lacks', async () => {
    for (const [test, tool] of [
      ['["CMD", "no-curl", "-f", "http://localhost"]', 'no-curl'],
      ['["CMD-SHELL", "no-curl -f http://localhost || exit 1"]', 'no-curl'],
    ]) {
      await open(`  web:\n    ${IDLE}\n    healthcheck: { test: ${test}, interval: 1s, retries: 1 }\n`);
      const finding = await found();
      assert.deepEqual(
        [finding.code, lines(finding), finding.message],
        ['health-check-failing', [6], `The health check of "web" needs "${tool}", which its image does not have.`],
      );
      core.dispose();
      await folder.dispose();
    }
  });

  it('a service that ran out of memory', async () => {
    await open(`  web:
    ${IDLE}
    mem_limit: 16m
    memswap_limit: 16m
    command: sh -c 'x=0123456789abcdef; while true; do x=$$x$$x; done'`);
    const finding = await found();
    assert.deepEqual([finding.code, finding.service, lines(finding)], ['out-of-memory', 'web', [6]]);
    const { stderr } = await berth(['up'], { cwd: folder.folder });
    assert.match(stderr, /Try:\n {4}berth limit dev web --memory 32M\n/);
  });

  it('what it says since it was started alone', async () => {
    await open(
      `  db:
    ${IDLE}
  web:
    ${IDLE}
    volumes: ["./said:/said:ro"]
    command: [sh, -c, "cat /said; exit 1"]`,
      { said: 'Error: connect to db:5432: Connection refused\n' },
    );
    assert.equal((await found()).code, 'connection-refused');
    folder.write('said', 'no moon tonight\n');
    const { finding, error } = await core.fail('up');
    assert.equal(finding, undefined);
    assert.match(error.details.output ?? '', /no moon tonight/);
    assert.doesNotMatch(error.details.output ?? '', /refused/);
  });

  it('another service that it does not reach', async () => {
    await open(`  db:
    ${IDLE}
  web:
    ${IDLE}
    command: [sh, -c, "echo 'Error: connect to db:5432: Connection refused'; exit 1"]`);
    const { finding, error } = await core.fail('up');
    assert.ok(finding);
    assert.deepEqual([finding.code, lines(finding)], ['connection-refused', [6]]);
    assert.equal(error.message, 'Service "web" does not reach "db".');
    assert.match(error.details.output ?? '', /connect to db:5432/);
  });

  it('a folder that it may not write to', async function () {
    if (process.platform !== 'linux') this.skip();
    await open(`  web:
    ${IDLE}
    user: "4711"
    volumes: ["./data:/data"]
    command: sh -c 'echo x >/data/x'`);
    fs.mkdirSync(folder.path('data'), { mode: 0o755 });
    const finding = await found();
    assert.deepEqual([finding.code, finding.service, lines(finding)], ['volume-permission', 'web', [7]]);
    assert.match(finding.message, /may not use \/data\/x, where .*data is mounted/);
  });

  it('data of another version of PostgreSQL', async () => {
    await open(`  db:
    image: postgres:16-alpine
    environment: { POSTGRES_PASSWORD: x }
    healthcheck: { test: ["CMD", "pg_isready", "-h", "127.0.0.1"], interval: 1s, timeout: 5s, retries: 60 }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: }
`);
    await core.do('up');
    await folder.docker('exec', folder.container('db'), 'sh', '-c', 'echo 12 >/var/lib/postgresql/data/PG_VERSION');
    await core.do('down');
    const finding = await found();
    assert.deepEqual([finding.code, ...kinds(finding), lines(finding)], ['postgres-version', 'operation', [4]]);
    assert.match(finding.message, /^The data of service "db" is of PostgreSQL 12, and its image is PostgreSQL \d+/);
    const [reset] = finding.fixes;
    assert.ok(reset?.kind === 'operation' && isToBeConfirmed(reset));
    await core.berth.fixActions.run(reset, new AbortController().signal);
    await core.do('up');
    const [, image] = /image is PostgreSQL (\d+)/.exec(finding.message) ?? [];
    const version = ['exec', folder.container('db'), 'cat', '/var/lib/postgresql/data/PG_VERSION'];
    assert.equal(await folder.docker(...version), `${image}\n`);
  });

  it('what is not known is no finding, and shown whole', async () => {
    await open(`  web:\n    ${IDLE}\n    command: sh -c 'echo no moon; exit 3'`);
    const { finding, error } = await core.fail('up');
    assert.equal(finding, undefined);
    assert.match(error.details.output ?? '', /no moon/);
  });

  it('is said on the command line: with the command, and as JSON', async () => {
    await open(`  web:\n    ${IDLE}\n    networks: [x]\nnetworks: { x: { external: true, name: PROJECT-x } }\n`);
    const cwd = folder.folder;
    const { exitCode, stderr } = await berth(['up'], { cwd });
    assert.equal(exitCode, 1);
    assert.match(stderr, new RegExp(`Make it first: docker network create ${folder.project}-x\n`));
    const { finding } = JSON.parse((await berth(['up', '--json'], { cwd })).stdout);
    assert.deepEqual([finding.code, finding.fixes[0].kind], ['missing-network', 'create-network']);
  });
});
