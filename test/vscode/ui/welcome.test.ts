import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { useBerthWorkbench } from './support/berthWorkbench';

describe('UI: a folder without compose files', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('ui-welcome', { 'README.md': '# New\n' });
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );

  it('is offered a template, and has its environments from that', async () => {
    const { view, workbench } = berth();
    await view.open();
    const create = view.welcome.getByRole('button', { name: 'Create from a Template' });
    await create.waitFor();
    await workbench.screenshot('welcome');
    await create.click();
    await workbench.page.getByRole('tab', { name: /^compose\.yaml/ }).waitFor();
    await view.untilHasRows(['v dev stopped', /^ {4}postgres stopped/, '> test stopped', '> ci stopped']);
    assert.deepEqual(fs.readdirSync(folder.folder).sort(), [
      'README.md',
      'compose.ci.yaml',
      'compose.test.yaml',
      'compose.yaml',
    ]);
  });

  it('is told what Berth does in a walkthrough', async () => {
    const { workbench } = berth();
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.option('Get Started with Berth').click();
    await workbench.page.getByText('See your environments').first().waitFor();
    await workbench.screenshot('walkthrough');
  });
});
