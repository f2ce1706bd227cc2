import assert from 'node:assert/strict';
import fs from 'node:fs';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed } from './support/waiting';

describe('two environments whose files name the same project', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    const file = (service: string) => `name: PROJECT\nservices:\n  ${service}:\n    ${IDLE}\n`;
    folder = new ComposeFolder('shared', { 'compose.dev.yaml': file('web'), 'compose.test.yaml': file('suite') });
    core = await OperatedFolder.open(folder);
    await core.do('up', 'dev');
    await core.do('up', 'test');
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const described = () => ['dev', 'test'].map((name) => describeEnvironment(environmentNamed(core.store, name)));

  it('have the containers that were made from their files', () => {
    assert.deepEqual(described(), ['dev running: web running', 'test running: suite running']);
  });

  it('stop, restart and start of one leave the other as it is', async () => {
    const [suite] = environmentNamed(core.store, 'test').services;
    await core.do('stop', 'dev');
    assert.deepEqual(described(), ['dev stopped: web stopped', 'test running: suite running']);
    await core.do('start', 'dev');
    await core.do('restart', 'dev');
    assert.deepEqual(described(), ['dev running: web running', 'test running: suite running']);
    assert.equal(environmentNamed(core.store, 'test').services[0], suite, 'not touched');
  });

  it('down of one removes its containers only, also while its files are broken', async () => {
    await core.do('down', 'test');
    assert.deepEqual(described(), ['dev running: web running', 'test stopped: suite stopped']);
    await core.do('up', 'test');
    folder.write('compose.test.yaml', 'name: PROJECT\nservices: [suite]\n');
    await core.store.filesChanged();
    await core.store.whenResolved();
    await core.do('down', 'test');
    assert.deepEqual(described(), ['dev running: web running', 'test stopped: suite stopped']);
    assert.match(await folder.docker('ps', '--all', '--format', '{{.Names}}'), new RegExp(`${folder.project}-web-1`));
  });

  it('down of the last one removes the network, too', async () => {
    await core.do('down', 'dev');
    assert.equal(await folder.docker('network', 'ls', '--quiet', '--filter', `name=${folder.project}`), '');
  });
});

describe('two checkouts of one repository in folders of one name', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    const file = `name: PROJECT\nservices:\n  db:\n    ${IDLE}\n    volumes: ["data:/data"]
  web:\n    ${IDLE}\n    depends_on: [db]\n    develop: { watch: [{ action: sync, path: ., target: /x }] }\nvolumes: { data: }\n`;
    folder = new ComposeFolder('checkouts', { 'mine/shop/compose.yaml': file, 'theirs/shop/compose.yaml': file });
    await folder.compose('--file', folder.path('theirs/shop/compose.yaml'), 'up', '--detach');
    core = await OperatedFolder.open(folder, folder.path('mine/shop'));
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const container = () => folder.docker('ps', '--all', '--quiet', '--no-trunc', '--filter', `name=${folder.project}`);

  /** What is found of that, among all findings. */
  const found = async () => {
    const { findings } = await core.berth.findings.check();
    return findings.filter(({ code }) => code === 'other-folder').map(({ message }) => message);
  };

  it('are a finding', async () => {
    const [message, ...others] = await found();
    assert.match(message ?? '', /^The containers of "dev" are not its own: .*theirs\/shop\.$/);
    assert.deepEqual(others, []);
  });

  it('do not make anew, take down or remove what is the other one’s', async () => {
    const before = await container();
    for (const operation of ['up', 'recreate', 'down', 'reset'] as const) {
      const { error } = await core.fail(operation, 'dev', { options: { volumes: true } });
      assert.match(error.message, /are not its own: they were made from files in .*theirs\/shop\.$/);
    }
    assert.equal(await container(), before);
    await core.do('stop');
  });

  it('are told on the command line, and what it runs or watches makes nothing anew, either', async () => {
    const before = await container();
    const call = (...args: string[]) => berth(args, { cwd: folder.path('mine/shop') });
    assert.match((await call('status')).stdout, /The containers of "dev" are not its own/);
    for (const args of [
      ['run', 'dev', 'web', '--', 'true'],
      ['watch', 'dev'],
      ['up', 'dev', '--attach'],
    ]) {
      const { exitCode, stderr } = await call(...args);
      assert.match(stderr, /are not its own/, args[0]);
      assert.equal(exitCode, 1);
    }
    assert.equal(await container(), before);
  });

  it('are one where the other folder has become this one', async () => {
    fs.rmSync(folder.path('theirs'), { recursive: true });
    await core.do('up');
    assert.deepEqual(await found(), []);
    await core.do('down', 'dev', { options: { volumes: true } });
    assert.equal(await container(), '');
  });
});
