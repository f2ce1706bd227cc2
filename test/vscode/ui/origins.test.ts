import fs from 'node:fs';
import path from 'node:path';
import { ComposeFolder, IDLE_WITH_HEALTH } from '../../engine/support/composeFolder';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../../support/secondEngine';
import { takePicture, useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

(noSecondEngineBecause() ? describe.skip : describe)('UI: where environments come from', () => {
  let engine: SecondEngine;
  let folder: ComposeFolder;
  let elsewhere: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      engine = await startSecondEngine();
      await engine.load('berth/idle:1');
      const { DOCKER_HOST: host } = engine.environment;
      folder = new ComposeFolder(
        'origins',
        {
          'compose.yaml': `${idleServices('web')}  tool:\n    profiles: [tools]\n    ${IDLE_WITH_HEALTH}\n`,
          'compose.remote.yaml': idleServices('web'),
          Makefile:
            'dev-up:\n\tdocker compose up -d\n\nremote-up:\n\tdocker --context harbour compose -f compose.remote.yaml up -d\n',
        },
        host,
      );
      elsewhere = new ComposeFolder('blog', { 'compose.yaml': idleServices('blog') }, host);
      await elsewhere.compose('up', '--detach', '--wait');
      return {
        workspace: folder.folder,
        env: engine.environment,
        settings: { 'berth.elsewhere.show': true, 'workbench.hover.delay': 300 },
      };
    },
    async () => {
      await elsewhere?.dispose();
      await folder?.dispose();
      await engine?.dispose();
    },
  );

  it('says in the tooltip how it knows an environment, with a link to the line', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows(['v dev stopped', '> Elsewhere on this engine 1 project']);
    await (await view.row('dev')).hover();
    const hover = workbench.page.locator('.monaco-hover').filter({ hasText: 'Origin: run by' });
    await hover.waitFor();
    await workbench.screenshot('origins');
    await hover.getByRole('link', { name: 'make dev-up (Makefile:1)' }).click();
    await workbench.page.getByRole('tab', { name: /^Makefile/ }).waitFor();
  });
});
