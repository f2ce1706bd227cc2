import { once } from 'node:events';
import net from 'node:net';

/** A TCP port that is free on the loopback address: `preferred` if it is, else one the system chooses. */
export async function freePort(preferred = 0): Promise<number> {
  const server = net.createServer();
  try {
    server.listen(preferred, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : freePort();
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort();
  } finally {
    server.close();
  }
}
