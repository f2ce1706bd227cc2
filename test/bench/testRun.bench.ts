import { BerthCommand } from '../engine/support/berthCommand';
import { ComposeFolder, IDLE_WITH_HEALTH } from '../engine/support/composeFolder';
import { BenchError } from '../support/errors';
import { step } from '../support/steps';
import { machineTime } from './support/figures';
import { Product } from './support/product';
import { type Aim, Report } from './support/report';

const PAIRS = 10;
/** How long the tests take, in seconds: few suites that need an environment are shorter. */
const SECONDS = 10;
const TESTS = ['sh', '-c', `echo first; sleep ${SECONDS}`];

const FILES = {
  'compose.yaml': `name: PROJECT
services:
  db:
    ${IDLE_WITH_HEALTH}
    volumes: [data:/data]
  web:
    ${IDLE_WITH_HEALTH}
    depends_on: { db: { condition: service_healthy } }
volumes: { data: }
`,
  'berth.yaml': `environments:
  test:
    files: [compose.yaml]
    project: PROJECT
    commands:
      unit: { kind: test, service: web, run: ${JSON.stringify(TESTS)} }
      first: { kind: test, service: web, run: echo first }
`,
};

/** What a run took, in milliseconds: until the first line of the tests, and as a whole. */
interface Run {
  readonly first: number;
  readonly total: number;
}

/** `berth test` beside the three commands that somebody would type in its place, in turn; and how soon the tests begin. */
export async function run(signal: AbortSignal): Promise<void> {
  const product = await Product.build(signal);
  const folder = new ComposeFolder('bench-testrun', FILES);
  const berth = (...args: string[]) =>
    timed(folder, [process.execPath, product.bundle('cli'), 'test', 'test', ...args], signal);
  try {
    const pairs = await step(`Test runs in ${PAIRS} pairs`, async (report) => {
      // The first of each reads all files from the disk.
      await berth('first');
      await bare(folder, signal);
      const made: { berth: Run; bare: Run }[] = [];
      for (let pair = 1; pair <= PAIRS; pair++) {
        report(`pair ${pair} of ${PAIRS}`);
        // Which one goes first alternates, too.
        const early = pair % 2 === 0 ? await berth('unit') : undefined;
        const bareRun = await bare(folder, signal);
        made.push({ berth: early ?? (await berth('unit')), bare: bareRun });
      }
      return made;
    });
    const kept = await step(`Test runs in a kept environment, ${PAIRS} times`, async () => {
      await berth('first', '--keep');
      const made: Run[] = [];
      for (let turn = 0; turn < PAIRS; turn++) made.push(await berth('first'));
      return made;
    });
    show(pairs, kept);
  } finally {
    await folder.dispose();
  }
}

/** The sum of the parts, as in a script: up until it is healthy, the tests, and everything away. */
async function bare(folder: ComposeFolder, signal: AbortSignal): Promise<Run> {
  const compose = ['docker', 'compose'];
  const up = await timed(folder, [...compose, 'up', '--detach', '--wait'], signal);
  const exec = await timed(folder, [...compose, 'exec', '-T', 'web', ...TESTS], signal);
  const down = await timed(folder, [...compose, 'down', '--volumes'], signal);
  return { first: up.total + exec.first, total: up.total + exec.total + down.total };
}

async function timed(folder: ComposeFolder, call: readonly string[], signal: AbortSignal): Promise<Run> {
  signal.throwIfAborted();
  const [program = '', ...args] = call;
  const began = machineTime();
  const command = new BerthCommand([], { cwd: folder.folder, env: { CI: undefined }, input: '' }, [program, ...args]);
  let first = 0;
  command.process.stdout?.once('data', () => {
    first = machineTime() - began;
  });
  const { exitCode, stderr } = await command.ended;
  if (exitCode !== 0) throw new BenchError(`${call.join(' ')} ended with ${exitCode}:\n${stderr}`);
  return { first, total: machineTime() - began };
}

function show(pairs: readonly { readonly berth: Run; readonly bare: Run }[], kept: readonly Run[]): void {
  const report = new Report('`berth test` beside `docker compose up --wait`, `exec` and `down --volumes`');
  const small: Aim = { text: '< 5 %', holds: ({ median }) => median < 5 };
  const figures = (what: (pair: { berth: Run; bare: Run }) => number) => pairs.map(what);
  report.add(
    '`berth test`',
    figures(({ berth }) => berth.total),
    'ms',
  );
  report.add(
    'the three commands',
    figures(({ bare }) => bare.total),
    'ms',
  );
  report.add(
    'what the first takes longer, by pair',
    figures(({ berth, bare }) => (berth.total / bare.total - 1) * 100),
    '%',
    small,
  );
  report.add(
    "from `berth test` to the tests' first line",
    figures(({ berth }) => berth.first),
    'ms',
  );
  report.add(
    'the same of `up --wait` and `exec`',
    figures(({ bare }) => bare.first),
    'ms',
  );
  report.add(
    'the same of `berth test` in a kept environment',
    kept.map(({ first }) => first),
    'ms',
  );
  report.note(
    `Two services with health checks each second, one after the other; the tests take ${SECONDS} seconds. Which of the two goes ` +
      'first alternates.',
  );
  report.show();
}
