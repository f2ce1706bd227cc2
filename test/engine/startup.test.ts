import assert from 'node:assert/strict';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE_WITH_HEALTH } from './support/composeFolder';

/** An environment that `berth.yaml` declares, with services that do not know of each other. */
describe('start-up in phases', () => {
  let folder: ComposeFolder;
  const declare = (startup: string) => folder.write('berth.yaml', `environments:\n  dev:\n    startup: ${startup}\n`);
  const started = async (service: string) =>
    (await folder.docker('inspect', '--format', '{{.State.StartedAt}}', `${folder.project}-${service}-1`)).trim();

  beforeEach(() => {
    folder = new ComposeFolder('phases', {
      'compose.yaml': `name: PROJECT\nservices:${['api', 'store', 'web'].map((name) => `\n  ${name}:\n    ${IDLE_WITH_HEALTH}`).join('')}\n`,
    });
  });
  afterEach(() => folder.dispose());

  it('starts each phase once the one before is healthy, and what is in none at last', async () => {
    declare('[[store], [api]]');
    const { exitCode, stderr } = await berth(['up', 'dev'], { cwd: folder.folder });
    assert.equal(exitCode, 0, stderr);
    const order = await Promise.all(['store', 'api', 'web'].map(started));
    assert.deepEqual(order, [...order].sort());
    const said = stderr
      .split('\n')
      .filter((line) => /✔ healthy|starting/.test(line))
      .map((line) => line.split(' (')[0]);
    assert.deepEqual(said, [
      ...['store', 'api', 'web'].flatMap((name) => [`${name}: ◌ starting`, `${name}: ✔ healthy`]),
    ]);
  });

  it('is the order in which all is made anew, too, and that of the commands that are shown', async () => {
    declare('[[store], [api]]');
    assert.equal((await berth(['up', 'dev'], { cwd: folder.folder })).exitCode, 0);
    const before = await started('web');
    for (const operation of [['recreate'], ['reset', '--yes']]) {
      const { exitCode, stderr } = await berth([...operation, 'dev'], { cwd: folder.folder });
      assert.equal(exitCode, 0, stderr);
      const order = await Promise.all(['store', 'api', 'web'].map(started));
      assert.deepEqual(order, [...order].sort());
      assert.equal(order.filter((time) => time > before).length, 3, 'all of them are new');
    }
    assert.equal((await berth(['stop', 'dev'], { cwd: folder.folder })).exitCode, 0);
    for (const operation of ['start', 'restart']) {
      const { exitCode, stderr } = await berth([operation, 'dev'], { cwd: folder.folder });
      assert.equal(exitCode, 0, stderr);
      const order = await Promise.all(['store', 'api', 'web'].map(started));
      assert.deepEqual(order, [...order].sort());
    }
    const { stdout } = await berth(['reset', 'dev', '--show-command'], { cwd: folder.folder });
    const lines = stdout.trim().split(' && ').slice(1);
    assert.deepEqual(
      lines.map((line) => line.replace(/^.*? (down|up) /, '$1 ')),
      ['down --remove-orphans --volumes', 'up --detach --wait -- store', 'up --detach --wait -- api', 'up --detach'],
    );
  });

  it('goes no further when a phase fails, and says which service did', async () => {
    declare('[[nothing, store], [api]]');
    const { exitCode, stderr } = await berth(['up', 'dev'], { cwd: folder.folder });
    assert.equal(exitCode, 2);
    assert.match(stderr, /no service "nothing"/);
    assert.equal(
      await folder.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${folder.project}`),
      '',
    );
  });
});
