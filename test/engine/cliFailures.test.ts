import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findOnPath } from '../support/paths';
import { BerthCommand, berth, cliScript } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { engineSocket, startProxy } from './support/engineApi';

/** A service that says it is unhealthy from the start: at once, or only after a minute of starting. */
const ILL = (startPeriod: string) => `    image: berth/idle:1
    stop_grace_period: 1s
    environment: { UNHEALTHY: no connection to the database }
    healthcheck: { test: ["CMD", "health"], interval: 1s, retries: 1, start_period: ${startPeriod} }`;

describe('the berth command line in trouble', () => {
  let compose: ComposeFolder | undefined;
  let command: BerthCommand | undefined;

  const make = (files: Readonly<Record<string, string>>) => {
    compose = new ComposeFolder('cli', files);
    return compose.folder;
  };
  const start = (args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv) => {
    command = new BerthCommand(args, { cwd, env, input: '' });
    return command;
  };

  afterEach(async () => {
    command?.process.kill('SIGKILL');
    command = undefined;
    await compose?.dispose();
    compose = undefined;
  });

  it('up names the service that fails, shows why, and what to try', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  db:\n    ${IDLE}\n  web:\n${ILL('0s')}\n` });
    const { exitCode, stdout, stderr } = await berth(['up'], { cwd });
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, /^web: ✖ unhealthy \(/m);
    assert.match(stderr, /✖ Service "web" is unhealthy: its health check fails\./);
    assert.match(stderr, /no connection to the database/);
    assert.match(stderr, /Try:\n {4}berth logs dev web\n {4}berth up dev\n {4}berth down dev\n/);

    const json = JSON.parse((await berth(['up', '--json'], { cwd })).stdout);
    assert.deepEqual(
      [json.version, json.operation, json.result, json.service, json.error.kind],
      [1, 'up', 'failed', 'web', 'failed'],
    );
    assert.match(json.error.output, /no connection to the database/);
    assert.equal(json.environment.health, 'unhealthy');
  });

  it('up that is cancelled leaves running what runs, and says so', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n${ILL('60s')}\n` });
    const up = start(['up', 'dev'], cwd);
    await up.until(/^web: ◌ starting/m, 'stderr');
    up.process.kill('SIGINT');
    const { exitCode, stdout, stderr } = await up.ended;
    assert.deepEqual([exitCode, stdout], [130, '']);
    assert.match(stderr, /Cancelling/);
    assert.match(stderr, /Cancelled\. What runs goes on: web\. To end it: berth down dev\n$/);
    assert.match((await compose?.compose('ps', '--format', '{{.State}}')) ?? '', /running/);
  });

  it('up that is cancelled tells the same as JSON', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n${ILL('60s')}\n` });
    const up = start(['up', 'dev', '--json'], cwd);
    await up.until(/^web: ◌ starting/m, 'stderr');
    up.process.kill('SIGTERM');
    const { exitCode, stdout } = await up.ended;
    const { version, result, running } = JSON.parse(stdout);
    assert.deepEqual([exitCode, version, result, running], [130, 1, 'cancelled', ['web']]);
  });

  it('a second Ctrl-C ends what does not listen to the first', async function () {
    if (process.platform === 'win32') return this.skip();
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    // A docker that can't be interrupted: the real one always can. Its connection tells how long it lives.
    const stubborn = path.join(cwd, 'bin', 'docker');
    const socketPath = path.join(cwd, 's');
    compose?.write(
      'bin/docker',
      `#!${process.execPath}
if (process.argv.includes('up')) {
  process.on('SIGINT', () => console.log('interrupted'));
  const socket = require('node:net').connect(${JSON.stringify(socketPath)}, () => socket.write('up'));
  socket.on('close', () => process.exit());
} else {
  const { status } = require('node:child_process').spawnSync(${JSON.stringify(findOnPath('docker'))}, process.argv.slice(2), { stdio: 'inherit' });
  process.exitCode = status;
}`,
    );
    fs.chmodSync(stubborn, 0o755);
    const sockets: net.Socket[] = [];
    const life = new EventEmitter();
    const server = net.createServer((socket) => {
      sockets.push(socket);
      socket.once('data', (word) => {
        assert.equal(String(word), 'up');
        life.emit('begun');
        socket.once('close', () => life.emit('ended'));
      });
    });
    server.listen(socketPath);
    try {
      const begun = once(life, 'begun');
      const ended = once(life, 'ended');
      const up = start(['up', '--verbose'], cwd, { PATH: `${path.dirname(stubborn)}:${process.env.PATH}` });
      await begun;
      up.process.kill('SIGINT');
      await up.until(/^interrupted$/m, 'stderr');
      up.process.kill('SIGINT');
      assert.equal((await up.ended).exitCode, 130);
      await ended;
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  it('broken files are told with file and line, and the other environments go on', async () => {
    const cwd = make({
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n`,
      'compose.test.yaml': 'services:\n  web:\n    image: "berth/idle:1\n',
    });
    const envs = await berth(['envs'], { cwd });
    assert.equal(envs.exitCode, 0);
    assert.match(envs.stdout, /^dev .*○ stopped {2}0\/1/m);
    assert.match(envs.stdout, /^test .*\n {2}✖ compose\.test\.yaml:\d+:\d+: Invalid YAML: /m);

    const up = await berth(['up', 'test'], { cwd });
    assert.equal(up.exitCode, 1);
    assert.match(up.stderr, /^✖ Invalid YAML: .*\n {2}compose\.test\.yaml:\d+:\d+\n/m);
    const { error } = JSON.parse((await berth(['up', 'test', '--json'], { cwd })).stdout);
    assert.deepEqual([error.kind, error.place.file], ['configuration', path.join(cwd, 'compose.test.yaml')]);
    assert.equal(typeof error.place.line, 'number');

    assert.equal((await berth(['up', 'dev'], { cwd })).exitCode, 0);
  });

  it('a refused file is told by up, too, which does not wait for what Compose says of it', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    ports: 80\n` });
    const { exitCode, stderr } = await berth(['up'], { cwd });
    assert.equal(exitCode, 1);
    assert.match(stderr, /ports must be a list\n {2}compose\.yaml:6:5\n/);
  });

  it('a variable that is not set is told with its place, and hinders nothing', async () => {
    const compose = [
      'name: PROJECT',
      'services:',
      '  web:',
      `    ${IDLE}`,
      '    environment:',
      `      A: "\${BERTH_UNSET}"`,
    ];
    const cwd = make({ 'compose.yaml': `${compose.join('\n')}\n` });
    const { stdout, exitCode } = await berth(['envs'], { cwd });
    assert.equal(exitCode, 0);
    const line = compose.join('\n').split('\n').length;
    assert.match(
      stdout,
      new RegExp(`^dev .*\\n {2}▲ compose\\.yaml:${line}:11: The variable BERTH_UNSET is not set`, 'm'),
    );
    const set = await berth(['envs'], { cwd, env: { BERTH_UNSET: 'x' } });
    assert.doesNotMatch(set.stdout, /▲/);
  });

  it('ends with 1 when what it says does not arrive, unless its reader had enough', async function () {
    if (process.platform !== 'linux') return this.skip();
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const script = (line: string) => new BerthCommand(['-c', line], { cwd, input: '' }, ['sh']).ended;
    const command = `'${process.execPath}' '${cliScript}' envs --json`;
    const full = await script(`${command} >/dev/full`);
    assert.equal(full.exitCode, 1, full.stderr);
    assert.match(full.stderr, /Standard output can't be written: .*ENOSPC/);
    assert.deepEqual(await script(`${command} | true`), { exitCode: 0, stdout: '', stderr: '' });
  });

  it('without an engine: envs goes on with unknown health, everything else ends with 3', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const env = { DOCKER_HOST: 'unix:///nonexistent' };
    const envs = await berth(['envs'], { cwd, env });
    assert.equal(envs.exitCode, 0);
    assert.match(envs.stdout, /^dev .*\? unknown {2}\?\/1/m);
    assert.match(envs.stderr, /No Docker engine answers at \/nonexistent/);
    assert.equal(JSON.parse((await berth(['envs', '--json'], { cwd, env })).stdout).engine.state, 'lost');

    for (const args of [['up'], ['down'], ['status'], ['logs'], ['shell'], ['open']]) {
      const { exitCode, stdout, stderr } = await berth(args, { cwd, env });
      assert.deepEqual([args, exitCode, stdout], [args, 3, '']);
      assert.match(stderr, /No Docker engine answers at \/nonexistent/);
    }
    const json = JSON.parse((await berth(['up', '--json'], { cwd, env })).stdout);
    assert.deepEqual([json.version, json.error.kind], [1, 'engine-unreachable']);
  });

  it('with a context that there is not: says so, and blames no file', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const env = { DOCKER_CONTEXT: 'berth-nowhere', DOCKER_HOST: undefined };
    const envs = await berth(['envs'], { cwd, env });
    assert.equal(envs.exitCode, 0);
    assert.match(envs.stderr, /no Docker context named "berth-nowhere"/);
    assert.doesNotMatch(envs.stdout, /✖/);
    const [dev] = JSON.parse((await berth(['envs', '--json'], { cwd, env })).stdout).environments;
    assert.equal(dev.error.kind, 'engine-unreachable');
    assert.match(dev.error.message, /which engine is meant: context "berth-nowhere": context not found\.$/);
    assert.equal((await berth(['up'], { cwd, env })).exitCode, 3);
  });

  it('without the docker command: says how to get it, and ends with 3', async () => {
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const env = { PATH: cwd, Path: cwd };
    for (const args of [['up'], ['status'], ['logs']]) {
      const { exitCode, stderr } = await berth(args, { cwd, env });
      assert.deepEqual([args, exitCode], [args, 3]);
      assert.match(stderr, /docker command line was not found\.\n {2}Install Docker/);
    }
    const envs = await berth(['envs'], { cwd, env });
    assert.equal(envs.exitCode, 0);
    assert.equal(envs.stderr.match(/was not found/g)?.length, 1, envs.stderr);
  });

  it('status --watch says when the engine is lost, and goes on when it is back', async function () {
    const socket = await engineSocket();
    if (!socket) return this.skip();
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const proxy = await startProxy(socket);
    try {
      const watching = start(['status', '--watch'], cwd, { DOCKER_HOST: proxy.dockerHost });
      await watching.until(/web +○ stopped/);
      proxy.drop();
      await watching.until(/✖ .*Waiting for it\.\n/, 'stderr');
      await watching.until(/✔ The Docker engine answers again\.\n/, 'stderr');
      await compose?.compose('up', '--detach');
      await watching.until(/^dev web: ● running \(was /m);
      watching.process.kill('SIGINT');
      assert.equal((await watching.ended).exitCode, 0);
    } finally {
      await proxy.close();
    }
  });

  it('logs that end because the engine is lost say so, and end with 3', async function () {
    const socket = await engineSocket();
    if (!socket) return this.skip();
    const cwd = make({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    await compose?.compose('up', '--detach');
    const proxy = await startProxy(socket);
    try {
      const following = start(['logs'], cwd, { DOCKER_HOST: proxy.dockerHost });
      await following.until(/idle: waiting/);
      await proxy.close();
      const { exitCode, stderr } = await following.ended;
      assert.equal(exitCode, 3, stderr);
      assert.match(stderr, /^✖ .*Docker engine/m);
    } finally {
      await proxy.close();
    }
  });
});
