/**
 * Whether a version is one or a later one, by its numbers: `2.24.4-desktop.1` counts as `2.24.4`. A version that is not known is none.
 * @param version such as `2.26.1`.
 */
export function isAtLeast(version: string | undefined, least: string): boolean {
  if (version === undefined) return false;
  const [have, need] = [numbersOf(version), numbersOf(least)];
  for (const [index, number] of need.entries()) {
    const difference = (have[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return have.length > 0;
}

function numbersOf(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}
