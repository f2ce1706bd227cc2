import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import { missingAmong } from '../common/exampleFile';
import { wholeName } from '../common/text';
import { isAtLeast } from '../common/version';
import { addToMap, lineEnd, replaceNode } from '../compose/composeEdit';
import { saysMissingEnvFile } from '../compose/configurationError';
import type { FileEdit, Finding, Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { copyOf } from './copyExample';
import { exampleFor, type NamedEnvFile, namedEnvFiles, ownEnvFile, shown } from './environmentEnvFiles';

/**
 * Env files that are not there: Compose refuses to go on without them. To make or bring one mostly is a step of setting up, and no mistake in what
 * is written.
 */
export const missingEnvFile: Check = {
  codes: ['missing-env-file'],
  paths: ({ environments }) =>
    environments.flatMap((one) => [...namedEnvFiles(one).map(({ file }) => file), ...one.definition.envFiles]),
  *find(facts) {
    for (const environment of facts.environments) {
      const { error, warnings, definition } = environment;
      const absent = namedEnvFiles(environment).filter(
        (one) => one.isRequired && facts.pathKind(one.file) === 'missing',
      );
      const told = warnings.filter(({ code }) => code === 'missing-env-file');
      // That a command gives the `.env` which Compose reads of itself says no more than that a service has it.
      const isOwn = definition.envFiles.length === 0;
      const isOfService = isOwn && error && absent.some(({ file }) => file === ownEnvFile(environment).file);
      for (const { message, remedy, place, missing } of isOfService ? [] : told) {
        const places = place ? [place] : [];
        yield findingOf('missing-env-file', [environment], { message, remedy, places, fixes: copyOf(missing) });
      }
      if (!error) continue;
      const isWhy = saysMissingEnvFile(error);
      const named = isWhy ? namedIn(error, absent) : undefined;
      for (const one of onceEach(absent.filter((other) => other === named || isSure(other, environment)))) {
        yield ofService(environment, one, { absent, isWhy, facts });
      }
      // What discovery or berth.yaml's reader has told of, Compose says once more.
      const given = definition.envFiles.filter((file) => facts.pathKind(file) === 'missing');
      const isProvided =
        given.length > 0 && given.every((file) => definition.knowledge?.providedEnvFiles?.includes(file));
      if (!isWhy || named || isToldOfDeclaration(given, environment, facts) || (told.length > 0 && !isOwn)) continue;
      if (isProvided) {
        yield ofCommand(environment, given[0] ?? '');
        continue;
      }
      const { place, missing, remedy = MAKE_IT() } = error.details;
      yield findingOf('missing-env-file', [environment], {
        message: error.message,
        remedy,
        places: place ? [place] : [],
        fixes: [...copyOf(missing), ...madeOptional(environment, absent, facts)],
      });
    }
  },
};

/** What the commands that give it make, or ask for: there is no mistake in that, and still Berth can do nothing before. */
function ofCommand(environment: CheckedEnvironment, file: string): Finding {
  const { definition, error } = environment;
  const { label = '', place } = definition.knowledge?.evidence[0] ?? {};
  const { missing, place: otherwise = place } = error?.details ?? {};
  const at = place ?? otherwise;
  return findingOf('missing-env-file', [environment], {
    severity: 'info',
    message: l10n.t(
      'The env file {0} is not there yet, and Compose refuses to go on without it: "{1}" makes it, or asks for it.',
      shown(environment, file),
      label,
    ),
    remedy: missing
      ? l10n.t('Copy {0} to it, and fill that in.', shown(environment, missing.example))
      : l10n.t('Run "{0}" once, or make it: before, Berth can\'t bring the environment up.', label),
    places: at ? [at] : [],
    fixes: copyOf(missing),
  });
}

/** Whether `berth.yaml` names an env file that is not there, and that is told at its place there. */
function isToldOfDeclaration(
  given: readonly string[],
  { warnings }: CheckedEnvironment,
  { problems }: CheckFacts,
): boolean {
  return [...problems, ...warnings].some(
    ({ code, message }) =>
      code === 'invalid-declaration' && given.some((file) => wholeName(path.basename(file)).test(message)),
  );
}

/** The one that Compose names: it does so with one of them, and not always the same. */
function namedIn({ message }: UserError, absent: readonly NamedEnvFile[]): NamedEnvFile | undefined {
  const [longest] = absent
    .filter(({ file }) => message.includes(file))
    .toSorted((a, b) => b.file.length - a.file.length);
  // A folder may be called as a password is, which is left out of what Compose says.
  return longest ?? onlyOf(absent);
}

/** The one that several services may be given. */
function onlyOf(absent: readonly NamedEnvFile[]): NamedEnvFile | undefined {
  const [first] = absent;
  return absent.every(({ file }) => file === first?.file) ? first : undefined;
}

const MAKE_IT = () => l10n.t('Make it, or remove what names it.');

/** Whether it surely is an env file that Compose reads: nothing lays another one over it, and its name has no variable. */
function isSure({ source, service, keys }: NamedEnvFile, { sources }: CheckedEnvironment): boolean {
  return (
    sources.includes(source) &&
    !String(source.value(keys)).includes('$') &&
    !sources.some((one) => one.tag(['services', service]) ?? one.tag(['services', service, 'env_file']))
  );
}

/** Several services may be given the same: the first of them, in the order of the text. */
function onceEach(all: readonly NamedEnvFile[]): readonly NamedEnvFile[] {
  return all.filter(({ file }, index) => all.findIndex((one) => one.file === file) === index);
}

/** @param isWhy whether Compose refuses the files for one like it, and not for something else, before it comes to those. */
function ofService(
  environment: CheckedEnvironment,
  { source, service, file, keys }: NamedEnvFile,
  {
    absent,
    isWhy,
    facts,
  }: { readonly absent: readonly NamedEnvFile[]; readonly isWhy: boolean; readonly facts: CheckFacts },
): Finding {
  const node = source.node(keys);
  // What does not look like an env file by its name, only Compose's error knows the example of.
  const known = environment.error?.details.missing;
  const example = exampleFor(environment, file, facts)?.file;
  const missing =
    (example === undefined ? undefined : { file, example }) ??
    missingAmong(file, (one) => facts.envFiles.some((other) => other.file === one)) ??
    (known?.file === file ? known : undefined);
  return findingOf('missing-env-file', [environment], {
    message: l10n.t(
      'The env file {0} of "{1}" is not there, and Compose refuses to go on without it.',
      shown(environment, file),
      service,
    ),
    remedy: missing ? l10n.t('Copy {0} to it, and fill that in.', shown(environment, missing.example)) : MAKE_IT(),
    service,
    places: node ? [source.placeOfNode(node)] : [],
    fixes: [...copyOf(missing), ...(isWhy ? madeOptional(environment, absent, facts) : [])],
  });
}

/** Compose 2.24 knows `required`. Source: docs.docker.com, Compose file reference, "env_file". */
const KNOWS_REQUIRED = '2.24';

function madeOptional(
  { sources }: CheckedEnvironment,
  absent: readonly NamedEnvFile[],
  { composeVersion }: CheckFacts,
): readonly Fix[] {
  const own = absent.every(({ source }) => sources.includes(source));
  if (absent.length === 0 || !own || !isAtLeast(composeVersion, KNOWS_REQUIRED)) return [];
  const edits = absent.map(optional);
  if (!edits.every((edit) => edit !== undefined)) return [];
  // An anchor may bring the same text to several services.
  const once = [...new Map(edits.map((edit) => [`${edit.file}:${edit.start}`, edit])).values()];
  return [{ kind: 'edit', title: l10n.t('Let Compose go on without it: required: false'), edits: once, isSafe: false }];
}

function optional({ source, keys }: NamedEnvFile): FileEdit | undefined {
  const node = source.node(keys);
  if (!node) return undefined;
  if (keys.at(-1) === 'path') {
    const map = keys.slice(0, -1);
    const required = source.entry([...map, 'required'])?.value;
    if (required) return replaceNode(source, required, 'false');
    return addToMap(source, source.entries(map), 'required: false');
  }
  const { start, end } = source.range(node);
  const written = source.text.slice(start, end);
  const isItem = typeof keys.at(-1) === 'number';
  const isInLines =
    isItem && /^[ \t]*-[ \t]+$/.test(source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start));
  if (isInLines) {
    const indent = ' '.repeat((source.place({ start, end }).column ?? 1) - 1);
    return replaceNode(source, node, `path: ${written}${lineEnd(source.text)}${indent}required: false`);
  }
  // Braces mean something else there, unless they are quoted.
  if (/^[^"'].*[{}[\],]/.test(written)) return undefined;
  const inFlow = `{ path: ${written}, required: false }`;
  return replaceNode(source, node, isItem ? inFlow : `[${inFlow}]`);
}
