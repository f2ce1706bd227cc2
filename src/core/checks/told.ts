import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import type { Finding, Fix } from '../model/finding';
import type { ConfigurationWarning } from '../model/project';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { isUnknownKey } from './unknownKey';

/** What discovery and Compose have told already. */
export const told: Check = {
  codes: [
    'invalid-configuration',
    'missing-env-file',
    'unset-variable',
    'invalid-declaration',
    'unreadable-file',
    'unclear-command',
    'missing-compose-file',
    'overlay-without-base',
    'missing-project-directory',
    'unknown-service',
    'other-folder',
  ],
  *find({ environments, problems }) {
    for (const problem of problems) yield ofWarning([], problem);
    for (const environment of environments) {
      const { error, warnings } = environment;
      if (error && !isUnknownKey(error)) yield ofError(environment, error);
      // Of projects that are shared, `sameProject` tells.
      for (const warning of warnings) if (warning.code !== 'same-project') yield ofWarning([environment], warning);
    }
  },
};

function ofWarning(environments: readonly CheckedEnvironment[], warning: ConfigurationWarning): Finding {
  const { code, message, remedy, place, missing } = warning;
  return findingOf(code, environments, { message, remedy, places: place ? [place] : [], fixes: copyOf(missing) });
}

function ofError(environment: CheckedEnvironment, { message, details }: UserError): Finding {
  const { place, remedy = l10n.t('Correct the file; it is read again when it is saved.'), missing } = details;
  const code = missing ? 'missing-env-file' : 'invalid-configuration';
  return findingOf(code, [environment], { message, remedy, places: place ? [place] : [], fixes: copyOf(missing) });
}

function copyOf(missing: ConfigurationWarning['missing']): readonly Fix[] {
  if (!missing) return [];
  const title = l10n.t('Copy {0} to {1}', path.basename(missing.example), path.basename(missing.file));
  return [{ kind: 'copy-example', title, missing }];
}
