import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { ComposeFolder } from '../../engine/support/composeFolder';
import { copySystem } from '../../engine/support/systems';
import { poll } from '../../support/processes';
import { takePicture, useBerthWorkbench } from './support/berthWorkbench';

/** What Compose ignores, as the team of system A has it in each of its files. */
const VERSION = /^Remark, "version" has no effect/;

describe('UI: checks', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = copySystem('sherpa', {}, ['sherpa', 'sherpa-test', 'sherpa-ci']);
      const base = folder.read('sherpa/docker-compose.yml');
      // For a warning, whatever else is found.
      folder.write('sherpa/docker-compose.yml', base.replace('sherpa_dev_password', `\${SHERPA_PASSWORD}`));
      // A VS Code in a browser saves by itself.
      return { workspace: folder.path('sherpa'), settings: { 'files.autoSave': 'off' } };
    },
    async () => folder?.dispose(),
  );

  const tree = () => berth().workbench.tree('Checks');
  const finding = (spoken: RegExp) => tree().getByRole('treeitem', { name: spoken });
  const editorLine = (line: number) =>
    berth().workbench.page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line},` });
  const checkbox = (text: string) =>
    berth().workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: text });
  /** A button in the title of the view. */
  async function press(title: string): Promise<void> {
    const { page } = berth().workbench;
    const header = page.locator('.part.sidebar .pane-header', { hasText: 'Checks' });
    await header.hover();
    await header.getByRole('button', { name: title }).click();
  }
  async function untilGone(row: Locator): Promise<void> {
    assert.ok(await poll(async () => (await row.count()) === 0 || undefined, { limit: 30_000 }), 'it is still there');
  }

  it('lists what is found below each environment, and counts it on the icon', async () => {
    const { view, workbench } = berth();
    await view.open();
    // Room for the findings.
    await view.untilHasRows([/^v dev /]);
    await view.toggle('dev');
    await tree()
      .getByRole('treeitem', { name: /^dev, environment for development, / })
      .waitFor();
    await finding(VERSION).first().waitFor();
    await finding(/^Warning, The variable SHERPA_PASSWORD is not set/).waitFor();
    const badge = workbench.page.locator('.part.activitybar .badge[aria-label^="Berth - "]');
    assert.match((await badge.getAttribute('aria-label')) ?? '', /\d+ warning/);
    assert.match((await badge.textContent())?.trim() ?? '', /^\d+$/);
  });

  it('opens the place of a finding, underlined, with its code', async () => {
    const { workbench } = berth();
    await finding(VERSION).first().click();
    await workbench.page.getByRole('tab', { name: /^docker-compose\.yml/ }).waitFor();
    await editorLine(2).waitFor();
    await workbench.runCommand('View: Toggle Problems');
    await workbench.page.locator('.markers-panel').getByText('obsolete-version').first().waitFor();
    await takePicture(berth(), 'checks');
  });

  it('mends it with the keyboard, and knows that before it is saved', async () => {
    const { workbench } = berth();
    const { keyboard } = workbench.page;
    await workbench.runCommand('View: Focus Active Editor Group');
    const before = await finding(VERSION).count();
    await keyboard.press('Control+.');
    await workbench.page.locator('.action-widget').getByText('Remove "version"').waitFor();
    await workbench.screenshot('quick-fix');
    await keyboard.press('Enter');
    assert.ok(await poll(async () => (await finding(VERSION).count()) < before || undefined, { limit: 30_000 }));
    assert.match(folder.read('sherpa/docker-compose.yml'), /^version/m);
    await keyboard.press('Control+Z');
    assert.ok(await poll(async () => (await finding(VERSION).count()) === before || undefined, { limit: 30_000 }));
  });

  it('explains a code', async () => {
    const { workbench } = berth();
    await finding(VERSION).first().click({ button: 'right' });
    await workbench.focusMenuItem('Explain Finding');
    await workbench.page.keyboard.press('Enter');
    await workbench.webview.getByRole('heading', { name: /^obsolete-version: / }).waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('leaves a finding out by a comment', async () => {
    const { workbench } = berth();
    const unset = finding(/^Warning, The variable SHERPA_PASSWORD is not set/);
    await unset.click({ button: 'right' });
    await workbench.focusMenuItem('Ignore Finding');
    await workbench.page.keyboard.press('Enter');
    await untilGone(unset);
    assert.match(
      folder.read('sherpa/docker-compose.yml'),
      /^ {6}# berth-ignore unset-variable\n {6}POSTGRES_PASSWORD: /m,
    );
  });

  it('shows only the severities that are wanted, by environment or by file', async () => {
    const { workbench } = berth();
    await press('Group Findings by Environment, or by File');
    await tree()
      .getByRole('treeitem', { name: /^docker-compose\.test\.yml, file, / })
      .waitFor();
    await press('Filter Findings by Severity…');
    await checkbox('Remark').click();
    await workbench.page.keyboard.press('Enter');
    await untilGone(finding(VERSION));
    await workbench.runCommand('Berth: Filter Findings by Severity…');
    await checkbox('Remark').click();
    await workbench.page.keyboard.press('Enter');
    await finding(VERSION).first().waitFor();
    await workbench.runCommand('Berth: Group Findings by Environment, or by File');
  });

  it('shows all that is safe to fix before it is done, and does it', async () => {
    const { workbench } = berth();
    await press('Fix All Findings…');
    const told = workbench.notification('can be fixed so. Compose accepts the changes.');
    await told.waitFor();
    await workbench.page.getByRole('tab', { name: /^Fixes of \d+ findings/ }).waitFor();
    await workbench.screenshot('fix-all');
    assert.match(folder.read('sherpa/docker-compose.test.yml'), /^version/m);
    await told.getByRole('button', { name: 'Apply' }).click();
    await untilGone(finding(VERSION));
    const files = ['docker-compose.yml', 'docker-compose.test.yml', 'docker-compose.ci.yml'];
    const isSaved = () => files.every((file) => !/^version/m.test(folder.read(`sherpa/${file}`))) || undefined;
    assert.ok(await poll(async () => isSaved(), { limit: 20_000 }), 'the changes are not saved');
  });

  it('looks again when it is asked to', async () => {
    const { workbench } = berth();
    await press('Check Now');
    await workbench.page.locator('.part.statusbar', { hasText: 'Checked: ' }).waitFor();
  });
});
