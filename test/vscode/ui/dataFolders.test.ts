import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { useBerthWorkbench } from './support/berthWorkbench';

const COMPOSE = `name: PROJECT
services:
  cache:   # keeps its data in the workspace
    image: redis:7-alpine
    command: redis-server --appendonly yes
    volumes:
      - ./data/redis:/data
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 1s
      retries: 30
`;

describe('UI: limits, and data in a folder of the workspace', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('limits', { 'limits/compose.yaml': COMPOSE });
      return { workspace: folder.path('limits') };
    },
    async () => folder?.dispose(),
  );
  const checkbox = (text: string) =>
    berth().workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: text });
  const redis = async (...args: string[]) =>
    (await folder.docker('exec', folder.container('cache'), 'redis-cli', ...args)).trim();

  it('limits a service in its compose file, and brings it up so', async () => {
    const { view, workbench } = berth();
    const { keyboard } = workbench.page;
    await view.open();
    await view.untilRows(['v dev stopped', '    cache stopped']);
    await view.choose(['More Operations', 'Limit Resources and Logs…'], 'dev', 'cache');
    await checkbox('Memory').click();
    await checkbox('Size of a log file').click();
    await workbench.screenshot('limits');
    await keyboard.press('Enter');
    await workbench.page.getByText('Memory of dev/cache, such as 512M.').first().waitFor();
    await workbench.quickInput.fill('64M');
    await keyboard.press('Enter');
    await workbench.page.getByText('Size of a log file of dev/cache').first().waitFor();
    await workbench.quickInput.fill('10m');
    await keyboard.press('Enter');
    const told = workbench.notification('The limits of dev/cache apply with the next up.');
    await told.waitFor();
    await workbench.page.getByRole('tab', { name: 'compose.yaml' }).waitFor();
    await workbench.screenshot('limits-written');
    const text = folder.read('limits/compose.yaml');
    assert.match(text, /cache: {3}# keeps.*memory: 64M\n.*max-size: 10m\n$/s);
    await told.getByRole('button', { name: 'Up' }).click();
    await view.untilRows(['v dev healthy · 1/1', '    cache healthy'], 60_000);
    const memory = await folder.docker('inspect', '--format', '{{.HostConfig.Memory}}', folder.container('cache'));
    assert.equal(memory.trim(), String(64 * 1024 ** 2));
  });

  it('shows what Compose says of a limit, and changes nothing then', async () => {
    const { view, workbench } = berth();
    const text = folder.read('limits/compose.yaml');
    await view.choose(['More Operations', 'Limit Resources and Logs…'], 'dev', 'cache');
    await checkbox('64M').click();
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.fill('12Q');
    await workbench.page.keyboard.press('Enter');
    await workbench.notification("invalid size: '12Q'").waitFor();
    await workbench.screenshot('limits-refused');
    assert.equal(folder.read('limits/compose.yaml'), text);
    assert.deepEqual(fs.readdirSync(folder.path('limits')).sort(), ['compose.yaml', 'data']);
  });

  it('resets with the data folders, having said which, and how large they are', async () => {
    const { view, workbench } = berth();
    await redis('SET', 'seen', 'yes');
    await view.choose(['Data Folders', 'Reset with Data Folders'], 'dev');
    await workbench.dialog.getByText('Reset dev, deleting its data?').waitFor();
    await workbench.dialog.getByText(/All that is in data folders: \S+\/data\/redis \([\d.,]+ ?[kM]?B\)/).waitFor();
    await workbench.screenshot('confirm-data-folders');
    await workbench.dialog.getByRole('button', { name: 'Reset with Data Folders' }).click();
    await workbench.page
      .locator('.part.statusbar', { hasText: 'dev is reset: healthy · 1/1' })
      .waitFor({ timeout: 60_000 });
    assert.equal(await redis('EXISTS', 'seen'), '0');
  });
});
