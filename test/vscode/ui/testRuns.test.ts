import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { BerthCommand, berth as cli } from '../../engine/support/berthCommand';
import { ComposeFolder, IDLE_WITH_HEALTH } from '../../engine/support/composeFolder';
import { takePicture, useBerthWorkbench } from './support/berthWorkbench';

const DECLARATION = `environments:
  dev:
    files: [compose.yaml]
    project: PROJECT
    commands:
      greet: { service: web, run: [echo, hello from the container] }
      serve: { run: [sh, -c, 'echo serving; exec sleep 600'], background: true }
  test:
    files: [compose.yaml, compose.test.yaml]
    project: PROJECT-test
    commands:
      unit: { kind: test, service: web, run: [echo, all is well] }
      forever: { kind: test, service: web, run: [sh, -c, 'echo begun; sleep 600'] }
`;

describe('UI: commands of environments, and what test runs keep and leave', () => {
  let folder: ComposeFolder;
  const testProject = () => `${folder.project}-test`;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('testruns', {
        'compose.yaml': `services:\n  web:\n    ${IDLE_WITH_HEALTH}\n`,
        'compose.test.yaml': 'services:\n  web:\n    environment: { FOR: tests }\n',
        'berth.yaml': DECLARATION,
      });
      folder.owns(testProject());
      await killedRun();
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );
  const killedRun = async () => {
    const run = new BerthCommand(['test', 'test', 'forever'], { cwd: folder.folder });
    await run.until(/begun/);
    const ended = once(run.process, 'exit');
    run.process.kill('SIGKILL');
    await ended;
  };
  const testContainers = () =>
    folder.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${testProject()}`);

  it('offers after the start to remove what a killed test run has left', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilHasRows(['v dev stopped', /^> test healthy · 1\/1 · left by a test run$/]);
    const offer = workbench.notification('A test run has left something of test.');
    await offer.waitFor();
    await workbench.screenshot('test-run-left');
    await offer.getByRole('button', { name: 'Remove' }).click();
    await workbench.dialog.getByText('Remove what a test run has left of test?').waitFor();
    await workbench.dialog.getByText(`${testProject()}-web-1`).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await view.untilHasRows(['> test stopped'], 60_000);
    assert.equal(await testContainers(), '');
  });

  it('offers that again when a run is killed later', async () => {
    const { view, workbench } = berth();
    await killedRun();
    const offer = workbench.notification('A test run has left something of test.');
    await offer.getByRole('button', { name: 'Remove' }).click();
    await workbench.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await view.untilHasRows(['> test stopped'], 60_000);
  });

  it('has the commands of an environment below its services, and runs them', async () => {
    const { view, workbench } = berth();
    assert.equal((await cli(['up', 'dev'], { cwd: folder.folder })).exitCode, 0);
    await view.untilHasRows(['v dev healthy · 1/1', '    web healthy', '  > Commands 2']);
    await view.toggle('Commands');
    await view.untilHasRows(['  v Commands 2', '      greet in web', /serve on this machine · goes on until/]);
    await view.press('Run Command of Environment…', 'Commands', 'greet');
    await workbench.terminalRows.filter({ hasText: 'hello from the container' }).waitFor();
    await takePicture(berth(), 'commands');
  });

  it('has one terminal for a command that goes on until it is ended', async () => {
    const { view, workbench } = berth();
    const serving = workbench.terminalRows.filter({ hasText: 'serving' });
    await view.press('Run Command of Environment…', 'Commands', 'serve');
    await serving.waitFor();
    await view.press('Run Command of Environment…', 'Commands', 'greet');
    await serving.waitFor({ state: 'hidden' });
    await view.press('Run Command of Environment…', 'Commands', 'serve');
    await serving.waitFor();
    assert.equal(await workbench.terminal('run dev serve').count(), 1);
    await workbench.screenshot('background-command');
    await workbench.runCommand('Tasks: Terminate Task');
    await workbench.option(/run dev serve/).click();
    await serving.waitFor({ state: 'hidden' });
    await view.press('Run Command of Environment…', 'Commands', 'serve');
    await serving.waitFor();
    await workbench.page.keyboard.press('Control+c');
    await workbench.terminalRows.filter({ hasText: 'reused' }).waitFor();
    await workbench.screenshot('background-command-ended');
    await view.press('Run Command of Environment…', 'Commands', 'serve');
    await workbench.terminalRows.filter({ hasText: /reused.*serving/s }).waitFor();
    await workbench.page.keyboard.press('Control+c');
    await workbench.terminalRows.filter({ hasText: /reused.*reused/s }).waitFor();
  });

  it('shows a test run under way, and what it keeps, which can be finished and removed', async () => {
    const { view, workbench } = berth();
    const run = new BerthCommand(['test', 'test', 'forever', '--keep'], { cwd: folder.folder });
    await run.until(/begun/);
    await view.untilHasRows([/^> test healthy · 1\/1 · test run under way$/]);
    await workbench.screenshot('test-run-under-way');
    run.process.kill('SIGINT');
    await run.ended;
    await view.untilHasRows([/^> test healthy · 1\/1 · kept by a test run$/]);
    const spoken = await view.spoken();
    assert.ok(
      spoken.some((text) => /^test, environment for test, healthy, .*kept by a test run/.test(text)),
      spoken.join('\n'),
    );
    await takePicture(berth(), 'kept');
    await view.choose(['Tests and Commands', 'Finish and Remove'], 'test');
    await workbench.dialog.getByText('Remove what a test run has kept of test?').waitFor();
    await workbench.dialog.getByText(`${testProject()}-web-1`).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await view.untilHasRows(['> test stopped'], 60_000);
    assert.equal(await testContainers(), '');
  });

  it('removes nothing beneath a run that uses what an earlier one has kept', async () => {
    const { view, workbench } = berth();
    assert.equal((await cli(['test', 'test', 'unit', '--keep'], { cwd: folder.folder })).exitCode, 0);
    const run = new BerthCommand(['test', 'test', 'forever', '--keep'], { cwd: folder.folder });
    await run.until(/begun/);
    const before = await testContainers();
    await view.choose(['Tests and Commands', 'Finish and Remove'], 'test');
    await workbench
      .notification(/Nothing of "test" is removed: a test run \(berth, process \d+\) goes on there/)
      .waitFor();
    await workbench.screenshot('test-run-goes-on');
    assert.equal(await testContainers(), before);
    run.process.kill('SIGINT');
    await run.ended;
    await view.choose(['Tests and Commands', 'Finish and Remove'], 'test');
    await workbench.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await view.untilHasRows(['> test stopped'], 60_000);
  });

  it('asks what the tests are where nobody has said that, takes what only a shell understands, and shows where it stands', async () => {
    const { view, workbench } = berth();
    const before = fs.readFileSync(path.join(folder.folder, 'berth.yaml'), 'utf8');
    folder.write('berth.yaml', `${before}  ci:\n    files: [compose.yaml]\n    project: ${folder.project}-ci\n`);
    folder.owns(`${folder.project}-ci`);
    await view.untilHasRows(['> ci stopped']);
    await view.untilOffers('Up', 'ci');
    await view.choose(['Tests and Commands', 'Run Tests…'], 'ci');
    await workbench.option('In web').click();
    await workbench.quickInput.fill('printf typed | tr t T && test "$HOME"');
    await workbench.page.keyboard.press('Enter');
    await workbench.terminalRows.filter({ hasText: /Typed.*test of ci passed/s }).waitFor({ timeout: 60_000 });
    await workbench
      .notification('Wrote the tests of ci into berth.yaml.')
      .getByRole('button', { name: 'Open File' })
      .click();
    await workbench.page.getByRole('tab', { name: 'berth.yaml' }).waitFor();
    await workbench.page
      .locator('.line-numbers.active-line-number')
      .getByText(String(before.split('\n').length + 3))
      .waitFor();
    await workbench.screenshot('tests-declared');
  });

  it('runs tests in an environment of their own', async () => {
    const { view, workbench } = berth();
    await view.choose(['Tests and Commands', 'Run Tests…'], 'test');
    await workbench.option('unit').click();
    await workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Add arguments…' }).click();
    await workbench.screenshot('test-choices');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.fill('and "the rest"');
    await workbench.page.keyboard.press('Enter');
    await workbench.terminalRows.filter({ hasText: 'all is well and the rest' }).waitFor({ timeout: 60_000 });
    await workbench.terminalRows.filter({ hasText: /unit of test passed/ }).waitFor({ timeout: 60_000 });
    await view.untilHasRows(['> test stopped']);
  });
});
