import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { UserError } from '../../../../src/core/common/errors';
import { Discovery } from '../../../../src/core/discovery/discover';
import type { EnvironmentCommand } from '../../../../src/core/model/command';
import type { EnvironmentDefinition } from '../../../../src/core/model/environment';
import type { ResolvedProject } from '../../../../src/core/model/project';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { ciSurroundings } from '../../../../src/core/runs/ciSurroundings';
import { type CiWay, ciWorkflowText } from '../../../../src/core/runs/ciWorkflow';
import { chosenCommand } from '../../../../src/core/runs/testRuns';
import { repositoryRoot } from '../../../support/paths';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { definition, project, service } from '../support/examples';

describe('a CI workflow', () => {
  let root: string;
  beforeEach(() => {
    root = temporaryFolder('workflow');
  });
  afterEach(() => removeFolder(root));

  const textOf = async (one: EnvironmentDefinition, resolved: ResolvedProject, way: CiWay = 'compose') => {
    const environment = buildSnapshot(one, { kind: 'resolved', project: resolved }, [], true);
    const command = chosenCommand(environment, undefined);
    return ciWorkflowText({ environment, command, way, ...(await ciSurroundings(environment)) });
  };
  /** The workflow of an environment of a reference system, of which Compose is not asked. */
  const ofSystem = async (system: string, name: string, resolved: ResolvedProject, way?: CiWay) => {
    fs.cpSync(path.join(repositoryRoot, 'test', 'workspaces', system), root, { recursive: true });
    const { environments } = await new Discovery(root, {}).discover();
    const found = environments.find((one) => one.definition.name === name);
    assert.ok(found);
    return textOf(found.definition, resolved, way);
  };
  const built = (name: string) => service(name, { built: true });

  it('of system B has its env file made, and what is built built', async () => {
    const resolved = { ...project(built('app'), 'postgres', 'redis'), name: 'compose-ci' };
    const chain = 'docker compose --file docker-compose.ci.yml --env-file ../env/.env.ci';
    assert.equal(
      await ofSystem('dashtam', 'ci', resolved),
      `# Runs "test" in the environment "ci". Made by Berth: it is yours to change.

name: Tests (ci)
on:
  - push
  - pull_request
permissions:
  contents: read
jobs:
  ci:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: compose
    steps:
      - uses: actions/checkout@v4
      # What tests need besides is best written into them from the secrets of the repository.
      - name: Make env files from their examples
        run: "[ -f ../env/.env.ci ] || cp ../env/.env.ci.example ../env/.env.ci"
      - name: Bring up
        run: ${chain} --project-name compose-ci up --detach --wait --build
      - name: test
        run: docker compose --project-name compose-ci exec -T -- app pytest --cov
      - name: Logs
        if: failure()
        run: ${chain} --project-name compose-ci logs --no-color --timestamps
      - name: Remove
        if: always()
        run: ${chain} --profile '*' --project-name compose-ci down --remove-orphans --volumes
`,
    );
  });

  it('of system E makes the network that must be there', async () => {
    const resolved = { ...project('postgres', 'redis', built('api')), externalNetworks: ['proxy'] };
    const text = await ofSystem('ichrisbirch', 'test', resolved);
    const chain = 'docker compose --file docker-compose.yml --file docker-compose.test.yml';
    assert.deepEqual(runsOf(text), [
      'Make what the compose files take for given: docker network inspect proxy > /dev/null 2>&1 || docker network create proxy',
      `Bring up: ${chain} --project-name ichrisbirch-test up --detach --wait --build`,
      'run_tests: docker compose --project-name ichrisbirch-test exec -T -- api pytest',
      `Logs: ${chain} --project-name ichrisbirch-test logs --no-color --timestamps`,
      `Remove: ${chain} --profile '*' --project-name ichrisbirch-test down --remove-orphans --volumes`,
    ]);
  });

  it('runs Berth itself from the repository, and keeps what that leaves', async () => {
    const text = await ofSystem('ichrisbirch', 'ci', project('api'), 'berth');
    assert.deepEqual(runsOf(text), ['Test: node tools/berth.js test ci run_tests']);
    assert.match(text, /# Berth is one file: .*tools\/berth\.js/);
    const { jobs } = parse(text);
    const [, node, , upload] = jobs.ci.steps;
    assert.deepEqual(node, { uses: 'actions/setup-node@v4', with: { 'node-version': 22 } });
    assert.deepEqual(
      [upload.if, upload.with.path, upload.with['include-hidden-files']],
      ['always()', '.berth/runs', true],
    );
  });

  const commands: readonly EnvironmentCommand[] = [
    { name: 'migrate', kind: 'setup', service: 'api', command: ['alembic', 'upgrade', 'head'] },
    { name: 'test', kind: 'test', service: 'api', command: ['pytest', "it's"], collect: ['report.xml'] },
  ];
  const declared = (change: Partial<EnvironmentDefinition> = {}, own = commands) =>
    definition({
      ...{ workspaceFolder: root, projectDirectory: root, files: [path.join(root, 'compose.yaml')], name: 'test' },
      knowledge: { evidence: [], problems: [], commands: own },
      ...change,
    });

  it('starts in phases, sets up, and collects out of the container', async () => {
    const one = declared({ startup: [['db', 'queue'], ['api']], context: 'remote', profiles: ['a b'] });
    const chain = "docker compose --file compose.yaml --profile 'a b' --project-name app";
    assert.deepEqual(runsOf(await textOf(one, project('api', 'db', 'queue', 'web'))), [
      `Bring up db, queue: ${chain} up --detach --wait -- db queue`,
      `Bring up api: ${chain} up --detach --wait -- api`,
      `Bring up: ${chain} up --detach --wait`,
      'migrate: docker compose --project-name app exec -T -- api alembic upgrade head',
      `test: docker compose --project-name app exec -T -- api pytest 'it'"'"'s'`,
      `Collect what the tests left: container=$(${chain} ps --all --quiet -- api | head -n 1)
folder=$(docker inspect --format '{{.Config.WorkingDir}}' "$container")
mkdir -p "$GITHUB_WORKSPACE"/collected
status=0
docker cp "$container":"$folder/"report.xml "$GITHUB_WORKSPACE"/collected/ || status=1
exit "$status"
`,
      `Logs: ${chain} logs --no-color --timestamps`,
      `Remove: docker compose --file compose.yaml --profile '*' --project-name app down --remove-orphans --volumes`,
    ]);
  });

  it('copies out of a container that is made for the tests, and removes that', async () => {
    const own = [{ ...commands[1], inNewContainer: true, directory: '/app', user: 'app' } as EnvironmentCommand];
    const [, test, collect] = runsOf(await textOf(declared({}, own), project('api')));
    assert.match(test ?? '', /run --name=app-tests -T --user=app --workdir=\/app -- api pytest/);
    assert.match(
      collect ?? '',
      /docker cp "\$container":\/app\/report\.xml .*\ndocker rm --force --volumes "\$container"\n/,
    );
  });

  it('keeps files of one name apart that it copies out of the container', async () => {
    const own = [{ ...commands[1], collect: ['a/report.xml', '/b c/report.xml', 'a/log'] } as EnvironmentCommand];
    const [, , collect] = runsOf(await textOf(declared({}, own), project('api')));
    const lines = [
      `mkdir -p "$GITHUB_WORKSPACE"/collected/a "$GITHUB_WORKSPACE"/'collected/b c'`,
      'status=0',
      `docker cp "$container":"$folder/"a/report.xml "$GITHUB_WORKSPACE"/collected/a/ || status=1`,
      `docker cp "$container":'/b c/report.xml' "$GITHUB_WORKSPACE"/'collected/b c'/ || status=1`,
      `docker cp "$container":"$folder/"a/log "$GITHUB_WORKSPACE"/collected/a/ || status=1`,
    ];
    assert.ok(collect?.includes(lines.join('\n')), collect);
  });

  it('runs what runs on the machine itself there, with what env files say, and takes secrets from the repository', async () => {
    const env = { API_TOKEN: 'abc', LEVEL: `\${{ x }}` };
    const own: EnvironmentCommand[] = [
      {
        name: 'test',
        kind: 'test',
        command: ['cargo', 'test'],
        directory: path.join(root, 'backend'),
        env,
        collect: ['out'],
      },
    ];
    fs.writeFileSync(path.join(root, '.env.test'), 'A=1\n');
    const text = await textOf(declared({ envFiles: [path.join(root, '.env.test')] }, own), project('db'));
    const { steps } = parse(text).jobs.test;
    const {
      env: given,
      run,
      'working-directory': folder,
    } = steps.find(({ name }: { name?: string }) => name === 'test');
    assert.deepEqual(
      { given, folder },
      { given: { API_TOKEN: `\${{ secrets.API_TOKEN }}`, LEVEL: `\${{ '\${{' }} x }}` }, folder: 'backend' },
    );
    const [reading = '', ...rest] = run.split('\n');
    assert.match(reading, /^variables=\$\(.* --env-file \.\.\/\.env\.test config .*IN\("API_TOKEN", "LEVEL"\) \| not/);
    assert.deepEqual(rest, ['eval "$variables"', 'cargo test', '']);
    assert.ok(!text.includes('abc'));
    assert.equal(steps.find(({ uses = '' }) => uses.startsWith('actions/upload-artifact')).with.path, 'backend/out');
  });

  it('leaves the words of a command as they are, also where one begins with the path of the repository', async () => {
    const own: EnvironmentCommand[] = [
      {
        name: 'test',
        kind: 'test',
        service: 'api',
        command: ['ls', path.join(root, 'x')],
        directory: path.join(root, 'y'),
      },
    ];
    const run = runsOf(await textOf(declared({}, own), project('api'))).find((one) => one.startsWith('test: '));
    assert.match(run ?? '', new RegExp(`--workdir=${root}/y -- api ls ${root}/x$`));
  });

  it('is refused where the repository has not all of it', async () => {
    const outside = path.join(path.dirname(root), 'elsewhere');
    const host: EnvironmentCommand[] = [{ name: 'test', kind: 'test', command: ['make'], directory: outside }];
    for (const one of [
      declared({ files: [path.join(root, 'compose.yaml'), path.join(outside, 'compose.yaml')] }),
      declared({ envFiles: [path.join(outside, '.env')] }),
      declared({ projectDirectory: outside }),
      declared({}, host),
    ]) {
      const error = (await textOf(one, project('api')).catch((thrown) => thrown)) as UserError;
      assert.match(error.message, /elsewhere.* is not in the repository /);
      assert.match(error.details.remedy ?? '', /put it there/);
    }
  });

  it('has env files that Git ignores made from secrets, where there is no example of them', async () => {
    execFileSync('git', ['init', '--quiet', root]);
    const write = (file: string) => fs.writeFileSync(path.join(root, file), 'A=1\n');
    for (const file of ['.env', '.env.test', '.env.api', '.env.api.example']) write(file);
    fs.writeFileSync(path.join(root, '.gitignore'), '.env.*\n!*.example\n');
    const envFiles = ['.env', '.env.test', '.env.api'].map((file) => path.join(root, file));
    const text = await textOf(declared({ envFiles }), project('api'));
    const [first, second] = runsOf(text);
    assert.deepEqual(
      [first, second],
      [
        'Make env files from secrets: printf \'%s\\n\' "$ENV_TEST" > .env.test',
        'Make env files from their examples: [ -f .env.api ] || cp .env.api.example .env.api',
      ],
    );
    assert.match(text, /# Git ignores these files.*\(ENV_TEST\)/);
    assert.match(text, /ENV_TEST: \$\{\{ secrets\.ENV_TEST \}\}/);
  });
});

/** `Bring up: docker compose …` for each step that runs something. */
function runsOf(text: string): string[] {
  const [job] = Object.values(parse(text).jobs) as { steps: { name?: string; run?: string }[] }[];
  return (job?.steps ?? []).flatMap(({ name, run }) => (run === undefined ? [] : [`${name}: ${run}`]));
}
