import assert from 'node:assert/strict';
import { type Berth, createBerth } from '../../../src/core/berth';
import { silentLog } from '../../../src/core/common/log';
import type { Finding } from '../../../src/core/model/finding';
import { freePort } from '../../support/ports';
import { berth as command } from '../support/berthCommand';
import type { ComposeFolder } from '../support/composeFolder';
import { copyDashtam, copySystem } from '../support/systems';

/** What is found between the environments of reference systems as their teams wrote them, and what comes of mending it. */
describe('environments of the reference systems, checked and mended', () => {
  let folder: ComposeFolder | undefined;
  let berth: Berth | undefined;
  afterEach(async () => {
    berth?.dispose();
    await folder?.dispose();
  });

  const scanned = async (workspaceFolder: string) => {
    berth = createBerth(silentLog, 'tests');
    await berth.store.setScope({ workspaceFolders: [workspaceFolder], trusted: true });
    await berth.store.whenResolved();
    return berth;
  };
  /** Of what is between environments: `same-port dev, test`. */
  const between = (findings: readonly Finding[], { store }: Berth) =>
    findings
      .filter(({ code }) => /^(?:same-|appended|reset)/.test(code))
      .map(({ code, environments, service }) => {
        const names = environments.map((id) => store.find(id)?.definition.name).sort();
        return `${code} ${[...names, service ?? []].flat().join(', ')}`;
      })
      .sort();

  it('system A: dev and test are up side by side, once all that is safe is mended', async () => {
    const ports = { dev: await freePort(24560), test: await freePort(24570) };
    const redis = { dev: await freePort(24580), test: await freePort(24590) };
    folder = copySystem(
      'sherpa',
      {
        '5432:5432': `${ports.dev}:5432`,
        '6379:6379': `${redis.dev}:6379`,
        '5433:5432': `${ports.test}:5432`,
        '6380:6379': `${redis.test}:6379`,
        'container_name: sherpa-': 'container_name: berth-checked-sherpa-',
        'interval: 5s': 'interval: 1s',
        // Else the server that sets the database up is taken for the one that runs after it.
        'pg_isready ': 'pg_isready --host 127.0.0.1 ',
      },
      ['sherpa', 'sherpa-test', 'sherpa-ci'],
    );
    const cwd = folder.path('sherpa');
    const found = await scanned(cwd);
    assert.deepEqual(between((await found.findings.check()).findings, found), [
      'appended-list test, postgres',
      'appended-list test, redis',
      'reset-without-effect ci, postgres',
      'reset-without-effect ci, redis',
      'same-container-name dev, test, postgres',
      'same-container-name dev, test, redis',
      'same-port dev, test, postgres',
      'same-port dev, test, redis',
    ]);

    const { checked } = await found.fixing.mend(() => true);
    assert.deepEqual(between(checked.findings, found), []);

    const run = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await command(args, { cwd });
      assert.equal(exitCode, 0, `berth ${args.join(' ')}\n${stdout}${stderr}`);
      return stdout;
    };
    await run('up', 'dev');
    await run('up', 'test');
    const { environments } = JSON.parse(await run('status', '--json'));
    const published = Object.fromEntries(
      environments.map(
        ({
          name,
          health,
          services,
        }: {
          name: string;
          health: string;
          services: { ports: { published?: number }[] }[];
        }) => [name, [health, ...services.flatMap((service) => service.ports.flatMap((port) => port.published ?? []))]],
      ),
    );
    assert.deepEqual(published.dev, ['healthy', ports.dev, redis.dev]);
    assert.deepEqual(published.test, ['healthy', ports.test, redis.test]);

    const sql = (name: string, text: string) =>
      run('exec', name, 'postgres', '--', 'psql', '-U', 'sherpa', '-d', `sherpa_${name}`, '-Atc', text);
    await sql('dev', "INSERT INTO trips (name) VALUES ('Everest')");
    assert.equal((await sql('test', 'SELECT count(*) FROM trips')).trim(), '0');
    await run('down', 'test', '--volumes', '--yes');
    assert.equal((await sql('dev', 'SELECT count(*) FROM trips')).trim(), '1');
    await run('down', 'dev', '--volumes', '--yes');
  });

  it('system B: its environments have nothing in common but the project that its commands put them into', async () => {
    folder = await copyDashtam();
    const found = await scanned(folder.path('dashtam'));
    assert.deepEqual(between((await found.findings.check()).findings, found), ['same-project ci', 'same-project test']);
    const { checked } = await found.fixing.mend(({ code }) => code === 'same-project');
    assert.deepEqual(between(checked.findings, found), []);
    assert.deepEqual(
      checked.facts.environments.map(({ definition, project }) => `${definition.name} ${project?.name}`),
      ['dev compose', 'test compose-test', 'ci compose-ci'],
    );
  });
});
