import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Disposable } from './disposable';

/**
 * Takes a lock that only one holder on this machine has at a time, whatever process it is in; waits while another has it.
 * The lock is a socket that its holder listens on: the operating system takes it away when the process ends, however it
 * ends, and those who wait hear of it because their connection closes. Nothing is polled, and a crash leaves nothing.
 * @param key what is locked; any text.
 * @param holder who takes it, for those who wait; one line.
 * @param onWait is told the holder, each time that somebody else turns out to have the lock.
 * @returns to be disposed of to give the lock back.
 * @throws the signal's reason when aborted; an error of the system when there can be no such socket.
 */
export async function takeLock(
  key: string,
  holder: string,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: (holder: string) => void },
): Promise<Disposable> {
  const address = await lockAddress(key);
  for (;;) {
    signal.throwIfAborted();
    const lock = await listen(address, holder);
    if (lock) return lock;
    const left = await untilGone(address, signal, onWait);
    if (left === 'stale') await removeStale(address);
  }
}

/**
 * Linux has sockets without a file, Windows named pipes: both are gone with their process. Elsewhere it is a file, which
 * a crash leaves behind, but which nobody answers at then.
 */
async function lockAddress(key: string): Promise<string> {
  const name = `berth-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const folder = path.join(os.tmpdir(), `berth-${os.userInfo().uid}`);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, name);
}

/** @returns undefined when somebody else has the socket. */
function listen(address: string, holder: string): Promise<Disposable | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      waiting.add(socket);
      socket.once('close', () => waiting.delete(socket));
      // Who has gone meanwhile is no matter.
      socket.on('error', () => {});
      socket.write(`${holder}\n`);
    });
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      // A lock keeps no process alive: what it is for does.
      server.unref();
      resolve({
        dispose: () => {
          server.close();
          for (const socket of waiting) socket.destroy();
        },
      });
    });
  });
}

/** Waits until the holder is gone. @returns `stale` when there was none to begin with. */
function untilGone(address: string, signal: AbortSignal, onWait: (holder: string) => void): Promise<'gone' | 'stale'> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort);
    let told = '';
    let connected = false;
    socket.setEncoding('utf8');
    socket.once('connect', () => {
      connected = true;
    });
    socket.on('data', (text: string) => {
      const before = told.includes('\n');
      told += text;
      if (!before && told.includes('\n')) onWait(told.slice(0, told.indexOf('\n')));
    });
    // What went wrong shows in `close`, which always follows.
    socket.on('error', () => {});
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(connected ? 'gone' : 'stale');
    });
    if (signal.aborted) onAbort();
  });
}

/** Removes the file of a holder that is no more; puts it back when it turns out that another one has just come. */
async function removeStale(address: string): Promise<void> {
  if (!path.isAbsolute(address) || process.platform === 'win32') return;
  const aside = `${address}.${process.pid}`;
  const moved = await fs.rename(address, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const isAnswered = await new Promise<boolean>((resolve) => {
    const socket = net.connect(aside);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
  if (isAnswered) await fs.link(aside, address).catch(() => {});
  await fs.rm(aside, { force: true });
}
