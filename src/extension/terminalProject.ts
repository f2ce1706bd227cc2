import * as l10n from '@vscode/l10n';
import { UserError } from '../core/common/errors';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import { knownProject } from '../core/operations/operation';

/**
 * The project whose logs or shell a terminal is to show.
 * @throws UserError when the workspace is not trusted, where nothing of it is run, or the project is not known yet.
 */
export function projectToShow(environment: EnvironmentSnapshot): string {
  const { definition, resolution } = environment;
  if (resolution.kind === 'text-only') {
    throw new UserError('usage', l10n.t('In restricted mode, Berth runs nothing of "{0}".', definition.name), {
      remedy: l10n.t('Trust the workspace first.'),
    });
  }
  return knownProject(environment);
}
