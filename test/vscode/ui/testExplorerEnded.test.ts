import assert from 'node:assert/strict';
import fs from 'node:fs';
import { RUN_FILE_NAME } from '../../../src/core/model/environment';
import { ComposeFolder, IDLE } from '../../engine/support/composeFolder';
import { poll } from '../../support/processes';
import { useBerthWorkbench } from './support/berthWorkbench';

const COMPOSE = `name: PROJECT
services:
  api:
    ${IDLE}
`;

/** What `slow` makes takes three seconds to be removed, that of `test` much less. */
const DECLARATION = `environments:
  test:
    files: [compose.yaml]
    project: PROJECT-test
    commands:
      forever: { kind: test, service: api, run: [sleep, "600"] }
  slow:
    files: [compose.yaml, compose.slow.yaml]
    purpose: test
    project: PROJECT-slow
    commands:
      forever: { kind: test, service: api, run: [sleep, "600"] }
`;

describe('UI: a run of the Test Explorer that is ended', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('ended', {
        'compose.yaml': COMPOSE,
        'compose.slow.yaml': 'services: { api: { command: idle stubborn } }\n',
        'berth.yaml': DECLARATION,
      });
      folder.owns(`${folder.project}-test`, `${folder.project}-slow`);
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );

  const container = (environment: string) => folder.container('api', `${folder.project}-${environment}`);
  const untilGone = async (environment: string) => {
    const left = () => folder.docker('ps', '--all', '--quiet', '--filter', `name=^${container(environment)}$`);
    const isGone = await poll(async () => (await left()) === '' || undefined, { limit: 20_000 });
    assert.ok(isGone, 'what the run made must be removed');
  };
  /** Starts the tests of an environment, and waits until they run. */
  const begin = async (environment: string) => {
    const { workbench, view } = berth();
    await view.open();
    await workbench.activity('Testing').click();
    const row = workbench.tree('Test Explorer').getByRole('treeitem', { name: new RegExp(`^${environment}\\b`) });
    await workbench.clickRowAction(row, 'Run Test');
    const isRunning = async () => /sleep 600/.test(await folder.docker('top', container(environment)).catch(() => ''));
    assert.ok(await poll(async () => (await isRunning()) || undefined, { limit: 60_000 }), 'the tests must run');
  };
  const stop = async () => {
    const { workbench } = berth();
    await workbench.runCommand('Test Results: Focus on Test Results View');
    const results = workbench.tree('Test Result Messages');
    await workbench.clickRowAction(results.getByRole('treeitem').first(), 'Cancel Test Run');
  };

  it('is so by the button in the test results, and says that it removes what it made', async () => {
    const { workbench } = berth();
    await begin('slow');
    await stop();
    const notification = workbench.notification('Cleaning up after the tests of slow');
    await notification.waitFor();
    await workbench.screenshot('test-run-ending');
    await notification.waitFor({ state: 'hidden' });
    await untilGone('slow');
  });

  it('says what it could not remove', async () => {
    const { workbench } = berth();
    await begin('slow');
    for (const run of fs.readdirSync(folder.path('.berth/runs'))) {
      fs.rmSync(folder.path(`.berth/runs/${run}/${RUN_FILE_NAME}`), { force: true });
    }
    await stop();
    await workbench.notification(/slow: .*no such file/).waitFor();
    await workbench.screenshot('test-run-not-removed');
  });

  it('removes what it made when the window is loaded anew, and what it could not is offered then', async () => {
    const { workbench, view } = berth();
    await begin('test');
    await workbench.runCommand('Developer: Reload Window');
    await untilGone('test');
    await view.open();
    await view.untilHasRows([/^[v>] slow running .* left by a test run$/, /^[v>] test stopped$/]);
    await workbench.notification('A test run has left something of slow.').waitFor();
    await workbench.screenshot('test-run-reloaded');
  });
});
