import fs from 'node:fs/promises';
import path from 'node:path';
import type { DataFolderOwner } from '../checks/live/liveCheck';
import { list, record, text } from '../common/json';
import { readText } from '../common/runningProgram';
import { keepsDataAt } from '../model/storeData';
import { storeKindOf } from '../model/storeKind';

/**
 * The data folders of a PostgreSQL that are another user's than the one that it runs as: it refuses to start, or may not write. At its
 * start as root it makes the folder its own; so where no user is given, only that of one that runs already is looked at.
 * @param service a service as `docker compose config` has it.
 * @param pidOf tells the number on this machine of the first program of the service's container; undefined where none runs.
 */
export async function dataFolderOwners(
  name: string,
  service: Readonly<Record<string, unknown>>,
  pidOf: () => Promise<number | undefined>,
): Promise<readonly DataFolderOwner[]> {
  const image = text(service.image);
  if (storeKindOf({ image }) !== 'postgres' || process.platform !== 'linux') return [];
  const pid = await pidOf();
  const expected = pid === undefined ? userOf(service.user) : await userOfProgram(pid);
  // Root is let in everywhere, and then becomes another one.
  if (!expected) return [];
  const pgData = text(record(service.environment).PGDATA) || undefined;
  const folders = list(service.volumes)
    .map(record)
    .filter(({ type, read_only: isReadOnly }) => type === 'bind' && isReadOnly !== true)
    .map(({ source, target }) => ({ source: text(source), target: text(target).replace(/\/$/, '') }))
    .filter(({ target }) => keepsDataAt(service, target));
  const owned = await Promise.all(
    folders.map(async ({ source, target }): Promise<readonly DataFolderOwner[]> => {
      const inside = pgData?.startsWith(`${target}/`) ? path.join(source, path.posix.relative(target, pgData)) : source;
      const stat = (await statOf(inside)) ?? (await statOf(source));
      return !stat || stat.uid === expected ? [] : [{ path: source, service: name, owner: stat.uid, expected }];
    }),
  );
  return owned.flat();
}

function userOf(user: unknown): number | undefined {
  const [, number] = /^(\d+)(?::.*)?$/.exec(String(user ?? '')) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** `Uid:` has the real, the effective, the saved and the file system's user. Source: proc(5). */
async function userOfProgram(pid: number): Promise<number | undefined> {
  const [, effective] = /^Uid:\s+\d+\s+(\d+)/m.exec(await readText(`/proc/${pid}/status`)) ?? [];
  return effective === undefined ? undefined : Number(effective);
}

const statOf = (file: string) => fs.stat(file).catch(() => undefined);
