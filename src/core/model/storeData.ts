import { list, record, text } from '../common/json';
import { imageReference } from './imageReference';
import { type StoreKind, storeKindOf } from './storeKind';

/** Where an image keeps the data of its store, in a container. */
interface DataPath {
  /** Where a volume is to be mounted. */
  readonly volume: string;
  /** The folder with the data: `volume`, or one in it. */
  readonly data: string;
  /** Whether the image has a volume there by itself, which hides what is mounted around it. */
  readonly isOfImage: boolean;
}

const official = (volume: string, data = volume): DataPath => ({ volume, data, isOfImage: true });

/** Source: Bitnami's documentation of its images, "Persisting your database". */
const bitnami = (name: string): DataPath => ({
  volume: `/bitnami/${name}`,
  data: `/bitnami/${name}/data`,
  isOfImage: false,
});

/**
 * Source: the documentation of the official image, "PGDATA": up to version 17, what is mounted at `/var/lib/postgresql` keeps nothing; from
 * 18 on, the image refuses to start with a volume at the path before.
 */
const POSTGRES = official('/var/lib/postgresql/data');
const postgresSince18 = (major: number) => official('/var/lib/postgresql', `/var/lib/postgresql/${major}/docker`);

/** Source: the documentation of Timescale, "Install TimescaleDB on Docker". */
const TIMESCALE_HA = { volume: '/home/postgres/pgdata', data: '/home/postgres/pgdata/data', isOfImage: false };

/** By the kind of store, where images of it keep data; that of the official image first. Source: the documentation of these. */
const KNOWN_PATHS: Readonly<Record<StoreKind, readonly [DataPath, ...DataPath[]]>> = {
  postgres: [POSTGRES, postgresSince18(18), bitnami('postgresql'), TIMESCALE_HA],
  // The last one is that of LinuxServer.
  mysql: [official('/var/lib/mysql'), bitnami('mariadb'), bitnami('mysql'), official('/config')],
  mongo: [official('/data/db'), bitnami('mongodb')],
  redis: [official('/data'), bitnami('redis')],
};

/** Whose images keep data where the official ones do. Of those of others, nobody knows. */
const AS_OFFICIAL =
  /^(?:(?:eqalpha|mongodb|mysql|percona|pgrouting|pgvector|postgis|redis|tensorchord|timescale|valkey)\/)?[^/]+$/;
const OF_BITNAMI = /(?:^|\/)bitnami(?:legacy|secure)?\/([^/]+)$/;

/** A volume of one letter is a drive to Compose: `d:/data`. */
const DRIVE = /^[a-z]:(?=\/)/i;

/** A service as `docker compose config` has it. */
type ServiceConfig = Readonly<Record<string, unknown>>;

/**
 * Whether what is mounted at a path in the container of a service is what a store keeps its data in, going by its image and PGDATA. Where
 * these do not tell, all paths are right that images of its kind have.
 */
export function keepsDataAt(service: ServiceConfig, target: string): boolean {
  const at = withoutSlash(target);
  return dataPathsOf(service).some(
    ({ volume, data, isOfImage }) => isIn(at, data) && !(isOfImage && at !== volume && isIn(at, volume)),
  );
}

/** The path in its container at which the store of a service is to have a volume, so that its data stays; undefined when nobody knows. */
export function dataPathOf(service: ServiceConfig): string | undefined {
  const [first, ...others] = dataPathsOf(service);
  return others.every(({ volume }) => volume === first?.volume) ? first?.volume : undefined;
}

/** A mount that is plainly meant for the data of a store, and does not keep it. */
export interface MissedMount {
  /** Where it is mounted, as its file has it. */
  readonly target: string;
  /** The name of the volume, where Compose has taken that for a Windows drive; the volume is not mounted then. */
  readonly drive?: string;
}

/** The first of such mounts that a service has. */
export function missedMountOf(service: ServiceConfig): MissedMount | undefined {
  const kind = storeKindOf({ image: text(service.image) });
  const known = kind ? KNOWN_PATHS[kind].flatMap(({ volume, data }) => [volume, data]) : [];
  for (const { type, target, read_only: isReadOnly } of list(service.volumes).map(record)) {
    const [drive] = DRIVE.exec(text(target)) ?? [];
    const at = withoutSlash(text(target).replace(DRIVE, ''));
    if (type === 'tmpfs' || isReadOnly === true) continue;
    if (drive !== undefined && keepsDataAt(service, at)) return { target: at, drive: drive.slice(0, 1) };
    if (drive === undefined && known.includes(at) && !keepsDataAt(service, at)) return { target: at };
  }
  return undefined;
}

/** Every path at which the store of a service may have its data: one, where image and PGDATA tell. None of what is no store. */
function dataPathsOf(service: ServiceConfig): readonly DataPath[] {
  const image = text(service.image);
  const kind = storeKindOf({ image });
  if (kind === undefined) return [];
  const paths = pathsOfImage(kind, image);
  const pgData = withoutSlash(text(record(service.environment).PGDATA));
  if (kind !== 'postgres' || pgData === '') return paths;
  return paths.map((one) =>
    isIn(one.volume, pgData) ? { ...one, data: pgData } : { volume: pgData, data: pgData, isOfImage: false },
  );
}

function pathsOfImage(kind: StoreKind, image: string): readonly DataPath[] {
  const { name, repository, tag = '' } = imageReference(image);
  const [, ofBitnami] = OF_BITNAMI.exec(repository) ?? [];
  if (ofBitnami !== undefined) return [bitnami(ofBitnami)];
  if (!AS_OFFICIAL.test(repository)) return KNOWN_PATHS[kind];
  if (kind !== 'postgres') return [KNOWN_PATHS[kind][0]];
  if (name === 'timescaledb-ha') return [TIMESCALE_HA];
  const major = postgresMajor(name, tag);
  if (major === undefined) return [POSTGRES, postgresSince18(18)];
  return [major < 18 ? POSTGRES : postgresSince18(major)];
}

/** The tags of some images begin with the version of an extension: `2.14.0-pg16`. */
function postgresMajor(name: string, tag: string): number | undefined {
  const version = /^(?:postgres|postgis|pgrouting)$/.test(name) ? /^(\d+)/ : /(?:^|-)pg(\d+)/;
  const [, major] = version.exec(tag) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** Whether a path in a container is a folder itself or below it. */
function isIn(folder: string, one: string): boolean {
  return `${one}/`.startsWith(`${folder}/`);
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
