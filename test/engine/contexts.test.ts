import assert from 'node:assert/strict';
import fs from 'node:fs';
import { runOrFail } from '../support/processes';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../support/secondEngine';
import { removeFolder, temporaryFolder } from '../support/temporary';
import { BerthCommand, berth, berthOnTerminal } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

(noSecondEngineBecause() ? describe.skip : describe)('Docker contexts', () => {
  let engine: SecondEngine;
  let folder: ComposeFolder;
  let configuration: string;
  let watching: BerthCommand | undefined;

  const env = () => ({ DOCKER_CONFIG: configuration, DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined });
  const docker = (...args: string[]) => runOrFail('docker', args, { env: env() });

  before(async () => {
    configuration = temporaryFolder('contexts');
    engine = await startSecondEngine();
    await engine.load('berth/idle:1');
    const { DOCKER_HOST: host } = engine.environment;
    await docker('context', 'create', 'harbour', '--docker', `host=${host}`);
    folder = new ComposeFolder('contexts', { 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` }, host);
  });
  afterEach(async () => {
    watching?.process.kill('SIGINT');
    await watching?.ended;
    watching = undefined;
  });
  after(async () => {
    await folder?.dispose();
    await engine?.dispose();
    removeFolder(configuration);
  });

  it('are switched by "docker context use", and a watch follows', async () => {
    await folder.compose('up', '--detach');
    watching = new BerthCommand(['status', '--watch'], { cwd: folder.folder, env: env(), input: '' });
    await watching.until(/^dev {2}. stopped/);
    await docker('context', 'use', 'harbour');
    await watching.until(/^dev web: . running \(was/m);
    await docker('context', 'use', 'default');
    await watching.until(/^dev web: . stopped \(was/m);
  });

  it('are named by an environment, whose state and operations are there', async () => {
    folder.write('berth.yaml', 'environments:\n  dev:\n    context: harbour\n');
    const stopped = await berth(['stop', 'dev'], { cwd: folder.folder, env: env() });
    assert.equal(stopped.exitCode, 0, stopped.stderr);
    assert.equal((await folder.compose('ps', '--quiet')).trim(), '');
    const up = await berth(['up', 'dev'], { cwd: folder.folder, env: env() });
    assert.equal(up.exitCode, 0, up.stderr);
    assert.notEqual((await folder.compose('ps', '--quiet')).trim(), '');
    const { stdout } = await berth(['envs', '--json'], { cwd: folder.folder, env: env() });
    const [dev] = JSON.parse(stdout).environments;
    assert.deepEqual([dev.context, dev.health], ['harbour', 'running']);
  });

  it('are followed where "docker context update" leads them, by a watch of an environment that names one', async () => {
    folder.write('berth.yaml', 'environments:\n  dev:\n    context: harbour\n');
    await folder.compose('up', '--detach');
    watching = new BerthCommand(['status', '--watch'], { cwd: folder.folder, env: env(), input: '' });
    await watching.until(/^dev {2}. running/);
    const { DOCKER_HOST: host } = engine.environment;
    await docker('context', 'update', 'harbour', '--docker', 'host=unix:///var/run/docker.sock');
    await watching.until(/^dev web: . stopped \(was/m);
    await docker('context', 'update', 'harbour', '--docker', `host=${host}`);
    await watching.until(/^dev web: . running \(was/m);
  });

  it('that are switched after a question was asked: nothing goes, neither of the one engine nor of the other', async () => {
    fs.rmSync(folder.path('berth.yaml'), { force: true });
    const services = `services:\n  web:\n    ${IDLE}\n    volumes: ["data:/data"]\n`;
    folder.write('compose.yaml', `name: PROJECT\n${services}volumes:\n  data:\n`);
    const contexts = ['harbour', 'default'];
    const compose = (context: string, ...args: string[]) =>
      docker('--context', context, 'compose', '--file', folder.path('compose.yaml'), ...args);
    try {
      for (const context of contexts) await compose(context, 'up', '--detach');
      await docker('context', 'use', 'harbour');
      const asked = berthOnTerminal(['down', 'dev', '--volumes'], { cwd: folder.folder, env: env() });
      await asked.until(/Go on\? \[y\/N\] $/);
      await docker('context', 'use', 'default');
      asked.process.stdin?.write('y\n');
      const { exitCode, stdout } = await asked.ended;
      assert.match(stdout, /By now "dev" is on another Docker engine/);
      assert.equal(exitCode, 1);
      for (const context of contexts) {
        assert.match(await compose(context, 'ps', '--status', 'running', '--services'), /^web$/m);
      }
    } finally {
      await compose('default', 'down', '--volumes', '--timeout', '1');
    }
  });

  it('that are switched while tests run: nothing of the other engine goes with what the run has made', async () => {
    const services = `services:\n  web:\n    ${IDLE}\n    volumes: ["data:/data"]\n`;
    folder.write('compose.yaml', `name: PROJECT\n${services}volumes:\n  data:\n`);
    folder.write(
      'berth.yaml',
      `environments:
  dev:
    files: [compose.yaml]
    ephemeral: true
    commands:
      unit: { kind: test, service: web, run: [sh, -c, "echo waiting; while [ ! -e /tmp/go ]; do sleep 0.1; done"] }
`,
    );
    const compose = (context: string, ...args: string[]) =>
      docker('--context', context, 'compose', '--file', folder.path('compose.yaml'), ...args);
    try {
      await compose('harbour', 'down', '--volumes', '--timeout', '1');
      await compose('default', 'up', '--detach');
      await docker('context', 'use', 'harbour');
      const run = new BerthCommand(['test', 'dev'], {
        cwd: folder.folder,
        env: { ...env(), CI: undefined },
        input: '',
      });
      await run.until(/waiting/);
      await docker('context', 'use', 'default');
      await compose('harbour', 'exec', '-T', 'web', 'touch', '/tmp/go');
      const { exitCode, stderr } = await run.ended;
      assert.match(stderr, /By now "dev" is on another Docker engine[\s\S]*"dev" is not removed/);
      assert.equal(exitCode, 1);
      assert.match(await compose('default', 'ps', '--status', 'running', '--services'), /^web$/m);
      await docker('context', 'use', 'harbour');
      const clean = await berth(['clean', '--yes'], { cwd: folder.folder, env: env() });
      assert.match(clean.stdout, /Removed what was left of dev/, clean.stderr);
      assert.equal(await compose('harbour', 'ps', '--all', '--quiet'), '');
      assert.match(await compose('default', 'ps', '--status', 'running', '--services'), /^web$/m);
    } finally {
      await docker('context', 'use', 'default');
      await compose('default', 'down', '--volumes', '--timeout', '1');
    }
  });
});
