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

/** Which data store a service runs, by its image; undefined when it is none that is known. */
export function storeKindOf({ image }: Pick<ServiceSnapshot, 'image'>): StoreKind | undefined {
  if (image === undefined) return undefined;
  const { name } = imageReference(image);
  return KIND_OF_IMAGE.find(([, names]) => names.test(name))?.[0];
}
