import * as l10n from '@vscode/l10n';
import { isAtLeast } from '../../common/version';
import type { CheckFacts } from '../check';

/**
 * The version of Docker Compose that knows `!override`; `!reset` is older, but is left out in all services but the first before. Source:
 * the Compose file reference, "Merge"; docker/compose, issue 10656.
 */
const KNOWS_TAGS = '2.24.4';

/** Whether the Compose that is here knows `!override` and `!reset`. */
export function knowsTags({ composeVersion }: Pick<CheckFacts, 'composeVersion'>): boolean {
  return isAtLeast(composeVersion, KNOWS_TAGS);
}

/** What to do where an overlay can't take back what a file before it has. @param tag the one that could. */
export function withoutTags(tag: '!override' | '!reset', key: string): string {
  return l10n.t(
    'Move "{0}" out of the first file into overlays, or write "{0}: {1}" with Docker Compose {2} or later.',
    key,
    tag,
    KNOWS_TAGS,
  );
}
