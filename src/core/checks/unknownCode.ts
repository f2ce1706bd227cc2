import * as l10n from '@vscode/l10n';
import { closeTo } from '../common/closeNames';
import type { Finding, FindingPlace } from '../model/finding';
import { ALL_CODES } from '../model/findingCodes';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { unknownCodes } from './suppression';

/** Comments that are to leave findings of a code out which there is not, and so leave none out. */
export const unknownCode: Check = {
  codes: ['unknown-code'],
  *find(facts) {
    for (const [file, environments] of commentedFiles(facts)) {
      const text = facts.told.get(file) ?? facts.textOf(file) ?? '';
      for (const { name, start } of unknownCodes(text)) {
        yield findingFor(name, { file, ...lineAndColumns(text, start, name.length) }, start, environments);
      }
    }
  },
};

/** Compose and env files, and others that are told of, with the environments that have them or of which they are told. */
function commentedFiles({
  environments,
  envFiles,
  told,
}: CheckFacts): ReadonlyMap<string, readonly CheckedEnvironment[]> {
  const found = new Map<string, CheckedEnvironment[]>(
    [...envFiles.map(({ file }) => file), ...told.keys()].map((file) => [file, []]),
  );
  for (const environment of environments) {
    const { sources, takenIn, envFiles: own, warnings } = environment;
    const toldAt = warnings.flatMap(({ place }) => place ?? []);
    for (const file of new Set([...sources, ...takenIn, ...own, ...toldAt].map((one) => one.file))) {
      const known = found.get(file);
      if (known) known.push(environment);
      else found.set(file, [environment]);
    }
  }
  return found;
}

function findingFor(
  name: string,
  place: FindingPlace,
  start: number,
  environments: readonly CheckedEnvironment[],
): Finding {
  const close = closeTo(name, ALL_CODES);
  const [only, ...others] = close;
  const { file } = place;
  return findingOf('unknown-code', environments, {
    message: l10n.t('There is no code "{0}": this comment leaves nothing of it out.', name),
    remedy:
      only !== undefined && others.length === 0
        ? l10n.t('Write "{0}", if that is meant.', only)
        : l10n.t('Correct it: the finding that is meant tells its code.'),
    places: [place],
    fixes: close.map((code) => ({
      kind: 'edit',
      title: l10n.t('Write "{0}"', code),
      edits: [{ file, start, end: start + name.length, text: code }],
      isSafe: false,
    })),
  });
}

function lineAndColumns(text: string, start: number, length: number): Omit<FindingPlace, 'file'> {
  const before = text.slice(0, start).split('\n');
  const column = (before.at(-1) ?? '').replace(/^\uFEFF/, '').length + 1;
  return { line: before.length, column, endLine: before.length, endColumn: column + length };
}
