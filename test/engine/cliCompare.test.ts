import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { berth, berthOnTerminal } from './support/berthCommand';
import { ComposeFolder } from './support/composeFolder';
import { copySystem, type System } from './support/systems';

interface ServiceJson {
  readonly build?: { readonly target?: string };
  readonly ports: readonly { readonly published?: number }[];
  readonly data: readonly { readonly kind: string }[];
  readonly sources: readonly { readonly target?: string }[];
  readonly networks: readonly { readonly name: string; readonly kind: string; readonly internal: boolean }[];
  readonly credentials: readonly { readonly name: string; readonly source: string }[];
  readonly limits?: { readonly memory?: number };
  readonly restart: string;
}
interface ComparisonJson {
  readonly environments: readonly {
    readonly name: string;
    readonly project: string;
    readonly services?: readonly (ServiceJson & { readonly name: string })[];
    readonly error?: { readonly message: string };
  }[];
  readonly differences: readonly { readonly service?: string; readonly fact: string }[];
}

/** What `berth compare` says of workspaces whose teams wrote down in what their environments differ. */
describe('berth compare', () => {
  let folder: ComposeFolder;
  let cwd: string;
  afterEach(async () => folder?.dispose());

  const open = (system: System) => {
    folder = copySystem(system, {}, []);
    cwd = fs.realpathSync(folder.path(system));
  };
  const compared = async (...args: string[]): Promise<ComparisonJson> => {
    const { exitCode, stdout, stderr } = await berth(['compare', '--json', ...args], { cwd });
    assert.equal(exitCode, 0, stderr);
    assert.equal(JSON.parse(stdout).version, 1);
    return JSON.parse(stdout);
  };
  /** Something of a service in each environment, by their names. */
  const each = <T>({ environments }: ComparisonJson, service: string, take: (facts: ServiceJson) => T) =>
    Object.fromEntries(
      environments.map(({ name, services }) => {
        const facts = services?.find((one) => one.name === service);
        return [name, facts && take(facts)];
      }),
    );
  const ports = (facts: ServiceJson) => facts.ports.map(({ published }) => published).join(' ');
  const data = (facts: ServiceJson) => facts.data.map(({ kind }) => kind).join(' ');
  const target = ({ build }: ServiceJson) => build?.target;
  const networks = (facts: ServiceJson) =>
    facts.networks.map(({ kind, internal }) => `${kind}${internal ? ' internal' : ''}`).join(' ');

  it('tells three whole files apart: volumes or memory, ports, hot reload, an internal network', async () => {
    open('dashtam');
    for (const name of ['dev', 'test', 'ci']) {
      const file = path.join(cwd, 'env', `.env.${name}`);
      fs.writeFileSync(file, fs.readFileSync(`${file}.example`, 'utf8').replace('change-me', 'hunter2-of-dashtam'));
    }
    const found = await compared();
    assert.deepEqual(
      found.environments.map(({ name, project }) => [name, project]),
      [
        ['dev', 'compose'],
        ['test', 'compose-test'],
        ['ci', 'compose-ci'],
      ],
    );
    assert.deepEqual(each(found, 'postgres', data), { dev: 'volume', test: 'tmpfs', ci: 'tmpfs' });
    assert.deepEqual(each(found, 'redis', data), { dev: 'volume', test: 'tmpfs', ci: 'tmpfs' });
    assert.deepEqual(each(found, 'app', ports), { dev: '8000', test: '8001', ci: '' });
    assert.deepEqual(each(found, 'postgres', ports), { dev: '5432', test: '5433', ci: '' });
    assert.deepEqual(each(found, 'app', target), { dev: 'development', test: 'production', ci: 'production' });
    assert.deepEqual(
      each(found, 'app', (facts) => facts.sources.length),
      { dev: 1, test: 0, ci: 0 },
    );
    assert.deepEqual(each(found, 'app', networks), { dev: 'own', test: 'own', ci: 'own internal' });
    const sources = each(found, 'app', ({ credentials }) => credentials.map(({ source }) => source).join(' '));
    assert.deepEqual(Object.values(sources), Array(3).fill('variable variable variable'));
    const differing = found.differences.filter(({ service }) => service === 'postgres').map(({ fact }) => fact);
    assert.deepEqual(differing, ['ports', 'data', 'networks']);
    for (const format of ['--json', '--markdown', '--no-color']) {
      const { exitCode, stdout } = await berth(['compare', format], { cwd });
      assert.equal(exitCode, 0);
      assert.ok(stdout.replaceAll('\\', '').includes('POSTGRES_PASSWORD') && !stdout.includes('hunter2'), format);
    }
  });

  it('tells layers on a production base apart: targets, sources, credentials, an external network', async () => {
    open('ichrisbirch');
    const found = await compared('dev,test', 'ci', 'prod');
    assert.deepEqual(each(found, 'postgres', data), { dev: 'volume', test: 'tmpfs', ci: 'tmpfs', prod: 'volume' });
    assert.deepEqual(each(found, 'postgres', ports), { dev: '5432', test: '5434', ci: '5434', prod: '' });
    assert.deepEqual(each(found, 'traefik', ports), {
      dev: '80 443 8080',
      test: '8443',
      ci: '8443',
      prod: '80 443 8080',
    });
    assert.deepEqual(each(found, 'api', target), {
      dev: 'development',
      test: 'development',
      ci: 'development',
      prod: 'production',
    });
    assert.deepEqual(
      each(found, 'api', ({ sources }) => sources.map((mount) => mount.target).join(' ')),
      { dev: '/www', test: '/www', ci: '', prod: '' },
    );
    assert.deepEqual(
      each(found, 'api', ({ credentials }) => credentials.map(({ name, source }) => `${name} ${source}`).join(' ')),
      { dev: '.aws file', test: '', ci: '', prod: '' },
    );
    assert.deepEqual(each(found, 'traefik', networks), {
      dev: 'external',
      test: 'external',
      ci: 'shared',
      prod: 'external',
    });
    assert.deepEqual(
      each(found, 'postgres', ({ limits, restart }) => `${limits?.memory} ${restart}`),
      Object.fromEntries(['dev', 'test', 'ci', 'prod'].map((name) => [name, `${1024 ** 3} unless-stopped`])),
    );
  });

  it('shows variables, files and folders of the others, each where it comes from', async () => {
    for (const system of ['sherpa', 'emotion-visualizer', 'hyvve'] as const) {
      open(system);
      const found = await compared();
      assert.ok(
        found.environments.every(({ services, error }) => services && !error),
        system,
      );
      if (system === 'emotion-visualizer') assert.deepEqual(Object.values(each(found, 'db', data)), ['bind']);
      await folder.dispose();
    }
  });

  it('keeps the column of an environment whose files are broken, and tells its error', async () => {
    folder = new ComposeFolder('compare', {
      'compose.yaml': 'name: PROJECT\nservices:\n  web: { image: "berth/idle:1" }\n',
      'compose.test.yaml': 'services:\n  web: { imago: x }\n',
      '.env': 'A=1\n',
    });
    cwd = folder.folder;
    const { exitCode, stdout, stderr } = await berth(['compare'], { cwd });
    assert.equal(exitCode, 1, stderr);
    assert.match(stdout, /^ +Image +berth\/idle:1 +\?$/m);
    assert.match(stdout, /^ +Env files +\.env +\.env$/m);
    assert.match(stderr, /compose\.test\.yaml:2/);
    const both = await berth(['compare', '--json', '--markdown'], { cwd });
    assert.deepEqual([both.exitCode, both.stdout.includes('Either --json or --markdown')], [2, true]);
    const nothing = await berth(['compare', 'prod'], { cwd });
    assert.deepEqual([nothing.exitCode, nothing.stdout], [2, '']);
    assert.match(nothing.stderr, /There is no environment "prod"/);
  });

  it('fits the terminal', async function () {
    if (process.platform !== 'linux') return this.skip();
    open('ichrisbirch');
    const command = berthOnTerminal(['compare', '--differences'], { cwd, env: { NO_COLOR: '1' } });
    const { exitCode, stdout } = await command.ended;
    assert.equal(exitCode, 0, stdout);
    const lines = stdout.split(/\r?\n/);
    assert.ok(lines.includes('≠ Ports') && lines.includes('    prod  80 → 80'), stdout);
    assert.ok(!stdout.includes('Restart'), stdout);
  });
});
