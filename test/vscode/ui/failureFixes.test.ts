import { ComposeFolder, IDLE } from '../../engine/support/composeFolder';
import { freePort } from '../../support/ports';
import { useBerthWorkbench } from './support/berthWorkbench';

describe('UI: what mends a failure', () => {
  let folder: ComposeFolder;
  let holder: string;
  const berth = useBerthWorkbench(
    async () => {
      const port = await freePort(23530);
      folder = new ComposeFolder('mends', {
        'mends/compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE}
    ports: ["127.0.0.1:\${WEB_PORT:-1}:8080"]
`,
        'mends/.env': `WEB_PORT=${port}\n`,
      });
      holder = `${folder.project}-holder`;
      await folder.docker('run', '--detach', '--name', holder, '--publish', `127.0.0.1:${port}:80`, 'berth/idle:1');
      return { workspace: folder.path('mends') };
    },
    async () => {
      await folder?.docker('rm', '--force', holder);
      await folder?.dispose();
    },
  );

  it('is offered with it: another port, written where the port is', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows([/^. dev stopped/]);
    await view.press('Up', 'dev');
    const failure = workbench.notification(`is already in use by container "${holder}"`);
    await failure.getByRole('button', { name: /^Stop container/ }).waitFor();
    await failure.getByRole('button', { name: /^Publish port \d+ instead of \d+ \(\.env\)$/ }).click();
    await workbench.page.getByRole('tab', { name: /\.env/ }).waitFor();
    await view.press('Up', 'dev');
    await view.untilHasRows([/^v dev running/]);
  });

  it('is offered with its place, and the page of its code', async () => {
    const { view, workbench } = berth();
    const external = `${folder.project}-outside`;
    folder.write(
      'mends/compose.yaml',
      `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    networks: [outside]\nnetworks:\n  outside: { external: true, name: ${external} }\n`,
    );
    await folder.compose('down');
    await view.untilHasRows([/^v dev stopped/]);
    await view.press('Up', 'dev');
    const failure = workbench.notification(external);
    await failure.getByRole('button', { name: 'Make the network' }).waitFor();
    await workbench.screenshot('failure-explained');
    await failure.getByRole('button', { name: 'Open File' }).click();
    await workbench.page.locator('[id="status.editor.selection"]', { hasText: 'Ln 8,' }).waitFor();
    await view.press('Up', 'dev');
    await failure.getByRole('button', { name: 'More…' }).click();
    await workbench.screenshot('failure-more');
    await workbench.option('Explain missing-network').click();
    await workbench.webview.getByRole('heading', { name: /^missing-network: / }).waitFor();
    await view.press('Up', 'dev');
    try {
      await failure.getByRole('button', { name: 'Make the network' }).click();
      await workbench.page.locator('.part.statusbar', { hasText: 'Done: Make the network' }).waitFor();
      await view.press('Up', 'dev');
      await view.untilHasRows([/^v dev running/]);
    } finally {
      await folder.compose('down');
      await folder.docker('network', 'rm', '--force', external);
    }
  });
});
