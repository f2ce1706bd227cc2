import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { step } from '../support/steps';
import { withTemporaryFolder } from '../support/temporary';
import { canRunVSCodeServer } from '../support/vscodeServer';
import { withBenchEngine } from './support/benchEngine';
import { Fleet } from './support/fleet';
import { Measured } from './support/measured';
import { Product } from './support/product';
import { RawEvents } from './support/rawEvents';
import { type Aim, never, Report } from './support/report';

const RUNNING = 20;
/** Nothing happens but health checks for a minute, which is looked at in parts: what is left of starting up shows as such. */
const PARTS = 6;
const PART = 10_000;
/** How long everything may take to settle before that, in milliseconds. */
const SETTLING = 15_000;
/** Next to none: a thousandth of one processor. */
const NEXT_TO_NONE: Aim = { text: '< 10 ms (0.1 %)', holds: ({ median }) => median < PART / 1000 };

/** What it costs to follow an engine on which nothing happens but health checks. */
export async function run(signal: AbortSignal): Promise<void> {
  await withBenchEngine(signal, async (socketPath) => {
    const fleet = await Fleet.create(socketPath, { size: RUNNING, running: RUNNING }, signal);
    try {
      await withTemporaryFolder('empty', (folder) => measure(fleet, socketPath, emptyExtension(folder), signal));
    } finally {
      await fleet.dispose();
    }
  });
}

async function measure(fleet: Fleet, socketPath: string, noBerth: string, signal: AbortSignal): Promise<void> {
  const target = { workspace: fleet.workspace, env: { DOCKER_HOST: `unix://${socketPath}` } };
  const processes: Measured[] = [];
  const streams: RawEvents[] = [];
  try {
    processes.push(await Measured.core(target, { feed: true }, signal));
    processes.push(await Measured.core(target, { feed: false }, signal));
    if (canRunVSCodeServer()) {
      processes.push(await Measured.extensionHost(target, (await Product.build(signal)).folder, signal));
      processes.push(await Measured.extensionHost(target, noBerth, signal));
    }
    for (const filtered of [true, false]) streams.push(await RawEvents.open(socketPath, { filtered }));
    await setTimeout(SETTLING, undefined, { signal });

    // All at the same time: what else goes on on this machine is in all of them.
    const times = () => Promise.all(processes.map((one) => one.ask('processorTime')));
    const readings = [await times()];
    const [before, bytesBefore] = [streams.map((one) => one.events.length), streams.map((one) => one.size)];
    await step(`Doing nothing for ${(PARTS * PART) / 1000} s`, async () => {
      while (readings.length <= PARTS) {
        await setTimeout(PART, undefined, { signal });
        readings.push(await times());
      }
    });
    show({
      times: processes.map((_, index) => differences(readings.map((reading) => reading[index] ?? Number.NaN))),
      events: streams.map((one, index) => one.events.length - (before[index] ?? 0)),
      bytes: streams.map((one, index) => one.size - (bytesBefore[index] ?? 0)),
    });
  } finally {
    for (const stream of streams) stream.dispose();
    for (const one of processes) await one.end();
  }
}

interface Idleness {
  /** Of each process, milliseconds of processor time in each part. */
  readonly times: readonly (readonly number[])[];
  /** Of the filtered stream and of the other: how many events came, and how many bytes. */
  readonly events: readonly number[];
  readonly bytes: readonly number[];
}

function show({ times, events, bytes }: Idleness): void {
  const [withFeed = [], without = [], host, hostWithout] = times;
  const report = new Report(
    `${(PARTS * PART) / 1000} s idle beside ${RUNNING} containers with a health check each second; processor time per ${PART / 1000} s`,
  );
  report.add('a process with core and its feed', withFeed, 'ms');
  report.add('to compare, the same without a feed', without, 'ms');
  const ofFeed = withFeed.map((time, index) => time - (without[index] ?? Number.NaN));
  report.add('so the feed takes', ofFeed, 'ms', NEXT_TO_NONE);
  if (host && hostWithout) {
    report.add("VS Code's extension host with Berth", host, 'ms');
    report.add('to compare, the same without Berth', hostWithout, 'ms');
  }
  report.add('events that the product receives, in all', [events[0] ?? Number.NaN], '', never(0, 'events'));
  report.add('to compare, events without the filter', [events[1] ?? Number.NaN], '');
  report.add('and their size', [(bytes[1] ?? Number.NaN) / 1000], 'kB');
  report.show();
}

/** From each value to the next. */
function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? Number.NaN));
}

/** An extension that does nothing, for a VS Code that is to have all else. */
function emptyExtension(folder: string): string {
  const manifest = { name: 'nothing', publisher: 'nobody', version: '0.0.0', engines: { vscode: '^1.100.0' } };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
