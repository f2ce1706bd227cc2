// The process that a stage of tests runs in, with a folder and a timeout as arguments.
import { runMocha } from './mochaRun';

/** How long what the tests leave open may keep this process alive after them, in milliseconds. */
const LINGER = 10_000;

async function main([folder, timeout]: readonly string[]): Promise<void> {
  if (!folder || !timeout) throw new Error('Usage: mochaStage FOLDER TIMEOUT');
  const abort = new AbortController();
  // The hooks that clean up still run. Only a second Ctrl-C goes without them: the SIGTERM with which the process that
  // started this one passes on the first may come as well.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      abort.abort();
      process.on(signal, () => process.exit(130));
    });
  }
  const { failures } = await runMocha(folder, Number(timeout), abort.signal);
  process.exitCode = failures.length > 0 || abort.signal.aborted ? 1 : 0;
  setTimeout(() => {
    console.error(`The tests left something open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, LINGER).unref();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
