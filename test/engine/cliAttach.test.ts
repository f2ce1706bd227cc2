import assert from 'node:assert/strict';
import { poll, runOrFail } from '../support/processes';
import { BerthCommand, berth, berthOnTerminal, type CommandResult, cliScript } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { engineSocket, startProxy } from './support/engineApi';

/** Goes on saying who it is, until it is told to stop. */
const says = (words: string) =>
  `${IDLE}\n    entrypoint: ["sh", "-c", "trap 'exit 0' TERM; echo begin; while :; do echo ${words}; sleep 0.2; done"]`;

/** `web` depends on `db`; `stubborn` takes its whole grace period to stop. */
const FILES = {
  'compose.yaml': `name: PROJECT
services:
  db:
    ${says('I am db')}
  web:
    ${says('I am web')}
    depends_on: [db]
`,
  'compose.jobs.yaml': `name: PROJECT-jobs
services:
  good:
    image: berth/idle:1
    command: idle exit 0 2
  bad:
    image: berth/idle:1
    profiles: [bad]
    command: idle exit 3 3
  talkative:
    image: berth/idle:1
    profiles: [talkative]
    entrypoint: ["sh", "-c", "seq 200000"]
  brief:
    image: berth/idle:1
    profiles: [brief]
    entrypoint: ["sh", "-c", "rm -f /tmp/over; echo begin; until [ -e /tmp/over ]; do sleep 0.1; done; echo end"]
`,
  'compose.slow.yaml': `name: PROJECT-slow
services:
  unready:
    ${IDLE_WITH_HEALTH}
    environment: { UNHEALTHY: "yes" }
    profiles: [unready]
  stubborn:
    image: berth/idle:1
    command: idle stubborn
    stop_grace_period: 15s
`,
};

describe('berth up --attach', () => {
  let compose: ComposeFolder;
  const started: BerthCommand[] = [];

  before(() => {
    compose = new ComposeFolder('attach', { 'compose.yaml': FILES['compose.yaml'] });
    for (const name of ['jobs', 'slow'] as const) {
      compose.write(`${name}/compose.yaml`, FILES[`compose.${name}.yaml`]);
      compose.owns(`${compose.project}-${name}`);
    }
  });
  afterEach(() => {
    for (const command of started.splice(0)) command.process.kill('SIGKILL');
  });
  after(() => compose?.dispose());

  const attach = (...args: string[]) => attachThrough(undefined, ...args);
  const attachThrough = (dockerHost: string | undefined, ...args: string[]) => {
    const env = dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost };
    const command = new BerthCommand(['up', '--attach', ...args], { cwd: compose.folder, env });
    started.push(command);
    return command;
  };
  /** The services of a project that run by the engine, past all code under test. */
  const running = async (project = compose.project) => {
    const filter = `label=com.docker.compose.project=${project}`;
    const listed = await compose.docker('ps', '--filter', filter, '--format', '{{.Names}}');
    return listed.trim().replaceAll(`${project}-`, '').split('\n').sort().join(', ');
  };

  it('is for one environment, and for people', async () => {
    for (const args of [['dev', '--json'], ['--all'], ['dev,dev']]) {
      const { exitCode, stderr, stdout } = await attach(...args).ended;
      assert.deepEqual([args, exitCode], [args, 2]);
      assert.match(stderr + stdout, /Leave out --attach, or --json|One environment at a time, with --attach/);
    }
    assert.equal(await running(), '');
  });

  it('shows the commands behind it, and does nothing', async () => {
    const { stdout } = await berth(['up', 'dev', 'web', '--attach', '--show-command'], { cwd: compose.folder });
    assert.match(stdout, / up --detach -- web && .* logs --follow .*--tail all --since=\S+Z -- web\n$/);
    assert.equal(await running(), '');
  });

  it('prints the logs of this up from its beginning, lets others operate, and stops everything at Ctrl-C', async () => {
    const command = attach('dev');
    await command.until(/^db-1 +\| I am db$/m);
    await command.until(/^web-1 +\| I am web$/m);
    assert.match(command.stdout, /^✔ dev is up: 2 of 2 services ready/);
    assert.match(command.stderr, /^Logs follow\. Ctrl-C stops db, web\.$/m);

    const restart = await berth(['restart', 'dev', 'web'], { cwd: compose.folder });
    assert.equal(restart.exitCode, 0);
    assert.doesNotMatch(restart.stderr, /goes first/);
    await command.until(/web-1 exited with code 0[\s\S]*I am web/);

    command.process.kill('SIGINT');
    const { exitCode, stdout, stderr } = await command.ended;
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /✔ db, web of dev have stopped/);
    assert.match(stderr, /Stopping db, web …/);
    assert.equal(await running(), '');
    // Not again what an earlier one printed.
    assert.equal(stdout.match(/db-1 +\| begin/g)?.length, 1);
  });

  it('follows only services that are named, through all of them being restarted, and stops only them', async () => {
    const command = attach('dev', 'web');
    await command.until(/I am web/);
    await berth(['restart', 'dev'], { cwd: compose.folder });
    await command.until(/web-1 exited with code 0[\s\S]*I am web/);
    await berth(['recreate', 'dev', 'web'], { cwd: compose.folder });
    command.process.kill('SIGTERM');
    const { exitCode, stdout } = await command.ended;
    assert.equal(exitCode, 0, stdout);
    assert.doesNotMatch(stdout, /I am db/);
    assert.equal(await running(), 'db-1');
  });

  it('leaves everything running when its terminal is closed', async () => {
    const command = attach('dev');
    await command.until(/I am web/);
    command.process.kill('SIGHUP');
    assert.equal((await command.ended).exitCode, 130);
    assert.equal(await running(), 'db-1, web-1');
  });

  it('leaves no process behind then, though Compose hears nothing of it', async function () {
    if (process.platform !== 'linux') return this.skip();
    const command = berthOnTerminal(['up', '--attach', '-C', compose.folder, 'dev'], { cwd: compose.folder });
    started.push(command);
    await command.until(/Logs follow/);
    await command.until(/I am web/);
    // What has the other end of the terminal.
    command.process.kill('SIGKILL');
    const left = async () => {
      const processes = await runOrFail('ps', ['-eo', 'args']);
      return processes.includes(`-C ${compose.folder}`) || processes.includes(`--project-name ${compose.project} `);
    };
    assert.ok(await poll(async () => !(await left()) || undefined, { limit: 10_000, interval: 50 }));
    assert.equal(await running(), 'db-1, web-1');
  });

  it('ends by itself when nothing runs any more, with 1 when a service failed', async () => {
    const jobs = compose.path('jobs');
    const good = await attach('-C', jobs, 'good').ended;
    assert.equal(good.exitCode, 0, good.stderr);
    assert.match(good.stderr, /^good of dev: nothing runs any more\.$/m);

    const bad = await attach('-C', jobs, '--profile', 'bad').ended;
    assert.equal(bad.exitCode, 1);
    assert.match(bad.stderr, /^✖ Nothing of dev runs any more: "bad" ended with exit code 3\.\n.* logs dev bad$/m);
  });

  it('prints all that a service said which has long ended, before it ends', async () => {
    const { exitCode, stdout, stderr } = await attach('-C', compose.path('jobs'), 'dev', 'talkative').ended;
    assert.equal(exitCode, 0, stderr);
    assert.equal(stdout.match(/^talkative-1 +\| \d+$/gm)?.length, 200_000);
  });

  it('ends, with words and 1, where what services say can no longer be written', async function () {
    if (process.platform !== 'linux') return this.skip();
    const full = ['sh', '-c', 'exec "$0" "$@" > /dev/full', process.execPath, cliScript] as const;
    for (const args of [
      ['up', 'dev', '--attach'],
      ['logs', 'dev', '--no-follow', '--tail', 'all'],
    ]) {
      const command = new BerthCommand(
        [...args, '-C', compose.path('jobs'), 'talkative'],
        { cwd: compose.folder },
        full,
      );
      started.push(command);
      const { exitCode, stderr } = await command.ended;
      assert.equal(exitCode, 1, stderr);
      assert.equal(stderr.match(/^✖ Standard output can't be written: ENOSPC/gm)?.length, 1, stderr);
    }
  });

  describe('on an engine that answers Compose late', () => {
    /** By the time that Compose asks for it: what `brief` still had to say is said, and it has ended. */
    const letEnd = async () => {
      const container = compose.container('brief', `${compose.project}-jobs`);
      await compose.docker('exec', container, 'touch', '/tmp/over');
      await compose.docker('wait', container);
    };
    const isOfCompose = (request: string) =>
      request.includes('/events?') && request.includes(`project=${compose.project}`);
    const attachLate = async (hold: (request: string) => Promise<unknown> | undefined) => {
      const socket = await engineSocket();
      if (!socket) return undefined;
      const proxy = await startProxy(socket, { hold });
      try {
        return await attachThrough(proxy.dockerHost, '-C', compose.path('jobs'), 'dev', 'brief').ended;
      } finally {
        await proxy.close();
      }
    };
    const check = ({ exitCode, stdout, stderr }: CommandResult, calls: number) => {
      assert.equal(exitCode, 0, stderr);
      assert.equal(
        stdout
          .match(/^brief-1 +\| .*$/gm)
          ?.join('|')
          .replaceAll(/brief-1 +\| /g, ''),
        'begin|end',
      );
      assert.match(stderr, /^brief of dev: nothing runs any more\.$/m);
      assert.equal(calls, 1);
    };

    it('ends although Compose has missed that the last one did', async function () {
      let calls = 0;
      const ended = await attachLate((request) => (isOfCompose(request) && ++calls ? letEnd() : undefined));
      if (!ended) return this.skip();
      check(ended, calls);
    });

    it('prints what Compose has not come to', async function () {
      let calls = 0;
      const follows = (request: string) => /\/logs\?.*follow=1/.test(request);
      const ended = await attachLate((request) => {
        if (follows(request) && ++calls) return new Promise(() => {});
        return isOfCompose(request) ? letEnd() : undefined;
      });
      if (!ended) return this.skip();
      check(ended, calls);
    });
  });

  it('ends without a failure when somebody else stops everything', async () => {
    const command = attach('dev');
    await command.until(/I am web/);
    await compose.compose('stop');
    assert.equal((await command.ended).exitCode, 0);
  });

  it('stops what it has started when it is cancelled on the way', async () => {
    const slow = compose.path('slow');
    compose.write('slow/compose.yaml', FILES['compose.slow.yaml'].replace('retries: 1', 'retries: 1000'));
    const command = attach('-C', slow, 'dev', 'unready');
    await command.until(/^unready: ◌ starting/m, 'stderr');
    command.process.kill('SIGINT');
    const { exitCode, stdout } = await command.ended;
    assert.equal(exitCode, 130);
    assert.match(stdout, /✔ unready of dev has stopped/);
    assert.equal(await running(`${compose.project}-slow`), '');
  });

  it('ends as up does when that fails', async () => {
    compose.write('slow/compose.yaml', FILES['compose.slow.yaml']);
    const { exitCode, stderr } = await attach('-C', compose.path('slow'), 'dev', 'unready').ended;
    assert.equal(exitCode, 1);
    assert.match(stderr, /✖ Service "unready" is unhealthy/);
    assert.equal(await running(`${compose.project}-slow`), 'unready-1');
  });

  it('leaves alone what runs when it is cancelled before its turn', async () => {
    const project = `${compose.project}-slow`;
    await berth(['up', 'stubborn', '-C', compose.path('slow')], { cwd: compose.folder });
    await berth(['stop', 'unready', '-C', compose.path('slow')], { cwd: compose.folder });
    const slow = ['-C', compose.path('slow')];
    const holder = new BerthCommand(['stop', 'stubborn', '--verbose', ...slow], { cwd: compose.folder });
    started.push(holder);
    await holder.until(/Stopping/, 'stderr');
    const command = attach('-C', compose.path('slow'), 'dev', 'stubborn');
    await command.until(/goes first: stop/, 'stderr');
    command.process.kill('SIGINT');
    const { exitCode, stdout, stderr } = await command.ended;
    assert.deepEqual([exitCode, stdout], [130, '']);
    assert.match(stderr, /Cancelled\. What runs goes on: stubborn\. To end it: berth -C \S+ down dev/);
    assert.equal(await running(project), 'stubborn-1');
    // By now the engine has been told to stop it.
    await compose.docker('kill', compose.container('stubborn', project));
    await holder.ended;
  });

  it('ends at once at a second Ctrl-C, on a terminal, and says what still runs', async function () {
    if (process.platform !== 'linux') return this.skip();
    const slow = compose.path('slow');
    const command = berthOnTerminal(['up', 'dev', 'stubborn', '--attach'], { cwd: slow });
    started.push(command);
    await command.until(/Logs follow\. Ctrl-C stops stubborn\./);
    await command.until(/stubborn-1.*waiting/);
    command.process.stdin?.write('\x03');
    await command.until(/Stopping stubborn … \(Ctrl-C again ends this at once\)/);
    // Once Compose is at it.
    await command.until(/Container \S+ {2}Stopping/);
    command.process.stdin?.write('\x03');
    const { exitCode, stdout } = await command.ended;
    assert.equal(exitCode, 130, stdout);
    assert.match(stdout, /Still running: stubborn\. What Docker has been told to stop, it still stops\.\r\n/);
    assert.equal(await running(`${compose.project}-slow`), 'stubborn-1');
  });
});
