import { isCancellation } from '../../core/common/errors';
import { type ProgramCall, runProgram } from '../../core/common/program';
import type { OperationRunner } from '../../core/operations/operationRunner';
import type { TestRunHooks } from '../../core/runs/testRun';
import { ProgressLine } from '../operationProgress';

/** What a program ends with that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Bold, and fainter than other text, in a terminal. */
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

/**
 * How the extension takes part in a test run: without a terminal.
 * @param write shows text that has its own line ends and colours.
 */
export function testRunHooks(operations: Pick<OperationRunner, 'run'>, write: (text: string) => void): TestRunHooks {
  const line = (text: string) => write(`${text}\n`);
  return {
    terminal: false,
    operate: (request, signal) => {
      const progress = new ProgressLine(request.operation);
      let last: string | undefined;
      return operations.run(
        request,
        (told) => {
          const shown = progress.take(told);
          if (shown !== undefined && shown !== last) line(dim(`  ${shown}`));
          last = shown ?? last;
        },
        signal,
      );
    },
    runProgram: (call, signal) => runShown(call, signal, write),
    onStage: (_, text) => line(bold(text)),
    onNote: line,
  };
}

async function runShown(call: ProgramCall, signal: AbortSignal, write: (text: string) => void): Promise<number> {
  try {
    return (await runProgram(call, { signal, onText: write, withChildren: true })).exitCode;
  } catch (error) {
    if (signal.aborted && isCancellation(error)) return INTERRUPTED;
    throw error;
  }
}

/**
 * Variables that make most programs print in colours though they have no terminal; those that the command sets itself count more.
 * Sources: force-color.org, bixense.com/clicolors.
 */
export function colourVariables(own: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return 'NO_COLOR' in own ? {} : { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', ...own };
}
