import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { poll, run } from '../../support/processes';
import { useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

describe('UI: a CI workflow', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      const Makefile =
        'up:\n\tdocker compose up -d --wait\nunit: up\n\tpytest tests/unit\ne2e: up\n\tnpx playwright test\n';
      folder = new ComposeFolder('flow', { 'compose.yaml': idleServices('web'), Makefile });
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );

  it('is opened for the command and the way that are chosen, and saved where it belongs, with what it needs', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows([/^. dev stopped$/]);
    await workbench.runCommand('Berth: Write CI Workflow…');
    await workbench.option(/^unit/).click();
    await workbench.option(/^Docker Compose alone/).waitFor();
    await workbench.screenshot('ci-workflow-way');
    await workbench.option(/^berth test/).click();
    await workbench.page.locator('.view-lines').getByText('node tools/berth.js test dev unit').waitFor();
    await workbench.screenshot('ci-workflow');
    await workbench.page.keyboard.press('Control+s');
    const isSaved = () => fs.existsSync(folder.path('.github/workflows/berth-dev.yml')) || undefined;
    assert.ok(await poll(isSaved, { limit: 20_000 }));
    const said = workbench.notification('saving it puts it at .github/workflows/berth-dev.yml.');
    await said.getByRole('button', { name: 'Copy It There' }).click();
    await workbench.page.getByText("Copied Berth's command line to tools/berth.js").first().waitFor();
    const { stdout } = await run(process.execPath, [folder.path('tools/berth.js'), 'test', '--help']);
    assert.match(stdout, /berth test/);
  });

  it('is put beside one that there is', async () => {
    const { workbench } = berth();
    await workbench.runCommand('Berth: Write CI Workflow…');
    await workbench.option(/^e2e/).click();
    await workbench.option(/^Docker Compose alone/).click();
    await workbench.page.getByRole('tab', { name: 'berth-dev-2.yml' }).waitFor();
    await workbench.page.locator('.view-lines').getByText('npx playwright test').waitFor();
    await workbench.notification('saving it puts it at .github/workflows/berth-dev-2.yml.').waitFor();
  });
});
