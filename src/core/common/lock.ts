import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Disposable } from './disposable';

/**
 * Takes a lock that only one holder on this machine has at a time, whatever process it is in; waits while another has it.
 * The lock is a socket that its holder listens on: the operating system takes it away when the process ends, however it
 * ends, and those who wait hear of it because their connection closes. Nothing is polled, and a crash leaves nothing that
 * hinders anybody. Who of those that wait gets it next, nobody decides.
 * @param key what is locked; any text.
 * @param holder who takes it, for those who wait; one line.
 * @param onWait is told the holder, each time that somebody else turns out to have the lock.
 * @param platform which operating system's kind of socket to use: this one's, unless for a test.
 * @returns to be disposed of to give the lock back.
 * @throws the signal's reason when aborted; an error of the system when there can be no such socket.
 */
export async function takeLock(
  key: string,
  holder: string,
  {
    signal,
    onWait,
    platform = process.platform,
  }: {
    readonly signal: AbortSignal;
    readonly onWait: (holder: string) => void;
    readonly platform?: NodeJS.Platform;
  },
): Promise<Disposable> {
  const { address, listenThere } = await placeOf(key, platform);
  for (;;) {
    signal.throwIfAborted();
    const lock = await listenThere(address, holder);
    if (lock) return lock;
    await untilGone(address, signal, onWait);
  }
}

/**
 * Takes a lock as {@link takeLock} does, unless somebody has it.
 * @returns undefined when somebody else does.
 */
export async function tryLock(key: string, holder: string): Promise<Disposable | undefined> {
  const { address, listenThere } = await placeOf(key, process.platform);
  return listenThere(address, holder);
}

/**
 * Waits until nobody has a lock, see {@link takeLock}; does not take it.
 * @param onHeld is told who has it, if anybody does.
 * @throws the signal's reason when aborted.
 */
export async function whenFree(key: string, signal: AbortSignal, onHeld: (holder: string) => void): Promise<void> {
  const { address } = await placeOf(key, process.platform);
  // A process that is killed gives up the connection first, and what it listens on a moment later.
  do await untilGone(address, signal, onHeld);
  while (await isAnswered(address));
}

/** Whether somebody has a lock, see {@link takeLock}; does not take it. */
export async function isHeld(key: string): Promise<boolean> {
  return isAnswered((await placeOf(key, process.platform)).address);
}

let reach: string | undefined;

/**
 * Names how far locks reach: processes for which this is the same know of each other's. The machine's name alone does not say
 * that: several are called alike, and a container, or Linux beside Windows, has locks of its own. It is the same after the machine
 * was started anew.
 * Sources: man pages unix(7) and network_namespaces(7) (sockets without a file), machine-id(5).
 */
export function lockReach(): string {
  reach ??= `${os.hostname()} ${reachOn(process.platform)}`;
  return reach;
}

function reachOn(platform: NodeJS.Platform): string {
  if (platform === 'linux') return linuxReach();
  return platform === 'win32' ? platform : lockFolder();
}

/** Where the sockets are that are files. */
function lockFolder(): string {
  return path.join(os.tmpdir(), `berth-${os.userInfo().uid}`);
}

function linuxReach(): string {
  const read = (what: () => string) => {
    try {
      return what();
    } catch {
      return '';
    }
  };
  const machine = read(() => readFileSync('/etc/machine-id', 'utf8'));
  const network = read(() => readlinkSync('/proc/self/ns/net'));
  return createHash('sha256').update(`${machine}${network}`).digest('hex').slice(0, 12);
}

/**
 * Who has a lock, see {@link takeLock}; undefined when nobody does.
 * @throws the signal's reason when aborted.
 */
export async function holderOf(key: string, signal: AbortSignal): Promise<string | undefined> {
  const told = new AbortController();
  let holder: string | undefined;
  const onHeld = (by: string) => {
    holder = by;
    told.abort();
  };
  await whenFree(key, AbortSignal.any([signal, told.signal]), onHeld).catch(() => signal.throwIfAborted());
  return holder;
}

/**
 * How long the name of a socket without a file is, in bytes: zeros count. Up to version 20, Node fills it up to that; later ones take
 * it as it is, and would then know nothing of what the others have. Source: `struct sockaddr_un` of Linux, libuv's `uv_pipe_bind2`.
 */
const SOCKET_NAME = 108;

/**
 * Linux has sockets without a file, Windows named pipes: both are gone with their process. Elsewhere it is a file, which
 * a crash leaves behind, but which nobody answers at then.
 */
async function placeOf(key: string, platform: NodeJS.Platform) {
  const name = `berth-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  if (platform === 'linux') return { address: `\0${name}`.padEnd(SOCKET_NAME, '\0'), listenThere: listen };
  if (platform === 'win32') return { address: `\\\\.\\pipe\\${name}`, listenThere: listen };
  const folder = lockFolder();
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  return { address: path.join(folder, name), listenThere: listenAtFile };
}

/** Opens a file once nobody else has it open in this way. Source: open(2) of macOS and the BSDs; others know no such flag. */
const O_EXLOCK = 0x20;

/**
 * Listens at a file, also where a crash has left one. That it is removed, and who listens there next, is for one process
 * at a time: else a second one would remove the socket that the first has just made.
 */
async function listenAtFile(address: string, holder: string): Promise<Disposable | undefined> {
  const guard = await fs.open(`${address}.guard`, fs.constants.O_RDWR | fs.constants.O_CREAT | O_EXLOCK, 0o600);
  try {
    const lock = await listen(address, holder);
    if (lock || (await isAnswered(address))) return lock;
    await fs.rm(address, { force: true });
    return await listen(address, holder);
  } finally {
    await guard.close();
  }
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => socket.destroy());
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
}

/** @returns undefined when somebody else has the socket. */
function listen(address: string, holder: string): Promise<Disposable | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      waiting.add(socket);
      socket.once('close', () => waiting.delete(socket));
      // Neither does who waits for it, see below.
      socket.unref();
      // Only one that is read tells when its other side has gone.
      socket.resume();
      // Who has gone meanwhile is no matter.
      socket.on('error', () => {});
      socket.write(`${holder}\n`);
    });
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      // What the lock is for keeps this process alive, the lock does not.
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

/** Waits until the holder is gone, who may be so already. */
function untilGone(address: string, signal: AbortSignal, onWait: (holder: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort);
    let told = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const before = told.includes('\n');
      told += text;
      if (!before && told.includes('\n')) onWait(told.slice(0, told.indexOf('\n')));
    });
    // What went wrong shows in `close`, which always follows.
    socket.on('error', () => {});
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    if (signal.aborted) onAbort();
  });
}
