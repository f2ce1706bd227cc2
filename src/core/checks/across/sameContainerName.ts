import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { record } from '../../common/json';
import { perObject } from '../../common/perObject';
import { escapeRegExp } from '../../common/text';
import { removeEntry } from '../../compose/composeEdit';
import type { FileEdit, Finding, FindingPlace, Fix } from '../../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from '../check';
import { isBroughtUp } from '../services';
import { lastWritten, ownEntries, placesOf, type Written } from '../written';
import { allQuoted, isFirstThere, placesBetween, quoted } from './names';
import { addToService, hasFile, ownSources } from './ownFiles';
import { knowsTags } from './tags';
import { type Clash, clashesOf, compete, type Holding, severityOf, withoutLeftOut } from './together';

/** One name for containers of two environments, or of two services of one: names are those of the whole engine, in whichever project a container is. */
export const sameContainerName: Check = {
  codes: ['same-container-name'],
  *find(facts, isLeftOut) {
    for (const environment of facts.environments) yield* withinEnvironment(environment);
    const clashes = clashesOf(facts.environments, namedServices, ({ name }) => name, undefined, compete);
    for (const clash of withoutLeftOut(clashes, 'same-container-name', isLeftOut, placesOfName)) {
      yield ofClash(clash, facts);
    }
  },
};

interface NamedService {
  readonly service: string;
  readonly name: string;
}

function placesOfName({ environment, thing }: Holding<NamedService>): readonly FindingPlace[] {
  return placesOf(environment, ['services', thing.service, 'container_name']);
}

/** Those of which bringing the environment up makes a container. */
const namedServices = perObject(({ definition, project }: CheckedEnvironment): readonly NamedService[] =>
  (project?.services ?? []).flatMap(({ name: service, containerName: name, replicas, profiles }) =>
    name && isBroughtUp({ replicas, profiles }, definition) ? [{ service, name }] : [],
  ),
);

/** Whether two environments call a container the same, so that only one of them can be up. */
export function haveContainerNameInCommon(a: CheckedEnvironment, b: CheckedEnvironment): boolean {
  const names = new Set(namedServices(a).map(({ name }) => name));
  return namedServices(b).some(({ name }) => names.has(name));
}

/** Docker Compose accepts it up to some version, and then fails in the middle of `up`; measured with 2.26.1. */
function* withinEnvironment(environment: CheckedEnvironment): Iterable<Finding> {
  const known = new Map<string, NamedService>();
  for (const named of namedServices(environment)) {
    const other = known.get(named.name);
    known.set(named.name, other ?? named);
    if (other) yield ofTwoServices(environment, other, named);
  }
}

function ofTwoServices(environment: CheckedEnvironment, other: NamedService, { service, name }: NamedService): Finding {
  const keysOf = (one: string) => ['services', one, 'container_name'];
  const written = lastWritten(environment, keysOf(service));
  const removal = written && removalOf(written);
  return findingOf('same-container-name', [environment], {
    severity: 'error',
    message: l10n.t(
      'The services "{0}" and "{1}" both call their container {2}: "up" fails.',
      other.service,
      service,
      name,
    ),
    remedy: l10n.t('Give each a name of its own, or none: then Compose makes one.'),
    service,
    places: [service, other.service].flatMap((one) => placesOf(environment, keysOf(one))).filter(isFirstThere),
    fixes: removal ? [fix(l10n.t('Remove "container_name" from "{0}"', service), removal, false)] : [],
  });
}

function ofClash(clash: Clash<NamedService>, facts: CheckFacts): Finding {
  const { environment, thing, others } = clash;
  const those = others.map((other) => other.environment);
  return findingOf('same-container-name', [environment, ...those], {
    severity: severityOf(clash),
    message: l10n.t(
      '{0} and {1} both call a container {2}: only one of them can be up.',
      allQuoted(those),
      quoted(environment),
      thing.name,
    ),
    remedy: isUsed(clash)
      ? l10n.t('Without "container_name", Compose makes a name of its own for each project; its files use this one.')
      : l10n.t('Without "container_name", Compose makes a name of its own for each project; scripts may use this one.'),
    service: thing.service,
    places: placesBetween([clash, ...others].map((one) => [one.environment, placesOfName(one)])),
    fixes: fixesOf(clash, facts),
  });
}

/** First what changes the environment that gives way, and it alone. */
function fixesOf({ environment, thing, others }: Clash<NamedService>, facts: CheckFacts): readonly Fix[] {
  const keys = ['services', thing.service, 'container_name'];
  // Nothing would answer to the name.
  const isSafe = !isUsed({ environment, thing });
  const those = others.map((other) => other.environment);
  const written = lastWritten(environment, keys);
  const removal = written ? removalOf(written) : undefined;
  const isShared = written !== undefined && those.some((other) => hasFile(other, written.source.file));
  const removed = removal
    ? [fix(l10n.t('Remove "container_name" from {0}', fileName(removal)), removal, isSafe && !isShared)]
    : [];
  if (!isShared) return removed;
  const [overlay] = ownSources(environment, those);
  const value = knowsTags(facts) ? '!reset null' : `${thing.name}-${environment.definition.name}`;
  const given = overlay && addToService(overlay, thing.service, 'container_name', [`container_name: ${value}`]);
  return [
    ...(given
      ? [fix(l10n.t('Give up the name in {0}: "container_name: {1}"', fileName(given), value), given, isSafe)]
      : []),
    ...removed,
  ];
}

/** Whether something in an environment uses the name of a container, be it as that of a host: it is no service's. */
function isUsed({
  environment: { project },
  thing: { name },
}: Pick<Clash<NamedService>, 'environment' | 'thing'>): boolean {
  const services = record(project?.config.content.services);
  if (Object.hasOwn(services, name)) return false;
  const text = JSON.stringify(services, (key, value: unknown) => (key === 'container_name' ? undefined : value));
  return new RegExp(`(?<![\\w.-])${escapeRegExp(name)}(?![\\w-])`).test(text);
}

/** Undefined where others share the text, or a service would have nothing left. */
function removalOf({ source, keys, entry }: Written): FileEdit | undefined {
  const isOnly = ownEntries(source, keys.slice(0, -1)).length < 2;
  return isOnly || !source.isOwn(keys) ? undefined : removeEntry(source, entry);
}

function fix(title: string, edit: FileEdit, isSafe: boolean): Fix {
  return { kind: 'edit', title, edits: [edit], isSafe };
}

function fileName({ file }: FileEdit): string {
  return path.basename(file);
}
