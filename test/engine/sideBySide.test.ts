import assert from 'node:assert/strict';
import { run } from '../support/processes';
import { berth } from './support/berthCommand';
import type { ComposeFolder } from './support/composeFolder';
import { copyDashtam, copyIchrisbirch } from './support/systems';

interface Found {
  readonly health: string;
  readonly project: string;
  readonly services: readonly {
    readonly name: string;
    readonly ports: readonly { readonly published?: number }[];
    readonly containers: readonly { readonly name: string }[];
  }[];
}

/** Development and test of two teams at the same time: nothing of the one is seen by, or lost with, the other. */
describe('environments side by side', () => {
  let folder: ComposeFolder;
  let cwd: string;

  const call = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth(args, { cwd });
    assert.equal(exitCode, 0, `berth ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  const status = async (name: string): Promise<Found> =>
    JSON.parse(await call('status', name, '--json')).environments[0];
  /** What the engine says of the containers of an environment: the names of its networks and volumes. */
  const holdings = async ({ services }: Found) => {
    const names = services.flatMap(({ containers }) => containers.map(({ name }) => name));
    const format =
      '{{range $name, $_ := .NetworkSettings.Networks}}n:{{$name}} {{end}}{{range .Mounts}}v:{{.Name}} {{end}}';
    const { stdout } = await run('docker', ['inspect', '--format', format, ...names]);
    return new Set(stdout.split(/\s+/).filter((word) => word && word !== 'v:'));
  };
  const published = ({ services }: Found) =>
    services.flatMap(({ ports }) => ports.flatMap(({ published: port }) => port ?? []));

  /** What both teams expect of their environments. @param shared networks that both are meant to be in. */
  const runsApart = async (user: string, database: (name: string) => string, shared: readonly string[]) => {
    await call('up', 'dev,test');
    const [dev, test] = [await status('dev'), await status('test')];
    // The stores are healthy; some applications have no health check.
    for (const { health } of [dev, test]) assert.match(health, /^(?:healthy|running)$/);
    assert.notEqual(dev.project, test.project);
    const ports = [...published(dev), ...published(test)];
    assert.equal(new Set(ports).size, ports.length, `no port twice: ${ports}`);
    const inTest = await holdings(test);
    const both = [...(await holdings(dev))].filter((name) => inTest.has(name));
    assert.deepEqual(
      both,
      shared.map((name) => `n:${name}`),
    );

    const psql = (name: string, sql: string) =>
      call('exec', name, 'postgres', '--', 'psql', '-U', user, '-Atc', sql, database(name));
    const redis = (name: string, ...words: string[]) => call('exec', name, 'redis', '--', 'redis-cli', ...words);
    await psql('dev', "CREATE TABLE ship AS SELECT 'Argo' AS name");
    await redis('dev', 'SET', 'ship', 'Argo');
    assert.equal((await psql('test', "SELECT to_regclass('ship') IS NULL")).trim(), 't');
    assert.equal((await redis('test', 'EXISTS', 'ship')).trim(), '0');

    await call('down', 'test', '--volumes', '--yes');
    assert.equal((await status('dev')).health, dev.health);
    assert.equal((await psql('dev', 'SELECT name FROM ship')).trim(), 'Argo');
    assert.equal((await status('test')).health, 'stopped');
    await call('down', 'dev', '--volumes', '--yes');
  };

  afterEach(() => folder?.dispose());

  it('of system B (dashtam): three whole files in one folder', async () => {
    folder = await copyDashtam();
    cwd = folder.path('dashtam');
    await runsApart('dashtam', (name) => `dashtam_${name}`, []);
  });

  it('of system E (ichrisbirch): layers on a base for production', async () => {
    folder = await copyIchrisbirch('berth-test-proxy');
    cwd = folder.path('ichrisbirch');
    await run('docker', ['network', 'create', 'berth-test-proxy']);
    try {
      await runsApart('ichrisbirch', () => 'ichrisbirch', ['berth-test-proxy']);
    } finally {
      await folder.dispose();
      await run('docker', ['network', 'rm', 'berth-test-proxy']);
    }
  });
});
