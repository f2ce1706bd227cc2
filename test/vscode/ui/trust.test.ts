import assert from 'node:assert/strict';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { useBerthWorkbench } from './support/berthWorkbench';
import { DockerWitness } from './support/dockerWitness';
import { idleServices } from './support/projects';

describe('UI: a workspace that is not trusted', () => {
  let witness: DockerWitness | undefined;
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      witness = await DockerWitness.start();
      folder = new ComposeFolder('ui-trust', { 'compose.yaml': idleServices('web') });
      return { workspace: folder.folder, workspaceTrust: true, env: witness?.environment };
    },
    async () => {
      await folder?.dispose();
      await witness?.dispose();
    },
  );

  before(function () {
    if (!witness) this.skip();
  });

  it('lists the environments from their text, offers nothing to do, and runs and connects to nothing', async () => {
    const { view, workbench, status } = berth();
    await view.open();
    await view.untilRows([/^ {2}Restricted mode/, /^[v>] dev unknown$/, '    web unknown']);
    // It follows the files all the same.
    folder.write('compose.test.yaml', 'services: { extra: { image: "berth/idle:1" } }');
    await view.untilHasRows([/^[v>] test unknown$/]);
    await (await view.row('dev')).hover();
    assert.equal(await (await view.row('dev')).getByRole('button').count(), 0, 'dev has buttons');
    assert.equal(await status.count(), 0, 'Berth is in the status bar');
    await workbench.screenshot('restricted');
    await workbench.activity('Testing').click();
    await view.welcome.getByText('so Berth runs no tests in it').waitFor();
    await view.welcome.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.screenshot('restricted-tests');
    await view.open();
    assert.deepEqual(witness?.testimony, { calls: [], connections: 0 });
  });

  it('comes alive when the workspace is trusted', async () => {
    const { view, workbench, status } = berth();
    await view.tree.getByRole('treeitem', { name: /^Restricted mode/ }).click();
    await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    // Newer versions show that editor above all else.
    await workbench.page.getByText('You trust this folder').click();
    await workbench.page.keyboard.press('Escape');
    await view.untilHasRows(['v dev stopped', '    web stopped', /^[v>] test stopped/]);
    await status.filter({ hasText: 'dev stopped' }).waitFor();
    await view.press('Up', 'dev');
    await view.untilHasRows(['v dev healthy · 1/1', '    web healthy']);
    // The witness does see what it is there to see.
    const { calls = [], connections = 0 } = witness?.testimony ?? {};
    assert.ok(connections > 0 && calls.some((call) => / up /.test(call)), calls.join('\n'));
  });
});
