import * as l10n from '@vscode/l10n';
import { commandNamed } from '../../model/command';
import { findingOf } from '../check';
import type { LiveCheck } from './liveCheck';

/** The command of an environment that tells whether migrations are to be run: it fails then. */
export const MIGRATIONS_COMMAND = 'migrations';
/** The one that runs them. */
const MIGRATE_COMMAND = 'migrate';

/** Environments whose own command says that migrations have not been run. */
export const pendingMigrations: LiveCheck = {
  codes: ['pending-migrations'],
  *find({ live }) {
    for (const { checked, hasPendingMigrations } of live) {
      if (!hasPendingMigrations) continue;
      const { id: environmentId, name } = checked.definition;
      const command = commandNamed(checked.definition, MIGRATE_COMMAND)?.name;
      yield findingOf('pending-migrations', [checked], {
        message: l10n.t(
          '"{0}" has migrations that have not been run, says its command "{1}".',
          name,
          MIGRATIONS_COMMAND,
        ),
        remedy: l10n.t('Run them.'),
        fixes:
          command === undefined
            ? []
            : [{ kind: 'run-command', title: l10n.t('Run "{0}"', command), environmentId, command }],
      });
    }
  },
};
