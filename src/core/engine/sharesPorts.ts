import fs from 'node:fs/promises';
import { type EngineConnection, isLocal } from './connection';

/**
 * Whether the engine publishes ports in the very network that this process sees: from within a container with the engine's socket, or
 * beside an engine in a machine of its own, the ports of programs here are no matter of its. The engine's bridges tell.
 */
export async function sharesPorts({ address }: EngineConnection): Promise<boolean> {
  if (process.platform !== 'linux' || !isLocal(address)) return false;
  const interfaces = await fs.readdir('/sys/class/net').catch((): string[] => []);
  return interfaces.some((name) => /^(?:docker0|br-[0-9a-f]{12})$/.test(name));
}
