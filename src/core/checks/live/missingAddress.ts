import * as l10n from '@vscode/l10n';
import type { Finding } from '../../model/finding';
import { isFirstThere } from '../across/names';
import { type PublishedPort, portsText } from '../across/publishedPorts';
import { findingOf } from '../check';
import { portPlace } from '../portEdit';
import { placesOf } from '../written';
import type { LiveCheck, LiveEnvironment } from './liveCheck';

/** Ports that an environment is to publish at an address which the machine does not have: those of a service at one address together. */
export const missingAddress: LiveCheck = {
  codes: ['missing-address'],
  *find({ live }) {
    for (const { checked, missingAddresses } of live) {
      const together = new Map<string, [PublishedPort, ...PublishedPort[]]>();
      for (const port of missingAddresses) {
        const key = `${port.service} ${port.host}`;
        const known = together.get(key);
        if (known) known.push(port);
        else together.set(key, [port]);
      }
      for (const ports of together.values()) yield found(checked, ports);
    }
  },
};

/** @param ports of one service at one address. */
function found(checked: LiveEnvironment['checked'], ports: readonly [PublishedPort, ...PublishedPort[]]): Finding {
  const [{ service, host }] = ports;
  const numbers = ports.map(({ published }) => published);
  const words = [host, service, portsText(numbers)] as const;
  const places = ports.flatMap((port) => portPlace(checked, service, port) ?? []).filter(isFirstThere);
  return findingOf('missing-address', [checked], {
    message:
      new Set(numbers).size === 1
        ? l10n.t('This machine does not have the address {0}, at which service "{1}" publishes port {2}.', ...words)
        : l10n.t('This machine does not have the address {0}, at which service "{1}" publishes ports {2}.', ...words),
    remedy: l10n.t('Publish it at an address that the machine has, such as 127.0.0.1.'),
    service,
    places: places.length > 0 ? places : placesOf(checked, ['services', service, 'ports']),
  });
}
