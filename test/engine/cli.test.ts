import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../support/ports';
import { run, runOrFail } from '../support/processes';
import { removeFolder, temporaryFolder } from '../support/temporary';
import { BerthCommand, berth, berthOnTerminal, type CommandResult } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

/** A real project from `berth init`, used as people do from morning to evening: the tests build upon each other. */
describe('the berth command line', () => {
  let root: string;
  let folder: string;
  let project: string;
  let env: NodeJS.ProcessEnv;
  const commands: BerthCommand[] = [];

  const call = (...args: string[]) => berth(args, { cwd: folder, env });
  const start = (...args: string[]) => {
    const command = new BerthCommand(args, { cwd: folder, env, input: '' });
    commands.push(command);
    return command;
  };
  /** What the engine says of a service's container, past all code under test. */
  const inspect = async (service: string, format: string) =>
    (await runOrFail('docker', ['inspect', '--format', format, `${project}-${service}-1`])).trim();

  before(async () => {
    root = temporaryFolder('cli');
    folder = path.join(root, `shop-${path.basename(root).slice(-6).toLowerCase()}`);
    project = path.basename(folder);
    env = {
      POSTGRES_PORT: String(await freePort(21_001)),
      REDIS_PORT: String(await freePort(21_002)),
      TEST_POSTGRES_PORT: String(await freePort(21_003)),
      TEST_REDIS_PORT: String(await freePort(21_004)),
    };
  });
  after(async () => {
    for (const command of commands) command.process.kill('SIGKILL');
    await run('docker', ['compose', '--project-name', project, 'down', '--volumes', '--timeout', '1'], { cwd: root });
    removeFolder(root);
  });

  it('init makes a project, says what to do next, and overwrites nothing', async () => {
    const made = await berth(['init', project], { cwd: root });
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stdout, /Made from the template postgres-redis/);
    assert.match(made.stdout, new RegExp(`berth -C ${project} up dev`));
    assert.deepEqual(fs.readdirSync(folder), ['compose.ci.yaml', 'compose.test.yaml', 'compose.yaml']);

    const again = await berth(['init', project, '--json'], { cwd: root });
    assert.equal(again.exitCode, 1);
    assert.match(JSON.parse(again.stdout).error.message, /is already there; nothing was made/);

    const unknown = await berth(['init', '--template', 'postgres', 'other'], { cwd: root });
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /Did you mean postgres-redis\?/);
    assert.equal(fs.existsSync(path.join(root, 'other')), false);
  });

  it('envs lists the environments, as a table and as JSON', async () => {
    const table = await call('envs');
    assert.deepEqual(table, {
      exitCode: 0,
      stderr: '',
      stdout: [
        `ENVIRONMENT  PURPOSE      ORIGIN    PROJECT${' '.repeat(project.length - 2)}  HEALTH     SERVICES  FILES`,
        `dev          development  inferred  ${project}       ○ stopped  0/2       compose.yaml`,
        `test         test         inferred  ${project}-test  ○ stopped  0/2       compose.yaml, compose.test.yaml`,
        `ci           ci           inferred  ${project}-ci    ○ stopped  0/2       compose.yaml, compose.ci.yaml`,
        '',
      ].join('\n'),
    });
    const json = JSON.parse((await call('envs', '--json')).stdout);
    assert.equal(json.version, 1);
    assert.equal(json.folder, folder);
    assert.equal(json.engine.state, 'connected');
    assert.deepEqual(
      json.environments.map((one: { name: string; purpose: string }) => [one.name, one.purpose]),
      [
        ['dev', 'development'],
        ['test', 'test'],
        ['ci', 'ci'],
      ],
    );
  });

  it('up brings an environment to healthy, and tells of it on the way', async () => {
    const { exitCode, stdout, stderr } = await call('up', 'dev');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^✔ dev is up: 2 of 2 services ready \(\d+\.\d s\)\.\n$/);
    for (const service of ['postgres', 'redis']) {
      assert.match(stderr, new RegExp(`^${service}: ◌ starting .*^${service}: ✔ healthy \\(`, 'ms'));
      assert.equal(await inspect(service, '{{.State.Health.Status}}'), 'healthy');
    }
    assert.doesNotMatch(stderr, /Container|stopped/);
  });

  it('up of what is up already is soon done, and --verbose lets Compose speak', async () => {
    const { exitCode, stdout, stderr } = await call('up', 'dev', '--verbose', '--json');
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, new RegExp(`Container ${project}-redis-1 +Running`));
    const { version, operation, result, seconds, environment } = JSON.parse(stdout);
    assert.deepEqual([version, operation, result, environment.health], [1, 'up', 'done', 'healthy']);
    assert(seconds > 0 && seconds < 60);
  });

  it('status shows services, ports and containers', async () => {
    const { exitCode, stdout, stderr } = await call('status', 'dev');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, new RegExp(`^dev  ✔ healthy  2/2 ready  project ${project}\n`));
    const port = `127.0.0.1:${env.POSTGRES_PORT}->5432`;
    assert.match(stdout, new RegExp(`^  postgres  ✔ healthy  ${port}  ${project}-postgres-1$`, 'm'));

    const json = JSON.parse((await call('status', '--json')).stdout);
    const [dev] = json.environments;
    assert.deepEqual([json.environments.length, dev.health, dev.ready, dev.expected], [3, 'healthy', 2, 2]);
    const [postgres] = dev.services;
    assert.deepEqual(postgres.ports, [
      { target: 5432, published: Number(env.POSTGRES_PORT), hostIp: '127.0.0.1', protocol: 'tcp' },
    ]);
    assert.equal(postgres.containers[0].name, `${project}-postgres-1`);
  });

  it('works from a folder further down, and with -C from anywhere', async () => {
    const below = path.join(folder, 'src', 'web');
    fs.mkdirSync(below, { recursive: true });
    assert.match((await berth(['status', 'dev'], { cwd: below, env })).stdout, /^dev {2}✔ healthy/);
    assert.match((await berth(['-C', project, 'status', 'dev'], { cwd: root, env })).stdout, /^dev {2}✔ healthy/);
  });

  it('stop, start and restart work on one service', async () => {
    const stopped = await call('stop', 'dev', 'redis');
    assert.match(stopped.stdout, /^✔ redis of dev has stopped/);
    assert.equal(await inspect('redis', '{{.State.Status}}'), 'exited');
    assert.equal(await inspect('postgres', '{{.State.Status}}'), 'running');

    const started = await call('start', 'dev', 'redis');
    assert.match(started.stdout, /^✔ redis of dev has started/);
    assert.equal(await inspect('redis', '{{.State.Health.Status}}'), 'healthy');

    const [redis, postgres] = [await inspect('redis', '{{.State.StartedAt}}'), await inspect('postgres', '{{.Id}}')];
    const restarted = await call('restart', 'dev', 'redis');
    assert.match(restarted.stdout, /^✔ redis of dev has restarted/);
    assert.notEqual(await inspect('redis', '{{.State.StartedAt}}'), redis);
    assert.equal(await inspect('redis', '{{.State.Health.Status}}'), 'healthy');
    assert.equal(await inspect('postgres', '{{.Id}}'), postgres);
  });

  it('logs ends with what there is, or follows until Ctrl-C, without escape sequences in a pipe', async () => {
    const once = await call('logs', 'dev', 'redis', '--no-follow', '--tail', '1');
    assert.equal(once.exitCode, 0, once.stderr);
    assert.match(once.stdout, /^redis-1 +\| .*\n$/);
    const all = await call('logs', 'dev', '--no-follow', '--tail', 'all');
    assert.match(all.stdout, /^postgres-1 +\| .*ready to accept connections/im);
    assert.equal(all.stdout.includes('\x1b'), false);

    const following = start('logs', 'dev', 'redis', '--tail', '1');
    await following.until(/redis-1/);
    following.process.kill('SIGINT');
    assert.equal((await following.ended).exitCode, 0);
  });

  it('shell runs what it reads, and ends with its exit code', async () => {
    const script = { cwd: folder, env, input: 'echo "in $(redis-cli ping)"; echo complaint >&2; exit 7' };
    assert.deepEqual(await berth(['shell', 'dev', 'redis'], script), {
      exitCode: 7,
      stdout: 'in PONG\n',
      stderr: 'complaint\n',
    });
    const which = await call('shell', 'dev');
    assert.equal(which.exitCode, 2);
    assert.match(which.stderr, /In which service\?\n {2}Running in dev: postgres, redis\./);
    await call('stop', 'dev', 'postgres');
    assert.equal((await berth(['shell', 'dev'], { ...script, input: 'exit 3' })).exitCode, 3);
    const stopped = await call('shell', 'dev', 'postgres');
    assert.deepEqual([stopped.exitCode, /berth up dev postgres/.test(stopped.stderr)], [1, true], stopped.stderr);
    assert.equal((await call('start', 'dev', 'postgres')).exitCode, 0);
  });

  it('open prints where the ports answer', async () => {
    assert.deepEqual(await call('open', 'dev', 'redis'), {
      exitCode: 0,
      stdout: `redis://localhost:${env.REDIS_PORT}\n`,
      stderr: '',
    });
    const json = JSON.parse((await call('open', 'dev', '--json')).stdout);
    assert.deepEqual(
      json.addresses.map((one: { service: string }) => one.service),
      ['postgres', 'redis'],
    );
    assert.equal((await call('open', 'test')).exitCode, 1);
  });

  it('status --watch tells a line for each change, whoever makes it, until Ctrl-C', async () => {
    const watching = start('status', 'dev', '--watch');
    await watching.until(/redis +✔ healthy/);
    await runOrFail('docker', ['pause', `${project}-redis-1`]);
    await watching.until(/^dev redis: ‖ paused \(was healthy\)$/m);
    await runOrFail('docker', ['unpause', `${project}-redis-1`]);
    await watching.until(/^dev redis: ✔ healthy \(was starting\)$/m);
    watching.process.kill('SIGINT');
    const { exitCode, stderr } = await watching.ended;
    assert.deepEqual([exitCode, stderr], [0, '']);
  });

  it('status --watch --json tells an object for each change', async () => {
    const watching = start('status', 'dev', '--watch', '--json');
    const lines = () => watching.stdout.trimEnd().split('\n');
    await watching.until(/"environment"/);
    assert.equal(JSON.parse(lines()[0] ?? '').engine.state, 'connected');
    assert.equal(JSON.parse(lines()[1] ?? '').environment.health, 'healthy');
    await runOrFail('docker', ['pause', `${project}-redis-1`]);
    await watching.until(/"paused".*\n/);
    assert.equal(JSON.parse(lines().at(-1) ?? '').environment.services[1].health, 'paused');
    await runOrFail('docker', ['unpause', `${project}-redis-1`]);
    watching.process.kill('SIGTERM');
    assert.equal((await watching.ended).exitCode, 0);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const watching = start('status', 'dev', '--watch');
    await watching.until(/postgres/);
    watching.process.stdout?.destroy();
    await runOrFail('docker', ['pause', `${project}-redis-1`]);
    const { exitCode, stderr } = await watching.ended;
    await runOrFail('docker', ['unpause', `${project}-redis-1`]);
    assert.deepEqual([exitCode, stderr], [0, '']);
  });

  it('shows each service in place on a terminal, and is ended by a typed Ctrl-C', async function () {
    if (process.platform !== 'linux') return this.skip();
    const onTerminal = (...args: string[]) => {
      const command = berthOnTerminal(args, { cwd: folder, env });
      commands.push(command);
      return command;
    };
    const restart = await onTerminal('restart', 'dev', 'redis').ended;
    assert.equal(restart.exitCode, 0, restart.stdout);
    // Drawn in place of what was there, with the seconds it took.
    const sequences = restart.stdout.replaceAll('\x1b', 'ESC');
    assert.match(sequences, /ESC\[\d+A\rESC\[J {2}redis {2}ESC\[32m✔ healthy +ESC\[39m {2}\d+\.\d s/);

    const plain = await berthOnTerminal(['status', 'dev'], { cwd: folder, env: { ...env, NO_COLOR: '1' } }).ended;
    assert.match(plain.stdout, /^dev {2}✔ healthy/);
    const piped = berthOnTerminal(['shell', 'dev', 'redis'], { cwd: folder, env, input: 'echo $((6 * 7)); exit 9' });
    commands.push(piped);
    const { exitCode, stdout } = await piped.ended;
    assert.deepEqual([exitCode, stdout], [9, '42\r\n']);

    const watching = onTerminal('status', 'dev', '--watch');
    await watching.until(/Ctrl-C ends the watch/);
    watching.process.stdin?.write('\x03');
    assert.equal((await watching.ended).exitCode, 0);
  });

  it('wrong usage is explained on standard error, or as JSON on standard output', async () => {
    const expectUsage = ({ exitCode, stdout, stderr }: CommandResult, pattern: RegExp) => {
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, pattern);
    };
    expectUsage(await call(), /Which command\?/);
    expectUsage(await call('up'), /Which environment\?\n {2}Environments here: dev, test, ci\./);
    expectUsage(await call('up', 'dve'), /no environment "dve"\.\n {2}Did you mean dev\?/);
    expectUsage(await call('up', 'dev', 'web'), /has no service "web"\.\n {2}It has: postgres, redis\./);
    expectUsage(await call('reset', 'dev', 'redis'), /takes no services/);
    expectUsage(await call('down', 'dev', 'redis', '--volumes'), /no services can be named/);
    expectUsage(await call('up', '--frobnicate'), /no option --frobnicate/);
    expectUsage(await call('-C', 'nowhere', 'status'), /no folder "nowhere"/);

    const json = await call('up', 'dve', '--json');
    assert.deepEqual([json.exitCode, json.stderr], [2, '']);
    const { version, error } = JSON.parse(json.stdout);
    assert.deepEqual([version, error.kind], [1, 'usage']);
  });

  it('says that there is nothing where there is nothing', async () => {
    const empty = temporaryFolder('cli');
    try {
      const envs = await berth(['envs', '--json'], { cwd: empty });
      assert.deepEqual([envs.exitCode, JSON.parse(envs.stdout).environments], [0, []]);
      assert.match(envs.stderr, /no compose files here.*berth init/s);
      assert.equal((await berth(['up'], { cwd: empty })).exitCode, 2);
    } finally {
      removeFolder(empty);
    }
  });

  it('down removes the containers, and keeps the data', async () => {
    const { exitCode, stdout, stderr } = await call('down', 'dev');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^✔ dev is down/);
    const left = (what: string) =>
      runOrFail('docker', [what, 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${project}`]);
    assert.equal(await left('container'), '');
    assert.equal(await left('network'), '');
    assert.equal((await left('volume')).trim().split('\n').length, 2);
    assert.match((await call('logs', 'dev')).stderr, /nothing of dev has been created yet.*berth up dev/s);
  });
});

describe('berth open on a terminal', () => {
  let compose: ComposeFolder;
  let port: number;

  before(async function () {
    if (process.platform !== 'linux') return this.skip();
    port = await freePort(21_010);
    compose = new ComposeFolder('cli', {
      'compose.yaml': `name: PROJECT
services:
  db:
    ${IDLE}
    ports: ["127.0.0.1:${await freePort(21_011)}:5432"]
  web:
    ${IDLE}
    command: ["idle", "listen", "8080"]
    ports: ["127.0.0.1:${port}:8080"]
`,
      // In the place of the desktop's own program: tells the test what it was told.
      'bin/xdg-open': `#!${process.execPath}
require('node:net').connect(process.env.TOLD).end(process.argv[2]);
`,
    });
    fs.chmodSync(compose.path('bin/xdg-open'), 0o755);
    await compose.compose('up', '--detach');
  });
  after(() => compose?.dispose());

  it('has the browser open the only web address', async () => {
    const TOLD = compose.path('s');
    const server = net.createServer().listen(TOLD);
    try {
      const told = once(server, 'connection').then(([socket]) => text(socket));
      const env = { TOLD, PATH: `${compose.path('bin')}:${process.env.PATH}` };
      const { exitCode, stdout } = await berthOnTerminal(['open', 'dev'], { cwd: compose.folder, env }).ended;
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`web +http://localhost:${port}\\r?\\n`));
      assert.equal(await told, `http://localhost:${port}`);
    } finally {
      server.close();
    }
  });
});
