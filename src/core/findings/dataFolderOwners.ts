import fs from 'node:fs/promises';
import path from 'node:path';
import type { DataFolderOwner } from '../checks/live/liveCheck';
import { list, record, text } from '../common/json';
import { keepsDataAt } from '../model/storeData';
import { storeKindOf } from '../model/storeKind';

/** The user that PostgreSQL runs as, by the image that it is made from. Source: docker-library/postgres, its Dockerfiles. */
const POSTGRES_USER = { debian: 999, alpine: 70 };
/** Names of images that are made so. */
const OFFICIAL = /^(?:docker\.io\/)?(?:library\/)?postgres(?::|@|$)/;

/**
 * The data folders of a PostgreSQL that are another user's than the one that it runs as: it refuses to start, or may not write. At its
 * start as root it makes the folder its own; so where no user is given, only that of one that runs already is looked at.
 * @param service a service as `docker compose config` has it.
 */
export async function dataFolderOwners(
  name: string,
  service: Readonly<Record<string, unknown>>,
  isRunning: boolean,
): Promise<readonly DataFolderOwner[]> {
  const image = text(service.image);
  const expected = userOf(service.user, image, isRunning);
  if (storeKindOf({ image }) !== 'postgres' || expected === undefined || process.platform !== 'linux') return [];
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

function userOf(user: unknown, image: string, isRunning: boolean): number | undefined {
  const [, number] = /^(\d+)(?::.*)?$/.exec(String(user ?? '')) ?? [];
  // Root is let in everywhere, and then becomes the other one.
  if (number !== undefined && number !== '0') return Number(number);
  if (!isRunning || !OFFICIAL.test(image)) return undefined;
  return image.includes('alpine') ? POSTGRES_USER.alpine : POSTGRES_USER.debian;
}

const statOf = (file: string) => fs.stat(file).catch(() => undefined);
