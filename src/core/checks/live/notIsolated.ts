import * as l10n from '@vscode/l10n';
import { record, text } from '../../common/json';
import type { EngineContainer } from '../../model/engineContents';
import { sameEngine } from '../../model/environment';
import type { Finding, FindingPlace } from '../../model/finding';
import { type EnvironmentSnapshot, projectOf } from '../../model/snapshot';
import { type CheckedEnvironment, findingOf } from '../check';
import { placesOf } from '../written';
import type { LiveCheck, LiveEnvironment } from './liveCheck';

/** Networks in which nothing reaches anything, or not by a network of Docker's. */
const NONE = ['none', 'host'];

/** Environments of which containers are in one network, as it is on the engine. */
export const notIsolated: LiveCheck = {
  codes: ['not-isolated'],
  *find({ live, known, environments }) {
    const told = new Set<string>();
    for (const one of live) {
      for (const other of known) {
        const ids = [one.snapshot, other].map(({ definition }) => definition.id).sort();
        if (told.has(ids.join('\n')) || !couldBeApart(one.snapshot, other)) continue;
        told.add(ids.join('\n'));
        const otherChecked = environments.find(({ definition }) => definition.id === other.definition.id);
        for (const network of sharedNetworks(one, other)) yield found(network, one.checked, other, otherChecked);
      }
    }
  },
};

function couldBeApart(one: EnvironmentSnapshot, other: EnvironmentSnapshot): boolean {
  return one.projectName !== other.projectName && sameEngine(one.definition, other.definition);
}

function sharedNetworks({ snapshot, engine }: LiveEnvironment, other: EnvironmentSnapshot): readonly string[] {
  const own = networksOf(snapshot, engine.containers);
  return [...networksOf(other, engine.containers)].filter((network) => own.has(network));
}

/** The networks that containers of an environment which run are in. */
function networksOf(
  { projectName }: EnvironmentSnapshot,
  containers: readonly EngineContainer[] = [],
): ReadonlySet<string> {
  const own = containers.filter(
    ({ project, isRunning }) => project !== undefined && project === projectName && isRunning,
  );
  const names = own.flatMap(({ networks }) => networks.map(({ name }) => name));
  return new Set(names.filter((name) => !NONE.includes(name)));
}

function found(
  network: string,
  one: CheckedEnvironment,
  other: EnvironmentSnapshot,
  otherChecked: CheckedEnvironment | undefined,
): Finding {
  const projects = [one.project, projectOf(other.resolution)];
  const isMeant = projects.every((project) => project?.externalNetworks?.includes(network));
  const [first = '', second = ''] = [one, other].map(({ definition }) => definition.name).sort();
  return findingOf('not-isolated', [one, other], {
    // Somebody has made it for several.
    ...(isMeant ? { severity: 'info' } : {}),
    message: l10n.t('Containers of "{0}" and "{1}" reach each other in the network {2}.', first, second, network),
    remedy: l10n.t('Give each environment networks of its own, or let only what has to be in {0} be there.', network),
    places: [one, otherChecked].flatMap((each) => (each ? placesOfNetwork(each, network) : [])),
  });
}

function placesOfNetwork(environment: CheckedEnvironment, network: string): readonly FindingPlace[] {
  const networks = Object.entries(record(environment.project?.config.content.networks));
  const key = networks.find(([, value]) => text(record(value).name) === network)?.[0];
  const note = l10n.t('the network of "{0}"', environment.definition.name);
  return key === undefined ? [] : placesOf(environment, ['networks', key]).map((place) => ({ ...place, note }));
}
