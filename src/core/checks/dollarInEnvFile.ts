import * as l10n from '@vscode/l10n';
import { record } from '../common/json';
import { markLength } from '../common/text';
import { EnvFileSource, type EnvFileVariable, quotedAt, unquoted } from '../compose/envFileSource';
import { isSecretName } from '../compose/secretValue';
import { isPlainReference, lossWords } from '../compose/unsetVariables';
import { usesByName, usesIn, type VariableUse } from '../compose/variableUses';
import type { Finding, FindingPlace, Fix } from '../model/finding';
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
  const unset = new Set(
    environment.warnings.flatMap((one) =>
      one.code === 'unset-variable' ? [one.variable ?? [], one.parts ?? []].flat() : [],
    ),
  );
  if (unset.size === 0) return [];
  return envFilesRead(environment, facts).flatMap((envFile) =>
    envFile.variables.flatMap((variable) => {
      const value = wholeValue(envFile, variable);
      const lost = lostOf(variable, value, [envFile, ...environment.envFiles]).filter(
        ({ name }) => unset.has(name) && (isLikely(variable, value, name) || !isUsed(name, environment)),
      );
      const finding = findingFor(environment, envFile, { variable, value, lost });
      return lost.map(({ name, range }): LostPart => {
        const { line = variable.line } = dollarPlace(envFile, variable.valueStart + range.start);
        return { file: envFile.file, line, name, finding };
      });
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

/** What stands behind the equals sign, quotes included, be it of several lines. */
function wholeValue({ text }: EnvFileSource, { written, valueStart }: EnvFileVariable): string {
  return unquoted(written) === undefined ? (quotedAt(text, valueStart) ?? written) : written;
}

/**
 * The uses of variables in a value of which nothing says that they are meant as such: no braces, and no env file that has the variable,
 * be it in a comment, nor how it is written. They may all be parts of passwords.
 */
function lostOf(of: EnvFileVariable, value: string, envFiles: readonly EnvFileSource[]): readonly VariableUse[] {
  if (value.startsWith("'")) return [];
  return usesIn(value, { start: 0, end: value.length }).filter(({ name, range: { start, end } }) => {
    if (isPlainReference(name, { before: value[start - 1], after: value[end], of: of.name })) return false;
    if (value[start + 1] === '{' || (value.startsWith('"') && value[start - 1] === '\\')) return false;
    return !envFiles.some((one) => one.variable(name) !== undefined || one.commentedOut.has(name));
  });
}

/** Whether what stands behind a dollar sign hardly is meant as a variable: those mostly are in capitals, and no word of a secret goes on with one. */
function isLikely({ name }: EnvFileVariable, value: string, used: string): boolean {
  return /[a-z]/.test(used) || (isSecretName(name) && new RegExp(`[A-Za-z0-9!#%^&*?+~]\\$${used}`).test(value));
}

function isUsed(name: string, { sources }: CheckedEnvironment): boolean {
  return sources.some((source) => usesByName(source).has(name));
}

interface LosingValue {
  readonly variable: EnvFileVariable;
  readonly value: string;
  readonly lost: readonly VariableUse[];
}

function findingFor(environment: CheckedEnvironment, envFile: EnvFileSource, losing: LosingValue): Finding {
  const { variable, value, lost } = losing;
  const mayBeMeant = lost.some(({ name }) => !isLikely(variable, value, name));
  const fixes = mayBeMeant ? [] : quoted(envFile, losing);
  const words = lossWords(lost.length, { name: variable.name, file: shown(environment, envFile.file) });
  return findingOf('unset-variable', [environment], {
    message: words.message,
    remedy: mayBeMeant
      ? words.remedy
      : fixes.length > 0
        ? l10n.t('Write the value in single quotes: then it stays as it is.')
        : l10n.t('Write "$$" where the value is to have the dollar sign.'),
    places: lost.map(({ range }) => dollarPlace(envFile, variable.valueStart + range.start)),
    fixes,
  });
}

/** Where a dollar sign stands: what follows it is not shown. */
function dollarPlace({ file, text }: EnvFileSource, offset: number): FindingPlace {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1) + 1, markLength(text));
  const line = text.slice(0, offset).split('\n').length;
  const column = offset - lineStart + 1;
  return { file, line, column, endLine: line, endColumn: column + 1 };
}

/** Puts a value in single quotes, in which nothing means anything; none where it has something that is to mean something. */
function quoted({ file }: EnvFileSource, { variable, value, lost }: LosingValue): readonly Fix[] {
  const { written, valueStart, end } = variable;
  const inner = unquoted(written);
  const uses = usesIn(value, { start: 0, end: value.length });
  if (inner === undefined || /['"\\]|\$\$/.test(inner) || uses.length > lost.length) return [];
  const quote = inner === written ? 0 : 1;
  const edits = [
    { file, start: valueStart, end: valueStart + quote, text: "'" },
    { file, start: end - quote, end, text: "'" },
  ];
  return [{ kind: 'edit', title: l10n.t('Write the value in single quotes'), edits, isSafe: false }];
}
