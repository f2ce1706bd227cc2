import assert from 'node:assert/strict';
import fs from 'node:fs';
import { BerthCommand, berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { engineSocket, startProxy } from './support/engineApi';

/** Says what a machine that reads logs may stumble over, then waits: nothing, a line end of another kind, what looks like another line. */
const TALK = String.raw`printf 'plain\n\n| 1 | two\rhalf \033[2K\n  ä "quoted"\n'; exec sleep infinity`;

const COMPOSE = `
name: PROJECT
services:
  db:
    image: postgres:16-alpine
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: "open sesame" }
    healthcheck: { test: ["CMD-SHELL", "pg_isready --host 127.0.0.1"], interval: 1s, timeout: 5s, retries: 60 }
  talker:
    ${IDLE}
    init: true
    entrypoint: ["sh", "-c", ${JSON.stringify(TALK).replaceAll('$', () => '$$')}]
  named:
    ${IDLE}
    init: true
    container_name: PROJECT_own.name
    entrypoint: ["sh", "-c", "head -c 20000 /dev/zero | tr '\\\\0' x; echo ä; exec sleep infinity"]
`;

interface LogJson {
  readonly version: number;
  readonly service: string;
  readonly container: string;
  readonly time: string;
  readonly line: string;
}

describe('JSON of the berth command line', () => {
  let folder: ComposeFolder;
  const call = (...args: string[]) => berth([...args, '--json'], { cwd: folder.folder });
  const json = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await call(...args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  };
  const error = async (code: number, pattern: RegExp, ...args: string[]) => {
    const { exitCode, stdout } = await call(...args);
    assert.deepEqual([args, exitCode], [args, code]);
    assert.match(JSON.parse(stdout).error.message, pattern);
  };
  const logLines = (printed: string): readonly LogJson[] =>
    printed
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  before(async function () {
    this.timeout(60_000);
    folder = new ComposeFolder('clijson', { 'compose.yaml': COMPOSE });
    const { exitCode, stdout } = await call('up', 'dev');
    assert.equal(exitCode, 0, stdout);
  });
  after(() => folder?.dispose());

  it('of logs is an object for each line, as the container wrote it', async () => {
    const { exitCode, stdout } = await call('logs', 'dev', 'talker', 'named', '--no-follow');
    assert.equal(exitCode, 0);
    const lines = logLines(stdout);
    assert.deepEqual(
      lines.filter(({ service }) => service === 'talker').map(({ line }) => line),
      ['plain', '', '| 1 | two\rhalf \x1b[2K', '  ä "quoted"'],
    );
    for (const line of lines) {
      assert.deepEqual(Object.keys(line), ['version', 'service', 'container', 'time', 'line']);
      assert.equal(line.version, 1);
      assert.ok(Date.parse(line.time) > 0, line.time);
    }
    const containers = new Set(lines.map(({ service, container }) => `${service} ${container}`));
    assert.deepEqual([...containers].sort(), [
      `named ${folder.project}_own.name`,
      `talker ${folder.container('talker')}`,
    ]);
  });

  it('of logs has a long line as one, and begins where it is told', async () => {
    const long = await json('logs', 'dev', 'named', '--no-follow');
    assert.ok(long.line === `${'x'.repeat(20_000)}ä`, 'one line');
    assert.equal((await call('logs', 'dev', '--no-follow', '--since', '2199-01-01')).stdout, '');
    const all = logLines((await call('logs', 'dev', '--no-follow', '--since', '10m')).stdout);
    const times = all.map(({ time }) => time);
    assert.deepEqual(times, [...times].sort());
    assert.ok(new Set(all.map(({ service }) => service)).size === 3);
  });

  it('of logs goes on with what comes, also from containers that start again or come later', async () => {
    const following = new BerthCommand(['logs', 'dev', 'talker', 'named', '--tail', '1', '--json'], {
      cwd: folder.folder,
      input: '',
    });
    try {
      await following.until(/quoted/);
      await folder.compose('restart', 'talker');
      await following.until(/quoted[\s\S]*plain[\s\S]*quoted/);
      await folder.docker('compose', '--file', 'compose.yaml', 'up', '--detach', '--scale', 'talker=2', 'talker');
      await following.until(new RegExp(`"${folder.project}-talker-2".*quoted`));
      following.process.kill('SIGINT');
      assert.equal((await following.ended).exitCode, 0);
      const of = (number: number) =>
        logLines(following.stdout).filter(({ container }) => container === `${folder.project}-talker-${number}`);
      // Of what was there the last line, then all that was written after the restart, and nothing twice.
      assert.deepEqual([of(1).length, of(2).length], [1 + 4, 4], following.stdout);
      assert.equal(new Set(of(1).map(({ time }) => time)).size, 5);
    } finally {
      following.process.kill('SIGKILL');
    }
  });

  it('of logs ends when nothing runs any more, and with an error when the engine is lost', async function () {
    const socket = await engineSocket();
    if (!socket) return this.skip();
    const proxy = await startProxy(socket);
    const env = { DOCKER_HOST: proxy.dockerHost };
    const words = ['logs', 'dev', 'talker', '--tail', '1', '--json'];
    const lost = new BerthCommand(words, { cwd: folder.folder, env, input: '' });
    const ended = new BerthCommand(words, { cwd: folder.folder, input: '' });
    try {
      await Promise.all([lost.until(/quoted/), ended.until(/quoted/)]);
      proxy.drop();
      assert.equal((await lost.ended).exitCode, 3);
      assert.match(
        lost.stdout.trimEnd().split('\n').at(-1) ?? '',
        /^\{"version":1,"error":\{"kind":"engine-unreachable"/,
      );
      await folder.compose('stop', 'talker');
      assert.equal((await ended.ended).exitCode, 0);
    } finally {
      lost.process.kill('SIGKILL');
      ended.process.kill('SIGKILL');
      await proxy.close();
    }
    await folder.compose('start', 'talker');
  });

  it('of cp says what was copied, and asks nothing', async () => {
    folder.write('in.txt', 'in');
    assert.deepEqual(await json('cp', 'dev', 'in.txt', 'talker:/tmp/'), {
      version: 1,
      copied: { from: 'in.txt', to: 'talker:/tmp/' },
    });
    await error(2, /not done without being confirmed/, 'cp', 'dev', 'talker:/tmp/in.txt', 'in.txt');
    // Whether something is replaced is not known then, and so not done unasked.
    await error(
      1,
      /could not look at \/etc\/passwd\/x in the container/,
      'cp',
      'dev',
      'in.txt',
      'talker:/etc/passwd/x',
    );
  });

  it('of db --file has what the file printed, or the error with its place', async () => {
    folder.write('good.sql', 'select 6 * 7 as answer;\n\\echo done\n');
    const { seconds, output, ...rest } = await json('db', 'dev', '--file', 'good.sql');
    assert.deepEqual(rest, { version: 1, file: `${fs.realpathSync(folder.folder)}/good.sql`, service: 'db' });
    assert.ok(typeof seconds === 'number' && seconds > 0);
    assert.match(output, /answer[\s\S]*42[\s\S]*\ndone$/);
    folder.write('bad.sql', '\nselect nothing;\n');
    const { stdout, exitCode } = await call('db', 'dev', '--file', 'bad.sql');
    assert.deepEqual([exitCode, JSON.parse(stdout).error.place.line], [1, 2]);
    await error(2, /takes --json only with --file or --show-command/, 'db', 'dev');
  });

  it('of inspect names what it is about, without secrets', async () => {
    const { container, ...about } = await json('inspect', 'dev', 'db');
    assert.deepEqual(about, { version: 1, environment: 'dev', service: 'db' });
    assert.equal(container.Name, `/${folder.container('db')}`);
    assert.ok(container.Config.Env.includes('POSTGRES_PASSWORD=***'));
    const { image, ...ofImage } = await json('inspect', 'dev', 'db', '--image');
    assert.deepEqual(ofImage, about);
    assert.match(image.Id, /^sha256:/);
    const { config, ...ofConfig } = await json('inspect', 'dev', '--config');
    assert.deepEqual(ofConfig, { version: 1, environment: 'dev' });
    assert.deepEqual(config.services.db.environment, { POSTGRES_PASSWORD: '***', POSTGRES_USER: 'app' });
    const open = await json('inspect', 'dev', '--config', '--show-secrets');
    assert.equal(open.config.services.db.environment.POSTGRES_PASSWORD, 'open sesame');
  });

  it('is none of what other programs print', async () => {
    await error(2, /"berth shell" takes --json only with --show-command/, 'shell', 'dev', 'db');
    await error(2, /"berth watch" takes --json only with --show-command/, 'watch', 'dev');
    for (const command of ['exec', 'run']) {
      const { exitCode, stdout } = await berth([command, 'dev', 'db', '--json', '--', 'ls'], { cwd: folder.folder });
      assert.deepEqual([exitCode, JSON.parse(stdout).error.kind], [2, 'usage']);
    }
  });
});
