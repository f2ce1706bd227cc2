import dgram from 'node:dgram';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { runProgram } from './program';

/** A program that runs on this machine. */
export interface ListeningProgram {
  readonly name: string;
  readonly pid: number;
}

/** A port of this machine. */
export interface LocalPort {
  readonly port: number;
  /** The address that it is bound to; all when left out. */
  readonly host?: string;
  /** TCP when left out. */
  readonly protocol?: string;
}

/** How long a port that may not be opened may take to show whether somebody listens there, in milliseconds. */
const ANSWER_LIMIT = 500;

/** Whether nothing on this machine listens at a port. One of which that can't be told counts as free: the engine will tell. */
export async function isPortFree({ port, host = '0.0.0.0', protocol = 'tcp' }: LocalPort): Promise<boolean> {
  const code = protocol === 'udp' ? await bindingUdp(port, host) : await bindingTcp(port, host);
  // Only the administrator may open it, and the engine is one.
  if (code === 'EACCES' && protocol === 'tcp') return !(await answers(port, host === '0.0.0.0' ? '127.0.0.1' : host));
  return code !== 'EADDRINUSE';
}

/** What comes of opening a port; undefined when it could be opened. */
function bindingTcp(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function bindingUdp(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => socket.close(() => resolve(error.code)));
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host, timeout: ANSWER_LIMIT });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/**
 * The program that listens at a TCP port of this machine; undefined where that can't be told: on Windows, and of programs of
 * other users.
 */
export function portHolder(port: number): Promise<ListeningProgram | undefined> {
  return process.platform === 'linux' ? holderOfKernel(port) : holderOfLsof(port);
}

/** The name of a program of this machine that runs; undefined when there is none of this number, or that can't be told. */
export async function programNamed(pid: number): Promise<string | undefined> {
  const name =
    process.platform === 'linux'
      ? await read(`/proc/${pid}/comm`)
      : await outputOf('ps', ['-o', 'comm=', '-p', `${pid}`]);
  return path.basename(name.trim()) || undefined;
}

/** How the kernel calls the state of a socket that listens. Source: Linux, `include/net/tcp_states.h`. */
const LISTENS = '0A';

async function holderOfKernel(port: number): Promise<ListeningProgram | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => read(`/proc/net/${name}`)));
  const sockets = new Set(
    tables
      .flatMap((table) => table.split('\n'))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => state === LISTENS && Number.parseInt(local.split(':')[1] ?? '', 16) === port)
      .map((fields) => `socket:[${fields[9]}]`),
  );
  if (sockets.size === 0) return undefined;
  for (const pid of await list('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const file of await list(`/proc/${pid}/fd`)) {
      const target = await fs.readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (sockets.has(target)) return { name: (await read(`/proc/${pid}/comm`)).trim(), pid: Number(pid) };
    }
  }
  return undefined;
}

/** As macOS has it. Source: lsof(8), "OUTPUT FOR OTHER PROGRAMS": `p4711`, and on the next line `cnode`. */
export async function holderOfLsof(port: number): Promise<ListeningProgram | undefined> {
  const output = await outputOf('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const [, pid] = /^p(\d+)$/m.exec(output) ?? [];
  const [, name] = /^c(.+)$/m.exec(output) ?? [];
  return pid && name ? { name, pid: Number(pid) } : undefined;
}

/** Where there is no such program, nothing. */
async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const call = { command, args, cwd: path.parse(process.cwd()).root };
  return runProgram(call).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** Processes come and go while they are looked at: what is not there is empty. */
const read = (file: string) => fs.readFile(file, 'utf8').catch(() => '');
const list = (folder: string) => fs.readdir(folder).catch(() => [] as string[]);
