import * as l10n from '@vscode/l10n';
import type { ComposeSource, Range, WrittenScalar } from '../compose/composeSource';
import type { EnvFileSource } from '../compose/envFileSource';
import { usesByName, usesIn } from '../compose/variableUses';
import { type FileEdit, type Fix, SecretEdit } from '../model/finding';
import type { CheckedEnvironment, CheckFacts } from './check';
import { exampleOf, isGivenToService, ownEnvFile, shown } from './environmentEnvFiles';
import { gitIgnoring } from './gitIgnore';
import { contentRange, type WrittenSecret } from './writtenSecrets';

/** Where the secrets of a compose file can go. */
export interface SecretTarget {
  /** An environment that has the compose file. */
  readonly environment: CheckedEnvironment;
  /** The env files of all environments that have it. */
  readonly envFiles: readonly EnvFileSource[];
  /** The examples of those, as far as they have one. */
  readonly examples: readonly EnvFileSource[];
  /** What has git take none of them. */
  readonly ignored: readonly FileEdit[];
  /** The compose files for which the env files count. */
  readonly sources: readonly ComposeSource[];
}

/**
 * Where the secrets of a compose file can go: undefined where its environments have no env file that could hide them.
 * @param environments those that have the file.
 */
export function secretTarget(
  source: ComposeSource,
  environments: readonly CheckedEnvironment[],
  facts: CheckFacts,
): SecretTarget | undefined {
  const [environment] = environments;
  const isOwn = environments.every((one) => one.project && !one.error && one.sources.includes(source));
  const envFiles = [...new Map(environments.map((one) => [ownEnvFile(one).file, ownEnvFile(one)])).values()];
  const own = new Set(envFiles.map(({ file }) => file));
  const readers = facts.environments.filter((one) => own.has(ownEnvFile(one).file));
  // What a service is given besides would change with it; what git has would tell it to the same people.
  const canTake = envFiles.every(
    ({ file }) => !readers.some((one) => isGivenToService(one, file)) && facts.git(file)?.isTracked !== true,
  );
  if (!environment || !isOwn || !canTake) return undefined;
  const examples = envFiles.flatMap(({ file }) => exampleOf(file, facts) ?? []);
  const open = envFiles.filter(({ file }) => facts.git(file)?.isIgnored === false);
  const ignored = open.flatMap(({ file }) => gitIgnoring(file, facts) ?? []);
  const sources = [...new Set(readers.flatMap((one) => [...one.sources, ...one.takenIn]))];
  return { environment, envFiles, examples, ignored, sources };
}

/**
 * Puts a secret into the env file of each environment that has it, and a reference into the compose file wherever it stands there. What
 * Compose makes of the files stays the same. Undefined where that can't be had.
 * @param first the place that names it best.
 * @param secrets all its places.
 */
export function moveToEnvFile(
  source: ComposeSource,
  first: WrittenSecret,
  secrets: readonly WrittenSecret[],
  target: SecretTarget,
): Fix | undefined {
  // In the default of a variable, it counts where that has none.
  const isWhole = secrets.every(({ form, isDefault }) => form === 'default' || !isDefault);
  const written = writtenValue(first.value);
  if (!isWhole || written === undefined) return undefined;
  const pieces = [...secrets, ...otherPlaces(source, first, secrets)];
  const name = namesFor(first).find((one) => isFree(one, written, source, pieces, target));
  const replaced = name && replacedBy(source, pieces, `\${${name}:?}`);
  if (!name || !replaced) return undefined;
  const { environment, envFiles, examples, ignored } = target;
  const lacking = envFiles.filter((one) => !one.variable(name)?.written);
  const edits = [
    ...replaced,
    ...lacking.map((one) => new SecretEdit(one.set(name, written))),
    ...examples.filter((one) => !one.variable(name)).map((one) => one.add([[name, '']])),
    ...ignored,
  ];
  const title = l10n.t('Move it to {0} as {1}', envFiles.map(({ file }) => shown(environment, file)).join(', '), name);
  return { kind: 'edit', title, edits, isSafe: false, keepsConfiguration: true };
}

/** Where a text stands in one of a scalar. */
interface Piece {
  readonly scalar: WrittenScalar;
  readonly range: Range;
}

/** Shorter ones may be in a text by chance. */
const SHORTEST_ELSEWHERE = 8;

/** The places of a secret that say nothing by themselves: `redis-server --requirepass …`. */
function otherPlaces(source: ComposeSource, first: WrittenSecret, secrets: readonly WrittenSecret[]): readonly Piece[] {
  const text = first.value.replaceAll('$', () => '$$');
  if (first.form === 'default' || first.kind === 'placeholder' || text.length < SHORTEST_ELSEWHERE) return [];
  const known = secrets.map(({ range }) => range);
  if (source.text.split(text).length - 1 === secrets.length) return [];
  return source.scalars().flatMap((scalar) => {
    if (scalar.keys[0] !== 'services') return [];
    const range = contentRange(source, scalar);
    const content = source.text.slice(range.start, range.end);
    const taken = [...known, ...usesIn(source.text, range).map((use) => use.range)];
    const found: Piece[] = [];
    for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + text.length)) {
      const isWord = !/\w/.test(content[at - 1] ?? '') && !/\w/.test(content[at + text.length] ?? '');
      const own = { start: range.start + at, end: range.start + at + text.length };
      const isTaken = taken.some(({ start, end }) => start < own.end && own.start < end);
      if (isWord && !isTaken) found.push({ scalar, range: own });
    }
    return found;
  });
}

/** What the variable may be called, the best first. */
function namesFor({ form, name, service }: WrittenSecret): readonly string[] {
  if (form === 'default') return name === undefined ? [] : [name];
  const ofService = variableName(service ?? 'app');
  const own = variableName(name ?? '');
  const best =
    form === 'address'
      ? `${own.replace(/_?(?:URL|URI|DSN|ADDRESS|CONNECTION(?:_STRING)?)$/, '') || ofService}_PASSWORD`
      : own;
  return [best || `${ofService}_SECRET`, `${ofService}_${best || 'KEY'}`].filter((one) => /^[A-Z_]/.test(one));
}

function variableName(text: string): string {
  if (/^[A-Za-z_]\w*$/.test(text)) return text.toUpperCase();
  return text.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}

/** Whether a variable means nothing else, wherever an env file counts that is to have it. */
function isFree(
  name: string,
  written: string,
  source: ComposeSource,
  pieces: readonly Piece[],
  { sources, envFiles }: SecretTarget,
): boolean {
  const own = new Set(pieces.map(({ range }) => range.start));
  const uses = (one: ComposeSource) => usesByName(one).get(name) ?? [];
  const isDefault = uses(source).some(({ range }) => own.has(range.start));
  const isUsed = sources.some((one) => uses(one).some(({ range }) => one !== source || !own.has(range.start)));
  const isSetElse = envFiles.some((one) => ![undefined, '', written].includes(one.variable(name)?.written));
  return !isUsed && (isDefault || !isSetElse) && !/^(?:COMPOSE|DOCKER)_/.test(name);
}

/** The edits of the texts that have the pieces; undefined where one is not written as it reads. */
function replacedBy(
  source: ComposeSource,
  pieces: readonly Piece[],
  reference: string,
): readonly FileEdit[] | undefined {
  const byScalar = new Map<WrittenScalar['node'], Piece[]>();
  for (const piece of pieces) byScalar.set(piece.scalar.node, [...(byScalar.get(piece.scalar.node) ?? []), piece]);
  const edits: FileEdit[] = [];
  for (const own of byScalar.values()) {
    const [first] = own;
    if (!first || !isAsRead(source, first.scalar)) return undefined;
    edits.push(...editsOf(source, first.scalar, own, reference));
  }
  return edits;
}

function editsOf(source: ComposeSource, scalar: WrittenScalar, pieces: readonly Piece[], text: string): FileEdit[] {
  const edits = pieces.map(({ range }) => ({ file: source.file, ...range, text }));
  if (scalar.node.type !== 'PLAIN' || !scalar.isInFlow) return edits;
  // Braces mean something else there, unless they are quoted.
  const { start, end } = contentRange(source, scalar);
  const quote = (at: number) => ({ file: source.file, start: at, end: at, text: '"' });
  const [first] = edits;
  if (edits.length === 1 && first?.start === start && first.end === end) return [{ ...first, text: `"${text}"` }];
  return [
    ...(edits.some((edit) => edit.start === start) ? [] : [quote(start)]),
    ...edits.map((edit) => ({
      ...edit,
      text: `${edit.start === start ? '"' : ''}${text}${edit.end === end ? '"' : ''}`,
    })),
    ...(edits.some((edit) => edit.end === end) ? [] : [quote(end)]),
  ];
}

/** Whether what stands in the file is the value itself, without anything that YAML reads as something else. */
function isAsRead(source: ComposeSource, scalar: WrittenScalar): boolean {
  const { start, end } = contentRange(source, scalar);
  const text = source.text.slice(start, end);
  if (scalar.node.type?.startsWith('BLOCK')) return false;
  if (scalar.isInFlow && scalar.node.type === 'PLAIN' && /["\\]/.test(text)) return false;
  return text === String(scalar.node.value);
}

/** A value as an env file has it; undefined where it can't be written there. Source: compose-go, `dotenv/parser.go`. */
function writtenValue(value: string): string | undefined {
  if (/^[\w.@%+=:,/~^-]+$/.test(value)) return value;
  if (!value.includes("'") && !value.endsWith('\\')) return `'${value}'`;
  return /["\\$\n]/.test(value) ? undefined : `"${value}"`;
}
