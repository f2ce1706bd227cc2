import * as l10n from '@vscode/l10n';
import { isOnAllAddresses, listenOn } from '../compose/portAddress';
import type { Finding, FindingPlace, Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { type CheckedService, isProduction, servicesOf } from './services';
import { isStoreImage } from './storeImages';
import { placesOf, writtenAt } from './written';

/**
 * Data stores that are published on all addresses of their machine: Docker's own rules let everybody in, whatever the firewall says.
 * Where people work and where tests run, it is a hint; each run of CI has a machine of its own. Source: Docker's documentation, "Packet
 * filtering and firewalls".
 */
export const portOnAllInterfaces: Check = {
  codes: ['port-on-all-interfaces'],
  *find({ environments }) {
    for (const environment of environments) {
      if (environment.isOnCiOnly) continue;
      for (const service of servicesOf(environment)) yield* found(environment, service);
    }
  },
};

function* found(environment: CheckedEnvironment, { name, resolved }: CheckedService): Iterable<Finding> {
  const open = resolved.ports.filter(({ hostIp }) => isOnAllAddresses(hostIp));
  if (open.length === 0 || !isStoreImage(resolved.image)) return;
  const ports = [...new Set(open.map(({ published, target }) => published ?? target))];
  const { places, fixes } = bindings(environment, name);
  yield findingOf('port-on-all-interfaces', [environment], {
    severity: isProduction(environment) ? 'warning' : 'info',
    message:
      ports.length === 1
        ? l10n.t('"{0}" is published on all addresses of its machine: port {1}.', name, ports.join())
        : l10n.t('"{0}" is published on all addresses of its machine: ports {1}.', name, ports.join(', ')),
    remedy: l10n.t('Publish it on 127.0.0.1, or not at all: services in the same network reach it without.'),
    service: name,
    places: places.length > 0 ? places : placesOf(environment, ['services', name, 'ports']),
    fixes,
  });
}

/** The items of `ports` without an address of their own, and what gives them one. */
function bindings(environment: CheckedEnvironment, name: string) {
  const places: FindingPlace[] = [];
  const edits: NonNullable<ReturnType<typeof listenOn>>[] = [];
  for (const { source, keys } of writtenAt(environment, ['services', name, 'ports'])) {
    for (const [index, item] of source.items(keys).entries()) {
      const edit = listenOn(source, [...keys, index], '127.0.0.1');
      if (!edit) continue;
      places.push(source.placeOfNode(item));
      edits.push(edit);
    }
    if (source.tag(keys) === '!override') break;
  }
  const title = l10n.t('Publish it on 127.0.0.1 only');
  const fixes: readonly Fix[] = edits.length > 0 ? [{ kind: 'edit', title, edits, isSafe: false }] : [];
  return { places, fixes };
}
