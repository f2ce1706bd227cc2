import { record } from '../common/json';
import type { EngineConnection } from './connection';

/**
 * The number that the first program of a container has on the engine's machine; undefined of one that does not run, or is gone by now.
 * @throws the signal's reason when aborted.
 */
export async function firstProgramOf(
  id: string,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<number | undefined> {
  const details = await connection
    .inspect((engine) => engine.container(id, signal))
    .catch(() => signal.throwIfAborted());
  const pid = Number(record(record(details).State).Pid);
  return pid > 0 ? pid : undefined;
}
