import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Place } from '../common/errors';
import { relativePath } from '../common/paths';
import type { EnvironmentDefinition, Evidence } from './environment';

/** How many of the things that tell of an environment are named: more would hide the rest of what is said of it. */
const MOST_NAMED = 5;

/** A piece of a text; with a place where it names one. */
export interface TextPart {
  readonly text: string;
  readonly place?: Place;
}

/**
 * How Berth knows an environment, in pieces that make one text: `declared in berth.yaml:3; run by make dev-up (Makefile:12)`.
 * Names at most five of the things that tell of it, strongest first.
 * @param from the folder that paths are shown from.
 */
export function provenance(
  { origin, knowledge, workspaceFolder }: EnvironmentDefinition,
  from = workspaceFolder,
): readonly TextPart[] {
  if (origin === 'running') return [{ text: l10n.t('known from its containers only') }];
  const evidence = knowledge?.evidence ?? [];
  if (evidence.length === 0) return [{ text: l10n.t('from the names of its files') }];
  const named = evidence.slice(0, MOST_NAMED);
  const declared = named.filter(isDeclaration).map(({ place }) => ({ text: placeWords(place, from), place }));
  const run = named
    .filter((one) => !isDeclaration(one))
    .map((one) => ({ text: sourceWords(one, from), place: one.place }));
  return [
    ...(declared.length > 0 ? [{ text: l10n.t('declared in ') }, ...listed(declared)] : []),
    ...(declared.length > 0 && run.length > 0 ? [{ text: '; ' }] : []),
    ...(run.length > 0 ? [{ text: l10n.t('run by ') }, ...listed(run)] : []),
    ...(evidence.length > MOST_NAMED ? [{ text: l10n.t(' and {0} more', evidence.length - MOST_NAMED) }] : []),
  ];
}

/** {@link provenance} as one text. */
export function provenanceText(definition: EnvironmentDefinition, from?: string): string {
  return provenance(definition, from)
    .map(({ text }) => text)
    .join('');
}

/** `compose.yaml:12`, as seen from a folder, with slashes on every system. */
export function placeWords({ file, line }: Place, from: string): string {
  const relative = relativePath(from, file);
  return line === undefined ? relative : `${relative}:${line}`;
}

/** Whether it is a file in which environments are declared, and not a command. */
function isDeclaration({ label }: Evidence): boolean {
  return /^berth\.ya?ml$/.test(label);
}

/** `make dev-up (Makefile:12)`; the place alone where there is no other name for it. */
function sourceWords({ label, place }: Evidence, from: string): string {
  const where = placeWords(place, from);
  return label === path.basename(place.file) ? where : `${label} (${where})`;
}

function listed(parts: readonly TextPart[]): readonly TextPart[] {
  return parts.flatMap((part, index) => (index > 0 ? [{ text: ', ' }, part] : [part]));
}
