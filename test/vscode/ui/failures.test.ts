import assert from 'node:assert/strict';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { freePort } from '../../support/ports';
import { takePicture, useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

/** What only the environment `dev` takes in, beside the base. */
const override = (port: number) => `# For development
services:
  web:
    command: idle listen 8080
    ports:
      - "127.0.0.1:${port}:8080"
`;
/** The same with a mistake in line 4. */
const brokenOverride = (port: number) => override(port).replace('command: idle', 'command: sh: idle');

/** Never becomes healthy. */
const FAILING_TEST = `# For tests
services:
  web:
    environment:
      UNHEALTHY: "GET /health: 503, no connection to the database"
`;

/** Takes its time: what its health check says does not count yet. */
const SLOW_CI = `# For continuous integration
services:
  web:
    environment:
      UNHEALTHY: warming up
    healthcheck:
      start_period: 120s
`;

describe('UI: what goes wrong', () => {
  let folder: ComposeFolder;
  let port: number;
  const berth = useBerthWorkbench(
    async () => {
      port = await freePort(23510);
      folder = new ComposeFolder('shop', {
        'shop/compose.yaml': idleServices('database', 'web'),
        'shop/compose.override.yaml': override(port),
        'shop/compose.test.yaml': FAILING_TEST,
        'shop/compose.ci.yaml': SLOW_CI,
      });
      folder.owns(`${folder.project}-test`, `${folder.project}-ci`);
      return { workspace: folder.path('shop') };
    },
    async () => folder?.dispose(),
  );

  const dev = (database: string, web: string) => [`    database ${database}`, `    web ${web} · ${port}`];
  const healthyDev = () => ['v dev healthy · 2/2', ...dev('healthy', 'healthy')];
  const stoppedDev = () => ['v dev stopped', ...dev('stopped', 'stopped')];

  it('a health check that fails shows in tree and status bar, until it is mended', async () => {
    const { view, status } = berth();
    await view.open();
    await view.untilRows([...stoppedDev(), '> test stopped', '> ci stopped']);
    await view.press('Up', 'dev');
    await view.untilHasRows(healthyDev());
    await folder.setHealth('web', 'out of memory');
    await view.untilHasRows(['v dev unhealthy · 1/2', ...dev('healthy', 'unhealthy')]);
    await status.filter({ hasText: 'dev unhealthy: web' }).waitFor();
    await folder.setHealth('web');
    await view.untilHasRows(healthyDev());
    await status.filter({ hasText: /dev healthy\s*$/ }).waitFor();
  });

  it('a published port opens in the browser', async () => {
    const { view, workbench } = berth();
    const [page] = await Promise.all([
      workbench.page.context().waitForEvent('page'),
      view.choose('Open Port in Browser', 'dev', 'web'),
    ]);
    await page.getByText('idle').waitFor();
    assert.equal(page.url(), `http://localhost:${port}/`);
    await page.close();
  });

  it('a service that does not come up is named, with what its health check printed', async () => {
    const { view, workbench } = berth();
    await view.choose('Open Compose File', 'test');
    await workbench.option('compose.test.yaml').click();
    await view.toggle('test');
    await view.press('Up', 'test');
    const failure = workbench.notification('test: Service "web" is unhealthy');
    await failure.filter({ hasText: 'GET /health: 503, no connection to the database' }).waitFor();
    await view.untilHasRows(['v test unhealthy · 1/2', '    database healthy', '    web unhealthy']);
    await takePicture(berth(), 'failure');

    await failure.getByRole('button', { name: 'Show Logs' }).click();
    await workbench.page.getByText('Logs: test/web').first().waitFor();
    await workbench.terminalRows.filter({ hasText: 'idle: waiting' }).waitFor();
  });

  it('it can be tried again, and be taken down', async () => {
    const { view, workbench } = berth();
    const failure = workbench.notification('test: Service "web" is unhealthy');
    await view.choose('Restart', 'test');
    await failure.getByRole('button', { name: 'More…' }).click();
    await workbench.option('Copy Details').click();
    await workbench.page.locator('.part.statusbar', { hasText: 'Copied the details' }).waitFor();
    const report = await workbench.clipboard();
    for (const part of [
      '### restart test failed',
      'no connection to the database',
      'docker compose',
      '- Docker Engine: ',
    ]) {
      assert.ok(report.includes(part), report);
    }
    await view.choose('Restart', 'test');
    await failure.getByRole('button', { name: 'Retry' }).click();
    await failure.waitFor({ state: 'hidden' });
    await failure.getByRole('button', { name: 'Down' }).click();
    await view.untilHasRows(['v test stopped', '    database stopped', '    web stopped']);
  });

  it('what is cancelled keeps running, and is said to', async () => {
    const { view, workbench } = berth();
    await view.toggle('ci');
    await view.press('Up', 'ci');
    await view.untilHasRows([/^v ci bringing up…/, '    database healthy', '    web starting']);
    await workbench.notification('Bringing up ci').getByRole('button', { name: 'Cancel' }).click();
    const cancelled = workbench.notification('ci: cancelled. Still running: database, web.');
    await cancelled.waitFor();
    await workbench.screenshot('cancelled');
    await view.untilHasRows(['v ci starting · 1/2', '    database healthy', '    web starting']);
    await cancelled.getByRole('button', { name: 'Down' }).click();
    await view.untilHasRows(['v ci stopped']);
  });

  it('a mistake in a file is shown with its place, and what runs stays in view', async () => {
    const { view, workbench } = berth();
    folder.write('shop/compose.override.yaml', brokenOverride(port));
    await view.untilHasRows([
      'v dev healthy · 2/2 · error in its files',
      /^ {4}compose\.override\.yaml:4 Invalid YAML: /,
      ...dev('healthy', 'healthy'),
      /test stopped/,
    ]);
    await view.tree.getByRole('treeitem', { name: /^Error, Invalid YAML/ }).click();
    await workbench.page.locator('[id="status.editor.selection"]', { hasText: 'Ln 4' }).waitFor();
    await workbench.page.getByRole('tab', { name: /compose\.override\.yaml/ }).waitFor();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.page
      .locator('.markers-panel')
      .getByRole('treeitem', { name: /Invalid YAML/ })
      .waitFor();
    await takePicture(berth(), 'problems');
  });

  it('while the files are wrong, what runs can be stopped and taken down', async () => {
    const { view } = berth();
    await view.press('Stop', 'dev');
    await view.untilHasRows(dev('stopped', 'stopped'));
    await view.press('Down', 'dev');
    await view.untilHasRows([/^v dev error/, ...dev('stopped', 'stopped')]);
  });

  it('once the file is mended, the error is gone', async () => {
    const { view, workbench } = berth();
    folder.write('shop/compose.override.yaml', override(port));
    await view.untilHasRows([...stoppedDev(), /test stopped/]);
    await workbench.page.locator('.markers-panel').getByText('No problems').waitFor();
  });
});
