import * as l10n from '@vscode/l10n';
import type { FindingPlace } from '../../model/finding';
import type { CheckedEnvironment } from '../check';

type Named = Pick<CheckedEnvironment, 'definition'>;

/** What an environment is called in a sentence: `"test"`. */
export function quoted({ definition }: Named): string {
  return `"${definition.name}"`;
}

/** The same of several. */
export function allQuoted(environments: readonly Named[]): string {
  return [...new Set(environments.map(quoted))].join(', ');
}

/**
 * Where something stands that several environments have, each place once, with whose it is.
 * @param holders the one that gives way first: where it has it, a finding is shown.
 */
export function placesBetween(
  holders: readonly (readonly [Named, readonly FindingPlace[]])[],
): readonly FindingPlace[] {
  const places = holders.flatMap(([, own]) => own).filter(isFirstThere);
  const [first, ...rest] = holders;
  const inOrder = [...rest, ...(first ? [first] : [])];
  return places.map((place) => {
    const those = inOrder.filter(([, own]) => own.some((one) => isSamePlace(one, place))).map(([holder]) => holder);
    return { ...place, note: l10n.t('in {0}', allQuoted(those)) };
  });
}

/** For `filter`: leaves out what stands where an earlier one does. */
export function isFirstThere(place: FindingPlace, index: number, all: readonly FindingPlace[]): boolean {
  return all.findIndex((one) => isSamePlace(one, place)) === index;
}

function isSamePlace(a: FindingPlace, b: FindingPlace): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}
