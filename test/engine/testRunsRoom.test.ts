import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { freePort } from '../support/ports';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { NOTHING, TestRunFolder } from './support/testRunFolder';

const PASS = 'commands:\n  unit: { kind: test, service: web, run: echo passed }\n';
/** Goes on until somebody else lets it: the file is made in its container. */
const WAIT = `commands:
  unit: { kind: test, service: web, run: [sh, -c, "echo waiting; while [ ! -e /tmp/go ]; do sleep 0.1; done"] }
`;

/** What a run does where others are: ports, names, data, and containers of its own environment. */
describe('berth test beside others', () => {
  let tests: TestRunFolder;
  let others: ComposeFolder;

  before(async () => {
    tests = await TestRunFolder.open('room', { declared: '' });
    others = new ComposeFolder('others', {});
  });
  after(async () => {
    await others?.dispose();
    await tests?.dispose();
  });

  const go = (project = tests.project) => tests.folder.docker('exec', `${project}-web-1`, 'touch', '/tmp/go');
  /** Brings the environment up, or down, as somebody in a terminal would. */
  const byHand = (...args: string[]) =>
    tests.folder.docker(
      ...['compose', '--file', 'compose.yaml', '--file', 'compose.test.yaml', '--project-name', tests.project],
      ...args,
    );
  /** Holds that a run is refused before anything is made. @returns what it said. */
  const refused = async () => {
    const { stdout, stderr } = await tests.ended(tests.run(), 1);
    assert.equal(stdout, '');
    assert.doesNotMatch(stderr, /Bringing up|is removed/);
    assert.match(stderr, /✖ There is no room for "test": /);
    return stderr;
  };

  it('names who has a port, a container or a program, before anything is made', async () => {
    const port = await freePort();
    tests.declare({ test: `  web: { ports: ["127.0.0.1:${port}:80"] }\n`, declared: PASS });
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      assert.match(await refused(), new RegExp(`Port ${port} is already in use by .*\\(process ${process.pid}\\)`));
    } finally {
      server.close();
      await once(server, 'close');
    }
    others.write('compose.yaml', `services:\n  shop:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]\n`);
    await others.compose('up', '--detach');
    const said = await refused();
    assert.match(said, new RegExp(`Port ${port} is already in use by .*shop`));
    assert.match(said, /Give this environment a port of its own/);
    await others.compose('down', '--timeout', '1');
    await tests.ended(tests.run(), 0);
  });

  it('names who has a container name', async () => {
    const name = `${others.project}-named`;
    others.write('compose.yaml', `services:\n  shop:\n    ${IDLE}\n    container_name: ${name}\n`);
    await others.compose('up', '--detach');
    tests.declare({ test: `  web: { container_name: ${name} }\n`, declared: PASS });
    assert.match(await refused(), new RegExp(`The container name "${name}" is already in use by .*${others.project}`));
    await others.compose('down', '--timeout', '1');
    await tests.ended(tests.run(), 0);
  });

  it('names the environment that has the same volume', async () => {
    const own = `${tests.folder.project}_data`;
    tests.declare({ test: `  web: {}\nvolumes: { data: { name: ${own} } }\n`, declared: PASS });
    assert.match(await refused(), new RegExp(`The volume ${own} is also that of "dev"`));
  });

  it('names a volume that somebody else has made, and leaves what is in it', async () => {
    const volume = `${tests.project}-made-by-hand`;
    await tests.folder.docker('volume', 'create', volume);
    try {
      await byHand('down', '--volumes', '--timeout', '1');
      tests.declare({ declared: PASS });
      tests.folder.write(
        'compose.test.yaml',
        `services:\n  web: { volumes: ["more:/more"] }\nvolumes: { more: { name: ${volume} } }\n`,
      );
      assert.match(await refused(), new RegExp(`The volume ${volume} was made by somebody else`));
    } finally {
      await tests.folder.docker('volume', 'rm', volume);
    }
  });

  it('tells of a port that is taken after the look, and removes what it made', async () => {
    const port = await freePort();
    // The database has the port, and is started once the other service is healthy: time enough for somebody else.
    tests.declare({
      test: `  web: {}\n  db:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]\n    depends_on: { web: { condition: service_healthy } }\n`,
      declared: PASS,
    });
    const run = tests.start();
    await run.until(/web: ◌ starting/, 'stderr');
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { stderr } = await tests.ended(run.ended, 1);
      assert.match(stderr, new RegExp(`Port ${port} is already in use by the program .*\\(process ${process.pid}\\)`));
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('refuses an environment that is up by hand and can be only once, uses it where it is told to or on CI, and leaves it', async () => {
    const port = await freePort();
    tests.declare({
      test: `  web: { ports: ["127.0.0.1:${port}:80"] }\n  db:\n    ${IDLE}\n`,
      declared: PASS,
    });
    await byHand('up', '--detach', '--wait', 'web');
    const ids = () => tests.folder.docker('ps', '--no-trunc', '--quiet', '--filter', `name=^${tests.project}-web-1$`);
    const before = await ids();
    const { exitCode, stdout, stderr } = await tests.run();
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, new RegExp(`✖ "test" is up already, in the project ${tests.project}\\.`));
    assert.match(stderr, /--use-running/);
    for (const [args, CI] of [[['--use-running']], [[], 'true']] as const) {
      const used = await tests.run(args, { env: { CI } });
      assert.deepEqual([used.exitCode, used.stdout], [0, 'passed\n'], used.stderr);
      assert.match(used.stderr, /Uses "test" as it runs, and leaves it as it is\./);
      assert.equal(await ids(), before);
      assert.match(
        (await tests.holdings()).containers.join(),
        /db-1,.*web-1/,
        'what was not ready was brought up, too',
      );
    }
    await tests.assertDevUntouched();
    await byHand('down', '--volumes', '--timeout', '1');
  });

  it('brings up beside what runs only what is asked for, and what the tests run in', async () => {
    tests.declare({
      test: `  web: {}\n  db:\n    ${IDLE}\n  tools:\n    ${IDLE}\n    profiles: [tools]\n`,
      declared: 'commands:\n  unit: { kind: test, service: tools, run: echo passed }\n',
    });
    await byHand('up', '--detach', '--wait', 'web');
    const { exitCode, stdout, stderr } = await tests.run(['--use-running', '--service', 'web']);
    assert.deepEqual([exitCode, stdout], [0, 'passed\n'], stderr);
    assert.match((await tests.holdings()).containers.join(), /^\S+-tools-1,\S+-web-1$/);
    await byHand('--profile', 'tools', 'down', '--volumes', '--timeout', '1');
  });

  it('keeps what it made with --keep; the next run uses that, says so, and keeps it', async () => {
    tests.declare({
      declared: `commands:
  migrate: { kind: setup, service: web, run: [sh, -c, "echo once >>/data/rows"] }
  unit: { kind: test, service: web, run: [cat, /data/rows] }
`,
    });
    const first = await tests.run(['--keep']);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(first.stderr, /"test" stays up\. To remove it: berth down test --volumes/);
    const kept = await tests.holdings();
    assert.deepEqual(kept.containers, [`${tests.project}-web-1`]);
    const second = await tests.run();
    assert.equal(second.stdout, 'once\n', 'not set up twice');
    assert.match(second.stderr, /Uses the environment that an earlier run has kept as it is, and keeps it/);
    assert.deepEqual(await tests.holdings(), kept);
    const down = await berth(['down', 'test', '--volumes', '--yes'], { cwd: tests.folder.folder });
    assert.equal(down.exitCode, 0, down.stderr);
    assert.deepEqual(await tests.holdings(), NOTHING);
    await tests.assertDevUntouched();
  });

  it('sets up what an earlier run has kept, where that one did not come to the end of it', async () => {
    tests.declare({
      declared: `commands:
  migrate: { kind: setup, service: web, run: [sh, -c, "[ -e /tmp/ready ] && echo set up"] }
  unit: { kind: test, service: web, run: echo passed }
`,
    });
    const first = await tests.run(['--keep']);
    assert.equal(first.exitCode, 1, first.stderr);
    assert.match(first.stderr, /"migrate" ended with exit code 1/);
    await tests.folder.docker('exec', `${tests.project}-web-1`, 'touch', '/tmp/ready');
    const second = await tests.run();
    assert.deepEqual([second.exitCode, second.stdout], [0, 'set up\npassed\n'], second.stderr);
    assert.match(second.stderr, /As that run did not set it up, it is now/);
    const third = await tests.run();
    assert.deepEqual([third.exitCode, third.stdout], [0, 'passed\n'], third.stderr);
    await byHand('down', '--volumes', '--timeout', '1');
  });

  it('leaves volumes that somebody has made where a run that was killed had made some', async () => {
    tests.declare({ declared: WAIT });
    const killed = tests.start();
    await killed.until(/waiting/);
    const ended = once(killed.process, 'exit');
    killed.process.kill('SIGKILL');
    await ended;
    await byHand('down', '--volumes', '--timeout', '1');
    await byHand('run', '--rm', '--no-TTY', 'web', 'touch', '/data/mine');
    await byHand('down');
    tests.declare({ declared: 'commands:\n  unit: { kind: test, service: web, run: [ls, /data] }\n' });
    const clean = await berth(['clean', '--yes'], { cwd: tests.folder.folder });
    assert.equal(clean.stdout, 'Nothing is left of test runs.\n');
    const { exitCode, stdout } = await tests.run();
    assert.deepEqual([exitCode, stdout], [0, 'mine\n']);
    await byHand('down', '--volumes');
  });

  it('leaves volumes of before as they are, unless berth.yaml says that they may go', async () => {
    tests.declare({ declared: 'commands:\n  unit: { kind: test, service: web, run: [ls, /data] }\n' });
    await byHand('run', '--rm', '--no-TTY', 'web', 'touch', '/data/mine');
    await byHand('down');
    const { exitCode, stdout, stderr } = await tests.run();
    assert.deepEqual([exitCode, stdout], [0, 'mine\n']);
    assert.match(stderr, new RegExp(`These volumes were there before, and stay .*: ${tests.project}_data`));
    assert.deepEqual(await tests.holdings(), { ...NOTHING, volumes: [`${tests.project}_data`] });
    tests.declare({ declared: 'ephemeral: true\ncommands:\n  unit: { kind: test, service: web, run: [ls, /data] }\n' });
    const fresh = await tests.ended(tests.run(), 0);
    assert.equal(fresh.stdout, '');
    assert.match(fresh.stderr, /Removing the volumes of before, as "test" is ephemeral/);
  });

  it('goes on at once in a project of its own beside another run, where nothing is fixed', async () => {
    tests.declare({ declared: WAIT });
    const second = `${tests.project}-2`;
    const runs = [tests.start()];
    await runs[0]?.until(/waiting/);
    runs.push(tests.start(['--keep']));
    await runs[1]?.until(/waiting/);
    assert.deepEqual((await tests.holdings(second)).containers, [`${second}-web-1`]);
    await go(second);
    const ended = await runs[1]?.ended;
    assert.equal(ended?.exitCode, 0);
    assert.match(ended?.stderr ?? '', new RegExp(`Runs in the project ${second}, as that of "test" is in use`));
    assert.match(ended?.stderr ?? '', new RegExp(`To remove it: berth down --project ${second} --volumes`));
    const down = await berth(['down', '--project', second, '--volumes', '--yes'], { cwd: tests.folder.folder });
    assert.equal(down.exitCode, 0, down.stderr);
    assert.deepEqual(await tests.holdings(second), NOTHING);
    assert.equal((await tests.holdings()).containers.length, 1, 'the first goes on');
    await go();
    await tests.ended(runs[0]?.ended ?? Promise.reject(), 0);
  });

  it('waits for another run where a port is fixed, and says for whom; can be cancelled, or has its turn', async () => {
    const port = await freePort();
    tests.declare({ test: `  web: { ports: ["127.0.0.1:${port}:80"] }\n`, declared: WAIT });
    const first = tests.start();
    await first.until(/waiting/);
    const waiting = new RegExp(
      `Waiting: a test run \\(berth, process ${first.process.pid}\\) has the project ${tests.project}`,
    );
    const cancelled = tests.start();
    await cancelled.until(waiting, 'stderr');
    cancelled.process.kill('SIGINT');
    assert.equal((await cancelled.ended).exitCode, 130);
    const second = tests.start();
    await second.until(waiting, 'stderr');
    await go();
    assert.equal((await first.ended).exitCode, 0);
    await second.until(/waiting/);
    await go();
    await tests.ended(second.ended, 0);
  });

  it('in an environment that is not ephemeral uses what runs, and takes down again what did not', async () => {
    tests.declare({ declared: `ephemeral: false\n${PASS}` });
    const made = await tests.run();
    assert.deepEqual([made.exitCode, made.stdout], [0, 'passed\n']);
    assert.deepEqual(await tests.holdings(), { ...NOTHING, volumes: [`${tests.project}_data`] }, 'data stays');
    const kept = await tests.run(['--keep']);
    assert.equal(kept.exitCode, 0, kept.stderr);
    const { containers } = await tests.holdings();
    assert.deepEqual(containers, [`${tests.project}-web-1`]);
    const id = await tests.folder.docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', ...containers);
    const used = await tests.run();
    assert.deepEqual([used.exitCode, used.stdout], [0, 'passed\n']);
    assert.match(used.stderr, /Uses "test" as it runs/);
    assert.equal(await tests.folder.docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', ...containers), id);
    await byHand('down', '--volumes', '--timeout', '1');
    await tests.assertDevUntouched();
  });

  it('in an environment that is not ephemeral leaves it up where somebody else uses it by then', async () => {
    tests.declare({ declared: `ephemeral: false\n${WAIT}` });
    const run = tests.start();
    await run.until(/waiting/);
    await byHand('up', '--detach', '--no-recreate', '--scale', 'web=2');
    await go();
    const { exitCode, stderr } = await run.ended;
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /Somebody else uses "test" by now: it stays up/);
    assert.equal((await tests.holdings()).containers.length, 2);
    await byHand('down', '--volumes', '--timeout', '1');
    await tests.assertDevUntouched();
  });
});
