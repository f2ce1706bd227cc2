import assert from 'node:assert/strict';
import fs from 'node:fs';
import { removeFolder, temporaryFolder } from '../support/temporary';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

describe('a project of another folder, on the command line', () => {
  let elsewhere: ComposeFolder;
  let here: string;

  const call = (...args: string[]) => berth(args, { cwd: here });
  const running = async () =>
    (
      await elsewhere.docker('ps', '--filter', `label=com.docker.compose.project=${elsewhere.project}`, '--quiet')
    ).trim();

  before(async () => {
    here = fs.realpathSync(temporaryFolder('here'));
    elsewhere = new ComposeFolder('elsewhere', {
      'compose.yaml': `services:\n  web:\n    ${IDLE}\n    command: ["sh", "-c", "echo at sea; exec idle"]\n`,
    });
    await elsewhere.compose('up', '--detach');
  });
  after(async () => {
    await elsewhere?.dispose();
    removeFolder(here);
  });

  it('is listed when that is asked for, and only then', async () => {
    const { exitCode, stdout, stderr } = await call('envs', '--elsewhere', '--json');
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr, '');
    const { environments, elsewhere: others } = JSON.parse(stdout);
    assert.deepEqual(environments, []);
    const found = others.find(({ name }: { name: string }) => name === elsewhere.project);
    assert.deepEqual([found?.origin, found?.health, found?.project], ['running', 'running', elsewhere.project]);
    assert.equal(JSON.parse((await call('envs', '--json')).stdout).elsewhere, undefined);
    const table = await call('envs', '--elsewhere');
    assert.match(table.stdout, new RegExp(`^${elsewhere.project} +other +running +${elsewhere.project} +`, 'm'));
  });

  it('has a status, logs and a command line behind each operation', async () => {
    const status = await call('status', '--project', elsewhere.project);
    assert.match(status.stdout, new RegExp(`^${elsewhere.project}  . running  1/1 ready`));
    assert.match(status.stdout, /^ {2}known from its containers only$/m);
    const logs = await call('logs', '--project', elsewhere.project, '--no-follow');
    assert.match(logs.stdout, /at sea/);
    const shown = await call('stop', '--project', elsewhere.project, '--show-command');
    assert.match(shown.stdout, new RegExp(`--project-name ${elsewhere.project} .*stop`));
  });

  it('is stopped, started and taken down, by services, too', async () => {
    assert.equal((await call('stop', '--project', elsewhere.project, 'web')).exitCode, 0);
    assert.equal(await running(), '');
    assert.equal((await call('start', '--project', elsewhere.project)).exitCode, 0);
    assert.notEqual(await running(), '');
    const down = await call('down', '--project', elsewhere.project);
    assert.equal(down.exitCode, 0, down.stderr);
    assert.equal(await elsewhere.compose('ps', '--all', '--quiet'), '');
  });

  it('is not guessed: what there is not is wrong usage, and so is to name an environment besides', async () => {
    const unknown = await call('stop', '--project', 'berth-no-such-project');
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /There is nothing of a project "berth-no-such-project" on the engine\./);
    const both = await call('stop', '--all', '--project', elsewhere.project);
    assert.equal(both.exitCode, 2);
    assert.match(both.stderr, /Both --project and --all say what this is about\./);
  });
});
