import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ComposeFolder, IDLE } from '../../engine/support/composeFolder';
import { freePort } from '../../support/ports';
import { exited, poll } from '../../support/processes';
import { useBerthWorkbench } from './support/berthWorkbench';

/** What `dev` takes in beside the base: what others have is in lines 5, 8 and 10. */
const override = (web: number, api: number) => `services:
  web:
    ports:
      # a container of "test" has it
      - "127.0.0.1:${web}:8080"
  api:
    ports:
      - "127.0.0.1:${api}:8080"
  cache:
    container_name: PROJECT-cache
`;

describe('UI: checks of engine and machine', () => {
  let folder: ComposeFolder;
  let holder: string;
  let program: ChildProcess;
  let ports: readonly [number, number];
  const berth = useBerthWorkbench(
    async () => {
      ports = [await freePort(23540), await freePort(23541)];
      folder = new ComposeFolder('asked', {
        'asked/compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n  api:\n    ${IDLE}\n  cache:\n    ${IDLE}\n`,
        'asked/compose.override.yaml': override(...ports),
        'asked/compose.test.yaml': `services:\n  web:\n    ports: ["127.0.0.1:${ports[0]}:8080"]\n`,
      });
      const test = `${folder.project}-test`;
      folder.owns(test);
      const files = ['compose.yaml', 'compose.test.yaml'].flatMap((file) => ['--file', folder.path(`asked/${file}`)]);
      await folder.docker('compose', '--project-name', test, ...files, 'up', '--detach', 'web');
      // By its files, it could be up beside "dev".
      folder.write('asked/compose.test.yaml', 'services:\n  web:\n    labels: { by: tests }\n');
      holder = `${folder.project}-cache`;
      await folder.docker('run', '--detach', '--name', holder, '--volume', `${holder}-data:/data`, 'berth/idle:1');
      const script = `require('node:net').createServer().listen(${ports[1]}, '127.0.0.1', () => console.log('up'))`;
      program = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      assert.ok(program.stdout);
      await once(program.stdout, 'data');
      return { workspace: folder.path('asked') };
    },
    async () => {
      program?.kill('SIGKILL');
      await folder?.docker('rm', '--force', holder);
      await folder?.docker('volume', 'rm', '--force', `${holder}-data`);
      await folder?.dispose();
    },
  );

  const finding = (spoken: RegExp) => berth().workbench.tree('Checks').getByRole('treeitem', { name: spoken });
  const isRunning = async (container: string) =>
    (await folder.docker('inspect', '--format', '{{.State.Running}}', container)).trim() === 'true';

  /** Opens the place of a finding and chooses one of its fixes, as far as the question whether it is to be done. */
  async function choose(row: RegExp, line: number, fix: RegExp): Promise<void> {
    const { workbench } = berth();
    await finding(row).click();
    await workbench.page.getByRole('tab', { name: /^compose\.override\.yaml/ }).waitFor();
    await workbench.page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line},` }).waitFor();
    await workbench.clickRowAction(finding(row), 'Fix Finding…');
    await workbench.option(fix).waitFor();
    await workbench.screenshot(`live-fixes-${line}`);
    await workbench.option(fix).click();
    await workbench.dialog.waitFor();
    await workbench.screenshot(`live-question-${line}`);
  }
  const answer = (button: string | RegExp) => berth().workbench.dialog.getByRole('button', { name: button }).click();
  async function untilGone(row: RegExp): Promise<void> {
    const isGone = async () => (await finding(row).count()) === 0 || undefined;
    assert.ok(await poll(isGone, { limit: 30_000 }), 'it is still there');
  }

  it('show in the view and among the problems once they are asked for', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows([/^v dev /]);
    await view.toggle('dev');
    await workbench.runCommand('Berth: Check Now');
    await finding(/^Error, Port \d+, which service "web" publishes/).waitFor();
    await workbench.screenshot('live-view');
    await workbench.runCommand('View: Toggle Problems');
    const problems = workbench.page.locator('.markers-panel');
    await problems.getByText('name-taken').first().waitFor();
    assert.equal(await problems.getByText('port-taken').count(), 2);
    await workbench.screenshot('live-problems');
    await workbench.runCommand('View: Toggle Problems');
  });

  it('stops the container that has a port, having asked', async () => {
    const { workbench } = berth();
    const row =
      /^Error, Port \d+, which service "web" publishes, is already in use by service "web" of environment "test"/;
    const container = folder.container('web', `${folder.project}-test`);
    await choose(row, 5, /^Stop service "web" of environment "test"$/);
    await workbench.dialog.getByText('Stop service "web" of environment "test"?').waitFor();
    await workbench.dialog.getByText('Its container stays, and so does its data.').waitFor();
    await answer('Cancel');
    assert.ok(await isRunning(container));
    await finding(row).waitFor();
    await choose(row, 5, /^Stop service "web" of environment "test"$/);
    await answer('Stop');
    await untilGone(row);
    assert.ok(!(await isRunning(container)));
  });

  it('ends the program that has a port, having asked', async () => {
    const { workbench } = berth();
    const row = /^Error, Port \d+, which service "api" publishes, is already in use by the program /;
    const fix = new RegExp(`^End \\S+ \\(process ${program.pid}\\)$`);
    await choose(row, 8, fix);
    await workbench.dialog.getByText(`(process ${program.pid})?`).waitFor();
    await workbench.dialog.getByText('It is asked to end.').waitFor();
    await answer('Cancel');
    assert.equal(program.exitCode ?? program.signalCode, null);
    await finding(row).waitFor();
    await choose(row, 8, fix);
    await answer('End');
    await exited(program);
    await untilGone(row);
    assert.equal(program.signalCode, 'SIGTERM');
  });

  it('removes the container that has a name, having said what goes with it, and what stays', async () => {
    const { workbench } = berth();
    const row = /^Error, The container name "[^"]+" of service "cache" is already in use by container /;
    const fix = /^Remove container "[^"]+", which belongs to no project$/;
    await choose(row, 10, fix);
    for (const line of ['It has written nothing outside of volumes.', `Its volumes stay: ${holder}-data.`]) {
      await workbench.dialog.getByText(line).waitFor();
    }
    await answer('Cancel');
    assert.ok(await isRunning(holder));
    await finding(row).waitFor();
    await choose(row, 10, fix);
    await answer('Remove');
    await untilGone(row);
    assert.equal(await folder.docker('ps', '--all', '--quiet', '--filter', `name=^${holder}$`), '');
    assert.match(await folder.docker('volume', 'ls', '--quiet'), new RegExp(`^${holder}-data$`, 'm'));
  });

  it('come with a word on what was not looked at, and why', async () => {
    const { workbench } = berth();
    folder.write('asked/compose.test.yaml', 'services:\n  web:\n    env_file: gone.env\n');
    await workbench.runCommand('Berth: Check Now');
    const told = workbench.notification(
      /Checked: .*\. test: was looked at by its files as Compose last accepted them, since it refuses them now: .*gone\.env/,
    );
    await told.waitFor();
    await workbench.screenshot('live-not-looked-at');
  });
});
