import path from 'node:path';
import type { WrittenCommand } from './shell';
import { programIn } from './shellTexts';
import { isKnown, OPEN, UNKNOWN } from './shellWords';

/** One run of `docker compose`, as somebody's command says it. All paths are absolute. */
export interface Invocation {
  /** The compose files that are named, in their order; empty when Compose is to find them. */
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  readonly projectName?: string;
  readonly projectDirectory?: string;
  readonly context?: string;
  /** The address of an engine that is named without a context: `ssh://prod`. */
  readonly host?: string;
  /** The folder that it runs in. */
  readonly folder: string;
  /** What Compose is to do: `up`, `exec`; undefined when that is not known. */
  readonly verb?: string;
  /** What follows the verb. */
  readonly args: readonly string[];
  /** Whether a file is in somebody's home folder (`~/shop/compose.yaml`): that is none of the repository. */
  readonly isAtHome: boolean;
  /** The options whose values can't be known without running something, and {@link SUBSTITUTION} for options that can't. */
  readonly unknown: readonly string[];
}

/** Options of `docker` itself that take a value. Source: `docker --help`. */
const DOCKER_VALUES = new Set([
  '--config',
  '--context',
  '-c',
  '--host',
  '-H',
  '--log-level',
  '-l',
  '--tlscacert',
  '--tlscert',
  '--tlskey',
]);
/** Options of `docker compose`, before its verb, that take a value. Source: `docker compose --help`, and that of Compose 1. */
const COMPOSE_VALUES = new Set([
  ...['--file', '-f', '--project-name', '-p', '--env-file', '--profile', '--project-directory', '--workdir'],
  ...[
    '--ansi',
    '--parallel',
    '--progress',
    '--context',
    '-c',
    '--host',
    '-H',
    '--log-level',
    '--tlscacert',
    '--tlscert',
    '--tlskey',
  ],
]);
const FILE = new Set(['--file', '-f']);
/** What options are called that only running something would tell. */
export const SUBSTITUTION = '$(…)';
/** Options of `docker compose up` that take a value. Source: `docker compose up --help`. */
const UP_VALUES = new Set([
  ...['--attach', '--exit-code-from', '--no-attach', '--pull', '--scale', '--timeout', '-t', '--wait-timeout'],
]);
/** Programs that only talk about a command. */
const TALKING = new Set(['echo', 'printf', 'which', 'command', 'type', 'alias', 'man', 'grep', 'test', '[', 'cat']);

/**
 * What a command runs of `docker compose` or `docker-compose`, be it behind `sudo`, `env` or the like; undefined when it
 * runs nothing of it.
 * @param folder absolute path of the folder that it runs in, where that is not what the text says.
 */
export function invocationOf(
  command: Pick<WrittenCommand, 'words' | 'variables' | 'folder'>,
  folder = command.folder,
): Invocation | undefined {
  const found = composeWords(command.words);
  if (!found) return undefined;
  const values = { ...command.variables, ...found.variables };
  const { options, rest } = readOptions(found.words, COMPOSE_VALUES);
  if (rest.length === 0 && isOfItself(found.words, options)) return undefined;
  const given = (...names: string[]) => options.flatMap(([name, value]) => (names.includes(name) ? [value] : []));
  // `-f -` reads the file from standard input.
  const isUnknown = ([name, value]: readonly [string, string]) => !isKnown(value) || (FILE.has(name) && value === '-');
  const unknown = [...new Set(options.filter(isUnknown).map(([name]) => name))];
  const inFolder = (file: string) =>
    file !== '-' && isKnown(file) && isKnown(folder) ? [path.resolve(folder, file)] : [];
  const projectDirectory = [...given('--project-directory', '--workdir').flatMap(inFolder)].at(-1);
  const files = given('--file', '-f');
  const fromVariable = splitPaths(values.COMPOSE_FILE ?? '', values.COMPOSE_PATH_SEPARATOR);
  const [verb, ...args] = rest;
  const engine = engineOf(
    found.context ?? given('--context', '-c').at(-1),
    found.host ?? given('--host', '-H').at(-1),
    values,
  );
  return {
    files: (files.length > 0 ? files : fromVariable.filter(Boolean)).flatMap(inFolder),
    // `/dev/null` is how one says that there is none.
    envFiles: [...found.envFiles, ...given('--env-file')]
      .filter((file) => file !== '' && file !== '/dev/null')
      .flatMap(inFolder),
    profiles: [
      ...new Set([...given('--profile'), ...(values.COMPOSE_PROFILES ?? '').split(',')].map((one) => one.trim())),
    ].filter((profile) => profile && isKnown(profile)),
    projectName: knownOne(given('--project-name', '-p').at(-1) ?? values.COMPOSE_PROJECT_NAME),
    projectDirectory,
    ...engine,
    folder,
    verb: knownOne(verb),
    args,
    isAtHome: files.some((file) => /^~[^/]*\//.test(file)),
    unknown: [
      ...unknown,
      ...['COMPOSE_FILE', 'COMPOSE_PROJECT_NAME'].filter((name) => !isKnown(values[name] ?? '')),
      ...(isKnown(engine.host ?? '') ? [] : ['DOCKER_HOST']),
    ],
  };
}

/**
 * Whether a command without a verb asks Compose for nothing (`docker-compose --version`), or has it for an operand only
 * (`apt-get install docker-compose`). One that names files is given its verb by whoever calls it.
 */
function isOfItself(words: readonly string[], options: readonly (readonly [name: string, value: string])[]): boolean {
  return words.every(isKnown) && options.every(([, value]) => value === '');
}

/**
 * The engine that a job of CI has beside it as a service, and so no other machine's. Source: GitLab's documentation, "Use Docker to build
 * Docker images"; the image `docker` looks for it there of itself.
 */
const OF_THE_JOB = /^tcp:\/\/docker:237[56]\/?$/;

/** Source: docs.docker.com, "Docker contexts": what is given wins over variables, and there the address over the context. */
function engineOf(
  context: string | undefined,
  host: string | undefined,
  { DOCKER_HOST, DOCKER_CONTEXT }: Readonly<Record<string, string>>,
): Pick<Invocation, 'context' | 'host'> {
  if (OF_THE_JOB.test(host ?? '')) return {};
  if (context || host) return { context: knownOne(context), host: host || undefined };
  return DOCKER_HOST && !OF_THE_JOB.test(DOCKER_HOST) ? { host: DOCKER_HOST } : { context: knownOne(DOCKER_CONTEXT) };
}

interface ComposeWords {
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  readonly context?: string;
  readonly host?: string;
}

/** The words after `docker compose`, and what stands before it that matters. */
function composeWords(words: readonly string[]): ComposeWords | undefined {
  const at = words.findIndex(
    (word, index) =>
      /^(?:.*\/)?(?:docker|docker-compose)(?:\.exe)?$/.test(word) ||
      // `$(command -v docker) compose`: a program that has such a command.
      ((word === UNKNOWN || word === OPEN) && words[index + 1] === 'compose'),
  );
  const [program = ''] = programIn(words);
  // What follows `ssh` runs on another machine, whatever runs that.
  if (at < 0 || TALKING.has(program) || words.slice(0, at).includes('ssh')) return undefined;
  // `env A=b docker compose …`
  const variables = Object.fromEntries(
    words.slice(0, at).flatMap((word) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  // `dotenv -e .env.test -- docker compose …`, `env-cmd -f .env.test docker compose …`
  const before = words.slice(0, at);
  const loader = before.findIndex((word) => /^(?:.*\/)?(?:dotenv|env-cmd)$/.test(word));
  const envFiles = before.filter(
    (_, index) => loader >= 0 && index > loader && /^-[ef]$/.test(before[index - 1] ?? ''),
  );
  const after = words.slice(at + 1);
  if (/docker-compose(?:\.exe)?$/.test(words[at] ?? '')) return { words: after, variables, envFiles };
  const { options, rest } = readOptions(after, DOCKER_VALUES);
  if (rest[0] !== 'compose') return undefined;
  const last = (...names: string[]) => options.filter(([name]) => names.includes(name)).at(-1)?.[1];
  return { words: rest.slice(1), variables, envFiles, context: last('--context', '-c'), host: last('--host', '-H') };
}

/** The options at the beginning of some words, and the words after them. */
function readOptions(words: readonly string[], withValue: ReadonlySet<string>) {
  const options: (readonly [name: string, value: string])[] = [];
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    // One that nobody sets is empty, mostly.
    if (word === OPEN) continue;
    if (word.includes(UNKNOWN) && !word.startsWith('-') && index < words.length - 1) {
      options.push([SUBSTITUTION, word]);
      continue;
    }
    if (!word.startsWith('-') || word === '-' || word === '--') break;
    const [, long, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    const short = /^-[a-zA-Z]./.test(word) ? word.slice(0, 2) : undefined;
    if (long !== undefined && joined !== undefined) options.push([long, joined]);
    else if (withValue.has(word)) options.push([word, words[++index] ?? UNKNOWN]);
    else if (short !== undefined && withValue.has(short)) options.push([short, word.slice(2).replace(/^=/, '')]);
    else options.push([word, '']);
  }
  return { options, rest: words.slice(index) };
}

/** Whether it has Compose wait until all services run, or are healthy: `up --wait` that names none of them. */
export function waitsForAll({ verb, args }: Invocation): boolean {
  const { options, rest } = readOptions(args, UP_VALUES);
  const names = options.map(([name]) => name);
  return verb === 'up' && rest.length === 0 && names.includes('--wait') && !names.includes(SUBSTITUTION);
}

/**
 * How it brings up all services: `attached` keeps the terminal until they stop. Undefined where it does not, or names some of them.
 */
export function upOf({ verb, args }: Pick<Invocation, 'verb' | 'args'>): 'attached' | 'detached' | undefined {
  const { options, rest } = readOptions(args, UP_VALUES);
  const names = options.map(([name]) => name);
  if (verb !== 'up' || rest.length > 0 || names.includes('--no-start') || names.includes(SUBSTITUTION))
    return undefined;
  return names.some((name) => /^(?:-[a-zA-Z]*d[a-zA-Z]*|--detach|--wait)$/.test(name)) ? 'detached' : 'attached';
}

/** The files in a `COMPOSE_FILE`: separated by `:`, or by `;` where it is written for Windows. */
function splitPaths(files: string, separator: string | undefined): readonly string[] {
  return files.split(separator || (files.includes(';') ? ';' : ':'));
}

function knownOne(text: string | undefined): string | undefined {
  return text && isKnown(text) ? text : undefined;
}
