import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ErrorObject } from 'ajv';
import type { Document, LineCounter } from 'yaml';
import { closeTo } from '../common/closeNames';
import { commandWords } from '../common/commandWords';
import { messageOf, type Place } from '../common/errors';
import { missingFile } from '../common/exampleFile';
import { list, record, text } from '../common/json';
import { sameList } from '../common/lists';
import { isOnOtherMachine } from '../common/paths';
import type { CommandKind, EnvironmentCommand } from '../model/command';
import type { Purpose } from '../model/environment';
import type { Levels } from '../model/finding';
import type { ConfigurationWarning } from '../model/project';
import type { Candidate } from './candidate';
import { DECLARATION_SCHEMA } from './declarationSchema';
import { DECLARATION_NAMES } from './workspaceText';

/** What a `berth.yaml` declares. */
export interface Declaration {
  readonly environments: readonly Candidate[];
  /** What it says of findings, for all that is in its folder; undefined when nothing. */
  readonly levels?: Levels;
  readonly problems: readonly ConfigurationWarning[];
}

/** What there is in the repository besides. */
interface Surroundings {
  readonly isFile: (file: string) => Promise<boolean>;
  /** The files that Compose takes when it is run in a folder and not told any; empty when there are none. */
  readonly defaultFiles: (folder: string) => Promise<readonly string[]>;
}

/**
 * Reads a `berth.yaml`. An environment with a mistake is left out, and so is what is not known; the others hold.
 * @param file absolute path; paths in it start at its folder.
 */
export async function readDeclaration(file: string, source: string, surroundings: Surroundings): Promise<Declaration> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, logLevel: 'silent', merge: true });
  const place = (keys: readonly string[]) => placeOf(document, lines, file, keys);
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    const message = l10n.t('Invalid YAML: {0}.', (broken.message.split('\n')[0] ?? '').replace(/ at line .*$/, ''));
    return {
      environments: [],
      problems: [
        { code: 'invalid-declaration', message, remedy: l10n.t('Correct it.'), place: { file, line, column: col } },
      ],
    };
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // An alias of nothing, or so many that they would fill the memory.
    const problem: ConfigurationWarning = {
      code: 'invalid-declaration',
      message: l10n.t('Invalid YAML: {0}.', messageOf(error)),
      remedy: l10n.t('Correct it.'),
      place: { file },
    };
    return { environments: [], problems: [problem] };
  }
  const mistakes = await validate(content);
  const problems: ConfigurationWarning[] = mistakes.map(({ keys, message, remedy }) => ({
    code: 'invalid-declaration',
    message,
    remedy,
    place: place(keys),
  }));
  const wrong = new Set(mistakes.map(({ keys: [first, name] }) => (first === 'environments' ? name : undefined)));
  const areLevelsWrong = mistakes.some(({ keys: [first] }) => first === 'checks');
  const environments: Candidate[] = [];
  for (const [name, value] of Object.entries(record(record(content).environments))) {
    if (wrong.has(name)) continue;
    const keys = ['environments', name];
    const candidate = await candidateOf(name, record(value), file, place(keys), surroundings);
    if (candidate.files.length === 0) {
      problems.push({
        code: 'invalid-declaration',
        message: l10n.t('"{0}" has no compose files: none are named, and none are in its folder.', name),
        remedy: l10n.t('Name them under "files".'),
        place: place(keys),
      });
      continue;
    }
    problems.push(...(await missingFiles(candidate, keys, place, surroundings)));
    environments.push(candidate);
  }
  const levels = areLevelsWrong ? undefined : levelsIn(record(content).checks);
  return { environments, levels, problems: problems.sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)) };
}

async function candidateOf(
  name: string,
  value: Record<string, unknown>,
  file: string,
  place: Place,
  { defaultFiles }: Surroundings,
): Promise<Candidate> {
  const folder = path.dirname(file);
  const paths = (field: unknown) => list(field).map((one) => path.resolve(folder, String(one)));
  const usual = await defaultFiles(
    value.projectDirectory === undefined ? folder : path.resolve(folder, text(value.projectDirectory)),
  );
  const named = paths(value.files);
  const files = named.length > 0 ? named : usual;
  const directory = value.projectDirectory ?? path.dirname(files[0] ?? file);
  return {
    origin: 'declared',
    name,
    purpose: value.purpose === undefined ? undefined : (text(value.purpose) as Purpose),
    files,
    envFiles: paths(value.envFiles),
    profiles: list(value.profiles).map(String),
    projectName: text(value.project) || undefined,
    projectDirectory: path.resolve(folder, String(directory)),
    context: text(value.context) || undefined,
    ephemeral: typeof value.ephemeral === 'boolean' ? value.ephemeral : undefined,
    startup: value.startup === undefined ? undefined : list(value.startup).map((phase) => list(phase).map(String)),
    isDefault: sameList(files, usual),
    isLeftToCompose: named.length === 0,
    evidence: [{ label: path.basename(file), place }],
    commands: commandsIn(record(value.commands), folder),
    levels: levelsIn(value.checks),
  };
}

function levelsIn(checks: unknown): Levels | undefined {
  return checks === undefined ? undefined : (record(checks) as Levels);
}

/** @param folder absolute path: what runs on this machine has its paths from there. */
function commandsIn(commands: Record<string, unknown>, folder: string): readonly EnvironmentCommand[] {
  return Object.entries(commands).map(([name, value]): EnvironmentCommand => {
    const { kind, service, run, cwd, user, env, collect, args, newContainer, background } = record(value);
    const variables = Object.entries(record(env)).map(([variable, one]) => [variable, String(one)]);
    const directory = text(cwd) || undefined;
    return {
      name,
      kind: (text(kind) || 'task') as CommandKind,
      command: Array.isArray(run) ? run.map(String) : commandWords(text(run)),
      ...(service === undefined
        ? { directory: path.resolve(folder, directory ?? '') }
        : { service: text(service), ...(directory === undefined ? {} : { directory }) }),
      ...(newContainer === true ? { inNewContainer: true } : {}),
      ...(user === undefined ? {} : { user: String(user) }),
      ...(variables.length > 0 ? { env: Object.fromEntries(variables) } : {}),
      ...(collect === undefined ? {} : { collect: list(collect).map(String) }),
      ...(args === undefined ? {} : { takesArguments: args === true }),
      ...(background === true ? { background: true } : {}),
    };
  });
}

async function missingFiles(
  { files, envFiles }: Candidate,
  keys: readonly string[],
  place: (keys: readonly string[]) => Place,
  { isFile }: Surroundings,
): Promise<readonly ConfigurationWarning[]> {
  const problems: ConfigurationWarning[] = [];
  for (const [field, paths] of Object.entries({ files, envFiles })) {
    for (const [index, one] of paths.entries()) {
      if (await isFile(one)) continue;
      const relative = (other: string) => path.relative(path.dirname(place(keys).file), other);
      const missing = isOnOtherMachine(one, place(keys).file) ? undefined : await missingFile(one);
      problems.push({
        code: 'invalid-declaration',
        message: l10n.t('There is no file {0}.', relative(one)),
        remedy: missing
          ? l10n.t('Copy {0} to it, and fill that in.', relative(missing.example))
          : l10n.t('Make it, or correct its path: paths start at the folder of this file.'),
        place: place([...keys, field, String(index)]),
        ...(missing ? { missing } : {}),
      });
    }
  }
  return problems;
}

/** How many keys are named that there are: more would hide what is said. */
const MOST_NAMED = 20;

interface Mistake {
  /** Where it is: the keys from the outermost on. */
  readonly keys: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

async function validate(content: unknown): Promise<readonly Mistake[]> {
  const { Ajv } = await import('ajv');
  const check = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true }).compile(DECLARATION_SCHEMA);
  check(content ?? {});
  const mistakes = (check.errors ?? []).flatMap((error) => mistakeOf(error) ?? []);
  const seen = new Set<string>();
  return mistakes.filter(({ keys }) => !seen.has(keys.join('\0')) && seen.add(keys.join('\0')));
}

/** In words what the schema does not accept. */
function mistakeOf({
  instancePath,
  keyword,
  params,
  data,
  parentSchema,
  propertyName,
}: ErrorObject): Mistake | undefined {
  // Of a name that is none, the error that says so is enough.
  if (propertyName !== undefined && keyword !== 'propertyNames') return undefined;
  const keys = instancePath.split('/').slice(1).map(unescaped);
  const name = keys.at(-1) ?? 'berth.yaml';
  switch (keyword) {
    case 'additionalProperties': {
      const extra = text(params.additionalProperty);
      const known = Object.keys(record(parentSchema?.properties));
      const [close, ...others] = closeTo(extra, known);
      return {
        keys: [...keys, extra],
        message: l10n.t('There is no key "{0}" here.', extra),
        remedy:
          known.length <= MOST_NAMED
            ? l10n.t('Known are: {0}.', known.join(', '))
            : close !== undefined && others.length === 0
              ? l10n.t('Write "{0}", if that is meant.', close)
              : l10n.t('Correct it: docs/checks.md lists what there is, and editors complete it.'),
      };
    }
    case 'required':
      return {
        keys,
        message: l10n.t('The key "{0}" is missing.', text(params.missingProperty)),
        remedy: l10n.t('Add it.'),
      };
    case 'type':
      return {
        keys,
        message: l10n.t('"{0}" is {1}.', name, kindOf(data)),
        remedy: l10n.t('It has to be {0}.', expectedKinds(params.type)),
      };
    case 'enum':
      return {
        keys,
        message: l10n.t('"{0}" can\'t be "{1}".', name, String(data)),
        remedy: l10n.t('It has to be one of: {0}.', list(params.allowedValues).join(', ')),
      };
    case 'propertyNames':
      return {
        keys: [...keys, text(params.propertyName)],
        message: l10n.t('"{0}" is no name.', text(params.propertyName)),
        remedy: l10n.t('Use letters, digits, dots, dashes and underscores; begin with a letter or a digit.'),
      };
    case 'pattern':
      return {
        keys,
        message: l10n.t('"{0}" can\'t be "{1}".', name, String(data)),
        remedy: l10n.t('Use small letters, digits, dashes and underscores; begin with a letter or a digit.'),
      };
    case 'minItems':
    case 'minLength':
      return { keys, message: l10n.t('"{0}" is empty.', name), remedy: l10n.t('Give it a value, or leave it out.') };
    default:
      return undefined;
  }
}

/** Source: RFC 6901, JSON pointers. */
function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function kindOf(value: unknown): string {
  if (value === null) return l10n.t('empty');
  if (Array.isArray(value)) return l10n.t('a list');
  return kindWord(typeof value);
}

function expectedKinds(types: unknown): string {
  return [types]
    .flat()
    .map((one) => kindWord(String(one)))
    .join(l10n.t(' or '));
}

function kindWord(type: string): string {
  switch (type) {
    case 'array':
      return l10n.t('a list');
    case 'object':
      return l10n.t('keys with values');
    case 'boolean':
      return l10n.t('true or false');
    case 'number':
    case 'integer':
      return l10n.t('a number');
    default:
      return l10n.t('a text');
  }
}

/** Where a key stands, or the innermost of those around it that does. */
function placeOf(document: Document.Parsed, lines: LineCounter, file: string, keys: readonly string[]): Place {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of keys) {
    const items = list(record(node).items);
    const pair = items.find((item) => String(record(record(item).key).value) === key);
    const item = pair === undefined ? items[Number(key)] : pair;
    if (item === undefined) break;
    node = pair === undefined ? item : record(pair).value;
    offset = Number(list(record(pair === undefined ? item : record(pair).key).range)[0] ?? offset);
  }
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** Of a declaration beside one with the name that comes first. */
export function outdone(file: string): Declaration {
  const message = l10n.t('{0} is not read: there is a {1} beside it.', path.basename(file), DECLARATION_NAMES[0]);
  const remedy = l10n.t('Put all into {0}, and remove this file.', DECLARATION_NAMES[0]);
  return { environments: [], problems: [{ code: 'invalid-declaration', message, remedy, place: { file } }] };
}
