import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { list, record, text } from '../../common/json';
import { perObject } from '../../common/perObject';
import { isWithin } from '../../model/dataFolder';
import type { Finding, FindingPlace } from '../../model/finding';
import { bindsOf, isElsewhere } from '../binds';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { isBroughtUp, servicesByName } from '../services';
import { isOtherData } from '../storeImages';
import { placesOf } from '../written';
import { inMemoryFixes } from './inMemory';
import { beginsEmpty, type KeptData, keptData, placeText } from './keptData';
import { allQuoted, placesBetween, quoted } from './names';
import { haveContainerNameInCommon } from './sameContainerName';
import { type Clash, clashesOf, type Holding, withoutLeftOut } from './together';

/** A volume that two environments have by its name: what one of them writes, the other one finds. */
export const sameVolume: Check = {
  codes: ['same-volume'],
  *find({ environments }, isLeftOut) {
    const clashes = clashesOf(environments, usedVolumes, ({ name }) => name);
    for (const clash of withoutLeftOut(clashes, 'same-volume', isLeftOut, placesOfVolume)) yield* ofVolume(clash);
  },
};

/**
 * A folder in which data stores of two environments keep their data, or one of them inside that of the other; or one in which a store of
 * one keeps data that a service of the other may write to. What is mounted around a data folder is mostly the project itself.
 */
export const sameDataFolder: Check = {
  codes: ['same-data-folder'],
  *realPaths({ environments }) {
    for (const environment of environments) {
      if (!isElsewhere(environment)) yield* foldersOf(environment).map(({ source }) => source);
    }
  },
  *find({ environments, realPath }, isLeftOut) {
    const folders = environments.flatMap(foldersOf);
    const all = new Set(folders.filter(({ isData }) => isData).map(({ source }) => realPath(source)));
    // Each folder by the outermost data folder that it is in: what is not equal may be inside of each other.
    const keyOf = ({ source }: UsedFolder) => outermostOf(realPath(source), all) ?? '';
    const isIn = (a: UsedFolder, b: UsedFolder) => b.isData && isWithin(realPath(b.source), realPath(a.source));
    const relevant = (environment: CheckedEnvironment) => foldersOf(environment).filter((one) => keyOf(one) !== '');
    const clashes = clashesOf(environments, relevant, keyOf, (a, b) => isIn(a, b) || isIn(b, a));
    for (const clash of withoutLeftOut(clashes, 'same-data-folder', isLeftOut, placesOfFolder)) yield ofFolder(clash);
  },
};

interface UsedVolume {
  readonly key: string;
  readonly name: string;
  /** The data store that keeps its data there. */
  readonly store: KeptData | undefined;
  /** The services that may write to it. */
  readonly writers: readonly string[];
}

/** A folder of the machine that a service may write to. */
interface UsedFolder {
  readonly service: string;
  /** Absolute path. */
  readonly source: string;
  readonly target?: string;
  /** The key of the volume that it is mounted by; undefined where it is mounted by itself. */
  readonly volume?: string;
  /** Whether a data store keeps its data there. */
  readonly isData: boolean;
}

/** Volumes that hold what can be got again: sharing them is mostly meant. */
const CACHE =
  /cache|node_modules|\.m2|\.npm|pnpm|yarn|gradle|cargo|rustup|pip|venv|gems?$|bundle|target|go-?(?:mod|pkg|build)/i;

function usedVolumes(environment: CheckedEnvironment): readonly UsedVolume[] {
  const config = environment.project?.config.content;
  const writers = new Map<unknown, string[]>();
  for (const [service, one] of Object.entries(record(config?.services))) {
    for (const { type, source, read_only: isReadOnly } of list(record(one).volumes).map(record)) {
      if (type === 'volume' && isReadOnly !== true) writers.set(source, [...(writers.get(source) ?? []), service]);
    }
  }
  const kept = keptData(environment);
  return Object.entries(record(config?.volumes)).flatMap(([key, volume]) => {
    // Of a folder of a data store, `same-data-folder` tells.
    if (kept.some((data) => data.volume === key)) return [];
    const name = text(record(volume).name) || key;
    const store = kept.find(({ place, source }) => place === 'volume' && source === name);
    return [{ key, name, store, writers: writers.get(key) ?? [] }];
  });
}

function placesOfVolume({ environment, thing }: Holding<UsedVolume>): readonly FindingPlace[] {
  return placesOf(environment, ['volumes', thing.key, 'name']);
}

function* ofVolume(clash: Clash<UsedVolume>): Iterable<Finding> {
  const { environment, thing, others } = clash;
  const those = others.map((other) => other.environment);
  const isStore = thing.store !== undefined || others.some((other) => other.thing.store !== undefined);
  if (thing.writers.length === 0 || (!isStore && CACHE.test(thing.name))) return;
  yield findingOf('same-volume', [environment, ...those], {
    severity: isStore ? severityOf(clash) : 'info',
    message: l10n.t(
      '{0} and {1} have one volume: {2}. What is written there in one is in the other.',
      allQuoted(those),
      quoted(environment),
      thing.name,
    ),
    remedy: l10n.t(
      'Give {0} a volume of its own: without "name:" and "external:", each project has one.',
      quoted(environment),
    ),
    ...(thing.store ? { service: thing.store.service } : {}),
    places: placesBetween([clash, ...others].map((one) => [one.environment, placesOfVolume(one)])),
    fixes: thing.store && beginsEmpty(environment) ? inMemoryFixes(environment, thing.store, those) : [],
  });
}

const foldersOf = perObject((environment: CheckedEnvironment): readonly UsedFolder[] => {
  const data = keptData(environment).flatMap(({ service, source, target, volume, place }): UsedFolder[] =>
    place === 'folder' && source !== undefined
      ? [{ service, source, isData: true, ...(target ? { target } : {}), ...(volume ? { volume } : {}) }]
      : [],
  );
  const services = servicesByName(environment);
  const known = new Set(data.map(({ service, target }) => JSON.stringify([service, target])));
  const others = bindsOf(environment).flatMap(({ service, source, target, isReadOnly }): UsedFolder[] => {
    const resolved = services.get(service)?.resolved;
    const isKnown = known.has(JSON.stringify([service, target.replace(/\/$/, '')]));
    if (!resolved || !isBroughtUp(resolved, environment.definition) || isReadOnly || isKnown || source === '')
      return [];
    return [{ service, source: path.resolve(source), target, isData: isOtherData(resolved.image, target) }];
  });
  return [...data, ...others];
});

/** The outermost of some folders that a folder is in, or is; undefined when it is in none. */
function outermostOf(folder: string, all: ReadonlySet<string>): string | undefined {
  const above = path.dirname(folder);
  const outer = above === folder ? undefined : outermostOf(above, all);
  return outer ?? (all.has(folder) ? folder : undefined);
}

function ofFolder(clash: Clash<UsedFolder>): Finding {
  const { environment, thing, others } = clash;
  const those = [...new Set(others.map((other) => other.environment))];
  const isBetweenStores = thing.isData && others.some((other) => other.thing.isData);
  const names = [quoted(environment), allQuoted(those)] as const;
  const where = placeText({ ...thing, place: 'folder' }, environment);
  return findingOf('same-data-folder', [environment, ...those], {
    severity: isBetweenStores ? severityOf(clash) : 'warning',
    message: isBetweenStores
      ? l10n.t('"{0}" of {1} keeps its data where {2} does: in {3}.', thing.service, ...names, where)
      : thing.isData
        ? l10n.t('"{0}" of {1} keeps its data where {2} may write: in {3}.', thing.service, ...names, where)
        : l10n.t('"{0}" of {1} may write where {2} keeps data: in {3}.', thing.service, ...names, where),
    remedy: isBetweenStores
      ? l10n.t('Give {0} a folder or a volume of its own: two servers on the same files spoil them.', names[0])
      : l10n.t('Give {0} a folder of its own, or mount it read-only where it is not the store that has it.', names[0]),
    service: thing.service,
    places: placesBetween([clash, ...others].map((one) => [one.environment, placesOfFolder(one)])),
    fixes: thing.isData && beginsEmpty(environment) ? inMemoryFixes(environment, thing, those) : [],
  });
}

/** Where the folder is written. */
function placesOfFolder({ environment, thing: { service, volume } }: Holding<UsedFolder>): readonly FindingPlace[] {
  const isBind = volume === undefined;
  return placesOf(
    environment,
    isBind ? ['services', service, 'volumes'] : ['volumes', volume, 'driver_opts', 'device'],
  );
}

/** What tests write, nobody wants among what others keep. Where only one of two can be up, who takes the other down first may know. */
function severityOf({ environment, others }: Clash<unknown>): Finding['severity'] {
  const isSpoilt = ({ environment: other }: Holding<unknown>) =>
    !beginsEmpty(other) && !haveContainerNameInCommon(environment, other);
  return beginsEmpty(environment) && others.some(isSpoilt) ? 'error' : 'warning';
}
