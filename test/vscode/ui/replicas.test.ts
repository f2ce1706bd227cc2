import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ComposeFolder, IDLE } from '../../engine/support/composeFolder';
import { runOrFail } from '../../support/processes';
import { useBerthWorkbench } from './support/berthWorkbench';

/** In `gated`, a shell waits until somebody writes to the door. */
const COMPOSE = `name: PROJECT
services:
  gated:
    ${IDLE}
    environment: { PATH: "/gate:/bin:/usr/bin" }
    volumes: ["./gate:/gate"]
  web:
    ${IDLE}
`;
const GATED_SHELL = '#!/bin/sh\nread line </gate/door\nexec /bin/sh "$@"\n';

describe('UI: a service with several containers', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('fleet', { 'compose.yaml': COMPOSE, 'gate/sh': GATED_SHELL, note: 'for all' });
      fs.chmodSync(folder.path('gate/sh'), 0o755);
      await runOrFail('mkfifo', [folder.path('gate/door')]);
      await folder.compose('up', '--detach', '--scale', 'web=3');
      for (const index of [1, 2, 3]) await folder.docker('exec', name(index), 'sh', '-c', `echo ${index} >/number`);
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );
  const name = (index: number) => `${folder.project}-web-${index}`;
  const statusBar = (text: string) => berth().workbench.page.locator('.part.statusbar', { hasText: text });
  const question = (text: string) =>
    berth().workbench.page.locator('.quick-input-widget').getByText(text).first().waitFor();
  const whichContainer = () =>
    berth().workbench.page.locator('.quick-input-widget').getByPlaceholder('Which container of dev/web?').waitFor();
  const firstOption = () => berth().workbench.page.locator('.quick-input-widget').getByRole('option').first();

  it('asks in which a shell is to be opened, and begins with the last one', async () => {
    const { view, workbench } = berth();
    await view.open();
    // All of it: what a menu was opened on is not known any more once the tree is drawn anew.
    await view.untilRows(['v dev running · 2/2', '    gated running', '    web running · 3 containers']);
    await view.choose('Open Shell', 'dev', 'web');
    await whichContainer();
    assert.match((await firstOption().getAttribute('aria-label')) ?? '', new RegExp(`^${name(1)}, running`));
    await workbench.screenshot('which-container');
    await workbench.option(new RegExp(`^${name(2)}`)).click();
    await workbench.terminal('dev/web 2').waitFor();
    await workbench.terminalRows.filter({ hasText: '/ #' }).waitFor();
    await workbench.type('echo "number $(cat /number)"');
    await workbench.terminalRows.filter({ hasText: 'number 2' }).waitFor();
    await workbench.type('exit');
    await workbench.page.locator('.terminal-wrapper').waitFor({ state: 'hidden' });

    await view.choose(['Inspect', 'Inspect Container'], 'dev', 'web');
    await whichContainer();
    assert.match((await firstOption().getAttribute('aria-label')) ?? '', new RegExp(`^${name(2)}`));
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByRole('tab', { name: 'dev web 2 container.json' }).waitFor();
    await workbench.page
      .locator('.monaco-editor')
      .getByText(`"/${name(2)}"`)
      .first()
      .waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it('copies into all of them, and says in which something would be overwritten', async () => {
    const { view, workbench } = berth();
    await folder.docker('exec', name(2), 'sh', '-c', 'echo mine >/tmp/note');
    await view.choose(['Commands and Files', 'Copy to Container…'], 'dev', 'web');
    await workbench.option('All containers').click();
    await workbench.option('note').click();
    await question('To which folder of dev/web?');
    await workbench.page.keyboard.press('Enter');
    await workbench.dialog.getByText('Overwrite dev/web:/tmp/note?').waitFor();
    await workbench.dialog.getByText(`already in ${name(2)}.`).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Overwrite' }).click();
    await statusBar('Copied note to dev/web:/tmp/note').waitFor();
    for (const index of [1, 2, 3])
      assert.equal(await folder.docker('exec', name(index), 'cat', '/tmp/note'), 'for all');
  });

  it('says at once in the status bar what is waited for', async () => {
    const { view, workbench } = berth();
    await view.choose(['Commands and Files', 'Open Shell As…'], 'dev', 'gated');
    await statusBar('Looking for shells in gated…').waitFor();
    await workbench.notification('Looking for shells in gated').waitFor();
    await workbench.screenshot('waiting');
    await fs.promises.writeFile(folder.path('gate/door'), '\n');
    await workbench.option('ash').waitFor();
    await statusBar('Looking for shells in gated…').waitFor({ state: 'detached' });
    await workbench.page.keyboard.press('Escape');
  });

  it('is scaled down once it was said which containers go', async () => {
    const { view, workbench } = berth();
    const scale = async () => {
      await view.choose(['More Operations', 'Scale…'], 'dev', 'web');
      await question('How many containers should dev/web have?');
      await workbench.quickInput.fill('1');
      await workbench.page.keyboard.press('Enter');
      await workbench.dialog.getByText('Scale dev/web down?').waitFor();
      await workbench.dialog.getByText(new RegExp(`Containers: ${name(2)} \\(.*\\), ${name(3)} \\(`)).waitFor();
    };
    await scale();
    await workbench.screenshot('confirm-scale');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await workbench.dialog.waitFor({ state: 'detached' });
    await view.untilHasRows([/^ {4}web running · 3 containers/]);
    await scale();
    await workbench.dialog.getByRole('button', { name: 'Scale', exact: true }).click();
    await view.untilHasRows([/^ {4}web running$/]);
    await statusBar('dev/web is scaled').waitFor();

    await view.choose('Open Shell', 'dev', 'web');
    await workbench.terminal('dev/web').waitFor();
  });
});
