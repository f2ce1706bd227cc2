import { describeError } from './errors';

/** How long what is under way may take to end in order after a signal, in milliseconds. */
const GRACE = 20_000;

/** The part of a command behind `npm run …` that does the work: gives the exit code. */
export type Work = (args: readonly string[], signal: AbortSignal) => Promise<number>;

/**
 * Makes a program of a piece of work. Ctrl-C and being told to end abort its signal, upon which it ends what it has
 * started; a second Ctrl-C ends it at once. Errors are told in words.
 */
export function program(work: Work): (args: readonly string[]) => Promise<void> {
  return async (args) => {
    const abort = new AbortController();
    let exitCode = 1;
    const onSignal = (signal: NodeJS.Signals) => {
      if (abort.signal.aborted) process.exit(130);
      abort.abort(new Error(`Ended by ${signal}.`));
      setTimeout(() => process.exit(130), GRACE).unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    try {
      exitCode = await work(args, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) exitCode = 130;
      process.stderr.write(`\n${abort.signal.aborted ? abort.signal.reason.message : describeError(error)}\n`);
    }
    process.exitCode = exitCode;
  };
}
