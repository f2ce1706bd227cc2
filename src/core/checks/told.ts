import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import type { MissingFile } from '../common/exampleFile';
import { addTag } from '../compose/composeEdit';
import { emptySection, missingPath, saysMissingEnvFile } from '../compose/configurationError';
import type { Finding, Fix } from '../model/finding';
import type { FindingCode } from '../model/findingCodes';
import type { ConfigurationWarning } from '../model/project';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { copyOf } from './copyExample';
import { refusedTests } from './healthCheckForm';
import { needsLater, tooNewFor } from './live/tooOld';
import { neededVariables } from './neededVariables';
import { isUnknownKey } from './unknownKey';

/** What discovery and Compose have told already, and no other check looks into. */
export const told: Check = {
  codes: [
    'invalid-configuration',
    'invalid-declaration',
    'unreadable-file',
    'unclear-command',
    'missing-compose-file',
    'overlay-without-base',
    'missing-project-directory',
    'unknown-service',
    'other-folder',
  ],
  *find({ environments, problems, composeVersion }) {
    for (const problem of problems) yield ofWarning([], problem);
    for (const environment of environments) {
      const { error, warnings } = environment;
      if (error && !isOfOtherCheck(environment, error)) yield ofError(environment, error, composeVersion);
      for (const warning of warnings) {
        if (!OF_OTHER_CHECKS.has(warning.code)) yield ofWarning([environment], warning);
      }
    }
  },
};

const OF_OTHER_CHECKS: ReadonlySet<FindingCode> = new Set(['missing-env-file', 'same-project', 'unset-variable']);

/** Whether another check tells why Compose does not accept the files. */
function isOfOtherCheck(environment: CheckedEnvironment, error: UserError): boolean {
  return (
    isUnknownKey(error) ||
    saysMissingEnvFile(error) ||
    neededVariables(environment) !== undefined ||
    refusedTests(environment).length > 0
  );
}

function ofWarning(environments: readonly CheckedEnvironment[], warning: ConfigurationWarning): Finding {
  const { code, message, remedy, place, missing } = warning;
  return findingOf(code, environments, { message, remedy, places: place ? [place] : [], fixes: copyOf(missing) });
}

/** A file of comments alone says where to look instead. */
const IS_EMPTY = /empty compose file/i;

/** That files name what none of them has: they are no whole. What that is called is quoted or not, by Compose's version. */
const IS_A_PART = new RegExp(
  [
    '(?:service "(?<half>[^"]+)" has )?neither an image nor a build context',
    'undefined (?:network|volume|service|secret|config)(?: "?(?<name>[^\\s":]+))?',
    'empty compose file',
  ].join('|'),
  'i',
);

function ofError(
  environment: CheckedEnvironment,
  { message, details }: UserError,
  version: string | undefined,
): Finding {
  const { place, remedy = l10n.t('Correct the file; it is read again when it is saved.'), missing } = details;
  const { origin, envFiles, knowledge } = environment.definition;
  // They may be meant to be laid over others.
  const part = IS_A_PART.exec(message);
  const isGuessed = knowledge?.isGuessed === true && part !== null;
  const absent = part?.groups?.name ?? part?.groups?.half;
  const isInExample = absent !== undefined && knowledge?.missingOverride?.text.includes(absent);
  const override = isInExample ? knowledge?.missingOverride : undefined;
  // Nobody has said that it is this environment's, but for its name.
  const isOfEnvFile = origin === 'inferred' && envFiles.some((file) => file === place?.file);
  const [tooNew] = version ? tooNewFor(version, [...environment.sources, ...environment.takenIn]) : [];
  return findingOf('invalid-configuration', [environment], {
    // What is not there may be a submodule's, or made by something else: what is written need not be wrong.
    ...(isGuessed || override || isOfEnvFile || IS_EMPTY.test(message) || missingPath(message) !== undefined
      ? { severity: 'warning' }
      : {}),
    message,
    remedy:
      (tooNew && version && needsLater(tooNew, version)) ||
      (override && makeOf(override)) ||
      (isGuessed ? completeOrDeclare() : remedy),
    places: place ? [place] : [],
    fixes: [...copyOf(missing ?? override), ...filledSections(environment, message)],
  });
}

/** How everybody makes a file of an example, which has the name of what is missing. */
function makeOf({ file, example }: MissingFile): string {
  const [to, from] = [path.basename(file), path.basename(example)];
  return l10n.t('{0} may have what is missing, and Compose takes it with this file: make it of {1}.', to, from);
}

function completeOrDeclare(): string {
  return l10n.t(
    'Compose refuses the files: add what is missing, or declare in berth.yaml which files belong together.',
  );
}

/** What gives a key of a compose file the form that Compose wants, where nothing is below it. */
function filledSections({ sources }: CheckedEnvironment, message: string): readonly Fix[] {
  const section = emptySection(message);
  if (section === undefined) return [];
  const empty = sources.flatMap((source) => {
    const entry = source.entry([section]);
    return entry && source.value([section]) === null ? [{ source, entry }] : [];
  });
  // Beside `~`, `null` or an anchor, nothing can be written.
  const isWritten = empty.some(
    ({ entry: { value } }) => value && (value.range?.[0] !== value.range?.[1] || 'anchor' in value),
  );
  const edits = isWritten ? [] : empty.map(({ source, entry }) => addTag(source, entry, '{}'));
  const title = l10n.t('Write "{0}"', `${section}: {}`);
  return edits.length > 0 ? [{ kind: 'edit', title, edits, isSafe: true }] : [];
}
