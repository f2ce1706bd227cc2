import * as l10n from '@vscode/l10n';
import { findingOf } from '../check';
import { portPlace } from '../portEdit';
import { placesOf } from '../written';
import type { LiveCheck } from './liveCheck';

/** Ports that an environment is to publish at an address which the machine does not have. */
export const missingAddress: LiveCheck = {
  codes: ['missing-address'],
  *find({ live }) {
    for (const { checked, missingAddresses } of live) {
      for (const port of missingAddresses) {
        const { service, published, host } = port;
        yield findingOf('missing-address', [checked], {
          message: l10n.t(
            'This machine does not have the address {0}, at which service "{1}" publishes port {2}.',
            host,
            service,
            published,
          ),
          remedy: l10n.t('Publish it at an address that the machine has, such as 127.0.0.1.'),
          service,
          places: [portPlace(checked, service, port) ?? placesOf(checked, ['services', service, 'ports'])].flat(),
        });
      }
    }
  },
};
