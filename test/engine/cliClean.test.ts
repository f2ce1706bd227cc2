import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import { BerthCommand, berth } from './support/berthCommand';
import { ComposeFolder, IDLE_WITH_HEALTH } from './support/composeFolder';

const OVERLAY = 'services:\n  web:\n    environment: { FOR: tests }\n';
const COMMANDS = `environments:
  dev: { files: [compose.yaml], project: PROJECT }
  test:
    files: [compose.yaml, compose.test.yaml]
    project: PROJECT-test
    commands:
      unit: { kind: test, service: web, run: [sh, -c, 'touch /data/row; echo begun; sleep 600'] }
      quick: { kind: test, service: web, run: ['true'] }
`;

describe('berth clean', () => {
  let compose: ComposeFolder;
  const call = (...args: string[]) => berth(args, { cwd: compose.folder });
  const done = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await call(...args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  /** The names of all that the engine has of a project. */
  const allOf = async (project: string) => {
    const of = ['--filter', `label=com.docker.compose.project=${project}`];
    const names = await Promise.all([
      compose.docker('ps', '--all', '--format', '{{.Names}} {{.ID}}', ...of),
      compose.docker('volume', 'ls', '--format', '{{.Name}}', ...of),
      compose.docker('network', 'ls', '--format', '{{.Name}}', ...of),
    ]);
    return names.join('');
  };
  const clean = async (...args: string[]) => JSON.parse(await done('clean', '--yes', '--json', ...args)).removed;
  const test = () => `${compose.project}-test`;

  /** A test run that is killed once its command has begun. */
  const killedRun = async () => {
    const run = new BerthCommand(['test', 'test', 'unit'], { cwd: compose.folder });
    await run.until(/begun/);
    const kill = async () => {
      // Not the end of its output: what it has run in the container goes on.
      const ended = once(run.process, 'exit');
      run.process.kill('SIGKILL');
      await ended;
    };
    return { kill };
  };

  before(async () => {
    compose = new ComposeFolder('cliclean', {
      'compose.yaml': `services:\n  web:\n    ${IDLE_WITH_HEALTH}\n    volumes: ["data:/data"]\nvolumes: { data: {} }\n`,
      'compose.test.yaml': OVERLAY,
      'berth.yaml': COMMANDS,
    });
    compose.owns(test());
    await done('up', 'dev');
  });
  after(() => compose?.dispose());

  it('removes what a killed run has left, and nothing while it goes on, nor of other environments', async () => {
    const dev = await allOf(compose.project);
    const { kill } = await killedRun();
    assert.deepEqual(await clean(), []);
    assert.match(await allOf(test()), /-test-web-1/);
    await kill();
    const refused = await call('clean');
    assert.equal(refused.exitCode, 2);
    assert.match(
      refused.stderr,
      /no terminal to ask on[\s\S]*killed in "test"[\s\S]*Volumes.*-test_data[\s\S]*berth clean --yes/,
    );
    const removed = await clean();
    assert.deepEqual(
      removed.map(({ project, environment, containers, volumes }: Record<string, unknown>) => ({
        project,
        environment,
        containers,
        volumes,
      })),
      [{ project: test(), environment: 'test', containers: [`${test()}-web-1`], volumes: [`${test()}_data`] }],
    );
    assert.equal(await allOf(test()), '');
    assert.equal(await allOf(compose.project), dev);
    assert.equal(await done('clean'), 'Nothing is left of test runs.\n');
  });

  it('removes what has no container any more by the notes of the run, and not what came after', async () => {
    const { kill } = await killedRun();
    await kill();
    await compose.docker('rm', '--force', `${test()}-web-1`);
    const [left] = await clean();
    assert.deepEqual([left.containers, left.volumes], [[], [`${test()}_data`]]);
    // The same project, brought up and taken down by hand: what that leaves is somebody's.
    await done('up', 'test');
    await done('down', 'test');
    assert.deepEqual(await clean(), []);
    assert.equal((await allOf(test())).trim(), `${test()}_data`);
    await done('down', 'test', '--volumes', '--yes');
  });

  it('closes the notes of what it has removed, also where the environment names a context', async () => {
    const declared = compose.read('berth.yaml');
    compose.write('berth.yaml', declared.replace('  test:\n', '  test:\n    context: default\n'));
    const { kill } = await killedRun();
    await kill();
    assert.equal((await clean()).length, 1);
    const notes = fs.readdirSync(compose.path('.berth/runs'), { recursive: true, encoding: 'utf8' });
    const open = notes.filter(
      (name) => name.endsWith('run.json') && /running/.test(compose.read(`.berth/runs/${name}`)),
    );
    assert.deepEqual(open, []);
    compose.write('berth.yaml', declared);
  });

  it('leaves what was kept on purpose, unless it is asked to', async () => {
    await done('test', 'test', 'quick', '--keep');
    assert.deepEqual(await clean(), []);
    assert.match(await allOf(test()), /-test-web-1/);
    const [kept] = await clean('--kept');
    assert.deepEqual([kept.project, kept.kept], [test(), true]);
    assert.equal(await allOf(test()), '');
  });

  it('leaves what another machine has made', async () => {
    const labels = JSON.stringify({
      'dev.berth.run': 'one',
      'dev.berth.run.host': 'elsewhere',
      'dev.berth.run.kept': 'false',
    });
    compose.write('labels.yaml', `services: { web: { labels: ${labels} } }\n`);
    const files = ['-f', 'compose.yaml', '-f', 'compose.test.yaml', '-f', 'labels.yaml'];
    await compose.docker('compose', '-p', test(), ...files, 'up', '-d');
    assert.deepEqual(await clean('--kept'), []);
    await compose.docker('compose', '-p', test(), ...files, 'down', '-v');
  });

  it('finds no environments in the notes of runs', async () => {
    fs.mkdirSync(compose.path('.berth/runs/x'), { recursive: true });
    compose.write('.berth/runs/x/compose.ci.yaml', OVERLAY);
    const { environments } = JSON.parse(await done('envs', '--json'));
    assert.deepEqual(
      environments.map(({ name }: { name: string }) => name),
      ['dev', 'test'],
    );
  });
});
