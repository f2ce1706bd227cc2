import { ComposeFolder } from '../../engine/support/composeFolder';
import { useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

describe('UI: several workspace folders', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('ui-folders', {
        'shop/compose.yaml': idleServices('web'),
        'billing/compose.yaml': idleServices('api').replaceAll('PROJECT', 'PROJECT-billing'),
        'docs/README.md': '# No compose files here\n',
        'all.code-workspace': JSON.stringify({ folders: ['shop', 'billing', 'docs'].map((path) => ({ path })) }),
      });
      folder.owns(`${folder.project}-billing`);
      return { workspace: folder.path('all.code-workspace') };
    },
    async () => folder?.dispose(),
  );

  it('have a level each, if they have environments', async () => {
    const { view } = berth();
    await view.open();
    await view.untilRows([
      'v shop',
      '  v dev stopped',
      '      web stopped',
      'v billing',
      '  v dev stopped',
      '      api stopped',
    ]);
  });

  it('are told apart where their environments have the same name', async () => {
    const { view, workbench, status } = berth();
    await workbench.runCommand('Berth: Up');
    await workbench.screenshot('folders-picker');
    await workbench.option(/dev.*billing/).click();
    await view.untilRows([
      'v shop',
      '  v dev stopped',
      '      web stopped',
      'v billing',
      '  v dev healthy · 1/1',
      '      api healthy',
    ]);
    await status.filter({ hasText: 'billing: dev healthy' }).waitFor();
    await workbench.screenshot('folders');
  });
});
