import * as l10n from '@vscode/l10n';
import { list, record, text } from '../../common/json';
import type { Finding, FindingPlace } from '../../model/finding';
import { storeKindOf } from '../../model/storeKind';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { placesOf } from '../written';
import { allQuoted, placesBetween, quoted } from './names';
import { type Clash, clashesOf, type Holding, withoutLeftOut } from './together';

/** A network that two environments are in by its name: the services of one reach those of the other, and answer for those that are called alike. */
export const sameNetwork: Check = {
  codes: ['same-network'],
  *find({ environments }, isLeftOut) {
    const clashes = clashesOf(environments, usedNetworks, ({ name }) => name);
    for (const clash of withoutLeftOut(clashes, 'same-network', isLeftOut, placesOfName)) yield ofNetwork(clash);
  },
};

interface UsedNetwork {
  readonly key: string;
  readonly name: string;
  readonly isExternal: boolean;
  /** The services that are in it, as Compose resolved them, by name. */
  readonly members: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

function placesOfName({ environment, thing }: Holding<UsedNetwork>): readonly FindingPlace[] {
  return placesOf(environment, ['networks', thing.key, 'name']);
}

/** Those that every engine has, where services have no names. */
const OF_ENGINE = ['bridge', 'host', 'none'];

function usedNetworks({ project }: CheckedEnvironment): readonly UsedNetwork[] {
  const config = project?.config.content;
  const services = Object.entries(record(config?.services)).map(([name, service]) => [name, record(service)] as const);
  return Object.entries(record(config?.networks)).flatMap(([key, network]) => {
    const { name, external } = record(network);
    const members = services.filter(([, { networks }]) => Object.hasOwn(record(networks), key));
    if (members.length === 0 || OF_ENGINE.includes(text(name))) return [];
    return [{ key, name: text(name) || key, isExternal: Boolean(external), members: new Map(members) }];
  });
}

/** What the services of an environment answer to in a network; only those of data stores, when asked for these. */
function namesIn({ key, members }: UsedNetwork, isMeant: (image: string) => boolean = () => true): readonly string[] {
  return [...members].flatMap(([service, { networks, image }]) => {
    const aliases = list(record(record(networks)[key]).aliases).map(String);
    return isMeant(text(image)) ? [service, ...aliases] : [];
  });
}

function ofNetwork(clash: Clash<UsedNetwork>): Finding {
  const { environment, thing, others } = clash;
  const those = others.map((other) => other.environment);
  const theirs = new Set(others.flatMap((other) => namesIn(other.thing)));
  const alike = namesIn(thing).filter((name) => theirs.has(name));
  const store = namesIn(thing, (image) => storeKindOf({ image }) !== undefined).find((name) => theirs.has(name));
  // A network that is taken from elsewhere is there to be shared: that of a proxy.
  const isMeant = store === undefined && [clash, ...others].some((one) => one.thing.isExternal);
  const [first] = store === undefined ? alike : [store];
  return findingOf('same-network', [environment, ...those], {
    severity: isMeant ? 'info' : 'warning',
    message:
      first === undefined
        ? l10n.t(
            '{0} and {1} are in one network, {2}: their services reach each other.',
            allQuoted(those),
            quoted(environment),
            thing.name,
          )
        : l10n.t(
            '{0} and {1} are in one network, {2}, where the name "{3}" leads to either of them.',
            allQuoted(those),
            quoted(environment),
            thing.name,
            first,
          ),
    remedy: l10n.t(
      'Give {0} a network of its own: without "name:" and "external:", each project has one.',
      quoted(environment),
    ),
    places: placesBetween([clash, ...others].map((one) => [one.environment, placesOfName(one)])),
  });
}
