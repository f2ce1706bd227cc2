import { setTimeout } from 'node:timers/promises';
import { say, step } from '../support/steps';
import { canRunVSCodeServer } from '../support/vscodeServer';
import { withBenchEngine } from './support/benchEngine';
import { Fleet, type Ship } from './support/fleet';
import { isKind, KINDS, type Kind, latencies } from './support/latency';
import { Measured } from './support/measured';
import { Product } from './support/product';
import { RawEvents } from './support/rawEvents';
import { below, never, Report } from './support/report';

/** How many containers there are. */
const SIZES = [50, 500];
/** How many of them run and are made to do things; the others are created only, and have to be carried along. */
const RUNNING = 10;
/** How often each of those that run becomes unhealthy and healthy again, and how often it is paused, stopped and so on. */
const ROUNDS = { health: 10, lifecycle: 5 };
/** How long after the last event its consequence may be shown, in milliseconds. */
const LATEST = 1000;
const AIM = below(5, 'ms');

/**
 * How long it takes from an event on a raw socket until the Environments view has told VS Code of the change and gives
 * out the new tree item.
 */
export async function run(signal: AbortSignal): Promise<void> {
  const inHost = canRunVSCodeServer();
  const where = inHost ? "VS Code's extension host" : 'a plain Node process, up to the environment store';
  const report = new Report(`From an event on a raw socket to the tree item changed, in ${where}`);
  await withBenchEngine(signal, async (socketPath) => {
    for (const size of SIZES) {
      const fleet = await Fleet.create(socketPath, { size, running: RUNNING }, signal);
      try {
        const target = { workspace: fleet.workspace, env: { DOCKER_HOST: `unix://${socketPath}` } };
        const measured = inHost
          ? await Measured.extensionHost(target, (await Product.build(signal)).folder, signal)
          : await Measured.core(target, { feed: true }, signal);
        try {
          const reader = await Measured.rawReader(socketPath, signal);
          try {
            await measure({ fleet, measured, reader, socketPath, size }, report, signal);
          } finally {
            await reader.end();
          }
        } finally {
          await measured.end();
        }
      } finally {
        await fleet.dispose();
      }
    }
  });
  report.note(
    'The raw socket is a plain request for `/events` with the same filters in another process, which notes when a line is ' +
      'there. The figures are the time from then on; a negative one means that the tree item was the earlier of the two. The second raw socket, in a third process, ' +
      'shows what of it is the machine sharing out its processors. ' +
      `${RUNNING} of the containers run, with a health check each second, and the others are created only; ` +
      'they belong to 10 environments, which the view shows all.',
  );
  report.show();
}

interface Scene {
  readonly fleet: Fleet;
  readonly measured: Measured;
  /** Reads the raw socket, and does nothing else. */
  readonly reader: Measured;
  readonly socketPath: string;
  readonly size: number;
}

async function measure(scene: Scene, report: Report, signal: AbortSignal): Promise<void> {
  const { fleet, measured, reader, socketPath, size } = scene;
  // This process reads it, too: to know when to go on, and to see how far two readers lie apart.
  const own = await RawEvents.open(socketPath, { filtered: true });
  try {
    for (const one of [measured, reader]) await one.ask('changes');
    await changeAll(fleet, own, size, signal);
    const raw = (await reader.ask('changes')).map(({ at, service, health }) => ({ at, service, action: health }));
    const { byKind, missing } = latencies(raw, await measured.ask('changes'));
    for (const kind of Object.keys(KINDS) as Kind[]) {
      report.add(`${size} containers: \`${kind}\``, byKind[kind], 'ms', AIM);
    }
    if (missing.length > 0) say(`Of ${raw.length} events, these were not seen to change anything: ${missing}`);
    report.add(`${size} containers: events that were not shown`, [missing.length], '', never(0, 'events'));
    const ownChanges = own.events.flatMap(({ at, service, action }) =>
      isKind(action) ? [{ at, service, health: KINDS[action] }] : [],
    );
    const noise = latencies(raw, ownChanges).byKind;
    report.add(`${size} containers: to compare, a second raw socket`, Object.values(noise).flat(), 'ms');
  } finally {
    own.dispose();
  }
}

/** Makes happen to the containers that run whatever can. */
async function changeAll(fleet: Fleet, raw: RawEvents, size: number, signal: AbortSignal): Promise<void> {
  await step(`Changing them, ${size} containers`, async (progress) => {
    for (let round = 1; round <= ROUNDS.health; round++) {
      progress(`health, round ${round} of ${ROUNDS.health}`);
      await flip(fleet, raw, false, signal);
      await flip(fleet, raw, true, signal);
    }
    for (let round = 1; round <= ROUNDS.lifecycle; round++) {
      progress(`stop and start, pause and unpause: round ${round} of ${ROUNDS.lifecycle}`);
      for (const ship of fleet.ships) {
        await change(fleet, ship, raw, 'pause', 'pause', signal);
        await change(fleet, ship, raw, 'unpause', 'unpause', signal);
        await change(fleet, ship, raw, 'stop', 'die', signal);
        await change(fleet, ship, raw, 'start', 'start', signal);
      }
    }
    // What comes later than this counts as not shown.
    await setTimeout(LATEST, undefined, { signal });
  });
}

/** Makes all that run unhealthy, or healthy again, and waits for the engine to say so. */
async function flip(fleet: Fleet, raw: RawEvents, healthy: boolean, signal: AbortSignal): Promise<void> {
  const from = raw.events.length;
  fleet.setHealth(healthy);
  const action = `health_status: ${healthy ? 'healthy' : 'unhealthy'}`;
  await raw.until(from, fleet.ships.length, (event) => event.action === action, signal);
}

/** Does something to one container, and waits for the engine to say so. */
async function change(
  fleet: Fleet,
  ship: Ship,
  raw: RawEvents,
  action: 'pause' | 'unpause' | 'start' | 'stop',
  event: string,
  signal: AbortSignal,
): Promise<void> {
  const from = raw.events.length;
  await fleet.tell(ship, action);
  await raw.until(from, 1, (seen) => seen.action === event && seen.service === ship.service, signal);
}
