import assert from 'node:assert/strict';
import fs from 'node:fs';
import { freePort } from '../support/ports';
import { run as runProgram } from '../support/processes';
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
    if (cwd) await berth(['run', 'dev', 'db', '--', 'sh', '-c', 'rm -rf /var/lib/postgresql/data/*'], { cwd });
    await folder?.dispose();
    await runProgram('docker', ['image', 'rm', '--force', 'emotion-visualizer-api']);
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

  it('build, build --no-cache, up --build', async () => {
    await run('build', 'dev');
    await run('build', 'dev', '--no-cache');
    await run('up', 'dev', '--build');
    assert.deepEqual(await running(), ['api healthy', 'db healthy']);
  });

  it('up with the tools profile', async () => {
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

  it('down also takes the services of a profile; down with volumes says what goes', async () => {
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
