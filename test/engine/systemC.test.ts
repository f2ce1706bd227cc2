import assert from 'node:assert/strict';
import fs from 'node:fs';
import { freePort } from '../support/ports';
import { berth } from './support/berthCommand';
import type { ComposeFolder } from './support/composeFolder';
import { copySystem } from './support/systems';

/** The operations that the team of system C lists, in its order, through the command line. */
describe('the operations of system C (emotion-visualizer)', () => {
  let folder: ComposeFolder;
  let cwd: string;
  let adminer: number;

  before(async () => {
    adminer = await freePort(24560);
    folder = copySystem('emotion-visualizer', { 'name: emotions': 'name: berth-system-c' }, ['emotion-visualizer']);
    cwd = folder.path('emotion-visualizer');
    const ports = `DB_PORT=${await freePort(24540)}\nAPI_PORT=${await freePort(24550)}\nADMINER_PORT=${adminer}\n`;
    fs.writeFileSync(folder.path('emotion-visualizer/.env'), `${ports}SPEECH_API_KEY=s\nVISION_API_KEY=v\n`);
  });
  after(async () => {
    // What the database wrote into the workspace belongs to its user there.
    if (cwd) await berth(['down', 'dev', '--volumes', '--data-folders', '--yes'], { cwd });
    await folder?.dispose();
  });

  /** Runs `berth …`, which must end well. @returns what it printed on standard output. */
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth(args, { cwd });
    assert.equal(exitCode, 0, `berth ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  const running = async () => {
    const { environments } = JSON.parse(await run('status', 'dev', '--json'));
    const services: { name: string; health: string }[] = environments[0].services;
    return services.filter(({ health }) => health !== 'stopped').map(({ name, health }) => `${name} ${health}`);
  };

  it('resource limits and log rotation as options', async () => {
    await run('limit', 'dev', 'db', '--memory', '512M', '--cpus', '1.5', '--log-size', '10m', '--log-files', '3');
    await run('limit', 'dev', 'api', '--memory', '256M');
    const { limits } = JSON.parse(await run('limit', 'dev', 'db', '--json'));
    const of = { memory: 512 * 1024 ** 2, cpus: 1.5, logDriver: 'json-file', logSize: '10m', logFiles: 3 };
    assert.deepEqual(limits, of);
  });

  it('make the data directories', async () => {
    assert.ok(!fs.existsSync(folder.path('emotion-visualizer/data')));
    const { exitCode, stderr } = await berth(['up', 'dev', 'db'], { cwd });
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /dev: Made the data folder .*\/data\/postgres\./);
    assert.ok(fs.statSync(folder.path('emotion-visualizer/data/postgres')).isDirectory());
    const format = '{{.HostConfig.Memory}} {{index .HostConfig.LogConfig.Config "max-size"}}';
    const limits = await folder.docker('inspect', '--format', format, 'emotion-visualizer-db-1');
    assert.equal(limits.trim(), `${512 * 1024 ** 2} 10m`);
  });

  it('build, build --no-cache, up --build', async () => {
    await run('build', 'dev');
    await run('build', 'dev', '--no-cache');
    await run('up', 'dev', '--build');
    assert.deepEqual(await running(), ['api healthy', 'db healthy']);
  });

  it('up, up with the tools profile', async () => {
    await run('up', 'dev', '--profile', 'tools');
    assert.deepEqual(await running(), ['adminer running', 'api healthy', 'db healthy']);
  });

  it('open the web UI of a service in the browser', async () => {
    assert.match(await run('open', 'dev', 'adminer'), new RegExp(`http://localhost:${adminer}`));
  });

  it('migrations inside the api container: upgrade, a new revision with a message, one step back', async () => {
    assert.equal(await run('exec', 'dev', 'api', '--', 'migrate', 'upgrade', 'head'), 'migrated to head\n');
    assert.equal(
      await run('exec', 'dev', 'api', '--', 'migrate', 'revision', 'add "mood"'),
      'new revision: add "mood"\n',
    );
    assert.equal(await run('exec', 'dev', 'api', '--', 'migrate', 'downgrade', '-1'), 'went back to -1\n');
  });

  it('tests inside it, with their exit code', async () => {
    assert.match(await run('exec', 'dev', 'api', '--', 'run-tests'), /1 passed/);
    assert.equal((await berth(['exec', 'dev', 'api', '--', 'sh', '-c', 'exit 7'], { cwd })).exitCode, 7);
  });

  it('backup, restore, psql', async () => {
    const psql = ['exec', 'dev', 'db', '--', 'psql', '-U', 'emotions', '-Atc'];
    await run(...psql, "INSERT INTO recordings (emotion) VALUES ('joy')");
    const dump = await run('exec', 'dev', 'db', '--', 'pg_dump', '-U', 'emotions', '--clean', 'emotions');
    fs.writeFileSync(folder.path('backup.sql'), dump);
    await run(...psql, 'DELETE FROM recordings');
    await run('db', 'dev', 'db', '--file', folder.path('backup.sql'));
    const { stdout } = await berth(['db', 'dev', 'db'], { cwd, input: 'SELECT emotion FROM recordings;\n' });
    assert.match(stdout, /joy/);
  });

  it('stop keeps containers, also those of a profile', async () => {
    await run('stop', 'dev');
    assert.deepEqual(await running(), []);
    await run('start', 'dev');
    assert.deepEqual(await running(), ['adminer running', 'api healthy', 'db healthy']);
  });

  it('reset by removing the data directory when data is corrupt, only after saying what goes', async () => {
    const data = folder.path('emotion-visualizer/data/postgres');
    await run('stop', 'dev', 'db');
    await run('run', 'dev', 'db', '--no-deps', '--', 'sh', '-c', 'echo broken > "$PGDATA/global/pg_control"');
    assert.equal((await berth(['up', 'dev', 'db'], { cwd })).exitCode, 1, 'its data is corrupt');
    const refused = await berth(['reset', 'dev', '--data-folders'], { cwd });
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, new RegExp(`All that is in data folders: ${data} \\([\\d.]+ MB\\)`));
    await run('reset', 'dev', '--data-folders', '--yes');
    assert.deepEqual(await running(), ['adminer running', 'api healthy', 'db healthy']);
    const { stdout } = await berth(['db', 'dev', 'db'], { cwd, input: 'SELECT count(*) FROM recordings;\n' });
    assert.match(stdout, /\b0\b/);
  });

  it('down, also of the services of a profile; down -v, which says what goes', async () => {
    await run('down', 'dev');
    assert.equal(
      await folder.docker('ps', '--all', '--quiet', '--filter', 'label=com.docker.compose.project=emotion-visualizer'),
      '',
    );
    await run('up', 'dev');
    const refused = await berth(['down', 'dev', '--volumes'], { cwd });
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /emotion-visualizer-db-1/);
    await run('down', 'dev', '--volumes', '--yes');
  });
});
