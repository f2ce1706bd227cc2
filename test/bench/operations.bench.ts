import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as delay } from 'node:timers/promises';
import { createBerth } from '../../src/core/berth';
import { silentLog } from '../../src/core/common/log';
import { OPERATION_NAMES, type OperationName, type OperationOptions } from '../../src/core/compose/operationCalls';
import { ComposeFolder, IDLE_WITH_HEALTH } from '../engine/support/composeFolder';
import { engineSocket } from '../engine/support/engineApi';
import { environmentNamed } from '../engine/support/waiting';
import { BenchError } from '../support/errors';
import { run as runProgram } from '../support/processes';
import { step } from '../support/steps';
import { canRunVSCodeServer } from '../support/vscodeServer';
import { startWorkbench, type Workbench } from '../support/workbench';
import { EnvironmentsView } from '../vscode/ui/support/environmentsView';
import { machineTime } from './support/figures';
import { Product } from './support/product';
import { RawEvents } from './support/rawEvents';
import { below, Report } from './support/report';

const ROUNDS = 8;
const CLICKS = 12;
/** How long an event may take to all who listen, in milliseconds. */
const EVENT_DELAY = 100;

const FILES = {
  'compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE_WITH_HEALTH}
  worker:
    image: PROJECT-worker
    build: .
    stop_grace_period: 3s
    healthcheck: { test: ["CMD", "health"], interval: 1s, timeout: 5s, retries: 1 }
`,
  Dockerfile: 'FROM berth/idle:1\nLABEL bench=yes\n',
};

/** A round, from nothing to nothing. Pulling is left out: there may be nothing to pull from. */
const ROUND: readonly (readonly [OperationName, services: readonly string[], OperationOptions?])[] = [
  ['build', []],
  ['up', []],
  ['pause', []],
  ['unpause', []],
  ['restart', ['web']],
  ['scale', ['web'], { replicas: { web: 2 } }],
  ['recreate', ['worker']],
  ['rebuild', ['worker']],
  ['stop', []],
  ['start', []],
  ['kill', []],
  ['remove', []],
  ['reset', []],
  ['down', [], { volumes: true }],
];

/** What operations cost beyond the Compose calls behind them, and how soon a click is seen to do something. */
export async function run(signal: AbortSignal): Promise<void> {
  const folder = new ComposeFolder('bench-operations', FILES);
  try {
    await overhead(folder, signal);
    if (canRunVSCodeServer()) await clicks(folder, signal);
  } finally {
    await folder.dispose();
    await runProgram('docker', ['image', 'rm', '--force', `${folder.project}-worker`]);
  }
}

async function overhead(folder: ComposeFolder, signal: AbortSignal): Promise<void> {
  const socketPath = await engineSocket();
  if (!socketPath) throw new BenchError('This is measured on a unix socket, and the engine here is reached otherwise.');
  const raw = await RawEvents.open(socketPath, { filtered: true });
  const berth = createBerth(silentLog, 'bench');
  const costs = new Map<OperationName, number[]>();
  try {
    await berth.store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await berth.store.whenResolved();
    const environmentId = environmentNamed(berth.store, 'dev').definition.id;
    await step(`Operations in ${ROUNDS} rounds`, async (report) => {
      for (let round = 1; round <= ROUNDS; round++) {
        for (const [operation, services, options] of ROUND) {
          report(`round ${round} of ${ROUNDS}: ${operation}`);
          const request = { operation, environmentId, services, options };
          const cost = await beyondCompose(raw, async () => {
            const result = await berth.operations.run(request, () => {}, signal);
            if (result.kind === 'failed') throw result.error;
          });
          costs.set(operation, [...(costs.get(operation) ?? []), cost]);
        }
      }
    });
  } finally {
    berth.dispose();
    raw.dispose();
  }
  const report = new Report('Operations, beyond what Compose and the services take');
  for (const operation of OPERATION_NAMES) {
    const values = costs.get(operation);
    if (values) report.add(`\`${operation}\``, values, 'ms', below(50, 'ms'));
  }
  report.note(
    'The whole time of the operation in core, less the time in which one of its Compose processes ran, and less the time ' +
      'from their end to the last event that the engine sent, such as a service becoming healthy.',
  );
  report.show();
}

/** Milliseconds that an action takes while no Compose process of it runs, and nothing is being waited for. */
async function beyondCompose(raw: RawEvents, action: () => Promise<void>): Promise<number> {
  let running = 0;
  let composeTime = 0;
  let since = 0;
  let lastEnd = 0;
  const onProcess = (message: unknown) => {
    const { process: child } = message as { readonly process: ChildProcess };
    if (running++ === 0) since = machineTime();
    child.once('close', () => {
      lastEnd = machineTime();
      if (--running === 0) composeTime += lastEnd - since;
    });
  };
  subscribe('child_process', onProcess);
  try {
    const from = raw.events.length;
    const began = machineTime();
    await action();
    const end = machineTime();
    // What the operation waited for may come here later than there.
    await delay(EVENT_DELAY);
    const lastEvent = Math.min(raw.events.slice(from).at(-1)?.at ?? 0, end);
    return end - began - composeTime - Math.max(0, lastEvent - lastEnd);
  } finally {
    unsubscribe('child_process', onProcess);
  }
}

/** From the press of a row's button to the row saying what is done now, as the window draws it. */
async function clicks(folder: ComposeFolder, signal: AbortSignal): Promise<void> {
  const product = await Product.build(signal);
  const workbench = await startWorkbench({
    testDriver: true,
    workspace: folder.folder,
    extensionDevelopmentPaths: [product.folder],
    // A tooltip would lie where the button is.
    settings: { 'workbench.hover.delay': 60_000 },
  });
  try {
    const view = new EnvironmentsView(workbench);
    await view.open();
    await view.untilHasRows(['v dev stopped']);
    const times = { up: [] as number[], stop: [] as number[] };
    await step(`Pressing buttons ${2 * CLICKS} times`, async (progress) => {
      for (let click = 1; click <= CLICKS; click++) {
        progress(`${click} of ${CLICKS}`);
        for (const [name, action, shows] of [
          ['up', 'Up', 'bringing up'],
          ['stop', 'Stop', 'stopping'],
        ] as const) {
          await view.untilOffers(action, 'dev');
          const shown = await untilShown(workbench, shows);
          await view.press(action, 'dev');
          times[name].push(await shown());
        }
      }
    });
    const report = new Report('From a click to the first sign of it, in the window');
    report.add('the button Up: the row says "bringing up…"', times.up, 'ms', below(100, 'ms'));
    report.add('the button Stop: the row says "stopping…"', times.stop, 'ms', below(100, 'ms'));
    report.note('From the click in the browser until the changed row is in its document, by the browser’s own clock.');
    report.show();
  } finally {
    await workbench.stop();
  }
}

/** Begins to look for words in the window. @returns gives the milliseconds from the click to them. */
async function untilShown({ page }: Workbench, words: string): Promise<() => Promise<number>> {
  // As text: this runs in the browser, of whose document TypeScript knows nothing here.
  await page.evaluate(`(() => {
    let clicked = 0;
    const options = { capture: true, once: true };
    document.addEventListener('pointerdown', () => { clicked = performance.now(); }, options);
    window.untilShown = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        const rows = [...document.querySelectorAll('.monaco-list-row')];
        if (!clicked || !rows.some((row) => row.textContent.includes(${JSON.stringify(words)}))) return;
        observer.disconnect();
        resolve(performance.now() - clicked);
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  })()`);
  return () => page.evaluate('window.untilShown');
}
