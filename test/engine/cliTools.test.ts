import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../support/paths';
import { freePort } from '../support/ports';
import { run } from '../support/processes';
import { BerthCommand, berth, berthOnTerminal, cliScript } from './support/berthCommand';
import { ComposeFolder } from './support/composeFolder';
import { engineSocket, startProxy } from './support/engineApi';

const TEMPLATE = path.join(repositoryRoot, 'compose-templates', 'postgres-redis', 'compose.yaml');

/** What is done with services that run, on a real PostgreSQL and a real Redis. */
describe('the tools of the berth command line', () => {
  let compose: ComposeFolder;
  let env: NodeJS.ProcessEnv;
  const call = (...args: string[]) => berth(args, { cwd: compose.folder, env });
  const done = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await call(...args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const wrong = async (exitCode: number, pattern: RegExp, ...args: string[]) => {
    const result = await call(...args);
    assert.deepEqual([args, result.exitCode], [args, exitCode], result.stderr);
    assert.match(result.stderr, pattern);
  };

  before(async () => {
    compose = new ComposeFolder('clitools', {
      'compose.yaml': fs.readFileSync(TEMPLATE, 'utf8').replaceAll('my-project', 'PROJECT'),
      'compose.override.yaml': `services:\n  web:\n    image: PROJECT-web\n    build: .\n    stop_grace_period: 1s\n    profiles: [web]
    develop: { watch: [{ action: sync, path: ./site, target: /site }] }\n`,
      Dockerfile: 'FROM berth/idle:1\nRUN mkdir /site\n',
      'site/index.html': 'first',
    });
    env = { POSTGRES_PORT: String(await freePort(24_210)), REDIS_PORT: String(await freePort(24_211)) };
    await done('up', 'dev');
  });
  after(async () => {
    await compose?.dispose();
    if (compose) await run('docker', ['image', 'rm', '--force', `${compose.project}-web`]);
  });

  it('db runs what it reads in the only database, or in the one named, with its own credentials', async () => {
    const query = (args: readonly string[], input: string) =>
      berth(['db', ...args], { cwd: compose.folder, env, input });
    const answer = await query(['dev'], 'select current_user, 6 * 7 as answer;');
    assert.equal(answer.exitCode, 0, answer.stderr);
    assert.match(answer.stdout, /app +\| +42/);
    // There is one environment: it can be left out, whether or not a service is named.
    assert.equal((await query(['redis'], 'set greeting hello')).stdout.trim(), 'OK');
    assert.notEqual((await query([], '\\connect nowhere\n')).exitCode, 0);
    await wrong(1, /"web" of dev does not run/, 'db', 'dev', 'web');
  });

  it('db --file runs an SQL file up to its first error, which it tells with file and line', async () => {
    compose.write('good.sql', "create table ships (name text);\ninsert into ships values ('Vasa');\n");
    compose.write(
      'bad.sql',
      "insert into ships values ('Mary');\n\ninsert into boats values (1);\ndrop table ships;\n",
    );
    const good = await call('db', 'dev', '--file', 'good.sql');
    assert.equal(good.exitCode, 0, good.stderr);
    assert.match(good.stderr, /✔ good\.sql has run in postgres/);
    await wrong(1, /"boats" does not exist\n {2}bad\.sql:3/, 'db', 'dev', 'postgres', '--file', 'bad.sql');
    const query = { cwd: compose.folder, env, input: 'select count(*) from ships;' };
    assert.match((await berth(['db', 'dev'], query)).stdout, /^ +2$/m);
    await wrong(1, /nowhere\.sql/, 'db', 'dev', '--file', 'nowhere.sql');
    await wrong(2, /runs no SQL/, 'db', 'dev', 'redis', '--file', 'good.sql');
  });

  it('url prints connection strings, with passwords only when asked', async () => {
    const all = await done('url', 'dev');
    assert.match(all, new RegExp(`^postgres +postgresql://app:\\*\\*\\*@localhost:${env.POSTGRES_PORT}/app$`, 'm'));
    assert.match(all, new RegExp(`^redis +redis://localhost:${env.REDIS_PORT}`, 'm'));
    const secret = await done('url', 'dev', 'postgres', '--show-secrets');
    assert.equal(secret, `postgresql://app:app@localhost:${env.POSTGRES_PORT}/app\n`);
    const { urls } = JSON.parse(await done('url', 'postgres', '--inside', '--json'));
    assert.deepEqual(urls, [{ service: 'postgres', url: 'postgresql://app:***@postgres:5432/app' }]);
  });

  it('redis info and flush', async () => {
    assert.match(await done('redis', 'info', 'dev'), /^redis_version:/m);
    assert.match(JSON.parse(await done('redis', 'info', 'dev', '--json')).info.redis_version, /^\d/);
    await compose.compose('exec', '-T', 'redis', 'redis-cli', 'set', 'a', '1');
    await wrong(2, /\d keys? of redis would be gone.*berth redis flush dev --yes/s, 'redis', 'flush', 'dev');
    assert.notEqual((await compose.compose('exec', '-T', 'redis', 'redis-cli', 'dbsize')).trim(), '0');
    assert.match(await done('redis', 'flush', 'dev', '--yes'), /✔ redis is empty: \d keys? removed/);
    assert.equal((await compose.compose('exec', '-T', 'redis', 'redis-cli', 'dbsize')).trim(), '0');
    assert.deepEqual(JSON.parse(await done('redis', 'flush', '--json')), { version: 1, flushed: 0 });
    await wrong(2, /"flash" is nothing to do/, 'redis', 'flash', 'dev');
    await wrong(2, /is no Redis/, 'redis', 'info', 'dev', 'postgres');
  });

  it('exec and run pass on exit code, output, user and folder', async () => {
    const script = 'echo "$0 $1"; id -un; pwd; echo complaint >&2; exit 9';
    const args = [
      'exec',
      'dev',
      'redis',
      '--user',
      'nobody',
      '--workdir',
      '/tmp',
      '--',
      'sh',
      '-c',
      script,
      '--json',
      '$HOME',
    ];
    assert.deepEqual(await call(...args), {
      exitCode: 9,
      stdout: '--json $HOME\nnobody\n/tmp\n',
      stderr: 'complaint\n',
    });
    // Docker says 126 or 127, by version.
    assert.match(String((await call('exec', 'dev', 'redis', '--', 'no-such-program')).exitCode), /^12[67]$/);
    await wrong(2, /Which command.*\n.*berth exec dev redis -- ls/, 'exec', 'dev', 'redis');
    await wrong(1, /"web" of dev does not run/, 'exec', 'dev', 'web', '--', 'ls');

    const once = await call('run', 'dev', 'redis', '--no-deps', '--', 'sh', '-c', 'hostname; exit 4');
    assert.equal(once.exitCode, 4, once.stderr);
    assert.match(once.stdout, /^[0-9a-f]{12}\n$/);
    assert.equal((await compose.compose('ps', '--all', '--quiet', 'redis')).trim().split('\n').length, 1);
    await wrong(2, /Which service\?.*\n.*postgres, redis, web/, 'run', 'dev');
  });

  it('shell, exec and db are programs at a terminal there', async function () {
    if (process.platform !== 'linux') return this.skip();
    const onTerminal = async (words: readonly string[], typed: string, prompt: RegExp) => {
      const command = berthOnTerminal(words, { cwd: compose.folder, env });
      await command.until(prompt);
      command.process.stdin?.write(typed);
      return command.ended;
    };
    const shell = await onTerminal(['shell', 'dev', 'redis', '--shell', 'sh'], 'tty; exit 5\n', /[#$] $/);
    assert.match(shell.stdout, /\/dev\/pts/);
    assert.equal(shell.exitCode, 5);
    const psql = await onTerminal(['db', 'dev'], '\\echo :USER\n\\q\n', /app=# $/);
    assert.match(psql.stdout, /^app\r$/m);
    assert.equal(psql.exitCode, 0);
  });

  it('cp copies in and out, and replaces nothing here without being told to', async () => {
    compose.write('a b.txt', 'in');
    await done('cp', 'dev', './a b.txt', 'redis:/tmp/');
    await done('cp', 'redis:/tmp/a b.txt', 'back.txt');
    assert.equal(compose.read('back.txt'), 'in');
    compose.write('back.txt', 'mine');
    await wrong(2, /back\.txt is there already.*--yes/s, 'cp', 'dev', 'redis:/tmp/a b.txt', 'back.txt');
    fs.mkdirSync(compose.path('out'));
    await done('cp', 'dev', 'redis:/tmp/a b.txt', 'out');
    await wrong(2, /out\/a b\.txt is there already/, 'cp', 'dev', 'redis:/tmp/a b.txt', 'out');
    assert.equal(compose.read('back.txt'), 'mine');
    await done('cp', 'dev', 'redis:/tmp/a b.txt', 'back.txt', '--yes');
    assert.equal(compose.read('back.txt'), 'in');

    await wrong(1, /nowhere was not copied/, 'cp', 'dev', 'redis:/nowhere', 'x');
    await wrong(2, /Neither of the two is in a container/, 'cp', 'dev', 'a', 'b');
    await wrong(2, /One of the two has to be on this machine/, 'cp', 'dev', 'redis:/a', 'postgres:/b');
    await wrong(2, /no service "rdis"\.\n {2}Did you mean redis/, 'cp', 'dev', 'rdis:/a', '.');
  });

  it('inspect shows container, image and configuration, without secrets', async () => {
    const { Config } = JSON.parse(await done('inspect', 'dev', 'postgres'));
    assert(Config.Env.includes('POSTGRES_PASSWORD=***'), Config.Env.join());
    const open = JSON.parse(await done('inspect', 'dev', 'postgres', '--show-secrets'));
    assert(open.Config.Env.includes('POSTGRES_PASSWORD=app'));
    assert.match(JSON.parse(await done('inspect', 'dev', 'redis', '--image')).Id, /^sha256:/);
    const config = await done('inspect', 'dev', '--config');
    assert.match(config, /POSTGRES_PASSWORD: ['"]?\*\*\*/);
    await wrong(2, /Which service/, 'inspect', 'dev');
    await wrong(1, /no container of "web".*berth up dev web/s, 'inspect', 'dev', 'web');
  });

  it('stats measures once, or until it is ended', async () => {
    const table = await done('stats', 'dev', '--no-stream');
    assert.match(table, /^SERVICE +CONTAINER +CPU +MEMORY/);
    assert.match(table, new RegExp(`^redis +${compose.container('redis')} +\\d+\\.\\d % +[\\d.]+ MB of `, 'm'));
    const { containers } = JSON.parse(await done('stats', 'dev', 'redis', '--no-stream', '--json'));
    assert.equal(containers.length, 1);
    assert.equal(containers[0].service, 'redis');
    assert(containers[0].memory > 1_000_000 && containers[0].processes > 0);

    const live = new BerthCommand(['stats', '--json'], { cwd: compose.folder, env, input: '' });
    await live.until(/"redis".*\n(.*\n)*.*"redis".*\n/);
    live.process.kill('SIGINT');
    assert.equal((await live.ended).exitCode, 0);
    for (const line of live.stdout.trim().split('\n')) assert.equal(JSON.parse(line).version, 1);
    await wrong(1, /Nothing of web of dev runs/, 'stats', 'dev', 'web');
  });

  it('stats follows containers that come and go, in place on a terminal', async function () {
    if (process.platform !== 'linux') return this.skip();
    const live = berthOnTerminal(['stats', 'dev'], { cwd: compose.folder, env });
    try {
      await live.until(new RegExp(`${compose.container('redis')} +\\d`));
      await compose.docker('stop', compose.container('redis'));
      const from = live.stdout.length;
      await compose.docker('start', compose.container('redis'));
      await live.until(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*\\x1b\\[J[\\s\\S]*${compose.container('redis')} +\\d`));
      live.process.stdin?.write('\x03');
      assert.equal((await live.ended).exitCode, 0);
    } finally {
      live.process.kill('SIGKILL');
    }
  });

  it('stats says when the engine is lost, and goes on when it is back', async function () {
    const socket = await engineSocket();
    if (!socket) return this.skip();
    const proxy = await startProxy(socket);
    const live = new BerthCommand(['stats', 'redis'], {
      cwd: compose.folder,
      env: { ...env, DOCKER_HOST: proxy.dockerHost },
      input: '',
    });
    try {
      await live.until(/^dev redis \S+: cpu /);
      proxy.drop();
      await live.until(/✖ .*Waiting for it\.\n/, 'stderr');
      await live.until(/✔ The Docker engine answers again\.\n/, 'stderr');
      const { length } = live.stdout;
      await live.until(new RegExp(`^[\\s\\S]{${length}}dev redis `));
      live.process.kill('SIGINT');
      assert.equal((await live.ended).exitCode, 0);
    } finally {
      live.process.kill('SIGKILL');
      await proxy.close();
    }
  });

  it('logs begin where they are told, with times', async () => {
    const timed = await done('logs', 'dev', 'redis', '--no-follow', '--tail', '1', '--timestamps');
    assert.match(timed, /^redis-1 +\| \d{4}-\d{2}-\d{2}T\S+Z .*\n$/);
    assert.equal(await done('logs', 'dev', 'redis', '--no-follow', '--since', '2199-01-01'), '');
    await wrong(2, /"soon" is no time/, 'logs', 'dev', '--since', 'soon');
  });

  it('watch carries a changed file into the container', async () => {
    await wrong(1, /Nothing of redis of dev says which files to watch/, 'watch', 'dev', 'redis');
    await done('up', 'dev', 'web', '--build', '--profile', 'web');
    // Both outputs as one: versions of Compose differ in where they say it.
    const joined = ['sh', '-c', 'exec "$@" 2>&1', 'sh', process.execPath, cliScript] as const;
    const watching = new BerthCommand(['watch', 'dev', 'web'], { cwd: compose.folder, env, input: '' }, [...joined]);
    try {
      await watching.until(/Watch enabled|watching /i);
      compose.write('site/index.html', 'second');
      // Compose says that it begins to copy, not that it has.
      const arrived = 'until [ -s /site/index.html ]; do sleep 0.05; done; cat /site/index.html';
      const read = await compose.docker('exec', compose.container('web'), 'timeout', '20', 'sh', '-c', arrived);
      assert.equal(read, 'second');
      watching.process.kill('SIGINT');
      assert.equal((await watching.ended).exitCode, 0, watching.stdout);
    } finally {
      watching.process.kill('SIGKILL');
    }
  });
});
