import { ComposeFolder } from '../../engine/support/composeFolder';
import { useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

describe('UI: an engine that is named wrong', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('ui-context', { 'compose.yaml': idleServices('web') });
      return { workspace: folder.folder, env: { DOCKER_CONTEXT: 'berth-nowhere' } };
    },
    async () => folder?.dispose(),
  );

  it('says what is wrong, above the environments', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilRows([/^ {2}Docker engine not reachable/, /^. dev unknown$/]);
    await workbench.page
      .locator('.part.sidebar .message', { hasText: 'There is no Docker context named "berth-nowhere".' })
      .waitFor();
    await workbench.screenshot('engine-named-wrong');
  });
});
