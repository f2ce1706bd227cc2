import path from 'node:path';
import { outcomeCounts } from '../../core/model/testCase';
import type { TestRunHooks, TestRunRequest, TestRunResult } from '../../core/runs/testRun';
import { EXIT, exitCodeOf } from '../exitCodes';
import { nextCommand, openProject } from '../project';
import { renderError } from '../rendering/errors';
import { errorJson, jsonDocument, secondsJson } from '../rendering/json';
import { secondsText } from '../rendering/progress';
import { testCaseLines } from '../rendering/testCases';
import { runInherited } from '../runInherited';
import { isForTerminal } from '../showCommand';
import { knownTestTarget } from '../testTarget';
import { millisecondsOf } from '../time';
import { variablesIn } from '../variables';
import type { Command, CommandContext } from './command';
import { operateVisibly } from './operate';

/** How long tests that are told to end may take for that, in milliseconds, before they are killed. */
const PATIENCE = 10_000;

/** `berth test`: ends with the exit code of the tests. */
export const test: Command = {
  summary: 'run tests in an environment of their own, and remove it',
  operands: '[ENV] [COMMAND] [-- ARG…]',
  mostOperands: 2,
  takesWords: true,
  options: ['keep', 'use-running', 'build', 'service', 'timeout', 'env', 'json', 'verbose'],
  details:
    'Looks whether there is room beside what runs, brings the environment up until it is healthy, runs its "setup" commands and then ' +
    'the test command, keeps what that leaves, and removes the environment again, also after Ctrl-C. What stands after -- is added to ' +
    "the command. Ends with the command's own exit code. Where it fails, the logs of all services stay in .berth/runs. The " +
    'environment can be left out where only one has tests, or one is called "test"; the command, for the main one.',
  examples: [
    ['berth test', 'the tests of the test environment'],
    ['berth test test unit -- -k login', 'one command, with arguments of its own'],
    ['berth test test unit --service api', 'with one service up, and what that depends on'],
    ['berth test --keep', 'leaves the environment up, to look into it'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, signal, output, words } = context;
  await openProject(context);
  const { environment, command } = knownTestTarget(context);
  const request: TestRunRequest = {
    environmentId: environment.definition.id,
    command,
    args: words,
    env: variablesIn(options.env),
    services: options.service,
    build: options.build,
    keep: options.keep,
    useRunning: options['use-running'] ?? /^(?:1|true)$/i.test(process.env.CI ?? ''),
    ...(options.timeout === undefined ? {} : { timeout: millisecondsOf(options.timeout) }),
  };
  const result = await berth.testRuns.run(request, hooksOf(context), signal);
  if (options.json) output.out.write(jsonDocument(resultJson(result)));
  else tellEnd(result, context);
  return exitCodeOfRun(result);
}

function hooksOf(context: CommandContext): TestRunHooks {
  const { options, output } = context;
  const { err } = output;
  return {
    terminal: isForTerminal(context) && !options.json,
    operate: operateVisibly(context),
    runProgram: (call, signal) => runInherited(call, signal, { stdout: options.json ? 2 : 1, patience: PATIENCE }),
    onStage: (_, text) => err.write(`${err.style('bold', text)}\n`),
    onNote: (text) => err.write(`${text}\n`),
  };
}

/** Tells on standard error, as standard output is that of the tests. */
function tellEnd(result: TestRunResult, context: CommandContext): void {
  const { err } = context.output;
  const { command, environment, project, beside, exitCode, error, cancelled, ms = 0, failing } = result;
  const { cases, folder, collected, after } = result;
  const took = `(${secondsText(ms)})`;
  if (exitCode === 0) err.write(`${err.style('green', `✔ ${command} of ${environment} passed ${took}`)}\n`);
  else if (exitCode !== undefined) {
    err.write(`${err.style('red', `✖ ${command} of ${environment} failed with exit code ${exitCode} ${took}`)}\n`);
  } else if (cancelled && !error) err.write('Cancelled.\n');
  for (const line of testCaseLines(cases, err.style)) err.write(`${line}\n`);
  if (failing.length > 0) err.write(`While it ran, these services failed: ${failing.join(', ')}.\n`);
  if (error) err.write(renderError(error, { from: context.workingFolder, style: err.style }));
  if (folder) {
    const shown = path.relative(context.workingFolder, folder) || '.';
    err.write(`${collected.length > 0 ? `Collected ${collected.join(', ')}` : 'What it left is'} in ${shown}\n`);
  }
  const named = beside ? ['--project', project] : [environment];
  const removal = nextCommand(context, 'down', ...named, '--volumes');
  const cleaning = nextCommand(context, 'clean');
  if (after === 'kept') err.write(`"${environment}" stays up. To remove it: ${removal}\n`);
  if (after === 'left') {
    err.write(`"${environment}" is not removed. ${beside ? '' : 'The next run does that, or: '}${cleaning}\n`);
  }
  if (after === 'removed') err.write(`"${environment}" is removed.\n`);
}

function resultJson({ ms, error, cases, ...result }: TestRunResult): Record<string, unknown> {
  return {
    operation: 'test',
    ...result,
    ...tookJson(ms),
    counts: outcomeCounts(cases),
    cases: cases.map(({ ms, ...one }) => ({ ...one, ...tookJson(ms) })),
    ...(error ? { error: errorJson(error) } : {}),
  };
}

function tookJson(ms: number | undefined): { readonly seconds?: number } {
  return ms === undefined ? {} : { seconds: secondsJson(ms) };
}

/** That of the command, if it ran to its end and passed or failed; else of what kept it from that. */
function exitCodeOfRun({ exitCode, error, cancelled }: TestRunResult): number {
  if (exitCode) return exitCode;
  if (error) return exitCodeOf(error.kind);
  return cancelled ? EXIT.cancelled : EXIT.done;
}
