import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE_WITH_HEALTH } from './support/composeFolder';

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

/** A generated workflow, whose steps are run as GitHub's machines run them: with bash, in order, in a shell of its own each. */
describe('berth ci-workflow --compose', () => {
  let folder: ComposeFolder;
  const project = () => `${folder.project}-ci`;

  beforeEach(() => {
    folder = new ComposeFolder('workflow', {
      'compose.yaml': `services:\n  store:\n    ${IDLE_WITH_HEALTH}\n  api:\n    ${IDLE_WITH_HEALTH}\n    environment:\n      LEVEL: \${LEVEL}\n    volumes: [data:/data]\nvolumes:\n  data:\n`,
      '.env.ci.example': 'LEVEL=seven\n',
    });
    folder.owns(project());
  });
  afterEach(() => folder.dispose());

  /** Runs the workflow of the environment with a test command. @returns what each step ended with, by its name. */
  const run = (test: string, more = 'collect: [/data/report]') =>
    runDeclared(`{ kind: test, service: api, run: [sh, -c, "${test}"], ${more} }`);
  const runDeclared = async (test: string) => {
    folder.write(
      'berth.yaml',
      `environments:
  ci:
    project: ${project()}
    envFiles: [.env.ci]
    startup: [[store]]
    commands:
      migrate: { kind: setup, service: api, run: [sh, -c, "echo $LEVEL > /data/schema"] }
      test: ${test}
`,
    );
    folder.write('.env.ci', 'LEVEL=six\n');
    const { exitCode, stdout, stderr } = await berth(['ci-workflow', '--compose'], { cwd: folder.folder });
    assert.equal(exitCode, 0, stderr);
    // As in a fresh clone: what git ignores is not there.
    fs.rmSync(folder.path('.env.ci'));
    const { jobs } = parse(stdout);
    const cwd = jobs.ci.defaults?.run['working-directory'] ?? '.';
    return runSteps(jobs.ci.steps, path.join(folder.folder, cwd));
  };
  const runSteps = (steps: readonly Step[], cwd: string) => {
    const ended: Record<string, number | null> = {};
    let printed = '';
    let hasFailed = false;
    for (const { name = '', if: condition, run: script, env, 'working-directory': own } of steps) {
      const isMeant = condition === 'always()' || (condition === 'failure()') === hasFailed;
      if (script === undefined || !isMeant) continue;
      const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
        cwd: own === undefined ? cwd : path.join(folder.folder, own),
        env: { ...process.env, GITHUB_WORKSPACE: folder.folder, ...env },
        encoding: 'utf8',
      });
      ended[name] = status;
      printed += stdout + stderr;
      hasFailed ||= status !== 0;
    }
    return { ended, printed };
  };
  const left = async () =>
    Promise.all(
      [
        ['ps', '--all'],
        ['volume', 'ls'],
        ['network', 'ls'],
      ].map(async (words) =>
        (await folder.docker(...words, '--quiet', '--filter', `label=com.docker.compose.project=${project()}`)).trim(),
      ),
    );

  it('passes with the tests, in phases, after what sets it up, and keeps what they leave', async () => {
    const { ended, printed } = await run('grep -x seven /data/schema && echo fine > /data/report');
    assert.deepEqual(
      ended,
      {
        ...{ 'Make env files from their examples': 0, 'Bring up store': 0, 'Bring up': 0, migrate: 0, test: 0 },
        ...{ 'Collect what the tests left': 0, Remove: 0 },
      },
      printed,
    );
    assert.equal(folder.read('collected/data/report'), 'fine\n');
    assert.deepEqual(await left(), ['', '', '']);
  });

  it('fails as the tests do, shows the logs, and removes everything', async () => {
    const { ended, printed } = await run('echo broken > /data/report; exit 7');
    assert.deepEqual([ended.test, ended.Logs, ended.Remove], [7, 0, 0], printed);
    assert.equal(folder.read('collected/data/report'), 'broken\n');
    assert.deepEqual(await left(), ['', '', '']);
  });

  it('copies out of a container that is made for the tests', async () => {
    const more = 'newContainer: true, cwd: /tmp, collect: [report]';
    const { ended, printed } = await run('echo new > report; exit 3', more);
    assert.deepEqual([ended.test, ended['Collect what the tests left']], [3, 0], printed);
    assert.equal(folder.read('collected/report'), 'new\n');
    const container = await folder.docker('ps', '--all', '--quiet', '--filter', `name=^/${project()}-tests$`);
    assert.equal(container.trim(), '');
    assert.deepEqual(await left(), ['', '', '']);
  });

  it('gives tests on the machine itself what env files say as Compose reads it, and runs nothing of that', async () => {
    const values = ['LEVEL=seven', 'PASS=a$$b', 'URL=x&touch marked', 'PART=$(touch marked)', 'KEY="two', 'line\'s"'];
    folder.write('.env.ci.example', [...values, 'OF=$LEVEL', 'OWN=file', 'a.b=c'].join('\n'));
    const script = 'fs.writeFileSync(`told`, JSON.stringify(process.env, process.argv.slice(1)))';
    const names = ['LEVEL', 'PASS', 'URL', 'PART', 'KEY', 'OF', 'OWN'];
    const words = [process.execPath, '-e', script, ...names];
    const { ended, printed } = await runDeclared(
      `{ kind: test, run: ${JSON.stringify(words)}, env: { OWN: declared }, collect: [told] }`,
    );
    assert.equal(ended.test, 0, printed);
    assert.deepEqual(JSON.parse(folder.read('told')), {
      ...{ LEVEL: 'seven', PASS: 'a$b', URL: 'x&touch marked', PART: '$(touch marked)', KEY: "two\nline's" },
      ...{ OF: 'seven', OWN: 'declared' },
    });
    assert.ok(!fs.existsSync(folder.path('marked')));
  });

  it('is written to a file, and over one that is there only when told to', async () => {
    folder.write(
      'berth.yaml',
      'environments: { ci: { commands: { unit: { kind: test, run: npm test } } }, dev: { purpose: development } }',
    );
    folder.write('.env', 'LEVEL=one');
    const write = (...more: string[]) =>
      berth(['ci-workflow', '--output', '.github/workflows/ci.yml', ...more], { cwd: folder.folder });
    const { exitCode, stdout, stderr } = await write();
    assert.deepEqual([exitCode, stdout], [0, '✔ Wrote .github/workflows/ci.yml.\n'], stderr);
    assert.match(folder.read('.github/workflows/ci.yml'), /node tools\/berth\.js test ci unit/);
    folder.write('.github/workflows/ci.yml', 'mine');
    const refused = await write();
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /ci\.yml is there, and would be replaced\.[\s\S]*--yes/);
    assert.equal(folder.read('.github/workflows/ci.yml'), 'mine');
    assert.equal((await write('--yes')).exitCode, 0);
    assert.match(folder.read('.github/workflows/ci.yml'), /^# Runs "unit"/);
  });

  it('says what is missing where no command runs tests', async () => {
    const { exitCode, stderr } = await berth(['ci-workflow'], { cwd: folder.folder });
    assert.equal(exitCode, 2);
    assert.match(stderr, /No command that runs tests is known here\./);
  });
});
