import fs from 'node:fs/promises';

/** A program that runs on this machine. */
export interface ListeningProgram {
  readonly name: string;
  readonly pid: number;
}

/** How the kernel calls the state of a socket that listens. Source: Linux, `include/net/tcp_states.h`. */
const LISTENS = '0A';

/**
 * The program that listens at a TCP port of this machine; undefined where that can't be told: elsewhere than on Linux, and
 * of programs of other users.
 */
export async function portHolder(port: number): Promise<ListeningProgram | undefined> {
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

/** Processes come and go while they are looked at: what is not there is empty. */
const read = (file: string) => fs.readFile(file, 'utf8').catch(() => '');
const list = (folder: string) => fs.readdir(folder).catch(() => [] as string[]);
