import assert from 'node:assert/strict';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { useBerthWorkbench } from './support/berthWorkbench';

const BASE = `name: PROJECT
services:
  web:
    build: { context: ./web, target: production }
    environment: { API_KEY: "\${API_KEY:-hunter2}" }
    networks: [back]
  db:
    image: postgres:16-alpine
    volumes: ["data:/var/lib/postgresql/data"]
    restart: unless-stopped
    networks: [back]
networks: { back: {} }
volumes: { data: {} }
`;
const DEV = `services:
  web:
    build: { target: development }
    volumes: ["./web/src:/src:ro"]
    ports: ["8000:8000"]
`;
const TEST = `services:
  web: { ports: ["8001:8000"] }
  db: { volumes: !reset [], tmpfs: [/var/lib/postgresql/data], restart: "no" }
`;

describe('UI: the comparison of environments', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('ui-compare', {
        'compose.yaml': BASE,
        'compose.dev.yaml': DEV,
        'compose.test.yaml': TEST,
        'web/Dockerfile': 'FROM scratch AS development\nFROM scratch AS production\n',
      });
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );
  const page = () => berth().workbench.webview;
  const head = (name: string) => page().getByRole('columnheader', { name, exact: true });
  /** Waits until a row has these cells, read as a screen reader does. */
  const untilRow = (label: string, ...cells: readonly string[]) =>
    page()
      .getByRole('row')
      .filter({ has: page().getByRole('rowheader', { name: label, exact: true }) })
      .filter({ hasText: new RegExp(`${label}\\s*${cells.map(escaped).join('\\s*')}$`) })
      .first()
      .waitFor();
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const picker = () => berth().workbench.page.locator('.quick-input-widget');

  it('asks which, all of them chosen already, and shows them beside each other', async () => {
    const { view, workbench } = berth();
    await view.open();
    // All of it: a row that moves away from under the mouse offers nothing.
    await view.untilRows([
      'v dev stopped',
      '    db stopped',
      '    web stopped · 8000',
      '> test stopped',
      '> prod stopped',
    ]);
    for (const environment of ['dev', 'test', 'prod']) await view.untilOffers('Up', environment);
    await workbench.page.locator('.part.sidebar').hover();
    await workbench.page.getByRole('button', { name: 'Compare Environments' }).click();
    await picker().getByText('3 Selected').waitFor();
    await workbench.page.keyboard.press('Enter');
    for (const name of ['dev', 'test', 'prod']) await head(name).waitFor();
    await untilRow('differs: Ports', '8000 → 8000', '8001 → 8000', '-');
    await untilRow('differs: Build target', 'development', 'production', 'production');
    await untilRow('Image', ...Array(3).fill('built from web'));
    await untilRow('Credentials', ...Array(3).fill('API_KEY: variable'));
    await untilRow('differs: Data', 'named volume data', 'tmpfs at /var/lib/postgresql/data', 'named volume data');
    assert.equal(await page().getByText('hunter2').count(), 0);
    await workbench.runCommand('View: Close Primary Side Bar');
    await workbench.screenshot('comparison');
  });

  it('follows the files, also where nothing that the tree shows changes', async () => {
    folder.write('compose.test.yaml', TEST.replace('restart: "no"', 'restart: always'));
    await untilRow('differs: Restart', 'unless-stopped', 'always', 'unless-stopped');
  });

  it('shows only what differs, and everything again', async () => {
    await page().getByRole('link', { name: 'Show Only Differences' }).click();
    await page().getByRole('link', { name: 'Show Everything' }).waitFor();
    assert.equal(await page().getByText('Credentials').count(), 0);
    await untilRow('differs: Ports', '8000 → 8000', '8001 → 8000', '-');
    await berth().workbench.runCommand('Berth: Show Only Differences, or Everything');
    await page().getByText('Credentials').first().waitFor();
  });

  it('is there again when the window is opened anew', async () => {
    const { workbench } = berth();
    // By VS Code's own command, which waits until it has noted what is open.
    const loaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await untilRow('differs: Ports', '8000 → 8000', '8001 → 8000', '-');
    assert.equal(await workbench.page.locator('.notification-toast').count(), 0);
  });

  it('compares what is selected, and keeps that for the next time', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows([/^. dev/, /^. test/, /^. prod/]);
    await view.openMenuOfSelected(['dev'], ['test']);
    await view.chooseInMenu('Inspect', 'Compare Environments');
    await head('prod').waitFor({ state: 'detached' });
    await untilRow('differs: Ports', '8000 → 8000', '8001 → 8000');
    await workbench.runCommand('Berth: Compare Environments');
    await picker().getByText('2 Selected').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('keeps the column of an environment whose files are broken, with the error, and mends it', async () => {
    folder.write('compose.test.yaml', 'services:\n  web: { imago: x }\n');
    await page()
      .getByRole('columnheader', { name: /^test.*✖/s })
      .waitFor();
    await untilRow('Ports', '8000 → 8000', '?');
    await berth().workbench.screenshot('comparison-broken');
    folder.write('compose.test.yaml', TEST);
    await untilRow('differs: Ports', '8000 → 8000', '8001 → 8000');
  });
});
