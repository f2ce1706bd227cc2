import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from '../../engine/support/composeFolder';
import { poll, sendSignal } from '../../support/processes';
import { useBerthWorkbench } from './support/berthWorkbench';

/** `up` of this takes as long as the test wants. */
const COMPOSE = `name: PROJECT
services:
  web:
    ${IDLE_WITH_HEALTH.replace('retries: 1', 'retries: 1000')}
    environment: { UNHEALTHY: not yet }
  last:
    ${IDLE}
    depends_on: { web: { condition: service_healthy } }
  steady:
    ${IDLE}
`;

describe('UI: an extension host that is killed in the middle of Up', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('killed', { 'harbour/compose.yaml': COMPOSE });
      return { workspace: folder.path('harbour') };
    },
    async () => folder?.dispose(),
  );

  /** The extension host that VS Code's server has started, once it has. */
  const extensionHost = async (except?: number) => {
    const server = berth().workbench.server.process.pid;
    const pid = await poll(() => extensionHostOf(server, except), { limit: 60_000 });
    assert.ok(pid, 'there must be an extension host');
    return pid;
  };
  let killed: number;

  before(function () {
    // Elsewhere there is no such list of processes; VS Code's server is for Linux anyway.
    if (process.platform !== 'linux') this.skip();
  });

  it('comes back, and shows what is', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.untilRows(['v dev stopped', '    last stopped', '    steady stopped', '    web stopped']);
    await view.press('Up', 'dev');
    await workbench.notification('Bringing up dev').waitFor();
    await view.untilHasRows(['    steady running', /^ {4}web starting/]);

    killed = await extensionHost();
    assert.ok(sendSignal(killed, 'SIGKILL'));
    // What VS Code showed before is not true any more. Who sees it killed calls it stopped.
    await folder.docker('kill', folder.container('web'));
    await extensionHost(killed);
    await view.untilHasRows(['    last stopped', '    steady running', /^ {4}web (?:exited|stopped)/], 60_000);
    await workbench.screenshot('host-killed');
    await workbench.notification('Bringing up dev').waitFor({ state: 'hidden' });
  });

  it('does the rest with a further Up, which waits for nobody', async () => {
    const { view, workbench } = berth();
    await view.untilOffers('Up', 'dev');
    await view.press('Up', 'dev');
    const progress = workbench.notification('Bringing up dev');
    await view.untilHasRows([/^ {4}web starting/]);
    assert.doesNotMatch((await progress.textContent()) ?? '', /process \d+/, 'nobody else has the lock');
    await workbench.screenshot('host-killed-up-again');
    await folder.setHealth('web');
    await view.untilRows([/^v dev running · 3\/3/, /^ {4}last running/, '    steady running', /^ {4}web healthy/]);
    await progress.waitFor({ state: 'hidden' });
  });
});

/** The child of VS Code's server that is its extension host: neither its watcher of files nor its terminals. */
function extensionHostOf(server: number | undefined, except?: number): number | undefined {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => pid !== except && parentOf(pid) === server && isExtensionHost(pid));
}

function parentOf(pid: number): number | undefined {
  // `4876 (node) S 4870 …`; the name may hold anything.
  const parent = /\) [RSDI] (\d+) [^)]*$/.exec(read(`/proc/${pid}/stat`))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function isExtensionHost(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).split('\0').includes('--type=extensionHost');
}

/** @returns nothing of a process that is gone. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
