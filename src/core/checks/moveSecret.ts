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

/** Why secrets have to be moved by hand; undefined where it is not known. */
export interface Obstacle {
  readonly obstacle: string | undefined;
}

/**
 * Where the secrets of a compose file can go, or why its environments have no env file that could hide them.
 * @param environments those that have the file.
 */
export function secretTarget(
  source: ComposeSource,
  environments: readonly CheckedEnvironment[],
  facts: CheckFacts,
): SecretTarget | Obstacle {
  const [environment] = environments;
  const isKnown = environments.every((one) => one.project && !one.error);
  if (!environment || !isKnown) return { obstacle: undefined };
  if (!environments.every((one) => one.sources.includes(source))) {
    return { obstacle: l10n.t('other files take this one in') };
  }
  const envFiles = [...new Map(environments.map((one) => [ownEnvFile(one).file, ownEnvFile(one)])).values()];
  const own = new Set(envFiles.map(({ file }) => file));
  const readers = facts.environments.filter((one) => own.has(ownEnvFile(one).file));
  for (const { file } of envFiles) {
    const name = shown(environment, file);
    // Of one that others alone read, it is said what it has to do with this one.
    const isOwn = ownEnvFile(environment).file === file;
    const other = environments.find((one) => ownEnvFile(one).file === file)?.definition.name ?? '';
    // What git has would tell it to the same people; what a service is given besides would change with it.
    if (facts.git(file)?.isTracked) {
      return {
        obstacle: isOwn
          ? l10n.t('git has {0}', name)
          : l10n.t('"{0}" has this compose file, too, and would need it in {1}, which git has', other, name),
      };
    }
    if (readers.some((one) => isGivenToService(one, file))) {
      return {
        obstacle: isOwn
          ? l10n.t('a service is given all of {0}', name)
          : l10n.t(
              '"{0}" has this compose file, too, and would need it in {1}, all of which a service is given',
              other,
              name,
            ),
      };
    }
  }
  const examples = envFiles.flatMap(({ file }) => exampleOf(file, facts) ?? []);
  const open = envFiles.filter(({ file }) => facts.git(file)?.isIgnored === false);
  const ignored = open.flatMap(({ file }) => gitIgnoring(file, facts) ?? []);
  const sources = [...new Set(readers.flatMap((one) => [...one.sources, ...one.takenIn]))];
  return { environment, envFiles, examples, ignored, sources };
}

/** Why a secret can't be moved from where it stands; undefined where it can. */
export function obstacleAt(
  source: ComposeSource,
  { form, isDefault, scalar, range, value }: WrittenSecret,
): string | undefined {
  // In the default of a variable, it counts where that has none.
  if (isDefault && form !== 'default') return l10n.t('it is a part of the default of a variable');
  if (!isAsRead(source, { scalar, range })) return l10n.t('it is written with escapes, or in several lines');
  if (isOtherNumber(source, scalar)) {
    return l10n.t('YAML reads the number otherwise than it is written, so put it in quotes');
  }
  return writtenValue(value) === undefined ? l10n.t('an env file can not hold it') : undefined;
}

/**
 * Puts a secret into the env file of each environment that has it, and a reference into the compose file wherever it stands there. What
 * Compose makes of the files stays the same.
 * @param first the place that names it best.
 * @param secrets all its places, none of which has an obstacle.
 */
export function moveToEnvFile(
  source: ComposeSource,
  first: WrittenSecret,
  secrets: readonly WrittenSecret[],
  target: SecretTarget,
): Fix | Obstacle {
  const written = writtenValue(first.value);
  if (written === undefined) return { obstacle: undefined };
  const pieces = [...secrets, ...otherPlaces(source, first, secrets)];
  const names = namesFor(first);
  const name = names.find((one) => isFree(one, written, source, pieces, target));
  if (name === undefined) return { obstacle: l10n.t('{0} means something else already', names.join(', ')) };
  const { environment, envFiles, examples, ignored } = target;
  const lacking = envFiles.filter((one) => !one.variable(name)?.written);
  const edits = [
    ...replacedBy(source, pieces, `\${${name}:?}`),
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
      const piece = { scalar, range: own };
      if (isWord && !isTaken && isAsRead(source, piece)) found.push(piece);
    }
    return found;
  });
}

/** What the variable may be called, the best first. */
function namesFor({ form, name, service }: WrittenSecret): readonly string[] {
  if (form === 'default') return name === undefined ? [] : [name];
  const ofService = variableName(service ?? 'app');
  const best = bestName(form, name, ofService);
  return [best || `${ofService}_SECRET`, `${ofService}_${best || 'KEY'}`].filter((one) => /^[A-Z_]/.test(one));
}

function bestName(form: WrittenSecret['form'], name: string | undefined, ofService: string): string {
  const own = variableName(name?.replace(/^(?:-D|-+)/, '') ?? '');
  switch (form) {
    case 'address':
      return `${own.replace(/_?(?:URL|URI|DSN|ADDRESS|CONNECTION(?:_STRING)?)$/, '') || ofService}_PASSWORD`;
    case 'option':
      // A word alone, or a letter, does not say whose it is.
      if (own.includes('_') || own === 'PGPASSWORD') return own;
      return `${ofService}_${/TOKEN|SECRET|KEY/.test(own) ? own : 'PASSWORD'}`;
    case 'hash':
      return `${ofService}_PASSWORD_HASH`;
    default:
      return own;
  }
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

/** The edits of the texts that have the pieces. */
function replacedBy(source: ComposeSource, pieces: readonly Piece[], reference: string): readonly FileEdit[] {
  const byScalar = new Map<WrittenScalar['node'], Piece[]>();
  for (const piece of pieces) byScalar.set(piece.scalar.node, [...(byScalar.get(piece.scalar.node) ?? []), piece]);
  return [...byScalar.values()].flatMap((own) => (own[0] ? editsOf(source, own[0].scalar, own, reference) : []));
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

/** Whether what stands in a piece is the value itself, without anything that YAML reads as something else. */
function isAsRead(source: ComposeSource, { scalar, range }: Piece): boolean {
  const text = source.text.slice(range.start, range.end);
  if (text.includes('\n')) return false;
  switch (scalar.node.type) {
    case 'QUOTE_DOUBLE':
      return !text.includes('\\');
    case 'QUOTE_SINGLE':
      return !text.includes("'");
    case 'PLAIN': {
      // It is put in quotes as a whole.
      const { start, end } = contentRange(source, scalar);
      return !scalar.isInFlow || !/["\\\n]/.test(source.text.slice(start, end));
    }
    default:
      return true;
  }
}

/** `0421`: to YAML 1.1, which Compose reads, it is 273. */
function isOtherNumber(source: ComposeSource, scalar: WrittenScalar): boolean {
  const { start, end } = contentRange(source, scalar);
  return scalar.node.type === 'PLAIN' && /^0\d+$/.test(source.text.slice(start, end));
}

/** A value as an env file has it; undefined where it can't be written there. Source: compose-go, `dotenv/parser.go`. */
function writtenValue(value: string): string | undefined {
  if (/^[\w.@%+=:,/~^-]+$/.test(value)) return value;
  if (!value.includes("'") && !value.endsWith('\\')) return `'${value}'`;
  return /["\\$\n]/.test(value) ? undefined : `"${value}"`;
}
