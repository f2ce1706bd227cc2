import assert from 'node:assert/strict';
import type { ComposeFolder } from '../../engine/support/composeFolder';
import { takePicture, useBerthWorkbench } from './support/berthWorkbench';
import { type TemplateProject, templateProject } from './support/projects';

describe('UI: the environments of a project', () => {
  let project: TemplateProject;
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      project = await templateProject();
      folder = project.folder;
      return { workspace: project.workspace };
    },
    async () => folder?.dispose(),
  );

  /** The rows of dev's and test's services. */
  const dev = (postgres: string, redis: string) => [
    `    postgres ${postgres} · ${project.ports.postgres}`,
    `    redis ${redis} · ${project.ports.redis}`,
  ];
  const test = (postgres: string, redis: string) => [
    `    postgres ${postgres} · ${project.ports.testPostgres}`,
    `    redis ${redis} · ${project.ports.testRedis}`,
  ];

  it('lists what can be run, with what each is for and contains', async () => {
    const { view, status } = berth();
    await view.open();
    await view.untilRows(['v dev stopped', ...dev('stopped', 'stopped'), '> test stopped', '> ci stopped']);
    for (const environment of ['dev', 'test', 'ci']) await view.untilOffers('Up', environment);
    await view.toggle('ci');
    await view.untilRows([
      'v dev stopped',
      ...dev('stopped', 'stopped'),
      '> test stopped',
      'v ci stopped',
      '    postgres stopped',
      '    redis stopped',
    ]);
    await view.toggle('ci');
    const spoken = await view.spoken();
    for (const purpose of ['development', 'test', 'continuous integration']) {
      assert.ok(
        spoken.some((text) => text.includes(`environment for ${purpose}, stopped`)),
        spoken.join('\n'),
      );
    }
    await status.filter({ hasText: 'dev stopped' }).waitFor();
  });

  it('brings one up at the press of a button, and follows it to healthy', async () => {
    const { view, workbench, status } = berth();
    await view.press('Up', 'dev');
    await workbench.notification('Bringing up dev').waitFor();
    await view.untilHasRows([/^v dev bringing up… · \d\/2$/]);
    await status.filter({ hasText: 'dev bringing up…' }).waitFor();
    await view.untilRows(
      ['v dev healthy · 2/2', ...dev('healthy', 'healthy'), '> test stopped', '> ci stopped'],
      60_000,
    );
    await status.filter({ hasText: /^\s*dev healthy\s*$/ }).waitFor();
    await workbench.notification('Bringing up dev').waitFor({ state: 'detached' });
  });

  it('brings up another beside it, from the command palette', async () => {
    const { view, workbench, status } = berth();
    await view.choose('Open Compose File', 'dev');
    await workbench.page.getByRole('tab', { name: /^compose\.yaml/ }).waitFor();
    await view.toggle('test');
    await workbench.runCommand('Berth: Up');
    await workbench.option('test').click();
    await view.untilHasRows([/^v test bringing up…/, /postgres (starting|healthy)/, /redis (starting|healthy)/]);
    await takePicture(berth(), 'environments');
    await view.untilHasRows(['v dev healthy · 2/2', /^[v>] test healthy · 2\/2/], 60_000);
    await status.filter({ hasText: 'dev healthy +1' }).waitFor();
    await workbench.screenshot('both');
  });

  it('shows what others do with the containers, and keeps what is selected and expanded', async () => {
    const { view, status } = berth();
    await view.untilRows([
      'v dev healthy · 2/2',
      ...dev('healthy', 'healthy'),
      'v test healthy · 2/2',
      ...test('healthy', 'healthy'),
      '> ci stopped',
    ]);
    await (await view.row('dev', 'redis')).click();
    await view.toggle('ci');
    const shown = (postgres: string, redis: string, whole: string) => [
      `v dev ${whole}`,
      ...dev(postgres, redis),
      'v test healthy · 2/2',
      ...test('healthy', 'healthy'),
      'v ci stopped',
      '    postgres stopped',
      '    redis stopped',
    ];
    const postgres = folder.container('postgres');
    await folder.docker('stop', postgres);
    await view.untilRows(shown('stopped', 'healthy', 'healthy · 1/2'));
    await status.filter({ hasText: 'dev healthy 1/2' }).waitFor();
    assert.deepEqual(await view.selected(), ['redis']);

    await folder.docker('start', postgres);
    await view.untilRows(shown('starting', 'healthy', 'starting · 1/2'));
    await view.untilRows(shown('healthy', 'healthy', 'healthy · 2/2'));

    await folder.docker('kill', postgres);
    await view.untilRows(shown('exited', 'healthy', 'exited · 1/2'));
    await status.filter({ hasText: 'dev exited: postgres +1' }).waitFor();
    await folder.docker('restart', postgres);
    await view.untilRows(shown('healthy', 'healthy', 'healthy · 2/2'));

    assert.deepEqual(await view.selected(), ['redis']);
    await view.toggle('ci');
  });

  it('follows the logs of a service in a terminal', async () => {
    const { view, workbench } = berth();
    await view.press('Show Logs', 'dev', 'postgres');
    await workbench.terminal('Logs: dev/postgres').waitFor();
    await workbench.terminalRows.filter({ hasText: 'database system is ready to accept connections' }).waitFor();
    await workbench.screenshot('logs');
  });

  it('opens a shell in a container', async () => {
    const { view, workbench } = berth();
    await view.choose('Open Shell', 'dev', 'redis');
    await workbench.terminal('dev/redis').waitFor();
    await workbench.type('echo $((6*7)); redis-cli ping');
    await workbench.terminalRows.filter({ hasText: /42.*PONG/s }).waitFor();
    await workbench.screenshot('shell');
    await workbench.type('exit');
    // The keys go elsewhere when it closes.
    await workbench.terminal('dev/redis').waitFor({ state: 'hidden' });
  });

  it('copies the address of a published port', async () => {
    const { view, workbench } = berth();
    await view.choose(['Copy', 'Copy Address'], 'dev', 'redis');
    await workbench.page.locator('.part.statusbar', { hasText: `Copied localhost:${project.ports.redis}` }).waitFor();
    assert.equal(await workbench.clipboard(), `localhost:${project.ports.redis}`);
  });

  it('offers in the status bar what can be done next', async () => {
    const { workbench, status } = berth();
    await status.click();
    await workbench.option('Show Logs of dev').waitFor();
    await workbench.screenshot('status-actions');
    await workbench.option('Stop test').click();
  });

  it('tells a screen reader the name and health of all there is', async () => {
    const { view, status } = berth();
    await view.untilHasRows([/test stopped/]);
    assert.deepEqual(await view.spoken(), [
      'dev, environment for development, healthy, 2 of 2 services ready',
      `postgres, service, healthy, published ports: ${project.ports.postgres}`,
      `redis, service, healthy, published ports: ${project.ports.redis}`,
      'test, environment for test, stopped',
      `postgres, service, stopped, published ports: ${project.ports.testPostgres}`,
      `redis, service, stopped, published ports: ${project.ports.testRedis}`,
      'ci, environment for continuous integration, stopped',
    ]);
    assert.equal(await status.getAttribute('aria-label'), 'Berth: environment dev healthy');
  });

  it('can be used with the keyboard alone', async () => {
    const { view, workbench } = berth();
    const { keyboard } = workbench.page;
    await workbench.runCommand('View: Focus into Primary Side Bar');
    await keyboard.press('Home');
    await keyboard.press('ArrowLeft');
    await view.untilHasRows([/^> dev healthy/, /^v test stopped/]);
    await keyboard.press('ArrowDown');
    assert.equal(await view.focused(), 'test');
    await keyboard.press('Shift+F10');
    await workbench.page.getByRole('menuitem', { name: 'Up', exact: true }).waitFor();
    await workbench.screenshot('context-menu');
    await workbench.focusMenuItem('Up');
    await keyboard.press('Enter');
    await view.untilHasRows([/^> dev healthy/, /^v test healthy · 2\/2/], 60_000);
    assert.equal(await view.focused(), 'test');
  });

  it('takes one down, and keeps its data', async () => {
    const { view, workbench, status } = berth();
    await view.press('Down', 'dev');
    await view.untilHasRows([/^[v>] dev stopped/]);
    await status.filter({ hasText: 'test healthy' }).waitFor();
    await workbench.page.locator('.part.statusbar', { hasText: 'dev is down; its volumes are kept' }).waitFor();
    assert.equal(await folder.compose('ps', '--all', '--quiet'), '');
    const label = `label=com.docker.compose.project=${folder.project}`;
    assert.equal(
      (await folder.docker('volume', 'ls', '--quiet', '--filter', label)).split('\n').filter(Boolean).length,
      2,
    );
  });
});
