import { type LocalPort, type PortHolders, portHolders } from '../common/portHolder';
import { ancestorsOf } from '../common/runningProgram';
import type { EngineContainer } from '../model/engineContents';
import type { EngineConnection } from './connection';
import { firstProgramOf } from './firstProgram';

/** Who listens at a port of this machine, without an engine having published it. */
export interface PortUsers extends PortHolders {
  /** The container that one of the programs runs in: it shares the network of the machine, so that it publishes nothing. */
  readonly container?: EngineContainer;
}

/**
 * The programs that listen at a port of this machine, and the container in which they do.
 * @param connection to an engine on this machine.
 * @throws the signal's reason when aborted.
 */
export async function portUsers(
  port: LocalPort,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<PortUsers> {
  const holders = await portHolders(port);
  if (holders.programs.length === 0) return holders;
  const lines = await Promise.all(holders.programs.map(async ({ pid }) => [pid, ...(await ancestorsOf(pid))]));
  const pids = new Set(lines.flat());
  const containers = await connection.inspect((engine) => engine.containers(signal));
  for (const container of containers) {
    if (!container.isRunning || !container.networks.some(({ name }) => name === 'host')) continue;
    const pid = await firstProgramOf(container.id, connection, signal);
    if (pid !== undefined && pids.has(pid)) return { ...holders, container };
  }
  return holders;
}
