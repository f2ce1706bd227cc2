import assert from 'node:assert/strict';
import fs from 'node:fs';
import { IDLE_WITH_HEALTH } from './support/composeFolder';
import { TestRunFolder } from './support/testRunFolder';

/** How test runs end, each as a user of the command line sees it; beside a development environment that notices nothing. */
describe('berth test', () => {
  let tests: TestRunFolder;

  before(async () => {
    tests = await TestRunFolder.open('testruns', { declared: '' });
  });
  after(() => tests?.dispose());

  it('ends with 0 when the tests pass, in an environment of their own, of which nothing is left', async () => {
    tests.declare({
      test: '  web:\n    environment: { MODE: test }\n',
      declared: 'commands:\n  unit: { kind: test, service: web, run: [sh, -c, "echo $MODE; hostname"] }\n',
    });
    const { stdout, stderr } = await tests.ended(tests.run(), 0);
    const [mode, host = ''] = stdout.split('\n');
    assert.equal(mode, 'test');
    const dev = await tests.folder.docker('inspect', '--format', '{{.Config.Hostname}}', tests.folder.container('web'));
    assert.notEqual(host, dev.trim());
    assert.match(stderr, /✔ unit of test passed/);
    assert.match(stderr, /"test" is removed\./);
    assert.deepEqual(tests.runFolders(), [], 'a run that passed and collected nothing leaves no folder');
  });

  it("ends with the tests' own exit code, and keeps the logs of all services", async () => {
    tests.declare({
      test: `  web: {}\n  db:\n    ${IDLE_WITH_HEALTH}\n    command: [sh, -c, "echo the database says no; exec idle"]\n`,
      declared: 'commands:\n  unit: { kind: test, service: web, run: [sh, -c, "exit 43"] }\n',
    });
    const { stderr } = await tests.ended(tests.run(), 43);
    assert.match(stderr, /✖ unit of test failed with exit code 43/);
    const [run = ''] = tests.runFolders().slice(-1);
    assert.ok(stderr.includes(`What it left is in ${run.slice(tests.folder.folder.length + 1)}`), stderr);
    assert.match(fs.readFileSync(`${run}/logs/db.log`, 'utf8'), /the database says no/);
    assert.match(fs.readFileSync(`${run}/logs/web.log`, 'utf8'), /idle: waiting/);
    assert.equal(fs.readFileSync(tests.folder.path('.berth/.gitignore'), 'utf8'), '*\n');
  });

  it('ends with 128 and the number of the signal that ended the tests, in a container or on this machine', async () => {
    tests.declare({
      declared: `commands:
  inside: { kind: test, service: web, run: [sh, -c, "kill -9 $$"] }
  here: { kind: test, run: [sh, -c, "kill -9 $$"] }
`,
    });
    for (const command of ['inside', 'here']) {
      const { stderr } = await tests.ended(tests.run(['test', command]), 137);
      assert.match(stderr, new RegExp(`✖ ${command} of test failed with exit code 137`));
    }
  });

  it('gives the tests the arguments after --, variables, and on this machine those of the env files', async () => {
    tests.folder.write('.env.test', 'WHERE=test\nWHO=nobody\n');
    const print = 'printf "%s|" "$WHERE" "$WHO" "$@"';
    tests.declare({
      declared: `envFiles: [.env.test]
commands:
  inside: { kind: test, service: web, run: [sh, -c, '${print}', sh], env: { WHERE: declared } }
  here: { kind: test, run: [sh, -c, '${print}', sh] }
  new: { kind: test, service: web, newContainer: true, run: [sh, -c, '${print}', sh] }
  none: { kind: test, service: web, run: "true", args: false }
`,
    });
    const words = ['--env', 'WHO=me', '--', '-k', 'a b', '$HOME'];
    const options = { env: { CI: undefined, WHERE: 'shell' } };
    const print1 = async (command: string) => (await tests.ended(tests.run([command, ...words], options), 0)).stdout;
    assert.equal(await print1('inside'), 'declared|me|-k|a b|$HOME|');
    assert.equal(await print1('here'), 'test|me|-k|a b|$HOME|');
    assert.equal(await print1('new'), '|me|-k|a b|$HOME|');
    const { stderr } = await tests.ended(tests.run(['none', '--', '-k']), 2);
    assert.match(stderr, /The command "none" takes no arguments/);
  });

  it('runs what sets it up before the tests, and not the tests when that fails', async () => {
    const declared = (setUp: string) => `commands:
  migrate: { kind: setup, service: web, run: [sh, -c, "echo first >/tmp/order"] }
  seed: { kind: setup, service: web, run: [sh, -c, "${setUp}"] }
  unit: { kind: test, service: web, run: [cat, /tmp/order] }
`;
    tests.declare({ declared: declared('echo second >>/tmp/order') });
    assert.equal((await tests.ended(tests.run(), 0)).stdout, 'first\nsecond\n');
    tests.declare({ declared: declared('exit 4') });
    const { stdout, stderr } = await tests.ended(tests.run(), 1);
    assert.equal(stdout, '');
    assert.match(stderr, /✖ "seed" ended with exit code 4\./);
    assert.ok(fs.existsSync(`${tests.runFolders().at(-1)}/logs/web.log`));
  });

  it('brings up what commands run in, also where --service leaves that out, or its profile is not active', async () => {
    tests.declare({
      test: `  web: {}\n  db:\n    ${IDLE_WITH_HEALTH}\n  tools:\n    ${IDLE_WITH_HEALTH}\n    profiles: [tools]\n`,
      declared: `commands:
  migrate: { kind: setup, service: web, run: [echo, migrated] }
  unit: { kind: test, service: tools, run: [echo, passed] }
`,
    });
    for (const args of [[], ['--service', 'db']]) {
      const { stdout, stderr } = await tests.ended(tests.run(args), 0);
      assert.equal(stdout, 'migrated\npassed\n');
      assert.match(stderr, /db: ✔ healthy/);
    }
  });

  it('tells of a service that is unhealthy before the tests, which are not run', async () => {
    tests.declare({
      test: '  web:\n    environment: { UNHEALTHY: no connection }\n',
      declared: 'commands:\n  unit: { kind: test, service: web, run: echo here }\n',
    });
    const { stdout, stderr } = await tests.ended(tests.run(), 1);
    assert.equal(stdout, '');
    assert.match(stderr, /✖ Service "web" is unhealthy/);
    assert.match(stderr, /no connection/);
    assert.match(fs.readFileSync(`${tests.runFolders().at(-1)}/health/web.txt`, 'utf8'), /no connection/);
  });

  it('tells of services that became unhealthy, or ended, while the tests ran', async () => {
    tests.declare({
      test: `  web: {}\n  db:\n    ${IDLE_WITH_HEALTH}\n`,
      declared: 'commands:\n  unit: { kind: test, service: web, run: [sh, -c, "echo here; sleep 60"] }\n',
    });
    const unhealthy = tests.start(['--timeout', '30s']);
    await unhealthy.until(/here/);
    await tests.untilEngine('health_status', () =>
      tests.folder.docker('exec', `${tests.project}-db-1`, 'sh', '-c', 'echo full >/tmp/unhealthy'),
    );
    await tests.folder.docker('exec', `${tests.project}-web-1`, 'killall', '-9', 'sleep');
    const { stderr } = await tests.ended(unhealthy.ended, 137);
    assert.match(stderr, /While it ran, these services failed: db\./);

    const killed = tests.start();
    await killed.until(/here/);
    await tests.folder.docker('kill', `${tests.project}-web-1`);
    const ended = await tests.ended(killed.ended, 137);
    assert.match(ended.stderr, /While it ran, these services failed: web\./);
  });

  it('tells why an image can not be built', async () => {
    tests.folder.write('app/Dockerfile', 'FROM busybox:1-musl\nRUN echo no such library; exit 9\n');
    tests.declare({
      test: '  web: { build: ./app, image: PROJECT-app }\n',
      declared: 'commands:\n  unit: { kind: test, service: web, run: echo here }\n',
    });
    const { stdout, stderr } = await tests.ended(tests.run(['--build']), 1);
    assert.equal(stdout, '');
    assert.match(stderr, /no such library/);
  });

  it('ends tests that take longer than --timeout, also those that ignore being told to', async () => {
    tests.declare({
      declared: `commands:
  inside: { kind: test, service: web, run: sleep 600 }
  stubborn: { kind: test, run: [node, --eval, "process.on('SIGINT', () => {}); setInterval(() => {}, 1e6)"] }
`,
    });
    for (const command of ['inside', 'stubborn']) {
      const { stderr } = await tests.ended(tests.run([command, '--timeout', '500ms']), 1);
      assert.match(stderr, new RegExp(`✖ "${command}" did not end within 0\\.5 seconds\\.`));
    }
  }).timeout(60_000);

  it('reads nothing of what a loop around it reads', async () => {
    tests.declare({
      declared: `commands:
  migrate: { kind: setup, run: [cat] }
  here: { kind: test, run: [cat] }
  inside: { kind: test, service: web, run: [cat] }
`,
    });
    for (const command of ['here', 'inside']) {
      const { stdout } = await tests.ended(tests.run(['test', command], { input: 'one\ntwo\n' }), 0);
      assert.equal(stdout, '');
    }
  });

  it('tells of a program that there is not', async () => {
    tests.declare({ declared: 'commands:\n  unit: { kind: test, run: no-such-program-anywhere }\n' });
    const { stderr } = await tests.ended(tests.run(), 1);
    assert.match(stderr, /✖ The program "no-such-program-anywhere" was not found\./);
  });

  it('has with --json one document on standard output, and what the tests print on standard error', async () => {
    tests.declare({
      declared: 'commands:\n  unit: { kind: test, service: web, run: [sh, -c, "echo here; exit 5"] }\n',
    });
    const { stdout, stderr } = await tests.ended(tests.run(['--json']), 5);
    const { seconds, folder, ...rest } = JSON.parse(stdout);
    assert.ok(seconds > 0);
    assert.equal(folder, tests.runFolders().at(-1));
    assert.deepEqual(rest, {
      version: 1,
      operation: 'test',
      environment: 'test',
      command: 'unit',
      project: tests.project,
      beside: false,
      exitCode: 5,
      cancelled: false,
      failing: [],
      collected: [],
      after: 'removed',
      keptVolumes: [],
      counts: { passed: 0, failed: 0, errored: 0, skipped: 0 },
      cases: [],
    });
    assert.match(stderr, /^here$/m);
  });
});
