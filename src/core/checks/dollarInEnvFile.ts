import * as l10n from '@vscode/l10n';
import { record } from '../common/json';
import { EnvFileSource, type EnvFileVariable, unquoted } from '../compose/envFileSource';
import { isSecretName } from '../compose/secretValue';
import { usesIn, type VariableUse } from '../compose/variableUses';
import type { Finding, Fix } from '../model/finding';
import { type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { namedEnvFiles, shown } from './environmentEnvFiles';

/** A value of an env file of which Compose leaves out what it takes for a variable. */
export interface LostPart {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What Compose takes for the name of a variable: a part of the value, never to be shown. */
  readonly name: string;
  readonly finding: Finding;
}

/**
 * The values in env files that lose what stands behind a dollar sign, where that is likely meant: Compose puts in for variables there as
 * well, unless the value stands in single quotes. Source: the Compose manual, "Interpolation", syntax of env files; measured with 2.26.
 */
export function lostParts(environment: CheckedEnvironment, facts: CheckFacts): readonly LostPart[] {
  const unset = new Set(environment.warnings.flatMap((one) => (one.code === 'unset-variable' && one.variable) || []));
  if (unset.size === 0) return [];
  return envFilesRead(environment, facts).flatMap((envFile) =>
    envFile.variables.flatMap((variable) => {
      const lost = lostOf(variable).filter(({ name }) => unset.has(name) && !isSet(name, envFile, environment));
      const finding = findingFor(environment, envFile, variable, lost);
      return lost.map(({ name }): LostPart => ({ file: envFile.file, line: variable.line, name, finding }));
    }),
  );
}

/** The env files in which Compose puts in for variables: what a service is given with `format: raw` is taken as it is. */
function envFilesRead(environment: CheckedEnvironment, facts: CheckFacts): readonly EnvFileSource[] {
  const named = namedEnvFiles(environment);
  const raw = new Set(
    named
      .filter(({ source, keys }) => record(source.value(keys.slice(0, -1))).format !== undefined)
      .map(({ file }) => file),
  );
  const found = new Map(environment.envFiles.map((one) => [one.file, one]));
  for (const { file } of named) {
    const text = facts.textOf(file);
    if (text !== undefined && !found.has(file)) found.set(file, new EnvFileSource(file, text));
  }
  return [...found.values()].filter(({ file }) => !raw.has(file));
}

function isSet(name: string, envFile: EnvFileSource, { envFiles }: CheckedEnvironment): boolean {
  return [envFile, ...envFiles].some((one) => one.variable(name) !== undefined);
}

/** The uses of variables in a value that hardly are meant as such: a name in capitals mostly is one, unless a word of a secret goes on with it. */
function lostOf({ name, written }: EnvFileVariable): readonly VariableUse[] {
  // Of several lines, only the first one is known.
  if (written.startsWith("'") || unquoted(written) === undefined) return [];
  return usesIn(written, { start: 0, end: written.length }).filter(({ name: used, range }) => {
    const before = written.slice(0, range.start);
    if (written[range.start + 1] === '{' || (written.startsWith('"') && before.endsWith('\\'))) return false;
    return /[a-z]/.test(used) || (isSecretName(name) && /[A-Za-z0-9]$/.test(before));
  });
}

function findingFor(
  environment: CheckedEnvironment,
  envFile: EnvFileSource,
  variable: EnvFileVariable,
  lost: readonly VariableUse[],
): Finding {
  const fixes = quoted(envFile, variable, lost);
  return findingOf('unset-variable', [environment], {
    message: l10n.t(
      'The value of {0} in {1} loses a part: Compose takes what stands behind "$" for a variable that is not set.',
      variable.name,
      shown(environment, envFile.file),
    ),
    remedy:
      fixes.length > 0
        ? l10n.t('Write the value in single quotes: then it stays as it is.')
        : l10n.t('Write "$$" where the value is to have the dollar sign.'),
    places: [envFile.place(variable)],
    fixes,
  });
}

/** Puts a value in single quotes, in which nothing means anything; none where it has something that is to mean something. */
function quoted(
  { file }: EnvFileSource,
  { written, valueStart, end }: EnvFileVariable,
  lost: readonly VariableUse[],
): readonly Fix[] {
  const value = unquoted(written) ?? '';
  const uses = usesIn(written, { start: 0, end: written.length });
  if (/['"\\]|\$\$/.test(value) || uses.length > lost.length) return [];
  const quote = value === written ? 0 : 1;
  const edits = [
    { file, start: valueStart, end: valueStart + quote, text: "'" },
    { file, start: end - quote, end, text: "'" },
  ];
  return [{ kind: 'edit', title: l10n.t('Write the value in single quotes'), edits, isSafe: false }];
}
