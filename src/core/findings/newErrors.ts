import type { Finding } from '../model/finding';
import { FINDING_CODES } from '../model/findingCodes';

/**
 * The errors of a look that an earlier one did not have. Where a code counts as an error only because somebody wants that, something may
 * work all the same: those are left out. So are those of a service that has had as many of their code before, in other words.
 */
export function newErrors(before: readonly Finding[], now: readonly Finding[]): readonly Finding[] {
  const isMore = (isLike: (other: Finding) => boolean) => now.filter(isLike).length > before.filter(isLike).length;
  return now.filter(
    ({ code, severity, message, service }) =>
      severity === 'error' &&
      FINDING_CODES[code].severity === 'error' &&
      isMore((other) => other.code === code && other.message === message) &&
      isMore((other) => other.code === code && other.service === service),
  );
}
