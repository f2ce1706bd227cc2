import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { record } from '../common/json';

/**
 * What `docker compose config --format json` has printed.
 * @throws UserError (failed) when it is no JSON, as Compose 2 prints it.
 */
export function parseConfig(json: string): Record<string, unknown> {
  try {
    return record(JSON.parse(json));
  } catch (error) {
    throw new UserError('failed', l10n.t('"docker compose config" printed no JSON.'), {
      remedy: l10n.t('Update Docker Compose to 2.20 or later.'),
      cause: error,
    });
  }
}
