import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Document, LineCounter, Scalar } from 'yaml';
import { type Place, UserError } from '../common/errors';
import { type MissingFile, missingFile } from '../common/exampleFile';
import { record } from '../common/json';
import { escapeRegExp, wholeName } from '../common/text';
import { yamlDocuments } from '../common/yamlDocuments';
import { requiredInTexts } from './unsetVariables';
import { variableSecrets, withoutSecrets } from './variableSecrets';

/** The text of a compose file, or of one that it takes in, as it was when Compose refused it. */
export interface ComposeText {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

interface ParsedText extends ComposeText {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** In the order of the text. */
  readonly scalars: readonly Scalar[];
}

/**
 * Turns what `docker compose config` complained of into an error that names file and line. Compose itself often names
 * neither: the place is found in the texts, by what the message speaks of.
 * @param stderr all that Compose printed there.
 * The values that Compose quotes from env files and templates, which may be secrets, are left out of it; so are the secrets that it puts
 * in for variables.
 * @param texts the compose files, in merging order, then those that they take in.
 * @param envFiles the env files that variables are read from, and those that the files take in.
 */
export async function configurationError(
  stderr: string,
  texts: readonly ComposeText[],
  envFiles: readonly ComposeText[] = [],
): Promise<UserError> {
  const files = (await Promise.all(texts.map(parsed))).flat();
  const complaint = stderr
    .split('\n')
    .map((line) => line.trim())
    // Warnings come in this form, and are not why it failed.
    .filter((line) => line && !/^time=".*level=(warning|info)/.test(line))
    .join(' ');

  for (const file of files) {
    const [error] = file.document.errors;
    if (!error) continue;
    const conflict = CONFLICT.exec(file.text);
    if (conflict) {
      return new UserError('configuration', l10n.t('The file has a conflict that git left in it: {0}.', conflict[0]), {
        place: placeAt(file, [conflict.index, conflict.index + conflict[0].length]),
        remedy: l10n.t('Keep what is to stay of both sides, and remove the lines with <<<<<<<, ======= and >>>>>>>.'),
      });
    }
    const [first = ''] = error.message.split('\n');
    return new UserError('configuration', l10n.t('Invalid YAML: {0}.', first.replace(/ at line \d+.*$/, '')), {
      // Of a key that is there twice, the library has the first character only.
      place: placeAt(file, file.scalars.find(({ range }) => range?.[0] === error.pos[0])?.range ?? error.pos),
      remedy: l10n.t('Correct the file; it is read again when it is saved.'),
    });
  }
  const found = findInEnvFiles(complaint, envFiles) ?? (await findPlace(complaint, files));
  const { place, remedy, missing } = found ?? {};
  const secrets = variableSecrets(texts, envFiles);
  const message = withoutSecrets(found?.message ?? withoutPaths(withoutValues(complaint), texts), secrets);
  return new UserError('configuration', message || l10n.t('Compose does not accept the files.'), {
    place: place ?? (texts[0] && { file: texts[0].path }),
    remedy: remedy && withoutSecrets(remedy, secrets),
    missing,
    ...(REQUIRED_VARIABLE.test(complaint) ? { requiredVariables: await requiredInTexts(texts, envFiles) } : {}),
  });
}

/** How Compose names the variable that a file requires and nobody sets. */
export const REQUIRED_VARIABLE = /required variable (\w+) is missing a value/;

/** Whether it is an env file that Compose does not find. */
export function saysMissingEnvFile({ message }: UserError): boolean {
  return /env file .+ not found|find env file|failed to (?:load|read) \S*\.env\S*: (?:open|stat)/i.test(message);
}

/** How git marks where two sides of a conflict begin. Source: git-merge(1), "How conflicts are presented". */
const CONFLICT = /^<{7} \S+/m;

/** The documents of a file. */
async function parsed(file: ComposeText): Promise<readonly ParsedText[]> {
  const { LineCounter, visit } = await import('yaml');
  const lines = new LineCounter();
  const documents = await yamlDocuments(file.text, { lineCounter: lines, logLevel: 'silent' });
  return documents.map((document) => {
    const scalars: Scalar[] = [];
    visit(document, { Scalar: (_key, node) => void scalars.push(node) });
    return { ...file, lines, document, scalars };
  });
}

/** How Compose says that a file is not there: one that the files name, and one that it was given. */
const MISSING_FILE =
  /(?:open|stat|lstat) (.+?): (?:no such file|The system cannot find)|couldn't find env file: (.+)$/i;

/** The path of the file that a complaint of Compose is about, if it is that there is no such file. */
export function missingPath(complaint: string): string | undefined {
  return MISSING_FILE.exec(complaint)?.slice(1).find(Boolean);
}

interface Found {
  readonly place: Place | undefined;
  /** Says more than what Compose printed. */
  readonly message?: string;
  readonly remedy?: string;
  readonly missing?: MissingFile;
}

/** Compose tells the line of an env file, but only of `.env` which file: the others are searched for what it quotes. */
function findInEnvFiles(complaint: string, envFiles: readonly ComposeText[]): Found | undefined {
  const [, lineNumber = ''] = /^line (\d+): /.exec(complaint) ?? [];
  if (!lineNumber) return undefined;
  const quoted = /"([^"]*)"?$/.exec(complaint)?.[1] ?? '';
  const lineOf = (file: ComposeText) =>
    file.text.split(/\r?\n/).find((line) => line.includes(quoted.split('\\')[0] ?? ''));
  const file = envFiles.find((one) => lineOf(one) !== undefined);
  return file && { place: { file: file.path, line: Number(lineNumber) } };
}

async function findPlace(complaint: string, files: readonly ParsedText[]): Promise<Found | undefined> {
  const variable = REQUIRED_VARIABLE.exec(complaint)?.[1];
  if (variable) {
    return {
      place: findText(files, new RegExp(`\\$\\{${variable}:?\\?`)),
      remedy: l10n.t('Give {0} a value in the environment, or in the ".env" file beside the compose file.', variable),
    };
  }
  const named = /can't set container_name and (\S+) as container name must be unique/.exec(complaint)?.[1];
  if (named) return ofNamedReplicas(named, files);
  const section = emptySection(complaint);
  if (section) {
    const empty = files.filter(({ document }) => isEmptySection(document, section));
    if (empty.length > 0) {
      const remedy = l10n.t('Write "{0}", or remove the key: there is nothing in it.', `${section}: {}`);
      return { place: findKeys(empty, [section]), remedy };
    }
    const others = files.filter(({ document }) => !hasKeys(record(contentOf(document))[section]));
    return { place: findKeys(others, [section]), remedy: l10n.t('Write what is in it as keys: {0}', 'name: …') };
  }
  const absent = missingPath(complaint);
  if (absent) {
    const own = files.find((file) => file.path === absent);
    const name = path.basename(absent);
    const missing = path.isAbsolute(absent) ? await missingFile(absent) : undefined;
    return {
      place: own ? { file: own.path } : findText(files, wholeName(name)),
      remedy: missing
        ? l10n.t('Copy {0} to {1}, and fill that in.', path.basename(missing.example), name)
        : l10n.t('Make the file {0}, or remove what names it.', name),
      missing,
    };
  }
  // The env file, which is no YAML and not among the files.
  const [, envFile, line] = /failed to read (.+?): line (\d+):/.exec(complaint) ?? [];
  if (envFile) return { place: { file: envFile, line: Number(line) } };
  const anchor = /unknown anchor '([^']+)'/.exec(complaint)?.[1];
  if (anchor) return { place: findText(files, new RegExp(`\\*${escapeRegExp(anchor)}`)) };
  const told = files.filter((file) => complaint.includes(file.path));
  const keys = keysNamed(complaint);
  if (keys) return { place: findKeys(told.length > 0 ? told : files, keys) };
  // Invalid hostPort: 99999999; invalid spec: :/x: empty section between colons
  const value = /invalid \w+: (\S+?)(?:: |$)/i.exec(complaint)?.[1];
  if (value) return { place: findValue(files, value) };
  const yamlLine = /^yaml: .*?line (\d+):/.exec(complaint)?.[1];
  const [only, ...others] = files;
  return yamlLine && only && others.length === 0 ? { place: { file: only.path, line: Number(yamlLine) } } : undefined;
}

/** Of several services, Compose names one by chance: all of them are told, in the order of the text. */
function ofNamedReplicas(named: string, files: readonly ParsedText[]): Found {
  const services = files.map(({ document }) => record(record(contentOf(document)).services));
  const names = [...new Set(services.flatMap((one) => Object.keys(one)))].filter((name) => {
    const all = services.map((one) => record(one[name]));
    const hasMore = ({ scale, deploy }: Readonly<Record<string, unknown>>) =>
      [scale, record(deploy).replicas].some((count) => Number(count) > 1);
    return all.some((one) => one.container_name !== undefined) && all.some(hasMore);
  });
  if (names.length < 2 || !names.includes(named)) {
    return {
      place: findKeys(files, ['services', named, 'container_name']),
      remedy: l10n.t('Remove "container_name" from "{0}", or give it one container only.', named),
    };
  }
  return {
    message: l10n.t(
      'Compose does not accept "container_name" of services that have several containers: {0}.',
      names.map((name) => `"${name}"`).join(', '),
    ),
    place: findKeys(files, ['services', names[0] ?? named, 'container_name']),
    remedy: l10n.t('Remove "container_name" from each, or give it one container only.'),
  };
}

/** Undefined where aliases in aliases make too much of it. */
function contentOf(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** The key of a compose file that Compose does not accept since nothing is below it, or something else than it wants; undefined of others. */
export function emptySection(complaint: string): string | undefined {
  return /(?:^|: )(volumes|networks|configs|secrets) must be a mapping$/i.exec(complaint)?.[1]?.toLowerCase();
}

function isEmptySection(document: Document.Parsed, section: string): boolean {
  // What is empty, the library gives as undefined.
  return document.has(section) && document.get(section) === undefined;
}

function hasKeys(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys, from the outermost to the innermost, of the part of a compose file that a complaint is about. */
function keysNamed(complaint: string): string[] | undefined {
  // services.db.ports must be a list; error decoding 'services[db].healthcheck.interval'
  const dotted = /\b(?:services|networks|volumes|configs|secrets)(?:[.[][^\s:'"]+)+/.exec(complaint)?.[0];
  // From 2.33 on: services.web additional properties 'imge' not allowed
  const [, within, older, extra = older] =
    /([\w()]*) (?:Additional property (.+?) is not|additional properties '([^']+)'.* not) allowed/.exec(complaint) ??
    [];
  if (dotted || extra) {
    const keys = (dotted ?? (within === '(root)' ? '' : (within ?? ''))).split(/[.[\]]+/).filter(Boolean);
    return extra ? [...keys, extra] : keys;
  }
  const inCycle = /dependency cycle detected: (\S+) ->/.exec(complaint)?.[1];
  if (inCycle) return ['services', inCycle, 'depends_on'];
  const service = /service "([^"]+)"|service (\S+) declares/.exec(complaint)?.slice(1).find(Boolean);
  if (!service) return undefined;
  const section = /cannot extend/.test(complaint)
    ? 'extends'
    : /depends on/.test(complaint)
      ? 'depends_on'
      : /undefined (network|volume|config|secret)/.exec(complaint)?.[1]?.concat('s');
  return section ? ['services', service, section] : ['services', service];
}

/** Where the last file that has it has the innermost of some keys; falls back outwards until one is there. */
function findKeys(files: readonly ParsedText[], keys: readonly string[]): Place | undefined {
  for (let length = keys.length; length > 0; length--) {
    for (const file of [...files].reverse()) {
      const range = keyRange(file.document, keys.slice(0, length));
      if (range) return placeAt(file, range);
    }
  }
  return undefined;
}

/** @param keys where a name has dots in it, its parts: the longest name that is there counts. */
function keyRange(document: Document.Parsed, keys: readonly string[]): Range | undefined {
  let node: unknown = document.contents;
  let range: Range | undefined;
  let rest = keys;
  while (rest.length > 0) {
    const items: unknown = typeof node === 'object' && node !== null && 'items' in node ? node.items : undefined;
    if (!Array.isArray(items)) return undefined;
    const starts = rest.map((_key, index) => rest.slice(0, rest.length - index));
    const pairs = starts.map((start) => items.find((item) => String(item?.key?.value) === start.join('.')));
    const longest = pairs.findIndex(Boolean);
    const pair = pairs[longest];
    if (!pair) return undefined;
    range = pair.key?.range;
    node = pair.value;
    rest = rest.slice(rest.length - longest);
  }
  return range;
}

function findText(files: readonly ParsedText[], pattern: RegExp): Place | undefined {
  for (const file of files) {
    const match = pattern.exec(file.text);
    if (match) return placeAt(file, [match.index, match.index + match[0].length]);
  }
  return undefined;
}

/** Where a value stands: whole, or else as a part of another. */
function findValue(files: readonly ParsedText[], value: string): Place | undefined {
  const tests = [(text: string) => text === value, (text: string) => text.includes(value)];
  for (const test of tests) {
    for (const file of files) {
      const scalar = file.scalars.find((one) => test(String(one.value)));
      if (scalar?.range) return placeAt(file, scalar.range);
    }
  }
  return undefined;
}

/** Offsets in a text: where something starts, and where it ends. */
type Range = readonly [start: number, end: number, ...rest: number[]];

function placeAt({ path: file, text, lines }: ParsedText, [start, end]: Range): Place {
  const [from, to] = [lines.linePos(start), lines.linePos(Math.min(end, text.length))];
  const [line, column] = [Math.max(1, from.line), Math.max(1, from.col)];
  // Of what goes on for lines, the first one says enough.
  const isOnOneLine = to.line === from.line && to.col > from.col;
  return { file, line, column, ...(isOnOneLine ? { endLine: line, endColumn: to.col } : {}) };
}

/** What Compose quotes of values: the rest of an env file's line, and the template it could not read. */
function withoutValues(complaint: string): string {
  return complaint
    .replace(/(in variable name (?:near )?"[\w.-]*)[^"]*"?/, '$1…"')
    .replace(/(unterminated quoted value) .*/, '$1')
    .replace(/(escape any \$ with another \$\.).*/, '$1');
}

/** The place says which file it is; the message need not. */
function withoutPaths(complaint: string, texts: readonly ComposeText[]): string {
  const shortened = texts.reduce(
    (text, file) => text.replace(`validating ${file.path}: `, '').replaceAll(file.path, path.basename(file.path)),
    complaint,
  );
  if (shortened.startsWith('yaml: ')) return l10n.t('Invalid YAML: {0}.', shortened.slice('yaml: '.length));
  // A path of keys is in the file as it is.
  return /^\w+[.[]/.test(shortened) ? shortened : shortened.charAt(0).toUpperCase() + shortened.slice(1);
}
