import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { BenchError, describeError } from './errors';
import { type Counts, testFiles } from './mochaRun';
import { program } from './program';
import { allStages, type Stage, type StageContext } from './stages';
import { duration, headline, say } from './steps';

/** Runs the tests: `npm test [-- STAGE… --grep PATTERN]`. The last line is the count of all that ran. */
export const main = program(async (args, signal) => {
  const { stages, grep } = await readArguments(args);
  let total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) {
    for (const version of stage.versions) {
      headline(version ? `${stage.name}, VS Code ${version}` : stage.name);
      total = add(total, await runStage(stage, version, { signal, grep }));
    }
  }
  if (total.passed + total.failed === 0) say('No test ran, which counts as a failure.');
  say(`\n${describe(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
});

async function readArguments(args: readonly string[]): Promise<{ stages: Stage[]; grep?: string }> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { grep: { type: 'string', short: 'g' } },
    allowPositionals: true,
  });
  const all = await allStages();
  const unknown = positionals.filter((name) => !all.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const names = all.map((stage) => stage.name).join(', ');
    throw new BenchError(`There is no stage ${unknown.join(', ')}.`, `The stages are: ${names}.`);
  }
  const chosen = all.filter((stage) => positionals.length === 0 || positionals.includes(stage.name));
  return { stages: chosen, grep: values.grep };
}

/** Runs a stage for one version. What keeps it from coming to its end counts as one failure. */
async function runStage(stage: Stage, version: string, context: StageContext): Promise<Counts> {
  const started = performance.now();
  try {
    if (!fs.existsSync(stage.folder)) {
      say('Skipped: there are no tests of this kind.');
      return { passed: 0, failed: 0, skipped: 0 };
    }
    if (testFiles(stage.folder).length === 0) throw new BenchError(`There are no *.test.js files in ${stage.folder}.`);
    await stage.prepare(context.signal);
    const counts = await stage.run(context, version);
    context.signal.throwIfAborted();
    say(`${counts.failed > 0 ? '✘' : '✔'} ${stage.name}: ${describe(counts)} in ${duration(started)}`);
    return counts;
  } catch (error) {
    context.signal.throwIfAborted();
    say(`✘ ${stage.name} failed after ${duration(started)}: ${describeError(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function add(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
