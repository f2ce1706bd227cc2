import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import { isAtLeast } from '../common/version';
import { addToMap, lineEnd, replaceNode } from '../compose/composeEdit';
import type { FileEdit, Finding, Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { copyOf } from './copyExample';
import { exampleOf, type NamedEnvFile, namedEnvFiles, shown } from './environmentEnvFiles';

/**
 * Env files that are not there: Compose refuses to go on without them. Where an example lies there, everybody is to make one: that is a step of
 * setting up, and no mistake.
 */
export const missingEnvFile: Check = {
  codes: ['missing-env-file'],
  paths: ({ environments }) => environments.flatMap((one) => namedEnvFiles(one).map(({ file }) => file)),
  *find(facts) {
    for (const environment of facts.environments) {
      const { error, warnings } = environment;
      const told = warnings.filter(({ code }) => code === 'missing-env-file');
      for (const { message, remedy, place, missing } of told) {
        yield findingOf('missing-env-file', [environment], {
          ...(missing ? { severity: 'warning' } : {}),
          ...{ message, remedy, places: place ? [place] : [], fixes: copyOf(missing) },
        });
      }
      const absent = namedEnvFiles(environment).filter(
        (one) => one.isRequired && facts.pathKind(one.file) === 'missing',
      );
      yield* notYetSaid(environment, absent, facts);
      // What discovery has told of, Compose says once more.
      if (!error || !saysMissingEnvFile(error) || told.length > 0) continue;
      const { place, missing, remedy = MAKE_IT() } = error.details;
      // A folder may be called as a password is, which is left out of what Compose says.
      const named = absent.find(({ file }) => error.message.includes(file)) ?? onlyOf(absent);
      const node = named?.source.node(named.keys);
      const shownAt = node && named ? named.source.placeOfNode(node) : place;
      const isPortainers = named !== undefined && path.basename(named.file) === PORTAINERS_FILE;
      yield findingOf('missing-env-file', [environment], {
        ...(isPortainers || missing ? { severity: 'warning' } : {}),
        message: named ? isNotThere(environment, named) : error.message,
        remedy,
        ...(named ? { service: named.service } : {}),
        places: shownAt ? [shownAt] : [],
        fixes: [...copyOf(missing), ...madeOptional(environment, absent, facts)],
      });
    }
  },
};

/** The one that several services may be given. */
function onlyOf(absent: readonly NamedEnvFile[]): NamedEnvFile | undefined {
  const [first] = absent;
  return absent.every(({ file }) => file === first?.file) ? first : undefined;
}

const MAKE_IT = () => l10n.t('Make it, or remove what names it.');

function isNotThere(environment: CheckedEnvironment, { file, service }: NamedEnvFile): string {
  return l10n.t('The env file {0} of "{1}" is not there.', shown(environment, file), service);
}

/** Compose tells of one thing at a time that it refuses files for: the env files that it would come to next, each once. */
function* notYetSaid(
  environment: CheckedEnvironment,
  absent: readonly NamedEnvFile[],
  facts: CheckFacts,
): Iterable<Finding> {
  const { error, sources } = environment;
  if (!error || saysMissingEnvFile(error)) return;
  const isSure = ({ source, service, keys }: NamedEnvFile) =>
    sources.includes(source) &&
    !String(source.value(keys)).includes('$') &&
    !sources.some((one) => one.tag(['services', service]) ?? one.tag(['services', service, 'env_file']));
  const first = new Map(
    absent
      .filter(isSure)
      .toReversed()
      .map((one) => [one.file, one]),
  );
  for (const [file, one] of first) {
    const node = one.source.node(one.keys);
    const example = exampleOf(file, facts);
    yield findingOf('missing-env-file', [environment], {
      severity: 'warning',
      message: isNotThere(environment, one),
      remedy: MAKE_IT(),
      service: one.service,
      places: node ? [one.source.placeOfNode(node)] : [],
      fixes: example ? copyOf({ file, example: example.file }) : [],
    });
  }
}

/** Portainer makes it of the variables that it is given for a stack. Source: docs.portainer.io, "Add a new stack". */
const PORTAINERS_FILE = 'stack.env';

/** Whether it is an env file that Compose does not find. */
export function saysMissingEnvFile({ message }: UserError): boolean {
  return /env file .+ not found|find env file|failed to (?:load|read) \S*\.env\S*: (?:open|stat)/i.test(message);
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
