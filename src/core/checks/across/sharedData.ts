import * as l10n from '@vscode/l10n';
import { list, record, text } from '../../common/json';
import { isWithin } from '../../model/dataFolder';
import type { Finding } from '../../model/finding';
import { isElsewhere } from '../binds';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { placesOf } from '../written';
import { inMemoryFixes } from './inMemory';
import { beginsEmpty, type KeptData, keptData, placeText } from './keptData';
import { allQuoted, placesBetween, quoted } from './names';
import { type Clash, clashesOf } from './together';

/** A volume that two environments have by its name: what one of them writes, the other one finds. */
export const sameVolume: Check = {
  codes: ['same-volume'],
  *find({ environments }) {
    for (const clash of clashesOf(environments, usedVolumes, ({ name }) => name)) yield* ofVolume(clash);
  },
};

/** A folder in which data stores of two environments keep their data, or one of them inside that of the other. */
export const sameDataFolder: Check = {
  codes: ['same-data-folder'],
  *realPaths({ environments }) {
    for (const environment of environments) {
      if (!isElsewhere(environment)) yield* foldersOf(environment).map(({ source }) => source);
    }
  },
  *find({ environments, realPath }) {
    const all = new Set(environments.flatMap((one) => foldersOf(one).map(({ source }) => realPath(source))));
    // Each folder by the outermost that it is in: what is not equal may be inside of each other.
    const outermost = new Map([...all].map((folder) => [folder, outermostOf(folder, all)]));
    const keyOf = ({ source }: DataFolder) => outermost.get(realPath(source)) ?? source;
    const areNested = (a: DataFolder, b: DataFolder) => {
      const [one, other] = [realPath(a.source), realPath(b.source)];
      return isWithin(one, other) || isWithin(other, one);
    };
    for (const clash of clashesOf(environments, foldersOf, keyOf, areNested)) yield ofFolder(clash);
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

type DataFolder = KeptData & { readonly source: string };

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
    places: placesBetween(
      [clash, ...others].map((one) => [one.environment, placesOf(one.environment, ['volumes', one.thing.key, 'name'])]),
    ),
    fixes: thing.store && beginsEmpty(environment) ? inMemoryFixes(environment, thing.store, those) : [],
  });
}

function foldersOf(environment: CheckedEnvironment): readonly DataFolder[] {
  return keptData(environment).flatMap(({ source, ...data }) =>
    data.place === 'folder' && source !== undefined ? [{ ...data, source }] : [],
  );
}

function outermostOf(folder: string, all: ReadonlySet<string>): string {
  let outermost = folder;
  for (const one of all) if (one.length < outermost.length && isWithin(one, folder)) outermost = one;
  return outermost;
}

function ofFolder(clash: Clash<DataFolder>): Finding {
  const { environment, thing, others } = clash;
  const those = others.map((other) => other.environment);
  return findingOf('same-data-folder', [environment, ...those], {
    severity: severityOf(clash),
    message: l10n.t(
      '"{0}" of {1} keeps its data where {2} does: in {3}.',
      thing.service,
      quoted(environment),
      allQuoted(those),
      placeText(thing, environment),
    ),
    remedy: l10n.t(
      'Give {0} a folder or a volume of its own: two servers on the same files spoil them.',
      quoted(environment),
    ),
    service: thing.service,
    places: placesBetween(
      [clash, ...others].map((one) => [one.environment, placesOf(one.environment, keysOf(one.thing))]),
    ),
    fixes: beginsEmpty(environment) ? inMemoryFixes(environment, thing, those) : [],
  });
}

/** Where the folder is written. */
function keysOf({ service, volume }: DataFolder): readonly string[] {
  return volume === undefined ? ['services', service, 'volumes'] : ['volumes', volume, 'driver_opts', 'device'];
}

/** What tests write, nobody wants among what others keep. */
function severityOf({ environment, others }: Clash<unknown>): Finding['severity'] {
  return beginsEmpty(environment) && !others.every((other) => beginsEmpty(other.environment)) ? 'error' : 'warning';
}
