import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type EngineProxy, startProxy } from '../engine/support/engineApi';
import { BenchError } from '../support/errors';
import { findOnPath } from '../support/paths';
import { step } from '../support/steps';
import { withTemporaryFolder } from '../support/temporary';
import { canRunVSCodeServer } from '../support/vscodeServer';
import { withBenchEngine } from './support/benchEngine';
import { Fleet } from './support/fleet';
import { Measured } from './support/measured';
import { Product } from './support/product';
import { RawEvents } from './support/rawEvents';
import { mostly, never, Report } from './support/report';

const SIZE = 50;
const RUNNING = 10;
const ROUNDS = { health: 6, starts: 1, bursts: 5 };
/** How long after an event a request or process still counts as its consequence, in milliseconds. */
const AFTERMATH = 1500;

/** How many requests to the engine, and how many processes, a change costs. */
export async function run(signal: AbortSignal): Promise<void> {
  const report = new Report('Requests to the engine and processes, per change');
  await withBenchEngine(signal, (socketPath) =>
    withTemporaryFolder('wrapper', async (wrapperFolder) => {
      const fleet = await Fleet.create(socketPath, { size: SIZE, running: RUNNING }, signal);
      const proxy = await startProxy(socketPath);
      try {
        const docker = new CountedDocker(wrapperFolder);
        const env = { DOCKER_HOST: proxy.dockerHost, PATH: docker.path };
        const target = { workspace: fleet.workspace, env };
        const measured = canRunVSCodeServer()
          ? await Measured.extensionHost(target, (await Product.build(signal)).folder, signal)
          : await Measured.core(target, { feed: true }, signal);
        try {
          const raw = await RawEvents.open(socketPath, { filtered: true });
          try {
            await new Counting(fleet, measured, proxy, docker, raw, signal).run(report);
          } finally {
            raw.dispose();
          }
        } finally {
          await measured.end();
        }
      } finally {
        await proxy.close();
        await fleet.dispose();
      }
    }),
  );
  report.note(
    'Requests are counted by a proxy between the product and the engine; the one stream of events is open all the time. ' +
      'Processes are counted twice: by Node, which tells of every child that the process starts, and by a `docker` that ' +
      'stands first on the PATH. A burst is 10 containers that the engine is told to start at the same time; where ' +
      'more than a quarter of a second lies between two starts, or a second between the first and the last, as on a busy ' +
      'machine, the engine is asked more than once.',
  );
  report.show();
}

/** What a stretch of time has cost. */
interface Cost {
  readonly requests: number;
  readonly processes: number;
}

interface Burst extends Cost {
  /** From the first start to the last, in milliseconds. */
  readonly duration: number;
}

class Counting {
  constructor(
    private readonly fleet: Fleet,
    private readonly measured: Measured,
    private readonly proxy: EngineProxy,
    private readonly docker: CountedDocker,
    private readonly raw: RawEvents,
    private readonly signal: AbortSignal,
  ) {}

  async run(report: Report): Promise<void> {
    const { fleet } = this;
    // All three counters are seen to count, with what it takes to come up.
    const counts = [this.proxy.requests.length, this.docker.calls(), (await this.measured.ask('processes')).length];
    if (counts.includes(0)) throw new BenchError(`A counter counts nothing: ${counts.join(', ')}.`);

    const health = await step('Changing health', () => this.changeHealth());
    const changes = ROUNDS.health * 2 * fleet.ships.length;
    report.add(`requests, in ${changes} health changes`, [health.requests], '', never(0, 'requests'));
    report.add(`processes, in ${changes} health changes`, [health.processes], '', never(0, 'processes'));

    const starts = await step('Starting containers one by one', () => this.startOneByOne());
    report.add(
      'requests per single start',
      starts.map((cost) => cost.requests),
      '',
      never(1, 'request'),
    );
    report.add(
      'processes per single start',
      starts.map((cost) => cost.processes),
      '',
      never(0, 'processes'),
    );

    const bursts = await step('Starting containers in bursts', () => this.startInBursts());
    report.add(
      `requests per burst of ${fleet.ships.length} starts`,
      bursts.map((cost) => cost.requests),
      '',
      mostly(1, 'request'),
    );
    report.add(
      `processes per burst of ${fleet.ships.length} starts`,
      bursts.map((cost) => cost.processes),
      '',
      never(0, 'processes'),
    );
    const durations = bursts.map((burst) => burst.duration);
    report.add('how long the engine took for a burst, first start to last', durations, 'ms');
  }

  private changeHealth(): Promise<Cost> {
    return this.costOf(async () => {
      for (let round = 0; round < ROUNDS.health; round++) {
        for (const healthy of [false, true]) {
          const action = `health_status: ${healthy ? 'healthy' : 'unhealthy'}`;
          await this.untilAll(action, async () => this.fleet.setHealth(healthy));
        }
      }
    });
  }

  private async startOneByOne(): Promise<Cost[]> {
    const costs: Cost[] = [];
    for (let round = 0; round < ROUNDS.starts; round++) {
      for (const ship of this.fleet.ships) {
        await this.costOf(() => this.fleet.tell(ship, 'stop'));
        costs.push(await this.costOf(() => this.fleet.tell(ship, 'start')));
      }
    }
    return costs;
  }

  private async startInBursts(): Promise<Burst[]> {
    const bursts: Burst[] = [];
    const all = (action: 'start' | 'stop') => () =>
      Promise.all(this.fleet.ships.map((ship) => this.fleet.tell(ship, action)));
    for (let round = 0; round < ROUNDS.bursts; round++) {
      await this.costOf(() => this.untilAll('die', all('stop')));
      const from = this.raw.events.length;
      const cost = await this.costOf(() => this.untilAll('start', all('start')));
      const times = this.raw.events.slice(from).flatMap(({ action, at }) => (action === 'start' ? [at] : []));
      bursts.push({ ...cost, duration: Math.max(...times) - Math.min(...times) });
    }
    return bursts;
  }

  /** Counts what `work` costs, and what comes of it a while later. */
  private async costOf(work: () => Promise<unknown>): Promise<Cost> {
    const requests = this.proxy.requests.length;
    const calls = this.docker.calls();
    await this.measured.ask('processes');
    await work();
    await setTimeout(AFTERMATH, undefined, { signal: this.signal });
    const started = await this.measured.ask('processes');
    return {
      requests: this.proxy.requests.length - requests,
      processes: Math.max(started.length, this.docker.calls() - calls),
    };
  }

  /** Does something to all containers that run, and waits until the engine has said so of each. */
  private async untilAll(action: string, work: () => Promise<unknown>): Promise<void> {
    const from = this.raw.events.length;
    await work();
    await this.raw.until(from, this.fleet.ships.length, (event) => event.action === action, this.signal);
  }
}

/** A `docker` that notes each call and then is the real one. */
class CountedDocker {
  /** The PATH on which it comes first. */
  readonly path: string;
  private readonly log: string;

  constructor(folder: string) {
    const real = findOnPath('docker');
    if (!real) throw new BenchError('There is no docker on the PATH.');
    this.log = path.join(folder, 'calls');
    this.path = [folder, process.env.PATH].join(path.delimiter);
    const script = `#!/bin/sh\necho . >>'${this.log}'\nexec '${real}' "$@"\n`;
    fs.writeFileSync(path.join(folder, 'docker'), script, { mode: 0o755 });
  }

  /** How often it was called. */
  calls(): number {
    return fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8').split('\n').length - 1 : 0;
  }
}
