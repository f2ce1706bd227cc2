import { ComposeFolder } from '../../engine/support/composeFolder';
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

  it('is opened for the command and the way that are chosen, and says where to save it', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows([/^. dev stopped$/]);
    await workbench.runCommand('Berth: Write CI Workflow…');
    await workbench.option(/^e2e/).click();
    await workbench.option(/^Docker Compose alone/).waitFor();
    await workbench.screenshot('ci-workflow-way');
    await workbench.option(/^Docker Compose alone/).click();
    await workbench.page.getByRole('tab', { name: /^(?:# Runs|Untitled)/ }).waitFor();
    await workbench.page.locator('.view-lines').getByText('npx playwright test').waitFor();
    await workbench.page.getByText('Save it as .github/workflows/berth-dev.yml.').first().waitFor();
    await workbench.screenshot('ci-workflow');
  });
});
