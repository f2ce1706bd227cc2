import assert from 'node:assert/strict';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed, untilEnvironment } from './support/waiting';

describe('a service that depends on one whose container was removed', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    const web = `web:\n    ${IDLE}\n    depends_on: [store]`;
    folder = new ComposeFolder('dependency', {
      'compose.yaml': `name: PROJECT\nservices:\n  store:\n    ${IDLE}\n  ${web}\n`,
    });
    core = await OperatedFolder.open(folder);
    await core.do('up');
    await folder.docker('rm', '--force', folder.container('store'));
    await untilEnvironment(core.store, 'dev running: store stopped, web running');
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const described = () => describeEnvironment(environmentNamed(core.store, 'dev'));

  it('is stopped, started and restarted all the same, by itself and with all', async () => {
    for (const services of [['web'], []]) {
      await core.do('stop', 'dev', { services });
      assert.equal(described(), 'dev stopped: store stopped, web stopped');
      await core.do('start', 'dev', { services });
      await core.do('restart', 'dev', { services });
      assert.equal(described(), 'dev running: store stopped, web running');
    }
  });

  it('is taken down by itself', async () => {
    await core.do('down', 'dev', { services: ['web'] });
    assert.equal(await folder.compose('ps', '--all', '--quiet'), '');
  });
});
