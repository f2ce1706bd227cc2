import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { engineSocket } from '../engine/support/engineApi';
import { BenchError } from '../support/errors';
import { runOrFail, run as runProgram } from '../support/processes';
import { step } from '../support/steps';
import { withTemporaryFolder } from '../support/temporary';
import { machineTime } from './support/figures';
import { Product } from './support/product';
import { RawEvents } from './support/rawEvents';
import { type Aim, Report } from './support/report';

const PAIRS = 10;
/** The services of the template. */
const SERVICES = ['postgres', 'redis'];
/** Where the ports of the template are moved, to be out of the way. */
const PORTS = { first: 23_000, last: 23_499 };

/** The two ways to bring the template's development environment up, each with how it says that a container is healthy. */
interface Contestant {
  readonly command: string;
  readonly args: readonly string[];
  readonly saysHealthy: RegExp;
}

/** One time up, in milliseconds. */
interface Run {
  readonly total: number;
  /** From the engine's last `health_status: healthy` to the last word of it here. */
  readonly lag: number;
}

/** `berth up` beside `docker compose up --detach --wait`, in turn, each time from `down`. */
export async function run(signal: AbortSignal): Promise<void> {
  const product = await Product.build(signal);
  const socketPath = await engineSocket();
  if (!socketPath) throw new BenchError('This is measured on a unix socket, and the engine here is reached otherwise.');
  const berth = {
    command: process.execPath,
    args: [product.bundle('cli'), 'up', 'dev'],
    saysHealthy: /^\w+: (?:\S )?healthy/,
  };
  const compose = {
    command: 'docker',
    args: ['compose', 'up', '--detach', '--wait'],
    saysHealthy: /^ *Container \S+ +Healthy/,
  };
  const pairs = await withTemporaryFolder('bench-up', async (folder) => {
    await runOrFail(process.execPath, [product.bundle('cli'), 'init', folder], { signal });
    const [postgres, redis] = await freePorts(2);
    fs.writeFileSync(path.join(folder, '.env'), `POSTGRES_PORT=${postgres}\nREDIS_PORT=${redis}\n`);
    const raw = await RawEvents.open(socketPath, { filtered: true });
    try {
      return await step(`Up and down in ${PAIRS} pairs`, (report) => race(berth, compose, folder, raw, report, signal));
    } finally {
      raw.dispose();
      // Also when this was aborted.
      await runProgram('docker', ['compose', 'down', '--volumes', '--timeout', '5'], { cwd: folder });
    }
  });
  show(pairs);
}

async function race(
  berth: Contestant,
  compose: Contestant,
  folder: string,
  raw: RawEvents,
  report: (progress: string) => void,
  signal: AbortSignal,
): Promise<{ berth: Run; compose: Run }[]> {
  const once = (contestant: Contestant) => bringUp(contestant, folder, raw, signal);
  // The first time, PostgreSQL makes its database.
  await once(compose);
  const pairs: { berth: Run; compose: Run }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    report(`pair ${pair + 1} of ${PAIRS}`);
    // Which one goes first alternates, too.
    const early = pair % 2 === 0 ? await once(berth) : undefined;
    const composeRun = await once(compose);
    pairs.push({ berth: early ?? (await once(berth)), compose: composeRun });
  }
  return pairs;
}

async function bringUp(contestant: Contestant, folder: string, raw: RawEvents, signal: AbortSignal): Promise<Run> {
  await runOrFail('docker', ['compose', 'down', '--timeout', '5'], { cwd: folder, signal });
  const from = raw.events.length;
  const said: number[] = [];
  const began = machineTime();
  const { exitCode, stderr } = await runProgram(contestant.command, contestant.args, {
    cwd: folder,
    signal,
    onLine: (line) => {
      if (contestant.saysHealthy.test(line)) said.push(machineTime());
    },
  });
  const total = machineTime() - began;
  const project = path.basename(folder).toLowerCase();
  const healthy = raw.events
    .slice(from)
    .filter((event) => event.project === project && event.action === 'health_status: healthy');
  if (exitCode !== 0 || said.length !== SERVICES.length || healthy.length !== SERVICES.length) {
    throw new BenchError(
      `${contestant.args.join(' ')} ended with ${exitCode}; said healthy ${said.length} times, the engine ${healthy.length} times:\n${stderr}`,
    );
  }
  return { total, lag: Math.max(...said) - Math.max(...healthy.map((event) => event.at)) };
}

function show(pairs: readonly { readonly berth: Run; readonly compose: Run }[]): void {
  const report = new Report('`berth up` beside `docker compose up --detach --wait`, PostgreSQL and Redis, from `down`');
  const notSlower: Aim = { text: '≤ 1', holds: ({ median }) => median <= 1 };
  const earlier: Aim = { text: 'earlier (< 0)', holds: ({ median }) => median < 0 };
  const figures = (what: (pair: { berth: Run; compose: Run }) => number) => pairs.map(what);
  report.add(
    '`berth up`',
    figures(({ berth }) => berth.total),
    'ms',
  );
  report.add(
    '`docker compose up --detach --wait`',
    figures(({ compose }) => compose.total),
    'ms',
  );
  report.add(
    'the first divided by the second, by pair',
    figures(({ berth, compose }) => berth.total / compose.total),
    '',
    notSlower,
  );
  report.add(
    "from the engine's event to `berth up` saying healthy",
    figures(({ berth }) => berth.lag),
    'ms',
  );
  report.add(
    "from the engine's event to `docker compose up` saying so",
    figures(({ compose }) => compose.lag),
    'ms',
  );
  report.add(
    'the first less the second, by pair',
    figures(({ berth, compose }) => berth.lag - compose.lag),
    'ms',
    earlier,
  );
  report.note(
    'Which of the two goes first alternates. Both wait for the same health checks, every two seconds; the events are those ' +
      'of the last service that becomes healthy.',
  );
  report.show();
}

/** So many ports on which nothing listens. */
async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = PORTS.first; port <= PORTS.last && found.length < count; port++) {
    const server = net.createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) found.push(port);
  }
  if (found.length < count) throw new BenchError(`No free ports from ${PORTS.first} to ${PORTS.last}.`);
  return found;
}
