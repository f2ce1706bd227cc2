import path from 'node:path';
import { list, record, text } from '../../common/json';
import { relativePath } from '../../common/paths';
import { perObject } from '../../common/perObject';
import { isWithin } from '../../model/dataFolder';
import { keepsDataAt, type MissedMount, missedMountOf } from '../../model/storeData';
import { type StoreKind, storeKindOf } from '../../model/storeKind';
import type { CheckedEnvironment } from '../check';
import { isBroughtUp } from '../services';

/** Where a data store has its data when its environment is brought up. */
export interface KeptData {
  readonly service: string;
  readonly kind: StoreKind;
  /** Where it is mounted; undefined where nothing is. */
  readonly target?: string;
  /** `unnamed` is a volume that goes with its container; `none` is one that the image makes. */
  readonly place: 'volume' | 'folder' | 'memory' | 'unnamed' | 'none';
  /** What the engine calls the volume, or the absolute path of the folder. */
  readonly source?: string;
  /** What is mounted for its data, and does not keep it, where `place` is `none`. */
  readonly missed?: MissedMount;
  /** The key of the volume that the folder is mounted by; undefined where it is mounted by itself. */
  readonly volume?: string;
}

/** The data stores of an environment that its profiles enable, each with every place that it has data in. */
export const keptData = perObject(({ definition, project }: CheckedEnvironment): readonly KeptData[] => {
  const config = project?.config.content;
  const volumes = record(config?.volumes);
  return (project?.services ?? []).flatMap(({ name: service, image, profiles, replicas, oneShot }) => {
    const kind = storeKindOf({ image });
    const own = record(record(config?.services)[service]);
    if (kind === undefined || oneShot || !isBroughtUp({ profiles, replicas }, definition) || !runsServer(own))
      return [];
    const places = placesOfData(service, kind, own, volumes);
    // What is in memory hides a volume that is mounted there as well.
    const inMemory = new Set(places.filter(({ place }) => place === 'memory').map(({ target }) => target));
    const left = places.filter(({ place, target }) => place === 'memory' || !inMemory.has(target));
    if (left.length > 0) return left;
    const missed = missedMountOf(own);
    return [{ service, kind, place: 'none', ...(missed ? { missed } : {}) }];
  });
});

/** What begins a server, in the images of data stores. */
const SERVER =
  /\b(?:postgres|mysqld|mariadbd|mongo[ds]|redis-server|redis-stack-server|valkey-server|keydb-server)\b|entrypoint/;

/** Whether a service is the store itself, and not something that is done with the programs of its image. Options alone are given to the server. */
function runsServer({ entrypoint, command }: Record<string, unknown>): boolean {
  const words = [...list(entrypoint), ...list(command)].map(String);
  const [first] = words;
  return first === undefined || first.startsWith('-') || words.some((word) => SERVER.test(word));
}

function placesOfData(
  service: string,
  kind: StoreKind,
  config: Record<string, unknown>,
  volumes: Record<string, unknown>,
): readonly KeptData[] {
  const mounts = list(config.volumes).map(record);
  const inMemory = list(config.tmpfs).map((one) => ({ type: 'tmpfs', target: String(one).replace(/:.*$/, '') }));
  return [...mounts, ...inMemory].flatMap((mount: Record<string, unknown>): readonly KeptData[] => {
    const target = text(mount.target).replace(/\/$/, '');
    if (!keepsDataAt(config, target) || mount.read_only === true) return [];
    const source = text(mount.source);
    if (mount.type === 'tmpfs') return [{ service, kind, target, place: 'memory' }];
    if (mount.type === 'bind') return [{ service, kind, target, place: 'folder', source: path.resolve(source) }];
    if (source === '') return [{ service, kind, target, place: 'unnamed' }];
    return [{ service, kind, target, ...placeOfVolume(source, record(volumes[source])) }];
  });
}

/**
 * Where the data of a volume is. Source: the Docker documentation, "docker volume create": the options of the driver `local` are those of
 * `mount`.
 */
function placeOfVolume(key: string, volume: Record<string, unknown>): Pick<KeptData, 'place' | 'source' | 'volume'> {
  const { type, o: options, device } = record(volume.driver_opts);
  const isLocal = (text(volume.driver) || 'local') === 'local';
  if (isLocal && type === 'tmpfs') return { place: 'memory' };
  const isBind = isLocal && /(?:^|,)r?bind(?:,|$)/.test(text(options)) && path.isAbsolute(text(device));
  if (isBind) return { place: 'folder', source: path.resolve(text(device)), volume: key };
  return { place: 'volume', source: text(volume.name) || key };
}

/** Where data is, as somebody would call it: the name of the volume, or the folder as seen from the workspace folder. */
export function placeText(
  { source = '', place }: Pick<KeptData, 'source' | 'place'>,
  { definition }: CheckedEnvironment,
): string {
  const { workspaceFolder } = definition;
  return place === 'folder' && isWithin(workspaceFolder, source) ? relativePath(workspaceFolder, source) : source;
}

/** Whether an environment is for runs that begin with nothing, as tests do. */
export function beginsEmpty({ definition: { purpose, ephemeral } }: CheckedEnvironment): boolean {
  return ephemeral === true || purpose === 'test' || purpose === 'ci';
}
