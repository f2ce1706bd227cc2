import * as l10n from '@vscode/l10n';
import { removeEntry } from '../compose/composeEdit';
import { type Check, findingOf } from './check';

/** The top-level `version`, which Compose ignores. Source: the Compose specification, "Version and name top-level elements". */
export const obsoleteVersion: Check = {
  codes: ['obsolete-version'],
  *find({ environments }) {
    for (const environment of environments) {
      for (const source of [...environment.sources, ...environment.takenIn]) {
        const entry = source.entry(['version']);
        if (!entry) continue;
        yield findingOf('obsolete-version', [environment], {
          message: l10n.t('"version" has no effect: Compose ignores it, and warns of it each time.'),
          remedy: l10n.t('Remove it.'),
          places: [source.placeOfNode(entry.key)],
          fixes: [
            { kind: 'edit', title: l10n.t('Remove "version"'), edits: [removeEntry(source, entry)], isSafe: true },
          ],
        });
      }
    }
  },
};
