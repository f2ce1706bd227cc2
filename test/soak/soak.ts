import { parseArgs } from 'node:util';
import { OPERATION_NAMES, type OperationName } from '../../src/core/compose/operationCalls';
import type { OperationRequest, OperationResult } from '../../src/core/operations/operation';
import { ensureEngine } from '../support/engine';
import { BenchError } from '../support/errors';
import { run, settledWithin } from '../support/processes';
import { program } from '../support/program';
import { say } from '../support/steps';
import { ENVIRONMENTS, Harbour, SERVICES } from './harbour';
import { type Holdings, holdings, refuseLeaks } from './leaks';
import { Random } from './random';

/** How long an operation may take, in milliseconds, however ill it goes: longer, and it hangs. */
const OPERATION_LIMIT = 120_000;
/** So many operations are under way at most. */
const AT_ONCE = 4;
/** After so many deeds everything is looked at. */
const DEEDS_BETWEEN_LOOKS = 25;

/** What is begun: all but what makes images, and most of all `up`, so that there is something for the others to work on. */
const CHOICES: readonly OperationName[] = [
  ...OPERATION_NAMES.filter((one) => !['build', 'rebuild', 'pull'].includes(one)),
  ...Array.from({ length: 4 }, () => 'up' as const),
];

/**
 * Does random things to three environments for a time, operations and faults, and looks now and then whether what core
 * shows is what the engine says, and whether anything leaks: `npm run soak -- --minutes 30 [--seed N]`.
 */
export const main = program(async (args, signal) => {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const minutes = Number(values.minutes);
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new BenchError('Usage: npm run soak -- --minutes N [--seed N]');
  await ensureEngine(signal);
  say(`Soak of ${minutes} minutes with seed ${seed}. Again: npm run soak -- --minutes ${minutes} --seed ${seed}`);
  const harbour = await Harbour.open(signal);
  try {
    await new Soak(harbour, new Random(seed)).run(minutes * 60_000, signal);
    return 0;
  } finally {
    await harbour.dispose();
  }
});

class Soak {
  private readonly began = performance.now();
  private readonly underWay = new Set<Promise<void>>();
  private readonly outcomes = new Map<string, number>();
  private first: Holdings | undefined;
  private failure: unknown;

  constructor(
    private readonly harbour: Harbour,
    private readonly random: Random,
  ) {
    // Such as too many listeners on one signal.
    process.on('warning', (warning) => {
      this.failure ??= new BenchError(`Node warns: ${warning.stack}`);
    });
  }

  async run(ms: number, signal: AbortSignal): Promise<void> {
    for (let deeds = 1; performance.now() - this.began < ms; deeds++) {
      signal.throwIfAborted();
      await this.deed();
      if (this.failure !== undefined) throw this.failure;
      if (deeds % DEEDS_BETWEEN_LOOKS === 0) await this.look();
    }
    await this.look();
    const counts = [...this.outcomes].sort().map(([what, count]) => `${count} ${what}`);
    say(`\n✔ Nothing leaked, and what was shown was what was. Operations: ${counts.join(', ')}.`);
  }

  private async deed(): Promise<void> {
    const choice = this.random.next();
    if (choice < 0.62) return this.operation();
    if (choice < 0.8) return this.meddle();
    if (choice < 0.9) return this.changeFiles();
    if (choice < 0.95) {
      this.note('reconnects');
      return this.harbour.feed.reconnect();
    }
    return this.breakEngine();
  }

  /** Begins an operation, and waits only when there are many. */
  private async operation(): Promise<void> {
    const { random, harbour } = this;
    const name = random.of(ENVIRONMENTS);
    const operation = random.of(CHOICES);
    const some = operation === 'scale' || random.chance(0.4);
    const services: string[] = some ? [random.of(operation === 'scale' ? ['web', 'worker'] : SERVICES)] : [];
    const options = {
      replicas: Object.fromEntries(services.map((service) => [service, random.below(4)])),
      volumes: random.chance(0.5),
      profiles: random.chance(0.3) ? ['tools'] : undefined,
    };
    const request: OperationRequest = {
      operation,
      environmentId: harbour.environment(name).definition.id,
      services: operation === 'reset' ? [] : services,
      options,
    };
    const cancelAfter = random.chance(0.3) ? random.below(2500) : undefined;
    const words = [
      operation,
      name,
      ...services,
      cancelAfter === undefined ? '' : `(cancelled after ${cancelAfter} ms)`,
    ];
    this.note(words.filter(Boolean).join(' '));
    const cancel = new AbortController();
    const timer = cancelAfter === undefined ? undefined : setTimeout(() => cancel.abort(), cancelAfter);
    const result = harbour.berth.operations.run(request, () => {}, cancel.signal);
    const ended: Promise<void> = settledWithin(result, OPERATION_LIMIT)
      .then(async (isSettled) => {
        if (!isSettled) throw new BenchError(`${operation} ${name} hangs.`);
        this.take(`${operation} ${name}`, await result);
      })
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => {
        clearTimeout(timer);
        this.underWay.delete(ended);
      });
    this.underWay.add(ended);
    if (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay);
    else await new Promise((resolve) => setTimeout(resolve, random.below(1500)));
  }

  private take(what: string, result: OperationResult): void {
    this.outcomes.set(result.kind, (this.outcomes.get(result.kind) ?? 0) + 1);
    this.note(`  ${what}: ${result.kind}${result.kind === 'failed' ? `: ${result.error.message}` : ''}`);
  }

  /** Does something to a container behind Berth's back. */
  private async meddle(): Promise<void> {
    const containers = await this.harbour.listed();
    if (containers.length === 0) return;
    const { id, name } = this.random.of(containers);
    const deed = this.random.of([
      ['kill', id],
      ['stop', '--time', '1', id],
      ['rm', '--force', id],
      ['pause', id],
      ['unpause', id],
      ['start', id],
      ['exec', id, 'sh', '-c', 'echo out of order >/tmp/unhealthy'],
      ['exec', id, 'rm', '-f', '/tmp/unhealthy'],
    ]);
    this.note(`docker ${deed[0]} ${name}`);
    // That it may not be possible is part of it.
    await run('docker', deed);
  }

  private async changeFiles(): Promise<void> {
    // Mostly mends what is broken: there is little to do with broken files.
    const mendable = this.random.chance(0.8) ? [...this.harbour.broken] : [];
    const name = this.random.of(mendable.length > 0 ? mendable : ENVIRONMENTS);
    const broken = !this.harbour.broken.has(name);
    this.note(`${broken ? 'breaks' : 'mends'} the files of ${name}`);
    await this.harbour.setBroken(name, broken);
  }

  private async breakEngine(): Promise<void> {
    const { engine } = this.harbour;
    const gently = this.random.chance(0.3);
    this.note(`${gently ? 'stops' : 'kills'} the engine`);
    await (gently ? engine.stop() : engine.kill());
    await new Promise((resolve) => setTimeout(resolve, this.random.below(4000)));
    await engine.start();
    this.note('has started the engine again');
  }

  /** Waits until nothing is under way, and looks at everything. */
  private async look(): Promise<void> {
    await Promise.all(this.underWay);
    if (this.failure !== undefined) throw this.failure;
    const { berth } = this.harbour;
    if (berth.operations.running.length > 0) throw new BenchError('An operation has ended and is still under way.');
    await this.harbour.agrees();
    const now = holdings(berth);
    // The first look is when everything has been used once.
    this.first ??= now;
    const resources = [...now.resources].map(([kind, count]) => `${count} ${kind}`).join(', ');
    this.note(`looks: all agrees; heap ${(now.heap / 1e6).toFixed(1)} MB; ${resources}; ${now.listeners} listeners`);
    refuseLeaks(this.first, now);
  }

  private note(text: string): void {
    say(`${((performance.now() - this.began) / 1000).toFixed(1).padStart(7)} s  ${text}`);
  }
}
