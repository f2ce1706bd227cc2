/** How many letters may differ for a name to count as mistyped. */
const MOST_TYPOS = 2;

/** Of some names those that somebody who typed `name` may have meant: mistyped, else cut short. */
export function closeTo(name: string, names: readonly string[]): readonly string[] {
  const typed = name.toLowerCase();
  const distances = names.map((candidate) => distanceBetween(typed, candidate.toLowerCase()));
  const least = Math.min(...distances);
  // With few letters, two typos make any name of any other.
  const mistyped = names.filter(
    (candidate, index) => distances[index] === least && least <= Math.min(MOST_TYPOS, Math.floor(candidate.length / 2)),
  );
  if (mistyped.length > 0) return mistyped;
  return typed.length > 1 ? names.filter((candidate) => candidate.toLowerCase().includes(typed)) : [];
}

/** How many letters must be changed, added, removed or swapped with their neighbour to make `b` of `a`. */
function distanceBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column++) {
      const changed = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + changed,
          swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(a.length, b.length);
}
