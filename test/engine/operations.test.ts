import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { OperationProgress } from '../../src/core/operations/operation';
import { applyTemplate } from '../../src/core/templates/template';
import { repositoryRoot } from '../support/paths';
import { ComposeFolder } from './support/composeFolder';
import { healthsTold, OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed, untilEnvironment } from './support/waiting';

// One story, each test going on where the one before left off: starting databases takes seconds.
describe('operations on the template with PostgreSQL and Redis', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    folder = new ComposeFolder('template', {});
    folder.owns(`${folder.project}-test`, `${folder.project}-ci`);
    // The project gets the folder's name, so the folder gets the project's.
    const workspace = folder.path(folder.project);
    const template = path.join(repositoryRoot, 'compose-templates', 'postgres-redis');
    const made = await applyTemplate(template, workspace);
    assert.equal(made.length, fs.readdirSync(template).length);
    fs.writeFileSync(
      path.join(workspace, '.env'),
      'POSTGRES_PORT=22050\nREDIS_PORT=22051\nTEST_POSTGRES_PORT=22052\nTEST_REDIS_PORT=22053\n',
    );
    core = await OperatedFolder.open(folder);
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const described = (name: string) => describeEnvironment(environmentNamed(core.store, name));
  const psql = async (project: string, database: string, sql: string) => {
    const args = ['--no-psqlrc', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1', '--command', sql];
    const container = folder.container('postgres', project);
    return (await folder.docker('exec', container, 'psql', '--user', 'app', database, ...args)).trim();
  };

  it('lists what was never started', async () => {
    await core.berth.feedFor(undefined).whenConnected();
    assert.deepEqual(core.store.environments.map(describeEnvironment), [
      'dev stopped: postgres stopped, redis stopped',
      'test stopped: postgres stopped, redis stopped',
      'ci stopped: postgres stopped, redis stopped',
    ]);
    const postgres = environmentNamed(core.store, 'dev').services[0];
    assert.deepEqual(postgres?.ports, [{ target: 5432, published: 22050, hostIp: '127.0.0.1', protocol: 'tcp' }]);
    assert.deepEqual(environmentNamed(core.store, 'ci').services[0]?.ports, []);
  });

  it('up of one service starts that one', async () => {
    await core.do('up', 'dev', { services: ['redis'] });
    assert.equal(described('dev'), 'dev healthy: postgres stopped, redis healthy');
  });

  it('up ends when everything is healthy, and tells the way there', async () => {
    const progress: OperationProgress[] = [];
    const { environment } = await core.do('up', 'dev', { progress });
    assert.equal(describeEnvironment(environment), 'dev healthy: postgres healthy, redis healthy');
    assert.deepEqual(healthsTold(progress, 'postgres'), ['starting', 'healthy']);
    assert.deepEqual(healthsTold(progress, 'redis'), [], 'it was healthy before');
    assert.ok(progress.some((one) => one.kind === 'output' && /postgres/.test(one.line)));
  });

  it('up of what is up changes nothing', async () => {
    const before = environmentNamed(core.store, 'dev');
    const progress: OperationProgress[] = [];
    const { environment } = await core.do('up', 'dev', { progress });
    assert.equal(environment, before);
    assert.deepEqual(
      progress.filter((one) => one.kind === 'service'),
      [],
    );
  });

  it('test runs beside development, with data of its own, which goes with it', async () => {
    await psql(folder.project, 'app', "create table ships (name text); insert into ships values ('Fram')");
    await core.do('up', 'test');
    assert.deepEqual(core.store.environments.slice(0, 2).map(describeEnvironment), [
      'dev healthy: postgres healthy, redis healthy',
      'test healthy: postgres healthy, redis healthy',
    ]);
    const tables = "select count(*) from pg_tables where tablename = 'ships'";
    assert.equal(await psql(`${folder.project}-test`, 'app_test', tables), '0');
    await core.do('down', 'test');
    assert.equal(described('test'), 'test stopped: postgres stopped, redis stopped');
    assert.equal(described('dev'), 'dev healthy: postgres healthy, redis healthy');
    assert.equal(await psql(folder.project, 'app', 'select name from ships'), 'Fram');
  });

  it('stop, start and restart, of one service and of all', async () => {
    await core.do('stop', 'dev', { services: ['redis'] });
    assert.equal(described('dev'), 'dev healthy: postgres healthy, redis stopped');
    const progress: OperationProgress[] = [];
    await core.do('start', 'dev', { services: ['redis'], progress });
    assert.equal(described('dev'), 'dev healthy: postgres healthy, redis healthy');
    assert.deepEqual(healthsTold(progress, 'redis'), ['starting', 'healthy']);
    await core.do('stop');
    assert.equal(described('dev'), 'dev stopped: postgres stopped, redis stopped');
    await core.do('start');
    assert.equal(described('dev'), 'dev healthy: postgres healthy, redis healthy');
    const container = () => folder.docker('inspect', '--format', '{{.State.StartedAt}}', redis);
    const redis = folder.container('redis');
    const before = await container();
    await core.do('restart', 'dev', { services: ['redis'] });
    assert.notEqual(await container(), before);
    assert.equal(described('dev'), 'dev healthy: postgres healthy, redis healthy');
  });

  it('stop and down work while the files are broken; up says where they are', async () => {
    const file = path.join(folder.path(folder.project), 'compose.yaml');
    const good = fs.readFileSync(file, 'utf8');
    try {
      fs.writeFileSync(file, good.replace('    image: redis:7-alpine\n', '    image: redis:7-alpine\n  - broken\n'));
      await core.store.filesChanged([file]);
      await core.store.whenResolved();
      assert.equal(described('dev'), 'dev healthy: postgres healthy, redis healthy', 'the last good files count');
      const { error } = await core.fail('up');
      assert.equal(error.kind, 'configuration');
      assert.deepEqual([error.details.place?.file, error.details.place?.line], [file, lineOf(file, '- broken')]);
      await core.do('stop', 'dev', { services: ['redis'] });
      assert.equal(described('dev'), 'dev healthy: postgres healthy, redis stopped');
      await core.do('down');
      assert.equal(described('dev'), 'dev stopped: postgres stopped, redis stopped');
    } finally {
      fs.writeFileSync(file, good);
      await core.store.filesChanged([file]);
      await core.store.whenResolved();
    }
  });

  it('down removed containers and network, and kept the data', async () => {
    const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${folder.project}`];
    assert.equal(await folder.docker('ps', '--all', ...filter), '');
    assert.equal(await folder.docker('network', 'ls', ...filter), '');
    assert.equal((await folder.docker('volume', 'ls', ...filter)).trim().split('\n').length, 2);
    await core.do('up');
    assert.equal(await psql(folder.project, 'app', 'select name from ships'), 'Fram');
    await core.do('down');
    await untilEnvironment(core.store, 'dev stopped: postgres stopped, redis stopped');
    assert.equal((await folder.docker('volume', 'ls', ...filter)).trim().split('\n').length, 2);
  });
});

/** The line, counted from 1, in which a text first stands. */
function lineOf(file: string, text: string): number {
  return (
    fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}
