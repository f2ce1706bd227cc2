import { imageReference } from './imageReference';
import type { ServiceSnapshot } from './snapshot';

/** The data stores that Berth knows how to talk to. */
export type StoreKind = 'postgres' | 'mysql' | 'mongo' | 'redis';

/** Names of images, without registry and owner, by what is in them: as the projects themselves call theirs. */
const KIND_OF_IMAGE: readonly (readonly [StoreKind, RegExp])[] = [
  ['postgres', /^(?:postgres(?:ql)?|postgis|timescaledb(?:-ha)?|pgvector|pgvecto-rs|citus|pgrouting)$/],
  ['mysql', /^(?:mysql(?:-server)?|mariadb|percona(?:-server)?)$/],
  ['mongo', /^(?:mongo|mongodb(?:-(?:community|enterprise)-server)?|percona-server-mongodb)$/],
  ['redis', /^(?:redis(?:-stack(?:-server)?)?|valkey|keydb)$/],
];

/**
 * Where each kind of store keeps its data in its container, unless told otherwise. Source: the documentation of the official
 * images; that of PostgreSQL names the second folder for version 18 and later.
 */
const DATA_PATHS: Readonly<Record<StoreKind, readonly [string, ...string[]]>> = {
  postgres: ['/var/lib/postgresql/data', '/var/lib/postgresql'],
  mysql: ['/var/lib/mysql'],
  mongo: ['/data/db'],
  redis: ['/data'],
};

/**
 * Whether what is mounted at a path in a container is what a store keeps its data in.
 * @param pgData where the variable PGDATA puts the data of PostgreSQL; undefined when it is not set.
 */
export function keepsDataAt(kind: StoreKind | undefined, target: string, pgData?: string): boolean {
  if (kind === undefined) return false;
  const isOfPgData = kind === 'postgres' && pgData !== undefined && `${pgData}/`.startsWith(`${target}/`);
  return isOfPgData || DATA_PATHS[kind].includes(target);
}

/** The path in its container at which a store is to have a volume, so that its data stays. */
export function dataPathOf(kind: StoreKind): string {
  return DATA_PATHS[kind][0];
}

/** Which data store a service runs, by its image; undefined when it is none that is known. */
export function storeKindOf({ image }: Pick<ServiceSnapshot, 'image'>): StoreKind | undefined {
  if (image === undefined) return undefined;
  const { name } = imageReference(image);
  return KIND_OF_IMAGE.find(([, names]) => names.test(name))?.[0];
}
