import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { findOnPath } from '../support/paths';
import { run, runOrFail } from '../support/processes';
import { cliScript } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { engineSocket } from './support/engineApi';

// The command line alone, because each case wants a process with other surroundings: the words are core's.
describe('faults of what Docker is made of', () => {
  let folder: ComposeFolder;

  beforeEach(() => {
    folder = new ComposeFolder('docker', { 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    fs.mkdirSync(folder.path('bin'));
  });
  afterEach(() => folder.dispose());

  /** Puts a program of this text before all others. */
  const program = (name: string, text: string) =>
    fs.writeFileSync(folder.path(path.join('bin', name)), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const up = (env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [cliScript, 'up'], {
      cwd: folder.folder,
      env: { PATH: `${folder.path('bin')}${path.delimiter}${process.env.PATH}`, ...env },
    });

  it('a socket that one may not use: says so, and how to get to', async function () {
    const socket = await engineSocket();
    const setpriv = findOnPath('setpriv');
    if (!socket || !setpriv || process.getuid?.() !== 0) return this.skip();
    // A copy of the command line that this user can read, and nobody's own home.
    fs.copyFileSync(cliScript, folder.path('cli.js'));
    fs.chmodSync(folder.folder, 0o755);
    const anybody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, folder.path('cli.js')];
    const env = { HOME: folder.folder, DOCKER_HOST: `unix://${socket}` };
    const { exitCode, stderr } = await run(setpriv, [...anybody, 'up'], { cwd: folder.folder, env });
    assert.equal(exitCode, 3, stderr);
    assert.match(stderr, /You may not use the Docker engine at .*\n {2}Add your user to the group "docker"/);
    // What the files contain is known all the same.
    const envs = await run(setpriv, [...anybody, 'envs'], { cwd: folder.folder, env });
    assert.match(envs.stdout, /dev .*unknown/);
  });

  it('no Compose plugin: says so, and how to get it', async () => {
    // As the real command line complains that finds no plugin.
    program('docker', "echo \"docker: 'compose' is not a docker command. See 'docker --help'\" >&2; exit 1");
    const { exitCode, stderr } = await up();
    assert.equal(exitCode, 3, stderr);
    assert.match(stderr, /has no Compose plugin\.\n {2}Install Docker Compose 2\.20 or later/);
  });

  it('only docker-compose of version 1: says that this alone does not do', async () => {
    program('docker', 'echo "unknown flag: --file" >&2; exit 125');
    program('docker-compose', 'echo "docker-compose version 1.29.2, build 5becea4c"');
    const { exitCode, stderr } = await up();
    assert.equal(exitCode, 3, stderr);
    assert.match(stderr, /has no Compose plugin\.\n {2}Install .* as a plugin .*"docker-compose" alone does not do/);
  });

  it('a Compose that is too old: says so instead of what it stumbled over', async () => {
    const old = (version: string) =>
      program('docker', `[ "$2" = version ] && echo ${version} || { echo "unknown flag: --format" >&2; exit 1; }`);
    for (const version of ['2.17.3', 'v2.3.3', '1.29.2']) {
      old(version);
      const { exitCode, stderr } = await up();
      assert.equal(exitCode, 3, stderr);
      assert.match(
        stderr,
        new RegExp(`Docker Compose ${version.replace(/^v/, '')} is too old\\.\\n {2}Install Docker Compose 2\\.20`),
      );
    }
    old('2.20.0');
    assert.doesNotMatch((await up()).stderr, /too old/);
  });

  it('the version of Compose is asked only once something has failed', async () => {
    const docker = findOnPath('docker');
    const calls = folder.path('calls');
    program('docker', `echo "$@" >>'${calls}'\nexec '${docker}' "$@"`);
    assert.equal((await up()).exitCode, 0);
    assert.doesNotMatch(fs.readFileSync(calls, 'utf8'), /version/);
    await runOrFail(process.execPath, [cliScript, 'down'], { cwd: folder.folder });
  });
});
