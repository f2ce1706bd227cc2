import * as l10n from '@vscode/l10n';
import { findingOf } from '../check';
import { placesOfGiven } from '../mounts';
import type { LiveCheck } from './liveCheck';

/** Data folders that are another user's than the one that the store runs as. */
export const dataFolderOwner: LiveCheck = {
  codes: ['data-folder-owner'],
  *find({ live }) {
    for (const { checked, dataFolders } of live) {
      for (const { path, service, owner, expected } of dataFolders) {
        yield findingOf('data-folder-owner', [checked], {
          message: l10n.t(
            'The data folder {0} is user {1}\'s, and service "{2}" runs as user {3}, who may not write there.',
            path,
            owner,
            service,
            expected,
          ),
          remedy: l10n.t('Give it to that user: sudo chown -R {0} {1}', expected, path),
          service,
          places: placesOfGiven(checked, service, path),
        });
      }
    }
  },
};
