import * as l10n from '@vscode/l10n';
import { record } from '../common/json';
import { replaceNode } from '../compose/composeEdit';
import { awaitInList } from '../compose/dependencyEdit';
import type { FileEdit, FindingPlace, Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { type CheckedService, quoted, servicesByName } from './services';
import { isConsoleImage, isStoreImage } from './storeImages';
import { placesOf, type Written, writtenAt } from './written';

const HEALTHY = 'service_healthy';
const STARTED = 'service_started';

/**
 * Services that are started as soon as the containers run that they depend on, though those have a health check. Where somebody has
 * written out that this is enough, and where it is no program that depends on a data store, it is only worth a hint.
 */
export const dependencyNotAwaited: Check = {
  codes: ['dependency-not-awaited'],
  *find(facts) {
    const isHealthCheckedEverywhere = healthCheckedEverywhere(facts);
    for (const environment of facts.environments) {
      const services = servicesByName(environment);
      for (const service of services.values()) {
        const late = startedOnly(service, services);
        if (late.length === 0 || isConsoleImage(service.resolved.image)) continue;
        for (const { written, names } of byPlace(environment, service.name, late)) {
          const isShort = written === undefined || isList(written);
          const isOfStore =
            !isStoreImage(service.resolved.image) &&
            names.some((name) => isStoreImage(services.get(name)?.resolved.image));
          yield findingOf('dependency-not-awaited', [environment], {
            severity: isShort && isOfStore ? 'warning' : 'info',
            message: l10n.t(
              '"{0}" does not wait until these are healthy, though they have a health check: {1}.',
              service.name,
              quoted(names),
            ),
            remedy: l10n.t('Depend on them with "condition: {0}".', HEALTHY),
            service: service.name,
            places: written ? [placeOf(written, names)] : placesOf(environment, ['services', service.name]),
            fixes: written
              ? fixesOf(
                  written,
                  names,
                  (name) => isHealthCheckedEverywhere(written, service.name, name),
                  isShort && isOfStore,
                )
              : [],
          });
        }
      }
    }
  },
};

/** The dependencies with a health check of which a service only waits until they are started. */
function startedOnly({ config }: CheckedService, services: ReadonlyMap<string, CheckedService>): readonly string[] {
  return Object.entries(record(config.depends_on))
    .filter(([name, one]) => record(one).condition === STARTED && isHealthChecked(services.get(name)))
    .map(([name]) => name);
}

/** Whether the files give a service a health check. Of one that its image brings, nothing is known. */
export function isHealthChecked(service: CheckedService | undefined): boolean {
  const { test, disable } = record(service?.config.healthcheck);
  return Array.isArray(test) && test[0] !== 'NONE' && disable !== true;
}

/** Dependencies by the place where they are written, each where the file has it that Compose lets win. */
function byPlace(environment: CheckedEnvironment, service: string, names: readonly string[]) {
  const groups: { readonly written: Written | undefined; readonly names: string[] }[] = [];
  for (const name of names) {
    const written = [...writtenAt(environment, ['services', service, 'depends_on'])].find((one) => hasName(one, name));
    const group = groups.find((one) => one.written?.source === written?.source);
    if (group) group.names.push(name);
    else groups.push({ written, names: [name] });
  }
  return groups;
}

function isList({ source, keys }: Written): boolean {
  return source.items(keys).length > 0;
}

function hasName({ source, keys }: Written, name: string): boolean {
  return (
    source.entry([...keys, name]) !== undefined || source.items(keys).some((item) => source.valueOf(item) === name)
  );
}

function placeOf({ source, keys, entry }: Written, [name, ...others]: readonly string[]): FindingPlace {
  const item = source.items(keys).find((one) => source.valueOf(one) === name);
  const node = others.length > 0 ? undefined : (item ?? source.entry([...keys, name ?? ''])?.key);
  return source.placeOfNode(node ?? entry.key);
}

function fixesOf(
  written: Written,
  names: readonly string[],
  isHealthCheckedEverywhere: (name: string) => boolean,
  isSafe: boolean,
): readonly Fix[] {
  const { source, keys } = written;
  const awaited = (name: string) => names.includes(name) && isHealthCheckedEverywhere(name);
  if (!names.every(awaited)) return [];
  const conditions = names.map((name) => [...keys, name, 'condition']);
  const edits: readonly FileEdit[] | undefined = isList(written)
    ? awaitInList(source, keys, (name) => (awaited(name) ? HEALTHY : STARTED))
    : conditions.flatMap((one) => {
        const value = source.isOwn(one) ? source.node(one) : undefined;
        return value ? [replaceNode(source, value, HEALTHY)] : [];
      });
  if (!edits || edits.length === 0) return [];
  return [{ kind: 'edit', title: l10n.t('Wait until they are healthy'), edits, isSafe }];
}

/** Whether a dependency has a health check in all environments in which a service has it from a file: else these could not be started. */
function healthCheckedEverywhere({ environments }: CheckFacts) {
  const byFile = new Map<string, CheckedEnvironment[]>();
  for (const environment of environments) {
    for (const { file } of [...environment.sources, ...environment.takenIn]) {
      const known = byFile.get(file);
      if (known) known.push(environment);
      else byFile.set(file, [environment]);
    }
  }
  return ({ source }: Pick<Written, 'source'>, service: string, dependency: string): boolean =>
    (byFile.get(source.file) ?? []).every((environment) => {
      const services = servicesByName(environment);
      const isDependedOn = dependency in record(services.get(service)?.config.depends_on);
      return !isDependedOn || isHealthChecked(services.get(dependency));
    });
}
