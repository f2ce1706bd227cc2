import path from 'node:path';
import { createBerth } from '../core/berth';
import { isCancellation, messageOf, UserError } from '../core/common/errors';
import { silentLog } from '../core/common/log';
import { declinesColour, parseCommandLine, wantsJson } from './commandLine';
import { commandNamed } from './commands';
import { INTERRUPTED, TERMINAL_CLOSED } from './commands/command';
import { completionsOf } from './completion/candidates';
import { COMPLETE_COMMAND } from './completion/scripts';
import { EXIT, exitCodeOf } from './exitCodes';
import { commandHelpText, helpText } from './help';
import { type Output, processOutput } from './output';
import { renderError } from './rendering/errors';
import { errorJson, jsonDocument } from './rendering/json';
import { VERSION } from './version';

/** Where Berth is installed, as seen from the bundle `dist/cli.js`. */
const productFolder = path.join(__dirname, '..');

async function run(args: readonly string[], output: Output, signal: AbortSignal): Promise<number> {
  if (args[0] === COMPLETE_COMMAND) return complete(args.slice(1), output);
  const line = parseCommandLine(args);
  switch (line.kind) {
    case 'help':
      output.out.write(line.command ? commandHelpText(line.command) : helpText());
      return EXIT.done;
    case 'version':
      output.out.write(`${VERSION}\n`);
      return EXIT.done;
    case 'command': {
      const { operands, words, options } = line;
      const berth = createBerth(silentLog, 'berth');
      try {
        const workingFolder = process.cwd();
        const typed = { operands, words, options, typed: args };
        return await commandNamed(line.command).run({ ...typed, output, signal, workingFolder, productFolder, berth });
      } finally {
        berth.dispose();
      }
    }
  }
}

/** Answers a shell's completion, see `completion/scripts.ts`. */
async function complete(typed: readonly string[], { out }: Output): Promise<number> {
  const { candidates, paths } = await completionsOf(typed, { workingFolder: process.cwd(), productFolder });
  for (const { value, meaning } of candidates) out.write(`${value}${meaning ? `\t${meaning}` : ''}\n`);
  if (paths) out.write(`:${paths}\n`);
  return EXIT.done;
}

/** Tells an error where its reader looks. @returns the exit code. */
function tellError(thrown: unknown, json: boolean, { out, err }: Output): number {
  if (isCancellation(thrown)) {
    err.write('Cancelled.\n');
    return EXIT.cancelled;
  }
  // What is no UserError is a bug: who reports it needs to know where it is.
  const details = { output: thrown instanceof Error ? thrown.stack : undefined, cause: thrown };
  const error =
    thrown instanceof UserError
      ? thrown
      : new UserError('failed', `Berth met an error of its own: ${messageOf(thrown)}`, details);
  // In one line: it may come after other lines.
  if (json) out.write(jsonDocument({ error: errorJson(error) }, { oneLine: true }));
  else err.write(renderError(error, { from: process.cwd(), style: err.style }));
  return exitCodeOf(error.kind);
}

/** The first signal asks what is under way to end in order; a second one does not wait for that. */
function interruptions(): AbortSignal {
  const controller = new AbortController();
  for (const [name, reason] of [
    ['SIGINT', INTERRUPTED],
    ['SIGTERM', undefined],
    ['SIGHUP', TERMINAL_CLOSED],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.cancelled);
      controller.abort(reason);
    });
  }
  return controller.signal;
}

/** Set when what was written to standard output did not arrive. */
let isOutputLost = false;

/** Ends the process once everything written has left it. */
function end(exitCode: number): void {
  const exit = () => process.exit(isOutputLost ? exitCode || EXIT.failed : exitCode);
  // That a write failed is told a moment after its own end.
  process.stdout.write('', () => process.stderr.write('', () => setImmediate(exit)));
}

async function main(args: readonly string[]): Promise<void> {
  process.stdout.on('error', (error) => {
    // Whoever reads has seen enough, as `head` does: nothing to complain about.
    if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.done);
    if (!isOutputLost) process.stderr.write(`✖ Standard output can't be written: ${error.message}\n`);
    isOutputLost = true;
  });
  process.stderr.on('error', () => {});
  // Electron runs as Node while this is set, as it is here where VS Code started it; programs that are run from here are not to.
  if (process.versions.electron) delete process.env.ELECTRON_RUN_AS_NODE;
  const output = processOutput({ colours: !declinesColour(args) });
  const exitCode = await run(args, output, interruptions()).catch((error) => tellError(error, wantsJson(args), output));
  end(exitCode);
}

void main(process.argv.slice(2));
