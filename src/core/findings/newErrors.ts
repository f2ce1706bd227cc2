import type { Finding } from '../model/finding';

/**
 * The errors of a look that an earlier one did not have. Where a finding counts as an error only because somebody wants that, something may
 * work all the same: those are left out. So are those of a service that has had as many errors of their code before, in other words.
 */
export function newErrors(before: readonly Finding[], now: readonly Finding[]): readonly Finding[] {
  const [errorsBefore, errors] = [before.filter(isError), now.filter(isError)];
  const isMore = (isLike: (other: Finding) => boolean) =>
    errors.filter(isLike).length > errorsBefore.filter(isLike).length;
  return errors.filter(
    ({ code, message, service }) =>
      isMore((other) => other.code === code && other.message === message) &&
      isMore((other) => other.code === code && other.service === service),
  );
}

function isError({ severity, checkedSeverity = severity }: Finding): boolean {
  return severity === 'error' && checkedSeverity === 'error';
}
