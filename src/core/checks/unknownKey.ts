import * as l10n from '@vscode/l10n';
import { closeTo } from '../common/closeNames';
import type { UserError } from '../common/errors';
import { replaceNode } from '../compose/composeEdit';
import type { ComposeSource, Keys } from '../compose/composeSource';
import { knownKeys, rightPlaceOf } from '../compose/knownKeys';
import type { Finding, Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { needsLater, tooNewFor } from './live/tooOld';
import { type Written, writtenAt } from './written';

/**
 * How Compose says that it does not know a key: `services.web Additional property imge is not allowed`, from 2.33 on
 * `services.web additional properties 'imge', 'prts' not allowed`.
 */
const UNKNOWN = /^\s*([\w().[\]-]*) ?additional propert(?:y|ies) (.+?) (?:is )?not allowed/i;

/** Whether Compose does not accept files because of a key that it does not know. */
export function isUnknownKey({ message }: UserError): boolean {
  return UNKNOWN.test(message);
}

/** Keys that Compose does not know, with the one that is meant, where there is one that is close. */
export const unknownKey: Check = {
  codes: ['unknown-key'],
  *find({ environments, composeVersion }) {
    for (const environment of environments) {
      for (const { path, key } of unknownKeys(environment)) yield found(environment, path, key, composeVersion);
    }
  },
};

interface UnknownKey {
  /** Of the map that has it. */
  readonly path: Keys;
  readonly key: string;
}

/** Compose names one of several, now this one and now another: once it has, all that the files have are told, those of it last. */
function unknownKeys(environment: CheckedEnvironment): readonly UnknownKey[] {
  const [, within = '', names = ''] = UNKNOWN.exec(environment.error?.message ?? '') ?? [];
  if (names === '') return [];
  const path = pathOf(within, environment);
  const named = names.split(', ').map((name) => ({ path, key: name.replace(/^'(.*)'$/, '$1') }));
  const written = [...environment.sources, ...environment.takenIn].flatMap((source) => [...unknownIn(source, [])]);
  const byPath = new Map([...written, ...named].map((one) => [JSON.stringify([...one.path, one.key]), one]));
  return [...byPath.values()];
}

/** How many keys lead to the innermost maps whose keys are known: `services.web.deploy.resources.limits`. */
const DEEPEST = 5;

function* unknownIn(source: ComposeSource, path: Keys): Iterable<UnknownKey> {
  const known = knownKeys(path);
  for (const { key: node } of source.entries(path)) {
    const key = String(node.value);
    if (known && !known.includes(key)) {
      if (!key.startsWith('x-')) yield { path, key };
    } else if (path.length < DEEPEST) yield* unknownIn(source, [...path, key]);
  }
}

/** The path that Compose names; the names of services may have dots in them. */
function pathOf(within: string, { sources, takenIn }: CheckedEnvironment): Keys {
  if (within === '' || within === '(root)') return [];
  const [, section = '', rest = ''] = /^([^.[]+)\.?(.*)$/.exec(within) ?? [];
  const names = [...sources, ...takenIn].flatMap((source) =>
    source.entries([section]).map(({ key }) => String(key.value)),
  );
  const name = names.find((one) => rest === one || rest.startsWith(`${one}.`)) ?? rest.split('.')[0] ?? '';
  const keys = rest.slice(name.length).split(/[.[\]]+/);
  return [section, name, ...keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key))].filter((key) => key !== '');
}

function found(environment: CheckedEnvironment, path: Keys, key: string, version: string | undefined): Finding {
  const written = [...writtenAt(environment, [...path, key])];
  const meant = closeTo(key, knownKeys(path) ?? []).filter((one) =>
    written.every(({ source }) => !source.entry([...path, one])),
  );
  const home = rightPlaceOf(key, path);
  const { place } = environment.error?.details ?? {};
  const places =
    written.length > 0 ? written.map(({ source, entry }) => source.placeOfNode(entry.key)) : place ? [place] : [];
  const [tooNew] = version
    ? tooNewFor(
        version,
        written.map(({ source }) => source),
      ).filter(({ place: at }) => places.some((one) => one.file === at?.file && one.line === at.line))
    : [];
  const isMisspelt = home === undefined && !tooNew;
  return findingOf('unknown-key', [environment], {
    message:
      path.length === 0
        ? l10n.t('Compose knows no key "{0}" at the top of a file.', key)
        : l10n.t('Compose knows no key "{0}" in {1}.', key, path.join('.')),
    remedy: tooNew && version ? needsLater(tooNew, version) : remedyFor(key, meant, home),
    places,
    fixes: isMisspelt ? meant.slice(0, 3).flatMap((one) => fixOf(written, one, meant.length === 1)) : [],
  });
}

function remedyFor(key: string, [meant, ...others]: readonly string[], home: string | undefined): string {
  if (home !== undefined) return l10n.t('Move it into "{0}".', home);
  if (meant !== undefined && others.length === 0) return l10n.t('Write "{0}", if that is meant.', meant);
  return l10n.t('Correct or remove it; a key of your own begins with "x-", such as "x-{0}".', key);
}

function fixOf(written: readonly Written[], name: string, isSafe: boolean): readonly Fix[] {
  if (written.length === 0) return [];
  const edits = written.map(({ source, entry }) => replaceNode(source, entry.key, name));
  return [{ kind: 'edit', title: l10n.t('Write "{0}"', name), edits, isSafe }];
}
