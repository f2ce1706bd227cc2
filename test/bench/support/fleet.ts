import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { askEngine } from '../../engine/support/engineApi';
import { step } from '../../support/steps';
import { removeFolder, temporaryFolder } from '../../support/temporary';

/** How many environments the containers are spread over, evenly. */
const ENVIRONMENTS = 10;
/** How many requests that make or remove containers are under way at once. */
const PARALLEL = 4;

export interface FleetOptions {
  /** How many containers in all, a multiple of the number of environments. */
  readonly size: number;
  /** How many of them run, with a health check each second; evenly spread, too. The others are created only. */
  readonly running: number;
}

/** A container that runs. */
export interface Ship {
  readonly id: string;
  /** The name of its service, which no other environment has. */
  readonly service: string;
}

/**
 * A workspace of ten environments, and the containers of their services on an engine. They are made through the Engine
 * API with the labels that Compose would put on them, and have no network: ten times faster, and the same to whoever
 * follows the engine.
 */
export class Fleet {
  readonly workspace = temporaryFolder('fleet');
  /** Those that run. */
  readonly ships: Ship[] = [];
  /** Mounted into the containers that run, as their `/tmp`: the health check looks there. */
  private readonly healthFolder = temporaryFolder('health');
  private readonly prefix = `berth-bench-${randomBytes(3).toString('hex')}`;
  private readonly ids: string[] = [];

  private constructor(
    private readonly socketPath: string,
    private readonly options: FleetOptions,
  ) {}

  /** Makes files and containers, and starts those that are to run. To be disposed. */
  static async create(socketPath: string, options: FleetOptions, signal: AbortSignal): Promise<Fleet> {
    const fleet = new Fleet(socketPath, options);
    try {
      await step(`Making ${options.size} containers, ${options.running} of them running`, (report) =>
        fleet.build(report, signal),
      );
      return fleet;
    } catch (error) {
      await fleet.dispose();
      throw error;
    }
  }

  /** Makes the health checks of all that run succeed or fail from now on. */
  setHealth(healthy: boolean): void {
    const file = path.join(this.healthFolder, 'unhealthy');
    if (healthy) fs.rmSync(file, { force: true });
    else fs.writeFileSync(file, 'broken on purpose\n');
  }

  /** `pause`, `unpause`, `start` or `stop`, as the Engine API calls them. Resolves when the engine has done it. */
  async tell(ship: Ship, action: 'pause' | 'unpause' | 'start' | 'stop'): Promise<void> {
    await this.ask('POST', `/containers/${ship.id}/${action}${action === 'stop' ? '?t=5' : ''}`);
  }

  async dispose(): Promise<void> {
    await inParallel([...this.ids], (id) => this.ask('DELETE', `/containers/${id}?force=1&v=1`));
    for (const folder of [this.workspace, this.healthFolder]) removeFolder(folder);
  }

  private async build(report: (progress: string) => void, signal: AbortSignal): Promise<void> {
    const { size, running } = this.options;
    const services = Array.from({ length: size / ENVIRONMENTS }, (_, index) => index);
    const planned = Array.from({ length: ENVIRONMENTS }, (_, environment) => environment).flatMap((environment) => {
      const file = path.join(this.workspace, `compose.e${environment}.yaml`);
      const names = services.map((index) => `e${environment}-s${index}`);
      fs.writeFileSync(file, composeText(`${this.prefix}-e${environment}`, names));
      return names.map((service, index) => ({
        file,
        project: `${this.prefix}-e${environment}`,
        service,
        runs: index < running / ENVIRONMENTS,
      }));
    });
    await inParallel(planned, async (plan) => {
      signal.throwIfAborted();
      const ship = { id: await this.make(plan), service: plan.service };
      this.ids.push(ship.id);
      if (plan.runs) {
        await this.tell(ship, 'start');
        this.ships.push(ship);
      }
      report(`${this.ids.length} of ${size}`);
    });
  }

  private async make(plan: { file: string; project: string; service: string; runs: boolean }): Promise<string> {
    const { file, project, service, runs } = plan;
    const second = 1_000_000_000;
    const answer = await this.ask('POST', `/containers/create?name=${project}-${service}-1`, {
      Image: 'berth/idle:1',
      Labels: {
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        'com.docker.compose.oneoff': 'False',
        'com.docker.compose.container-number': '1',
        'com.docker.compose.project.config_files': file,
        'com.docker.compose.project.working_dir': this.workspace,
      },
      HostConfig: { NetworkMode: 'none', ...(runs && { Binds: [`${this.healthFolder}:/tmp`] }) },
      ...(runs && { Healthcheck: { Test: ['CMD', 'health'], Interval: second, Timeout: 5 * second, Retries: 1 } }),
    });
    const { Id } = JSON.parse(answer);
    return Id;
  }

  private async ask(method: 'POST' | 'DELETE', where: string, body?: unknown): Promise<string> {
    const answer = await askEngine(this.socketPath, method, where, body);
    // 304: it is so already; 404 on removing: it is gone already.
    if (answer.status < 400 || (method === 'DELETE' && answer.status === 404)) return answer.body;
    throw new Error(`The engine says to ${method} ${where}: ${answer.status} ${answer.body}`);
  }
}

function composeText(project: string, services: readonly string[]): string {
  const check = '{ test: ["CMD", "health"], interval: 1s, timeout: 5s, retries: 1 }';
  const one = (name: string) => `  ${name}: { image: "berth/idle:1", network_mode: none, healthcheck: ${check} }`;
  return [`name: ${project}`, 'services:', ...services.map(one), ''].join('\n');
}

/** @throws what the first action that fails throws, once none is under way any more. */
async function inParallel<T>(items: T[], action: (item: T) => Promise<unknown>): Promise<void> {
  const worker = async () => {
    try {
      for (let item = items.shift(); item !== undefined; item = items.shift()) await action(item);
    } catch (error) {
      items.length = 0;
      throw error;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: PARALLEL }, worker));
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
}
