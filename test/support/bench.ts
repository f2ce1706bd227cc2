import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { inMarkdown, Report } from '../bench/support/report';
import { type Engine, ensureEngine } from './engine';
import { BenchError } from './errors';
import { ensureImages, idleImage } from './images';
import { repositoryRoot } from './paths';
import { program } from './program';
import { duration, headline, say } from './steps';

/** What a file of measurements exports. */
interface Bench {
  run(signal: AbortSignal): Promise<void>;
}

/** What an earlier run found, for people, in between two lines that say so. */
const documentation = path.join(repositoryRoot, 'docs', 'performance.md');
const ENDING = '.bench.js';
const [firstLine, lastLine] = ['<!-- figures: npm run bench -- --write -->', '<!-- end of figures -->'];

/**
 * Measures: `npm run bench [-- NAME… --write]` runs the files `test/bench/*.bench.ts`, or those of these names. The figures
 * also go to `out/bench.json`, and with `--write` to the documentation.
 */
export const main = program(async (args, signal) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { write: { type: 'boolean' } },
    allowPositionals: true,
  });
  const files = benchFiles(positionals);
  if (values.write && positionals.length > 0) throw new BenchError('Only a whole run is written to the documentation.');
  const engine = await ensureEngine(signal);
  await ensureImages(undefined, signal);
  await idleImage(signal);
  for (const file of files) {
    signal.throwIfAborted();
    headline(path.basename(file, ENDING));
    const started = performance.now();
    const bench: Bench = require(file);
    await bench.run(signal);
    say(`(${duration(started)})`);
  }
  keepFigures(engine, values.write ?? false);
  return 0;
});

/** @param names of those to run; all when empty. */
function benchFiles(names: readonly string[]): string[] {
  const folder = path.join(__dirname, '..', 'bench');
  const all = fs.readdirSync(folder).filter((name) => name.endsWith(ENDING));
  const known = all.map((name) => path.basename(name, ENDING)).sort();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BenchError(`There is no ${unknown.join(', ')} to measure.`, `There are: ${known.join(', ')}.`);
  const chosen = known.filter((name) => names.length === 0 || names.includes(name));
  return chosen.map((name) => path.join(folder, name + ENDING));
}

function keepFigures({ engineVersion, composeVersion }: Engine, write: boolean): void {
  const { tables } = Report;
  const missed = tables.flatMap(({ title, rows }) =>
    rows.filter(({ met }) => met === false).map(({ what }) => `${title}: ${what}`),
  );
  say(missed.length === 0 ? '\nEvery aim is met.' : `\nMissed:\n${missed.map((one) => `  ${one}`).join('\n')}`);

  const cpus = os.cpus();
  const machine = { processors: cpus.length, processor: cpus[0]?.model, system: `${os.type()} ${os.release()}` };
  const versions = { node: process.versions.node, engine: engineVersion, compose: composeVersion };
  const file = path.join(repositoryRoot, 'out', 'bench.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), machine, versions, tables }, null, 2)}\n`);
  say(`All figures: ${path.relative(repositoryRoot, file)}`);

  if (!write) return;
  const [before, rest] = fs.readFileSync(documentation, 'utf8').split(`${firstLine}\n`);
  const after = rest?.split(`${lastLine}\n`)[1];
  if (after === undefined) throw new BenchError(`${documentation} has no place for figures.`);
  const where =
    `Measured with ${machine.processors} processors, Docker Engine ${versions.engine}, Compose ${versions.compose} ` +
    `and Node.js ${versions.node}.`;
  const figures = [where, ...tables.map(inMarkdown)].join('\n\n').trimEnd();
  fs.writeFileSync(documentation, `${before}${firstLine}\n\n${figures}\n\n${lastLine}\n${after}`);
  say(`Written to ${path.relative(repositoryRoot, documentation)}`);
}
