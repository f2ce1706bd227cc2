import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Place, RequiredVariable } from '../common/errors';
import { yamlDocuments } from '../common/yamlDocuments';
import type { ConfigurationWarning } from '../model/project';
import { ComposeSource } from './composeSource';
import type { ComposeText } from './configurationError';
import { EnvFileSource, unquoted } from './envFileSource';
import { isSecretName } from './secretValue';
import { variableUses, type WrittenUse } from './variableUses';

/**
 * The variables that Compose found unset, and took for empty: it only warns of them, and a service then meets a password
 * or a port that is missing. Each is told once, at the first place that uses it.
 * @param stderr all that Compose printed there.
 * @param texts gives the compose files, in merging order, then what they take in: asked for only when there is something
 *   to be found.
 */
export async function unsetVariables(
  stderr: string,
  texts: () => Promise<readonly ComposeText[]>,
): Promise<readonly ConfigurationWarning[]> {
  const names = namesIn(stderr);
  return names.size === 0 ? [] : toldOf(names, await texts());
}

/**
 * Whether it is what Compose says of a variable that is not set. Its name may be a part of a password, so that nobody is to see that line:
 * Berth itself tells of it.
 */
export function saysUnset(line: string): boolean {
  return WARNING.test(stripVTControlCharacters(line)) && namesIn(line).size > 0;
}

/** What Compose's warnings begin with, to a terminal or not, or as JSON (`--progress json`): what a build, or a program in a container, says in like words is none of its. */
const WARNING = /^\s*(?:time="[^"]*" level=warning |WARN\[\d+\] |\{.*"level":"warning")/;

function namesIn(stderr: string): ReadonlySet<string> {
  return new Set([...stderr.matchAll(UNSET)].map(([, name = '']) => name));
}

/**
 * The same where Compose stopped while it put in for variables: it has warned of some of them only, and not always of the same.
 * @param texts the compose files, in merging order, then those that they take in.
 * @param envFiles the env files that variables are read from; what only a service is given may be among them.
 * @param stderr all that Compose printed there.
 * @param shell the variables of the shell.
 */
export async function unsetInTexts(
  texts: readonly ComposeText[],
  envFiles: readonly ComposeText[],
  { stderr = '', shell = process.env }: { readonly stderr?: string; readonly shell?: NodeJS.ProcessEnv } = {},
): Promise<readonly ConfigurationWarning[]> {
  const given = envFiles.map(({ path, text }) => new EnvFileSource(path, text));
  const sources = await Promise.all(texts.map(({ path, text }) => ComposeSource.read(path, text)));
  const uses = sources.flat().flatMap(variableUses);
  const names = uses.flatMap((use) => {
    const { name, operator } = use;
    const isSet = shell[name] !== undefined || given.some((one) => one.variable(name));
    return operator === '' && !isInner(use, uses) && !isSet ? [name] : [];
  });
  const inTexts = await toldOf(new Set(names), [...texts, ...envFiles]);
  // Its own env files it reads first, and warns of all that they use.
  const others = [...namesIn(stderr)].filter((name) => !names.includes(name));
  const inEnvFiles = await toldOf(new Set(others), envFiles);
  return [...inTexts, ...inEnvFiles.filter(({ place }) => place)];
}

/**
 * The variables that compose files require, and that nobody sets: Compose stops at one of them, and not always at the same.
 * @param texts the compose files, in merging order, then those that they take in.
 * @param envFiles the env files that variables are read from; what only a service is given may be among them.
 * @param shell the variables of the shell.
 * @returns each once, in the order of the texts.
 */
export async function requiredInTexts(
  texts: readonly ComposeText[],
  envFiles: readonly ComposeText[],
  shell: NodeJS.ProcessEnv = process.env,
): Promise<readonly RequiredVariable[]> {
  const given = envFiles.map(({ path, text }) => new EnvFileSource(path, text));
  const valueFor = (name: string) => {
    const written = given.findLast((one) => one.variable(name))?.variable(name)?.written;
    return shell[name] ?? (written === undefined ? undefined : (unquoted(written) ?? written));
  };
  const sources = (await Promise.all(texts.map(({ path, text }) => ComposeSource.read(path, text)))).flat();
  const found = new Map<string, RequiredVariable>();
  for (const source of sources) {
    const uses = variableUses(source);
    for (const use of uses) {
      const { name, operator, range } = use;
      const value = valueFor(name);
      const isLacking = operator === ':?' ? !value : operator === '?' && value === undefined;
      if (isLacking && !found.has(name) && !isInner(use, uses)) found.set(name, { name, place: source.place(range) });
    }
  }
  return [...found.values()];
}

/** Whether a variable stands in the default of another one, where Compose may never look at it. */
function isInner({ range, scalar }: WrittenUse, uses: readonly WrittenUse[]): boolean {
  return uses.some((one) => one.scalar === scalar && one.range.start < range.start && range.end < one.range.end);
}

/** Whether Compose stopped while it put in for variables. @param stderr all that it printed there. */
export function stoppedAtVariable(stderr: string): boolean {
  return /error while interpolating|required variable \w+ is missing/.test(stderr);
}

async function toldOf(
  names: ReadonlySet<string>,
  files: readonly ComposeText[],
): Promise<readonly ConfigurationWarning[]> {
  const warnings: ConfigurationWarning[] = [];
  /** Those that may be parts of values, by the value: of one whose place is not known, nothing says that it is none. */
  const parts = new Map<string, Part[]>();
  for (const name of names) {
    const use = await firstUse(name, files);
    if (use && use.partOf === undefined) warnings.push(unsetWarning(name, use.place));
    else {
      const value = JSON.stringify([use?.place.file, use?.partOf]);
      parts.set(value, [...(parts.get(value) ?? []), { name, ...use }]);
    }
  }
  return [...warnings, ...[...parts.values()].map(lossWarning)];
}

interface Part extends Partial<Use> {
  readonly name: string;
}

function unsetWarning(name: string, place: Place): ConfigurationWarning {
  return {
    code: 'unset-variable',
    message: l10n.t('The variable {0} is not set, and so counts as empty.', name),
    remedy: l10n.t('Give it a value in the ".env" file, or a default: {0}.', `\${${name}:-…}`),
    place,
    variable: name,
  };
}

/** @param parts of one value. */
function lossWarning(parts: readonly Part[]): ConfigurationWarning {
  // Compose tells of them in any order.
  const sorted = parts.toSorted((a, b) => orderOf(a) - orderOf(b) || (a.name < b.name ? -1 : 1));
  const { place, partOf } = sorted[0] ?? {};
  const value = partOf === undefined || !place ? undefined : { name: partOf, file: path.basename(place.file) };
  return {
    code: 'unset-variable',
    ...lossWords(parts.length, value),
    ...(place ? { place } : {}),
    parts: sorted.map(({ name }) => name),
  };
}

function orderOf({ place: { line = 0, column = 0 } = { file: '' } }: Part): number {
  return line * 1e6 + column;
}

/**
 * What is said of a value that loses parts, which are never named.
 * @param count of how many it is known.
 * @param value the name of the variable that has it, and its file as it is shown; undefined where it is not known which one that is.
 */
export function lossWords(count: number, value: { readonly name: string; readonly file: string } | undefined) {
  if (count > 1) {
    return {
      message: value
        ? l10n.t(
            'The value of {0} in {1} loses parts: Compose takes what stands behind "$" for variables that are not set.',
            value.name,
            value.file,
          )
        : l10n.t('Values lose parts: Compose takes what stands behind "$" for variables that are not set.'),
      remedy: l10n.t('Set those variables, or write "$$" where the value is to have the dollar sign.'),
    };
  }
  return {
    message: value
      ? l10n.t(
          'The value of {0} in {1} loses a part: Compose takes what stands behind "$" for a variable that is not set.',
          value.name,
          value.file,
        )
      : l10n.t('A value loses a part: Compose takes what stands behind "$" for a variable that is not set.'),
    remedy: l10n.t('Set that variable, or write "$$" where the value is to have the dollar sign.'),
  };
}

/**
 * Whether what stands behind a dollar sign in an env file is plainly a variable's name, which may be shown: one as variables have it, which no
 * word goes on with, in a value that is no secret by its name.
 * @param before the character before the dollar sign, @param after that behind the name: none where the value begins or ends.
 * @param of the variable that has the value.
 */
export function isPlainReference(
  name: string,
  { before = '', after = '', of }: { readonly before?: string; readonly after?: string; readonly of: string },
): boolean {
  // A password may go on with anything else.
  return (
    PLAIN_NAME.test(name) && /^["' /:@,=(\n]?$/.test(before) && /^["' /:@,)?&\r\n]?$/.test(after) && !isSecretName(of)
  );
}

const PLAIN_NAME =
  /^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|DOMAIN|GID|HOME|HOST|HOSTNAME|PATH|PORT|PWD|TAG|UID|USER|USERNAME|VERSION)$/;

/** As Compose 2 words it, from 2.0 on; its log quotes the message, or not. */
const UNSET = /The \\?"(\w+)\\?" variable is not set/g;

interface Use {
  readonly place: Place;
  /** The variable of an env file of whose value it may as well be a part: nothing says that a variable is meant. */
  readonly partOf: string | undefined;
}

async function firstUse(name: string, files: readonly ComposeText[]): Promise<Use | undefined> {
  const { LineCounter, visit } = await import('yaml');
  // Not behind an odd number of dollar signs: `$$` means one that is no variable's.
  const use = new RegExp(`(?<!\\$)(?:\\$\\$)*\\$(?:\\{${name}\\}|${name}(?!\\w))`);
  for (const { path: file, text } of files) {
    const lines = new LineCounter();
    const parts: [start: number, end: number, variable?: string][] = [];
    if (/\.ya?ml$/i.test(file)) {
      // Only values: Compose puts nothing in for variables in keys, and nobody means comments.
      for (const document of await yamlDocuments(text, { lineCounter: lines, logLevel: 'silent' })) {
        visit(document, {
          Scalar: (key, { range }) => void (key !== 'key' && range && parts.push([range[0], range[1]])),
        });
      }
    } else {
      // An env file, where a comment takes a whole line, and what is in single quotes stays as it is.
      const { variables, commentedOut } = new EnvFileSource(file, text);
      const literal = new Set(variables.flatMap(({ written, line }) => (written.startsWith("'") ? [line] : [])));
      let number = 0;
      for (const { 0: line, index } of text.matchAll(/(?<=^|\n)[^\n]*/g)) {
        lines.addNewLine(index);
        number += 1;
        if (line.trimStart().startsWith('#') || literal.has(number)) continue;
        const variable = commentedOut.has(name) ? undefined : variables.findLast((one) => one.line <= number);
        parts.push([index, index + line.length, variable?.name]);
      }
    }
    for (const [start, end, variable] of parts) {
      const found = use.exec(text.slice(start, end));
      if (!found) continue;
      const { line, col } = lines.linePos(start + found.index + found[0].lastIndexOf('$'));
      const before = text[start + found.index + found[0].lastIndexOf('$') - 1];
      const after = text[start + found.index + found[0].length];
      const isNamed = found[0].endsWith('}') || isPlainReference(name, { before, after, of: variable ?? '' });
      return { place: { file, line, column: col }, partOf: isNamed ? undefined : variable };
    }
  }
  return undefined;
}
