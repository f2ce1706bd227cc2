import assert from 'node:assert/strict';
import { run as runProgram } from '../support/processes';
import { BerthCommand, berth, type CommandResult } from './support/berthCommand';
import type { ComposeFolder } from './support/composeFolder';
import { copyDashtam, copyIchrisbirch } from './support/systems';

/** Test runs of two teams, with real tests in real containers against the stores of the environment. */
describe('berth test of a reference system', () => {
  let folder: ComposeFolder;
  let cwd: string;

  afterEach(() => folder?.dispose());

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    berth(args, { cwd, env: { CI: undefined, ...env } });
  const done = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandResult> => {
    const result = await run(args, env);
    assert.equal(result.exitCode, 0, `berth ${args.join(' ')}\n${result.stdout}${result.stderr}`);
    return result;
  };
  /** What the engine has of a project: `id started restarts` of each container. */
  const containers = async (project: string) => {
    const filter = `label=com.docker.compose.project=${project}`;
    const ids = (await folder.docker('ps', '--all', '--quiet', '--filter', filter)).split('\n').filter(Boolean);
    if (ids.length === 0) return '';
    return folder.docker('inspect', '--format', '{{.Name}} {{.Id}} {{.State.StartedAt}} {{.RestartCount}}', ...ids);
  };

  it('B (dashtam): rows in development stay while tests run twice beside it, whose data is gone each time', async () => {
    folder = await copyDashtam();
    cwd = folder.path('dashtam');
    // The team's own image with its tests: they write into the database that the environment names, and read it.
    folder.write('dashtam/app/Dockerfile', DASHTAM_APP);
    folder.write('dashtam/app/pytest', DASHTAM_TESTS);
    const psql = (sql: string) =>
      done(['exec', 'dev', 'postgres', '--', 'psql', '-U', 'dashtam', '-Atc', sql, 'dashtam_dev']);
    await done(['up', 'dev', '--build']);
    await psql("CREATE TABLE ship AS SELECT 'Argo' AS name");
    const before = await containers('compose');
    for (const command of ['test-unit', 'test-unit']) {
      const { stdout } = await done(['test', 'test', command, '--build']);
      assert.equal(stdout, 'CREATE TABLE\nINSERT 0 1\nINSERT 0 1\n2 ships with tests/unit\n');
      assert.equal(await containers('compose-test'), '');
    }
    assert.equal((await psql('SELECT name FROM ship')).stdout, 'Argo\n');
    assert.equal(await containers('compose'), before, 'never made anew, never started again');
  }).timeout(240_000);

  it('E (ichrisbirch): test run, test cov, --keep, and CI=true, in phases', async () => {
    const network = 'berth-testrun-proxy';
    folder = await copyIchrisbirch(network);
    cwd = folder.path('ichrisbirch');
    folder.write('ichrisbirch/app/Dockerfile', ICHRISBIRCH_APP);
    folder.write('ichrisbirch/app/pytest', ICHRISBIRCH_TESTS);
    folder.write('ichrisbirch/berth.yaml', ICHRISBIRCH_BERTH);
    await runProgram('docker', ['network', 'create', network]);
    try {
      const project = 'berth-ichrisbirch-test';
      const first = await done(['test', 'test', 'run', '--build']);
      assert.equal(first.stdout, 'run 1 \n');
      const ready = ['postgres: ✔ healthy', 'redis: ✔ healthy', 'api: ◌ starting', 'api: ✔ healthy', 'app: ◌ starting'];
      const order = ready.map((words) => first.stderr.indexOf(words));
      assert.ok(Math.max(...order.slice(0, 2)) < (order[2] ?? 0), `the stores before the API:\n${first.stderr}`);
      assert.ok((order[3] ?? 0) < (order[4] ?? 0), `the API before what uses it:\n${first.stderr}`);
      assert.equal(await containers(project), '');
      assert.equal((await done(['test', 'test', 'cov'])).stdout, 'run 1 --cov\n', 'on fresh data');

      const kept = await done(['test', 'test', 'run', '--keep']);
      assert.equal(kept.stdout, 'run 1 \n');
      const ids = await containers(project);
      assert.notEqual(ids, '');
      const again = new BerthCommand(['test', 'test', 'cov'], { cwd, env: { CI: undefined }, input: '' });
      assert.equal((await again.ended).stdout, 'run 2 --cov\n', 'in what was kept');
      assert.equal(await containers(project), ids);
      await done(['down', 'test', '--volumes', '--yes']);

      // As the team's workflow does: the environment is up already.
      await done(['up', 'test']);
      const up = await containers(project);
      for (const count of [1, 2]) {
        assert.equal((await done(['test', 'test', 'run'], { CI: 'true' })).stdout, `run ${count} \n`);
        assert.equal(await containers(project), up, 'used and not removed');
      }
      await done(['down', 'test', '--volumes', '--yes']);
    } finally {
      await folder.dispose();
      await runProgram('docker', ['network', 'rm', network]);
    }
  }).timeout(400_000);
});

const DASHTAM_APP = `FROM postgres:16-alpine AS base
COPY --chmod=755 pytest /usr/local/bin/pytest
CMD ["sleep", "infinity"]
FROM base AS development
FROM base AS production
`;
const DASHTAM_TESTS = `#!/bin/sh
set -eu
say() { psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -Atc "$1"; }
say "CREATE TABLE ship (name text)"
say "INSERT INTO ship VALUES ('Test')"
say "INSERT INTO ship VALUES ('Test')"
echo "$(say 'SELECT count(*) FROM ship') ships with $*"
`;

const ICHRISBIRCH_APP = `FROM busybox:1-musl AS base
COPY www /www
COPY --chmod=755 pytest /bin/pytest
CMD ["httpd", "-f", "-p", "8000", "-h", "/www"]
FROM base AS development
FROM base AS production
`;
/** Counts, in the environment's Redis, how often tests have run. */
const ICHRISBIRCH_TESTS = `#!/bin/sh
count=$(printf 'INCR tests\\r\\nQUIT\\r\\n' | nc "$REDIS_HOST" 6379 | sed -n 's/^:\\([0-9]*\\).*/\\1/p')
echo "run $count $*"
`;
const ICHRISBIRCH_BERTH = `environments:
  test:
    files: [docker-compose.yml, docker-compose.test.yml]
    startup: [[postgres, redis], [api]]
    commands:
      run: { kind: test, service: api, run: pytest }
      cov: { kind: test, service: api, run: [pytest, --cov] }
`;
