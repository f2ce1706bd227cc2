import { engineSocket } from '../../engine/support/engineApi';
import { BenchError } from '../../support/errors';
import { idleImage } from '../../support/images';
import { noSecondEngineBecause, startSecondEngine } from '../../support/secondEngine';
import { say, step } from '../../support/steps';

/**
 * Lends the unix socket of an engine to measure with: one of its own, on which nobody else does anything, where that can
 * be had; else the machine's.
 */
export async function withBenchEngine<T>(signal: AbortSignal, work: (socketPath: string) => Promise<T>): Promise<T> {
  const impossible = noSecondEngineBecause();
  if (impossible) {
    const own = await engineSocket();
    if (!own) throw new BenchError('This is measured on a unix socket, and the engine here is reached otherwise.');
    say(`Measured with the machine's own engine, and whatever else goes on there: ${impossible}.`);
    return work(own);
  }
  const image = await idleImage(signal);
  const engine = await step('Starting an engine to measure with', async () => {
    const started = await startSecondEngine();
    await started.load(image);
    return started;
  });
  try {
    return await work(engine.socketPath);
  } finally {
    await engine.dispose();
  }
}
