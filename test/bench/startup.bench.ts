import path from 'node:path';
import { build } from 'esbuild';
import { runOrFail, run as runProgram } from '../support/processes';
import { step } from '../support/steps';
import { withTemporaryFolder } from '../support/temporary';
import { canRunVSCodeServer, vscodeVersions } from '../support/vscodeServer';
import { Measured } from './support/measured';
import { loadDockerode, Product } from './support/product';
import { type Aim, below, Report } from './support/report';
import type { ActivationTimes } from './support/subject';

/** How many windows of VS Code are opened, of each version, and how many processes are started. */
const WINDOWS = 4;
const PROCESSES = 15;

/** What it takes to get Berth going: `activate()`, the bundles and what is loaded of them. */
export async function run(signal: AbortSignal): Promise<void> {
  const product = await Product.build(signal);
  await withTemporaryFolder('startup', async (folder) => {
    await activation(product, path.join(folder, 'workspace'), signal);
    await bundles(product, folder, signal);
  });
}

/** Opens windows on a new project, one after another, and asks VS Code how long the extension took in each. */
async function activation(product: Product, workspace: string, signal: AbortSignal): Promise<void> {
  if (!canRunVSCodeServer()) return;
  await runOrFail(process.execPath, [product.bundle('cli'), 'init', workspace], { signal });
  const report = new Report('Activation');
  for (const version of [...vscodeVersions].reverse()) {
    const times = await step(`Opening ${WINDOWS} windows of VS Code ${version}`, async (progress) => {
      const all: ActivationTimes[] = [];
      while (all.length < WINDOWS) {
        progress(`${all.length} of ${WINDOWS}`);
        const host = await Measured.extensionHost({ workspace, version, env: {} }, product.folder, signal);
        try {
          all.push(await host.ask('activation'));
        } finally {
          await host.end();
        }
      }
      return all;
    });
    const values = (name: keyof ActivationTimes) => times.map((one) => one[name]);
    report.add(`VS Code ${version}: \`activate()\``, values('callActivate'), 'ms', below(50, 'ms'));
    report.add(`VS Code ${version}: loading the bundle before that`, values('loadCode'), 'ms');
  }
  report.note(
    'As VS Code itself measures it ("Developer: Startup Performance"), in whole milliseconds, each time in a new window ' +
      'on a project made from the first template, with the bundle as it is published.',
  );
  report.show();
}

async function bundles(product: Product, folder: string, signal: AbortSignal): Promise<void> {
  const report = new Report('Bundles, minified, and what is loaded of them');
  for (const name of ['extension', 'cli', 'libraries/yaml', 'libraries/unbash', 'libraries/ajv']) {
    report.add(`\`dist/${name}.js\``, [product.size(name) / 1000], 'kB');
  }
  report.add('`dist/libraries/dockerode.js`', [product.size('libraries/dockerode') / 1000], 'kB', about(149, 'kB'));

  const whole = path.join(folder, 'whole.js');
  const { metafile } = await build({
    ...{ entryPoints: [loadDockerode], outfile: whole, metafile: true, logLevel: 'error' },
    ...{ bundle: true, minify: true, platform: 'node', format: 'cjs', target: 'node20' },
    external: ['cpu-features', '*.node'],
  });
  const bytes = Object.values(metafile.outputs)[0]?.bytes ?? Number.NaN;
  report.add('to compare, dockerode with all it brings', [bytes / 1000], 'kB');

  const times = { slim: [] as number[], whole: [] as number[], command: [] as number[], node: [] as number[] };
  await step(`Starting ${PROCESSES} processes of each kind`, async (progress) => {
    // In turn, so that what else goes on on this machine is in all of them.
    for (let round = 1; round <= PROCESSES; round++) {
      progress(`${round} of ${PROCESSES}`);
      times.slim.push(await loadTime(product.bundle('loadDockerode'), signal));
      times.whole.push(await loadTime(whole, signal));
      times.command.push(await wallTime([product.bundle('cli'), '--version'], signal));
      times.node.push(await wallTime(['--eval', '0'], signal));
    }
  });
  report.add('loading dockerode, when an engine is first needed', times.slim, 'ms', about(40, 'ms'));
  report.add('to compare, dockerode with all it brings', times.whole, 'ms');
  report.add('`berth --version`, from start to end', times.command, 'ms');
  report.add('to compare, Node with nothing to do', times.node, 'ms');
  report.show();
}

/** An aim that is a measured figure, with a fifth of room for noise. */
function about(value: number, unit: string): Aim {
  return { text: `about ${value} ${unit}`, holds: ({ median }) => median <= value * 1.2 };
}

/** Milliseconds that a new process takes to load dockerode from a bundle. */
async function loadTime(bundle: string, signal: AbortSignal): Promise<number> {
  const script = `const { load } = require(process.argv[1]); const began = performance.now();
    load().then(() => console.log(performance.now() - began));`;
  return Number(await runOrFail(process.execPath, ['--eval', script, bundle], { signal }));
}

/** Milliseconds from a Node process's start to its end. */
async function wallTime(args: readonly string[], signal: AbortSignal): Promise<number> {
  const began = performance.now();
  await runProgram(process.execPath, args, { signal });
  return performance.now() - began;
}
