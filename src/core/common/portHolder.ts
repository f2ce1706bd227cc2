import dgram from 'node:dgram';
import fs from 'node:fs/promises';
import net from 'node:net';
import { addressesCollide, mayComeWithNetwork, plainAddress } from './hostAddress';
import { ancestorsOf, printed, type RunningProgram, readText, runningProgram } from './runningProgram';

/** A port of this machine. */
export interface LocalPort {
  readonly port: number;
  /** The address that it is bound to; all of IPv4 and IPv6 when left out. */
  readonly host?: string;
  /** TCP when left out. */
  readonly protocol?: string;
}

/** How long a port that may not be opened may take to show whether somebody listens there, in milliseconds. */
const ANSWER_LIMIT = 500;

/** Whether nothing on this machine listens at a port. One of which that can't be told counts as free: the engine will tell. */
export async function isPortFree({ port, host, protocol = 'tcp' }: LocalPort): Promise<boolean> {
  for (const address of host === undefined ? ['0.0.0.0', '::'] : [plainAddress(host)]) {
    if (!(await isFreeAt(port, address, protocol))) return false;
  }
  return true;
}

/**
 * Whether this machine surely has no such address when the containers of a project start: what can't be told counts as its own.
 * @param subnets those that the project's networks are to have, or that the engine takes theirs from: they may not be there yet.
 */
export async function lacksAddress(host: string, subnets: readonly string[] = []): Promise<boolean> {
  return !mayComeWithNetwork(host, subnets) && (await bindingTcp(0, plainAddress(host))) === 'EADDRNOTAVAIL';
}

async function isFreeAt(port: number, address: string, protocol: string): Promise<boolean> {
  const code = protocol === 'udp' ? await bindingUdp(port, address) : await bindingTcp(port, address);
  // Only the administrator may open it, and the engine is one.
  if (code === 'EACCES' && protocol === 'tcp') return !(await answers(port, OWN_ADDRESS[address] ?? address));
  return code !== 'EADDRINUSE';
}

/** Where something that listens at all addresses is reached. */
const OWN_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** What comes of opening a port; undefined when it could be opened. */
function bindingTcp(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ port, host, ipv6Only: true, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function bindingUdp(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket({ type: net.isIPv6(address) ? 'udp6' : 'udp4', ipv6Only: net.isIPv6(address) });
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

/** Who listens at a port of this machine. */
export interface PortHolders {
  /** Of programs that share it with those that they have started, the first one. */
  readonly programs: readonly RunningProgram[];
  /** Whether somebody else does, of whom this user is not told. */
  readonly hasOthers: boolean;
}

/** The programs that listen at a port of this machine, where nobody else could beside them. On Windows, that can't be told. */
export async function portHolders(port: LocalPort): Promise<PortHolders> {
  return process.platform === 'linux' ? holdersOfKernel(port) : holdersOfLsof(port);
}

/** A socket that listens. */
interface Listening<Id> {
  readonly address: string;
  readonly id: Id;
}

/**
 * Those that are in the way at an address. One at `::` may have IPv4, too, which is told nowhere: it has, where nobody else is in the way.
 */
function inTheWay<Id>(sockets: readonly Listening<Id>[], host: string | undefined): readonly Listening<Id>[] {
  const surely = sockets.filter(({ address }) => addressesCollide(address, host));
  return surely.length > 0 || net.isIPv6(plainAddress(host))
    ? surely
    : sockets.filter(({ address }) => address === '::');
}

/**
 * How the kernel calls the state of a socket that listens, by protocol: one of UDP is not connected to anybody. Source: Linux,
 * `include/net/tcp_states.h`.
 */
const LISTENS: Readonly<Record<string, string>> = { tcp: '0A', udp: '07' };

async function holdersOfKernel({ port, host, protocol = 'tcp' }: LocalPort): Promise<PortHolders> {
  const tables = await Promise.all([protocol, `${protocol}6`].map((name) => readText(`/proc/net/${name}`)));
  const listening = tables
    .flatMap((table) => table.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = '', , state]) =>
        state === LISTENS[protocol] && Number.parseInt(local.split(':')[1] ?? '', 16) === port,
    )
    .map((fields) => ({ address: addressOfKernel(fields[1] ?? ''), id: `socket:[${fields[9]}]` }));
  const addresses = new Map(inTheWay(listening, host).map(({ id, address }) => [id, address]));
  const known = new Set<string>();
  const held: Listening<number>[] = [];
  for (const pid of addresses.size === 0 ? [] : await listed('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const files = await listed(`/proc/${pid}/fd`);
    const targets = await Promise.all(files.map((file) => fs.readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    for (const target of targets) {
      const address = addresses.get(target);
      if (address === undefined) continue;
      known.add(target);
      held.push({ address, id: Number(pid) });
    }
  }
  return { programs: await firstOf(held), hasOthers: known.size < addresses.size };
}

/** `0100007F:1F90`: words of 32 bits, each as this machine has it in its memory. Source: proc(5). */
function addressOfKernel(local: string): string {
  const bytes = (local.split(':')[0] ?? '').match(/.{8}/g)?.map((word) => word.match(/../g)?.reverse() ?? []) ?? [];
  const [first = []] = bytes;
  if (bytes.length === 1) return first.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = bytes.flatMap((word) => [word.slice(0, 2).join(''), word.slice(2).join('')]);
  return plainAddress(groups.join(':'));
}

/** As macOS has it. Source: lsof(8), "OUTPUT FOR OTHER PROGRAMS": `p4711`, then for each file `f8`, `tIPv4`, `n127.0.0.1:80`. */
export async function holdersOfLsof({ port, host, protocol = 'tcp' }: LocalPort): Promise<PortHolders> {
  const which = protocol === 'udp' ? [`-iUDP:${port}`] : [`-iTCP:${port}`, '-sTCP:LISTEN'];
  const output = await printed('lsof', ['-nP', ...which, '-Fptn']);
  const listening: Listening<number>[] = [];
  let [pid, type] = [0, ''];
  for (const line of output.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    if (line.startsWith('t')) type = value;
    // One of UDP that is connected has both its ends there.
    if (line.startsWith('n') && !value.includes('->')) listening.push({ address: addressOfLsof(value, type), id: pid });
  }
  return { programs: await firstOf(inTheWay(listening, host)), hasOthers: false };
}

/** `*:80`, `[::1]:80` */
function addressOfLsof(name: string, type: string): string {
  const address = name.replace(/:\d+$/, '');
  if (address !== '*') return plainAddress(address);
  return type === 'IPv6' ? '::' : '0.0.0.0';
}

/** The programs that listen, by their numbers: of those at one address, which share it, only such as none of the others has started. */
async function firstOf(listening: readonly Listening<number>[]): Promise<readonly RunningProgram[]> {
  const pids = await Promise.all(
    listening.map(async ({ id, address }) => {
      const ancestors = await ancestorsOf(id);
      const isStarted = listening.some((one) => one.address === address && ancestors.includes(one.id));
      return isStarted ? [] : [id];
    }),
  );
  const found = await Promise.all([...new Set(pids.flat())].map(runningProgram));
  return found.filter((one) => one !== undefined);
}

const listed = (folder: string) => fs.readdir(folder).catch(() => [] as string[]);
