import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { BenchError, describeError } from './errors';
import { type Counts, testFiles } from './mochaRun';
import { program } from './program';
import { allStages, type Stage, type StageContext } from './stages';
import { duration, headline, say } from './steps';

/** Runs the tests: `npm test [-- STAGE… --grep PATTERN]`. It ends with what failed, and the count of all. */
export const main = program(async (args, signal) => {
  const { stages, grep } = await readArguments(args);
  let total: Counts = { passed: 0, skipped: 0, failures: [] };
  for (const stage of stages) {
    for (const version of stage.versions) {
      const title = version ? `${stage.name}, VS Code ${version}` : stage.name;
      headline(title);
      const counts = await runStage(stage, version, { signal, grep });
      total = add(total, { ...counts, failures: counts.failures.map((failure) => `✘ ${title}: ${failure}`) });
    }
  }
  // Thousands of lines lie between a failure and the end, and where a log is cut, its end is what is left.
  for (const failure of total.failures) say(`\n${failure}`);
  if (total.passed + total.failures.length === 0) say('No test ran, which counts as a failure.');
  say(`\n${describe(total)}`);
  return total.failures.length > 0 || total.passed === 0 ? 1 : 0;
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
      return { passed: 0, skipped: 0, failures: [] };
    }
    if (testFiles(stage.folder).length === 0) throw new BenchError(`There are no *.test.js files in ${stage.folder}.`);
    await stage.prepare(context.signal);
    const counts = await stage.run(context, version);
    context.signal.throwIfAborted();
    say(`${counts.failures.length > 0 ? '✘' : '✔'} ${stage.name}: ${describe(counts)} in ${duration(started)}`);
    return counts;
  } catch (error) {
    context.signal.throwIfAborted();
    say(`✘ ${stage.name} failed after ${duration(started)}: ${describeError(error)}`);
    return { passed: 0, skipped: 0, failures: [describeError(error)] };
  }
}

function add(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
  };
}

function describe({ passed, skipped, failures }: Counts): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
