import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { UserError } from '../../src/core/common/errors';
import { type ProgramCall, runProgram } from '../../src/core/common/program';
import { commandText } from '../../src/core/compose/commandText';
import type { CopyPath } from '../../src/core/compose/serviceCalls';
import { execCall, runCall, shellCall, watchCall } from '../../src/core/compose/serviceCalls';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { onTerminal } from './support/onTerminal';
import { OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed } from './support/waiting';

const COMPOSE = `
name: PROJECT
services:
  web:
    ${IDLE}
    command: ["sh", "-c", "for i in 1 2 3; do echo web $$i; sleep 0.3; done; exec idle"]
    environment: { API_TOKEN: "tok-12345", LEVEL: debug, URL: "amqp://me:tok-12345@queue/" }
    labels: { deploy.secret: "label-secret" }
  -odd:
    ${IDLE}
    command: ["sh", "-c", "for i in 1 2 3; do echo odd $$i; sleep 0.3; done; exec idle"]
  shelly:
    build:
      dockerfile_inline: |
        FROM busybox:1-musl
        RUN printf '#!/bin/sh\\necho this is bash; exec sh' >/bin/bash && chmod 755 /bin/bash && echo 'dev:x:1234:1234::/:/bin/sh' >>/etc/passwd
    develop: { watch: [{ path: ./src, action: sync, target: /src }] }
    command: ["sleep", "infinity"]
    init: true
    stop_grace_period: 1s
  bare:
    build:
      dockerfile_inline: |
        FROM scratch
        COPY --from=busybox:1-musl /bin/busybox /bin/sleep
        CMD ["/bin/sleep", "infinity"]
    init: true
    stop_grace_period: 1s
  job:
    ${IDLE}
    profiles: [tools]
    depends_on: [web]
`;

describe('tools for services', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;
  const { signal } = new AbortController();

  before(async function () {
    this.timeout(120_000);
    folder = new ComposeFolder('tools', { 'compose.yaml': COMPOSE });
    core = await OperatedFolder.open(folder);
    await core.do('up');
  });
  after(async () => {
    core?.dispose();
    await folder?.docker('compose', 'down', '--timeout', '1', '--rmi', 'local').catch(() => {});
    await folder?.dispose();
  });

  const dev = () => environmentNamed(core.store, 'dev');
  const on = (name: string) => core.on(name);

  describe('shell', () => {
    it('is the best one that there is', async () => {
      const { tools } = core.berth;
      assert.deepEqual(await tools.shellsIn(...on('web'), signal), ['ash', 'sh']);
      assert.deepEqual(await tools.shellsIn(...on('shelly'), signal), ['bash', 'ash', 'sh']);
      const said = async (service: string, shell?: string) => {
        const call = shellCall(folder.project, undefined, service, { terminal: false, shell });
        return (await runProgram(call, { input: Readable.from(['echo "$0 $((1 + 1))"\n']) })).stdout;
      };
      assert.equal(await said('web'), 'ash 2\n');
      assert.equal(await said('shelly'), 'this is bash\nsh 2\n');
      assert.equal(await said('shelly', '/bin/sh'), '/bin/sh 2\n');
      assert.equal(await said('-odd'), 'ash 2\n');
    });

    it('on a terminal, as a chosen user', async () => {
      const call = shellCall(folder.project, undefined, 'shelly', { user: 'dev', shell: 'sh' });
      const { shown, exitCode } = await onTerminal(call, [[/\$ /, 'tty; id -u; exit 7\n']]);
      assert.match(shown, /\/dev\/pts\/\d+\s+1234/);
      assert.equal(exitCode, 7);
    });

    it('that there is none of is said', async () => {
      await assert.rejects(core.berth.tools.shellsIn(...on('bare'), signal), (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.message, 'The container of "bare" has no shell.');
        assert.ok(error.details.remedy);
        return true;
      });
      await assert.rejects(core.berth.tools.shellsIn(...on('job'), signal), {
        message: 'Service "job" does not run.',
      });
    });
  });

  describe('a command', () => {
    const bytes = randomBytes(300_000);

    it('in a running container: byte by byte, with its exit code, folder and user', async () => {
      const exec = (...command: string[]) => execCall(folder.project, undefined, '-odd', command, { terminal: false });
      assert.ok((await runBinary(exec('cat'), bytes)).stdout.equals(bytes));
      assert.equal((await runBinary(exec('sh', '-c', 'exit 42'))).exitCode, 42);
      assert.equal((await runBinary(exec('printf', '[%s]', '-x', "a 'b' $c"))).stdout.toString(), "[-x][a 'b' $c]");
      const there = execCall(folder.project, undefined, 'shelly', ['sh', '-c', 'pwd; id -u'], {
        terminal: false,
        workdir: '/etc',
        user: '1234',
      });
      assert.equal((await runBinary(there)).stdout.toString(), '/etc\n1234\n');
    });

    it('in a new container: the same, and nothing of it stays or counts', async () => {
      const before = describeEnvironment(dev());
      const run = (service: string, command: string[], more = {}) =>
        runCall(dev().definition, service, command, { terminal: false, ...more });
      const copied = await runBinary(run('-odd', ['cat']), bytes);
      assert.ok(copied.stdout.equals(bytes), copied.stderr);
      assert.equal((await runBinary(run('web', ['sh', '-c', 'exit 42']))).exitCode, 42);
      assert.equal((await runBinary(run('shelly', ['id', '-u'], { user: 'dev' }))).stdout.toString(), '1234\n');
      // A service that a profile keeps out, too.
      assert.equal((await runBinary(run('job', ['echo', 'done'], { noDeps: true }))).stdout.toString(), 'done\n');
      assert.equal(describeEnvironment(dev()), before);
      const left = await folder.docker(
        'ps',
        '-aq',
        '--filter',
        `label=com.docker.compose.project=${folder.project}`,
        '--filter',
        'label=com.docker.compose.oneoff=True',
      );
      assert.equal(left, '');
    });

    it('is shown as it would be typed', async () => {
      const call = execCall(folder.project, undefined, '-odd', ['printf', '[%s]', "it's", '$HOME *', 'ü\n"'], {
        terminal: false,
      });
      const typed = { command: 'sh', args: ['-c', commandText([call, call], 'linux')], cwd: folder.folder };
      const once = '[it\'s][$HOME *][ü\n"]';
      assert.equal((await runProgram(typed)).stdout, once + once);
    });
  });

  describe('copying', () => {
    const copy = (from: CopyPath, to: CopyPath) =>
      core.berth.tools.copyFiles(dev(), from, to, { onLine: () => {}, signal });
    const refused = async (from: CopyPath, to: CopyPath): Promise<UserError> => {
      const error = await copy(from, to).then(
        () => undefined,
        (thrown) => thrown,
      );
      assert.ok(error instanceof UserError);
      return error;
    };
    const here = (name: string): CopyPath => ({ path: folder.path(name) });

    it('in and out, files and folders, with any name', async () => {
      folder.write('some: file.txt', 'hello');
      folder.write('tree/a/b.txt', 'deep');
      await copy(here('some: file.txt'), { service: '-odd', path: '/tmp/-there it is' });
      await copy({ service: '-odd', path: '/tmp/-there it is' }, here('back.txt'));
      assert.equal(folder.read('back.txt'), 'hello');
      await copy(here('tree'), { service: 'web', path: '/srv' });
      await copy({ service: 'web', path: '/srv' }, here('tree2'));
      assert.equal(folder.read('tree2/a/b.txt'), 'deep');
    });

    it('also works in a container without a shell, and in one that has ended', async () => {
      await copy(here('back.txt'), { service: 'bare', path: '/a.txt' });
      await core.do('stop', 'dev', { services: ['bare'] });
      await copy({ service: 'bare', path: '/a.txt' }, here('again.txt'));
      assert.equal(folder.read('again.txt'), 'hello');
      await core.do('start', 'dev', { services: ['bare'] });
    });

    it('says what is wrong with a path, and what to do', async () => {
      const missing = await refused({ service: 'web', path: '/no/such' }, here('x'));
      assert.equal(
        missing.message,
        `web:/no/such was not copied to ${folder.path('x')}: Could not find the file /no/such.`,
      );
      assert.equal(missing.details.remedy, 'See with a shell in the container what is there.');
      const noTarget = await refused(here('back.txt'), { service: 'web', path: '/no/such/file' });
      assert.equal(noTarget.details.remedy, 'Make the folder /no/such in the container first.');
      const noFile = await refused(here('none'), { service: 'web', path: '/tmp/' });
      assert.deepEqual(noFile.details.place, { file: folder.path('none') });
      const noFolder = await refused({ service: 'web', path: '/bin/idle' }, here('no/such/idle'));
      assert.equal(
        noFolder.details.remedy,
        `Make the folder ${folder.path('no/such').replace(/such$/, 'such')} first.`,
      );
      const onFile = await refused(here('tree'), { service: 'web', path: '/bin/idle' });
      assert.match(onFile.details.remedy ?? '', /A folder can only be copied to a folder/);
      const nothing = await refused({ service: 'job', path: '/x' }, here('x'));
      assert.equal(nothing.message, 'Service "job" has no container yet.');
    });
  });

  describe('documents', () => {
    it('of a container and an image, with and without secrets', async () => {
      const { tools } = core.berth;
      const open = await tools.containerDocument(...on('web'), { secrets: true, signal });
      for (const secret of ['tok-12345', 'label-secret']) assert.ok(open.includes(secret));
      const masked = await tools.containerDocument(...on('web'), { secrets: false, signal });
      for (const secret of ['tok-12345', 'label-secret']) assert.ok(!masked.includes(secret), secret);
      const { Config, State } = JSON.parse(masked);
      assert.ok(Config.Env.includes('API_TOKEN=***'));
      assert.ok(Config.Env.includes('LEVEL=debug'));
      assert.equal(State.Running, true);
      const image = JSON.parse(await tools.imageDocument(...on('web'), { secrets: false, signal }));
      assert.deepEqual(image.RepoTags, ['berth/idle:1']);
    });

    it('of the configuration, with and without secrets', async () => {
      const { tools } = core.berth;
      const open = await tools.configDocument(dev(), { secrets: true, signal });
      assert.equal(parse(open).services.web.environment.API_TOKEN, 'tok-12345');
      const masked = await tools.configDocument(dev(), { secrets: false, signal });
      assert.ok(!masked.includes('tok-12345'));
      const expected = parse(open);
      Object.assign(expected.services.web.environment, { API_TOKEN: '***', URL: 'amqp://***@queue/' });
      expected.services.web.labels['deploy.secret'] = '***';
      assert.deepEqual(parse(masked), expected);
    });

    it('of the logs: in the order of time, plain, of some services, with and without times', async () => {
      const { tools } = core.berth;
      const all = await tools.logsDocument(dev(), ['web', '-odd'], { tail: 'all', signal });
      const lines = all.trimEnd().replace(/ +\|/g, ' |').split('\n');
      assert.deepEqual([...lines].sort(), [
        ...['-odd-1 | idle: waiting', '-odd-1 | odd 1', '-odd-1 | odd 2', '-odd-1 | odd 3'],
        ...['web-1 | idle: waiting', 'web-1 | web 1', 'web-1 | web 2', 'web-1 | web 3'],
      ]);
      const times = (await tools.logsDocument(dev(), ['web', '-odd'], { tail: 'all', timestamps: true, signal })).match(
        /\d{4}-\S+/g,
      );
      assert.equal(times?.length, 8);
      assert.deepEqual([...(times ?? [])].sort(), times);
      const timed = await tools.logsDocument(dev(), ['web'], { tail: 1, timestamps: true, signal });
      assert.match(timed, /^web-1 +\| \d{4}-\d\d-\d\dT[\d:.]+Z idle: waiting\n$/);
      assert.equal(await tools.logsDocument(dev(), [], { tail: 'all', since: '2999-01-01', signal }), '');
    });

    it('tell what the engine says when there is no such thing', async () => {
      const gone = { ...on('web')[1], containers: [], image: 'no/such:1' };
      await assert.rejects(core.berth.tools.imageDocument(dev(), gone, { secrets: false, signal }), {
        kind: 'failed',
        message: /[Nn]o such image/,
      });
      await assert.rejects(core.berth.tools.containerDocument(dev(), gone, { secrets: false, signal }), {
        message: /no container yet/,
      });
    });
  });

  it('knows what can be watched, and watches it', async () => {
    const watched = dev().services.filter((service) => service.watched);
    assert.deepEqual(
      watched.map(({ name }) => name),
      ['shelly'],
    );
    folder.write('src/first.txt', 'one');
    const controller = new AbortController();
    const watching = runProgram(watchCall(dev().definition, [{ name: 'shelly', profiles: [] }]), {
      signal: controller.signal,
      onLine: (line) => {
        if (/watch enabled|watching/i.test(line)) folder.write('src/second.txt', 'two');
        if (/syncing/i.test(line)) controller.abort();
      },
    });
    await assert.rejects(watching, { name: 'AbortError' });
  });

  it('knows the versions', async () => {
    const versions = await core.berth.tools.versions(dev(), signal);
    assert.match(versions['Docker Engine'] ?? '', /^\d+\.\d+/);
    assert.match(versions['Docker Compose'] ?? '', /^v?\d+\.\d+/);
  });

  it('says what is the matter when the project is not known yet', async () => {
    const unknown = { ...dev(), projectName: undefined };
    await assert.rejects(core.berth.tools.logsDocument(unknown, [], { tail: 1, signal }), { message: /not known yet/ });
  });
});

/** Runs a call with and for bytes as they are. */
async function runBinary(call: ProgramCall, input: Buffer = Buffer.alloc(0)) {
  const child = spawn(call.command, call.args, { cwd: call.cwd, env: { ...process.env, ...call.env } });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  return { exitCode, stdout: Buffer.concat(stdout), stderr };
}
