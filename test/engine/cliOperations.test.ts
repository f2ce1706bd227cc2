import assert from 'node:assert/strict';
import { BerthCommand, berth, berthOnTerminal } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';

/** Two environments with a service each that is built, one of a profile, and one with data. */
const FILES = {
  'compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE_WITH_HEALTH}
    volumes: ["data:/data"]
  worker:
    ${IDLE}
  tool:
    ${IDLE}
    profiles: [tools]
volumes:
  data:
`,
  'compose.test.yaml': 'name: PROJECT-test\nservices:\n  worker:\n    labels: { of: test }\n',
};

/** One after another, on the same environments: the tests build upon each other. */
describe('the operations of the berth command line', () => {
  let compose: ComposeFolder;
  const call = (...args: string[]) => berth(args, { cwd: compose.folder });
  const done = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await call(...args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  /** The containers of a service by the engine, past all code under test: `web-1 running`. */
  const containers = async (service: string, project = compose.project) => {
    const labels = [`label=com.docker.compose.project=${project}`, `label=com.docker.compose.service=${service}`];
    const filters = labels.flatMap((label) => ['--filter', label]);
    const listed = await compose.docker('ps', '--all', ...filters, '--format', '{{.Names}} {{.State}}');
    return listed.trim().replaceAll(`${project}-`, '').split('\n').sort().join(', ');
  };
  const idOf = async (service: string) =>
    (await compose.docker('inspect', '--format', '{{.Id}}', compose.container(service))).trim();

  before(() => {
    compose = new ComposeFolder('cliops', FILES);
    compose.owns(`${compose.project}-test`);
  });
  after(() => compose?.dispose());

  it('--show-command prints what to type, and does nothing', async () => {
    const stdout = await done('up', 'dev', 'web', '--build', '--show-command');
    assert.match(stdout, /^cd \S+ && docker compose --file \S+\/compose\.yaml up --detach --build -- web\n$/);
    const both = JSON.parse(await done('stop', 'dev,test', '--show-command', '--json'));
    assert.deepEqual(
      both.commands.map(({ environment, command }: Record<string, string>) => [environment, command]),
      ['', '-test'].map((end) => [
        end ? 'test' : 'dev',
        `cd / && docker compose --project-name ${compose.project}${end} stop`,
      ]),
    );
    assert.equal(await containers('web'), '');
    assert.match((await call('stop', 'dev', 'wbe', '--show-command')).stderr, /no service "wbe".*\n.*web/);
  });

  it('up works on several environments at once', async () => {
    const { exitCode, stdout, stderr } = await call('up', 'dev,test');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^✔ dev is up: 2 of 2 services ready .*\n✔ test is up: 2 of 2 services ready .*\n$/);
    assert.match(stderr, /^dev web: ✔ healthy \(/m);
    assert.match(stderr, /^test worker: ● running \(/m);

    const json = JSON.parse(await done('restart', '--all', 'worker', '--json'));
    assert.deepEqual(
      json.results.map((one: Record<string, { name: string }>) => [one.result, one.environment?.name]),
      [
        ['done', 'dev'],
        ['done', 'test'],
      ],
    );
    const wrong = await call('up', 'dev', 'test');
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /joined by commas: dev,test/);
  });

  it('up --profile starts what the profile adds, and knows which ones there are', async () => {
    const wrong = await call('up', 'dev', '--profile', 'tolos');
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /no profile "tolos"\.\n {2}Did you mean tools\? It has: tools\./);
    assert.equal(await containers('tool'), '');
    assert.match(await done('up', 'dev', '--profile', 'tools'), /^✔ dev is up: 3 of 3/);
    assert.equal(await containers('tool'), 'tool-1 running');
    await compose.docker('rm', '--force', compose.container('tool'));
    await done('up', 'dev', '--profile', '*');
    assert.equal(await containers('tool'), 'tool-1 running');
  });

  it('pause, unpause and recreate', async () => {
    assert.match(await done('pause', 'dev', 'worker'), /^✔ worker of dev is paused/);
    assert.equal(await containers('worker'), 'worker-1 paused');
    assert.match(await done('unpause', 'dev', 'worker'), /^✔ worker of dev is unpaused/);
    assert.equal(await containers('worker'), 'worker-1 running');
    const before = await idOf('worker');
    assert.match(await done('recreate', 'dev', 'worker'), /^✔ worker of dev is recreated/);
    assert.notEqual(await idOf('worker'), before);
  });

  it('scale takes a number for each service', async () => {
    assert.match(await done('scale', 'dev', 'worker=2', 'tool=0', '--yes'), /^✔ worker, tool of dev are scaled/);
    assert.equal(await containers('worker'), 'worker-1 running, worker-2 running');
    assert.equal(await containers('tool'), '');
    for (const words of [[], ['worker'], ['worker=x'], ['worker=-1']]) {
      assert.deepEqual([words, (await call('scale', 'dev', ...words)).exitCode], [words, 2]);
    }
  });

  it('kill and remove say what would go, and without a terminal only do it with --yes', async () => {
    const asked = await call('kill', 'dev', 'worker');
    assert.deepEqual([asked.exitCode, asked.stdout], [2, '']);
    assert.match(asked.stderr, /no terminal to ask on.*ended at once:\n.*Containers: \S+-worker-1, \S+-worker-2\n/s);
    assert.match(asked.stderr, /To do it: berth kill dev worker --yes\n$/);
    assert.match(await containers('worker'), /worker-1 running/);

    assert.match(await done('kill', 'dev', 'worker', '--yes'), /^✔ worker of dev is killed/);
    assert.equal(await containers('worker'), 'worker-1 exited, worker-2 exited');
    const { error } = JSON.parse((await call('remove', 'dev', '--json')).stdout);
    assert.match(error.output, /gone for good:\n {2}Containers: \S+-worker-1( \(.*\))?, \S+-worker-2/);
    await done('remove', 'dev', '--yes');
    assert.equal(await containers('worker'), '');
    assert.equal(await containers('web'), 'web-1 running');
    // Nothing goes any more, so nothing is asked.
    await done('remove', 'dev');
  });

  it('build and pull let Compose speak', async () => {
    compose.write('Dockerfile', 'FROM busybox:1-musl\nRUN echo baked > /cake\n');
    compose.write('compose.test.yaml', 'name: PROJECT-test\nservices:\n  web: { image: PROJECT-cake, build: . }\n');
    try {
      const built = await call('build', 'test', '--no-cache');
      assert.equal(built.exitCode, 0, built.stderr);
      assert.match(built.stdout, /^✔ test has its images built/);
      assert.match(built.stderr, /RUN echo baked/);
      assert.match(await compose.docker('image', 'inspect', '--format', 'there', `${compose.project}-cake`), /there/);

      compose.write('compose.test.yaml', 'name: PROJECT-test\nservices:\n  web: { image: "localhost:24299/cake" }\n');
      const pulled = await call('pull', 'test', 'web');
      assert.equal(pulled.exitCode, 1);
      assert.match(pulled.stderr, /^✖ .*24299/m);
    } finally {
      await compose.docker('image', 'rm', '--force', `${compose.project}-cake`);
      compose.write('compose.test.yaml', FILES['compose.test.yaml']);
    }
  });

  it('one that has to wait says for whom', async () => {
    compose.write(
      'compose.test.yaml',
      `name: PROJECT-test\nservices:\n  web:\n    environment: { UNHEALTHY: "yes" }\n    healthcheck: { start_period: 60s }\n`,
    );
    const started: BerthCommand[] = [];
    const start = (...args: string[]) => {
      const command = new BerthCommand(args, { cwd: compose.folder, input: '' });
      started.push(command);
      return command;
    };
    try {
      const up = start('up', 'test', 'web');
      await up.until(/^web: ◌ starting/m, 'stderr');
      const stop = start('stop', 'test', 'web');
      await stop.until(new RegExp(`goes first: up \\(berth, process ${up.process.pid}\\)\\.`), 'stderr');
      up.process.kill('SIGINT');
      assert.equal((await up.ended).exitCode, 130);
      assert.equal((await stop.ended).exitCode, 0);
      assert.equal(await containers('web', `${compose.project}-test`), 'web-1 exited');
    } finally {
      for (const command of started) command.process.kill('SIGKILL');
      compose.write('compose.test.yaml', FILES['compose.test.yaml']);
    }
  });

  it('reset asks on a terminal, with sizes, and takes no for an answer', async function () {
    if (process.platform !== 'linux') return this.skip();
    const data = () => compose.docker('exec', compose.container('web'), 'ls', '/data');
    await compose.docker('exec', compose.container('web'), 'sh', '-c', 'echo 1234567 > /data/kept');
    const ask = (answer: string) => {
      const command = berthOnTerminal(['reset', 'dev'], { cwd: compose.folder });
      void command.until(/Go on\? \[y\/N\] $/).then(
        () => command.process.stdin?.write(answer),
        () => {},
      );
      return command.ended;
    };
    for (const answer of ['n\n', '\n', '\x04', '\x03']) {
      const { exitCode, stdout } = await ask(answer);
      assert.equal(exitCode, 130, stdout);
      assert.match(stdout, /Of dev would be gone for good:\r\n {2}Volumes with 8 B of data: \S+_data \(8 B\)\r\n/);
      assert.match(stdout, /Cancelled\.\r\n$/);
      assert.equal(await data(), 'kept\n');
    }
    const { exitCode, stdout } = await ask('y\n');
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /✔ dev is reset: 2 of 2 services ready/);
    assert.equal(await data(), '');
  });

  it('down takes everything but the data, and says what stays', async () => {
    await done('up', 'dev', '--profile', 'tools');
    const { exitCode, stdout, stderr } = await call('down', 'dev,test');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^✔ dev is down \(.*\)\.\nWhat stays:\n {2}Volumes: (\S+)_data\n✔ test is down/);
    assert.match(stderr, /To remove the data, too: berth down dev --volumes\n/);
    assert.equal((await containers('web')) + (await containers('tool')), '');

    const asked = await call('down', 'dev', '--volumes');
    assert.equal(asked.exitCode, 2);
    assert.match(asked.stderr, /Volumes with .*_data/);
    const json = JSON.parse(await done('down', 'dev', '-v', '--yes', '--json'));
    assert.deepEqual(json.kept, { containers: [], networks: [], volumes: [] });
    assert.equal(await compose.docker('volume', 'ls', '--quiet', '--filter', `name=${compose.project}_data`), '');
  });
});
