import * as l10n from '@vscode/l10n';
import { list, record } from '../common/json';
import { addToMap, columnAt } from '../compose/composeEdit';
import type { Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { isHealthChecked } from './dependencyNotAwaited';
import { type CheckedService, quoted, servicesOf } from './services';
import { hasNoHealthCheck, healthCommand } from './storeHealth';
import { ownEntries, placesOf, writtenAt } from './written';

/**
 * Services that wait for the health of one which has no health check: Compose then refuses to start them. Told only where no image can
 * bring one: it is switched off, or the image is an official one without.
 */
export const dependencyWithoutHealthCheck: Check = {
  codes: ['dependency-without-health-check'],
  *find({ environments }) {
    for (const environment of environments) {
      const services = servicesOf(environment);
      const waiting = waitingFor(services);
      for (const service of services) {
        const names = waiting.get(service.name);
        if (!names || isHealthChecked(service)) continue;
        const isOff = isSwitchedOff(service);
        if (!isOff && !hasNoHealthCheck(service.resolved.image)) continue;
        yield findingOf('dependency-without-health-check', [environment], {
          severity: 'error',
          message: isOff
            ? l10n.t(
                'The health check of "{0}" is switched off, so these can never be started, which wait for its health: {1}.',
                service.name,
                quoted(names),
              )
            : l10n.t(
                '"{0}" has no health check, so these can never be started, which wait for its health: {1}.',
                service.name,
                quoted(names),
              ),
          remedy: isOff
            ? l10n.t('Switch it on, or wait with "condition: service_started".')
            : l10n.t('Give "{0}" a health check, or wait with "condition: service_started".', service.name),
          service: service.name,
          places: placesOf(environment, ['services', service.name, ...(isOff ? ['healthcheck'] : [])]),
          fixes: isOff ? [] : fixesOf(environment, service),
        });
      }
    }
  },
};

/** By service, those that need it to be healthy before they start. */
function waitingFor(services: readonly CheckedService[]): ReadonlyMap<string, readonly string[]> {
  const waiting = new Map<string, string[]>();
  for (const { name, config } of services) {
    for (const [dependency, one] of Object.entries(record(config.depends_on))) {
      const { condition, required } = record(one);
      if (condition !== 'service_healthy' || required === false) continue;
      waiting.set(dependency, [...(waiting.get(dependency) ?? []), name]);
    }
  }
  return waiting;
}

function isSwitchedOff({ config }: CheckedService): boolean {
  const { test, disable } = record(config.healthcheck);
  return disable === true || list(test)[0] === 'NONE';
}

/** A health check that is right for the store, at the place where its image is named. */
function fixesOf(environment: CheckedEnvironment, { name, config }: CheckedService): readonly Fix[] {
  const command = config.healthcheck === undefined ? healthCommand(config) : undefined;
  const keys = ['services', name];
  for (const { source, entry } of writtenAt(environment, [...keys, 'image'])) {
    const own = ownEntries(source, keys);
    if (!command || !source.isOwn([...keys, 'image']) || !own.includes(entry)) return [];
    const service = source.entry(keys)?.key;
    const indent = ' '.repeat(Math.max(1, columnAt(source, entry.key) - (service ? columnAt(source, service) : 0)));
    const test = `test: [${command.map((part) => JSON.stringify(part)).join(', ')}]`;
    const lines = [test, 'interval: 5s', 'timeout: 5s', 'retries: 5', 'start_period: 30s'];
    const block = ['healthcheck:', ...lines.map((line) => `${indent}${line}`)].join('\n');
    const edit = addToMap(source, own, block, `healthcheck: { ${lines.join(', ')} }`);
    if (!edit) return [];
    return [{ kind: 'edit', title: l10n.t('Give "{0}" a health check', name), edits: [edit], isSafe: true }];
  }
  return [];
}
