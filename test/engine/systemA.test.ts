import assert from 'node:assert/strict';
import fs from 'node:fs';
import { freePort } from '../support/ports';
import { BerthCommand, berth } from './support/berthCommand';
import type { ComposeFolder } from './support/composeFolder';
import { copySystem } from './support/systems';

/** The operations that the team of system A lists, in its order, through the command line. */
describe('the operations of system A (sherpa)', () => {
  let folder: ComposeFolder;
  let cwd: string;

  before(async () => {
    const [postgres, redis, testPostgres, testRedis] = [24500, 24510, 24520, 24530];
    folder = copySystem(
      'sherpa',
      {
        '5432:5432': `${await freePort(postgres)}:5432`,
        '6379:6379': `${await freePort(redis)}:6379`,
        '5433:5432': `${await freePort(testPostgres)}:5432`,
        '6380:6379': `${await freePort(testRedis)}:6379`,
        'interval: 5s': 'interval: 1s',
        // Else the server that sets the database up is taken for the one that runs after it.
        'pg_isready ': 'pg_isready --host 127.0.0.1 ',
      },
      ['sherpa', 'sherpa-test', 'sherpa-ci'],
    );
    cwd = folder.path('sherpa');
  });
  after(async () => folder?.dispose());

  /** Runs `berth …`, which must end well. @returns what it printed on standard output. */
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth(args, { cwd });
    assert.equal(exitCode, 0, `berth ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  const sql = (text: string) =>
    run('exec', 'dev', 'postgres', '--', 'psql', '-U', 'sherpa', '-d', 'sherpa_dev', '-Atc', text);
  const health = async (environment: string) => {
    const { environments } = JSON.parse(await run('status', environment, '--json'));
    return environments[0].services
      .map((one: { name: string; health: string }) => `${one.name} ${one.health}`)
      .join(', ');
  };

  it('up, one service', async () => {
    await run('up', 'dev', 'redis');
    assert.equal(await health('dev'), 'postgres stopped, redis healthy');
  });

  it('up, all', async () => {
    await run('up', 'dev');
    assert.equal(await health('dev'), 'postgres healthy, redis healthy');
    assert.equal((await sql("SELECT to_regclass('trips')")).trim(), 'trips', 'set up from the migrations folder');
  });

  it('up attached', async () => {
    await run('down', 'dev');
    const attached = new BerthCommand(['up', 'dev', '--attach'], { cwd });
    await attached.until(/sherpa-redis +\| .*Ready to accept connections/);
    assert.equal(await health('dev'), 'postgres healthy, redis healthy');
    attached.process.kill('SIGINT');
    const { exitCode, stdout, stderr } = await attached.ended;
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /sherpa-postgres +\|/);
    assert.equal(await health('dev'), 'postgres stopped, redis stopped');
    await run('up', 'dev');
  });

  it('ps', async () => {
    assert.match(await run('status', 'dev'), /postgres {2}✔ healthy {2}\S+->5432 {2}sherpa-postgres/);
  });

  it('logs of all, and follow one', async () => {
    assert.match(
      await run('logs', 'dev', '--no-follow'),
      /sherpa-redis[\s\S]*Ready to accept connections|sherpa-postgres/,
    );
    const following = new BerthCommand(['logs', 'dev', 'redis', '--tail', '1'], { cwd });
    await following.until(/sherpa-redis/);
    following.process.kill('SIGINT');
    assert.equal((await following.ended).exitCode, 0);
  });

  it('stop one, restart one', async () => {
    await run('stop', 'dev', 'redis');
    assert.equal(await health('dev'), 'postgres healthy, redis stopped');
    await run('restart', 'dev', 'redis');
    assert.equal(await health('dev'), 'postgres healthy, redis healthy');
  });

  it('exec', async () => {
    assert.equal(await run('exec', 'dev', 'redis', '--', 'echo', 'a b', '$HOME'), 'a b $HOME\n');
  });

  it('psql shell', async () => {
    const { exitCode, stdout } = await berth(['db', 'dev', 'postgres'], { cwd, input: 'SELECT current_database();\n' });
    assert.equal(exitCode, 0);
    assert.match(stdout, /sherpa_dev/);
  });

  it('run an SQL file', async () => {
    fs.writeFileSync(folder.path('seed.sql'), "INSERT INTO trips (name) VALUES ('Everest'), ('Lhotse');\n");
    await run('db', 'dev', 'postgres', '--file', folder.path('seed.sql'));
    assert.equal((await sql('SELECT count(*) FROM trips')).trim(), '2');
  });

  it('backup with pg_dump, and restore with psql', async () => {
    const dump = await run('exec', 'dev', 'postgres', '--', 'pg_dump', '-U', 'sherpa', '--clean', 'sherpa_dev');
    fs.writeFileSync(folder.path('backup.sql'), dump);
    await sql('DELETE FROM trips');
    await run('db', 'dev', 'postgres', '--file', folder.path('backup.sql'));
    assert.equal((await sql('SELECT count(*) FROM trips')).trim(), '2');
  });

  it('redis CLI, info, FLUSHALL', async () => {
    const { stdout } = await berth(['db', 'dev', 'redis'], { cwd, input: 'SET tent 1\nGET tent\n' });
    assert.match(stdout, /OK\n"?1"?\n/);
    assert.match(await run('redis', 'info', 'dev'), /redis_version:7/);
    await run('redis', 'flush', 'dev', '--yes');
    assert.equal(await run('exec', 'dev', 'redis', '--', 'redis-cli', 'DBSIZE'), '0\n');
  });

  it('the address to open, and connection strings for the backend', async () => {
    assert.match(
      await run('url', 'dev', 'postgres', '--show-secrets'),
      /postgres(?:ql)?:\/\/sherpa:sherpa_dev_password@localhost:\d+\/sherpa_dev/,
    );
    assert.match(await run('url', 'dev', 'redis', '--inside'), /redis:\/\/redis:6379/);
  });

  it('down keeps the data, down with volumes does not', async () => {
    await run('down', 'dev');
    await run('up', 'dev');
    assert.equal((await sql('SELECT count(*) FROM trips')).trim(), '2');
    await run('down', 'dev', '--volumes', '--yes');
    await run('up', 'dev');
    assert.equal((await sql('SELECT count(*) FROM trips')).trim(), '0');
  });

  it('full reset', async () => {
    await sql("INSERT INTO trips (name) VALUES ('Everest')");
    await run('reset', 'dev', '--yes');
    assert.equal(await health('dev'), 'postgres healthy, redis healthy');
    assert.equal((await sql('SELECT count(*) FROM trips')).trim(), '0');
  });

  it('start the test environment: its fixed container names collide with development, which is said', async () => {
    const { exitCode, stderr } = await berth(['up', 'test'], { cwd });
    assert.equal(exitCode, 1);
    assert.match(stderr, /sherpa-(?:postgres|redis)/);
    await run('down', 'test');
    await run('down', 'dev');
    await run('up', 'test');
    assert.equal(await health('test'), 'postgres healthy, redis healthy');
    await run('down', 'test', '--volumes', '--yes');
  });
});
