import path from 'node:path';
import { list, record } from '../common/json';
import { yamlDocuments } from '../common/yamlDocuments';
import { purposeIn } from '../model/environment';
import { filesToldBy } from './composeHead';

/** A compose file as its text shows it, without asking Compose. */
export interface ComposeFile {
  /** Absolute path. */
  readonly path: string;
  /** `compose` or `docker-compose`. */
  readonly stem: string;
  /** `dev` of `compose.dev.yaml` and `dev_compose.yaml`; undefined for a base file such as `compose.yaml`. */
  readonly variant?: string;
  /** The top-level `name:` as it is written, variables and all. */
  readonly projectName?: string;
  /** The files that the comments above its services say it is run with, itself among them: absolute paths. */
  readonly toldFiles?: readonly string[];
  /** The names under `services:`. */
  readonly services: readonly string[];
  /** Those of them that say what they run: `image`, `build`, `extends` … */
  readonly completeServices: readonly string[];
  /** The images, by their services, of those that are not built. */
  readonly images: ReadonlyMap<string, string>;
  /** Whether each of its services does, so that it could stand alone. */
  readonly isComplete: boolean;
  /** Whether a service of it names other services, networks or volumes that it has not: Compose would refuse it by itself. */
  readonly lacks: boolean;
  /** What its text names as a host, images and comments aside: `db` of `//db`, `@db` and `db:5432`. */
  readonly hosts: ReadonlySet<string>;
  /** Whether it takes in other compose files, where services may say more. */
  readonly takesIn: boolean;
  /** The files it takes in: `include`, `extends`, `env_file`, `label_file`. */
  readonly references: readonly Reference[];
  /** Whether it may take in more: by paths with variables in them, addresses of repositories, or as it is no valid YAML. */
  readonly readsMore: boolean;
}

/** A file that Compose reads for a compose file. Paths are as they are written: where they start, {@link referencesOf} knows. */
export interface Reference {
  readonly path: string;
  /** Where the paths in it start: its own folder when left out. */
  readonly directory?: string;
  readonly isComposeFile?: boolean;
}

/** `compose.override.dev.yaml` is meant to be made the override file of its base: its variant is `dev`. */
const COMPOSE_FILE_NAME = /^(?:(.+?)[._-])??((?:docker-)?compose)(?:[._-](?:override[._-])?(.+))?\.ya?ml$/i;
/** Whether a file's name is that of a compose file. */
export function isComposeFileName(name: string): boolean {
  return partsOf(name) !== undefined;
}

/** What the name of a compose file is made of; before it, only a purpose may stand: `dev_docker-compose.yml`. */
function partsOf(name: string): Pick<ComposeFile, 'stem' | 'variant'> | undefined {
  const [, before, stem, after] = COMPOSE_FILE_NAME.exec(name.toLowerCase()) ?? [];
  if (stem === undefined || (before !== undefined && purposeIn(before) === undefined)) return undefined;
  return { stem, variant: [before, after].filter(Boolean).join('.') || undefined };
}

/** What the text of a compose file shows. Invalid YAML shows nothing; Compose will say what is wrong with it. */
export async function readComposeFile(file: string, text: string): Promise<ComposeFile> {
  const contents = await contentsOf(text);
  const top: Record<string, unknown> = Object.assign({}, ...(contents ?? []));
  const services = servicesIn(contents ?? []);
  const complete = services.filter(([, service]) => SAYS_WHAT_RUNS.some((key) => key in service)).map(([name]) => name);
  const takenIn: readonly Reference[] = [
    ...(contents ?? []).flatMap(({ include }) => includedFiles(include)),
    ...services.flatMap(([, { extends: extended, env_file, label_file }]) => [
      ...pathsIn(record(extended).file).map((path) => ({ path, isComposeFile: true })),
      ...[...pathsIn(env_file), ...pathsIn(label_file)].map((path) => ({ path })),
    ]),
  ];
  const isPath = ({ path: one, directory = '' }: Reference) => ![one, directory].some((text) => NO_PATH.test(text));
  return {
    path: file,
    ...(partsOf(path.basename(file)) ?? { stem: '' }),
    projectName: typeof top.name === 'string' ? top.name : undefined,
    toldFiles: filesToldBy(file, text),
    services: services.map(([name]) => name),
    completeServices: complete,
    images: new Map(
      services.flatMap(([name, { image, build }]) =>
        typeof image === 'string' && build === undefined ? [[name, image] as const] : [],
      ),
    ),
    isComplete: services.length > 0 && complete.length === services.length,
    lacks: services.some(([, service]) => namesMore(service, top)),
    hosts: new Set([...text.replace(COMMENT, '').matchAll(HOST)].map(([, host = '']) => host)),
    takesIn: top.include !== undefined,
    references: takenIn.filter(isPath),
    readsMore: !contents || !takenIn.every(isPath),
  };
}

const COMMENT = /(?:^|[ \t])#.*/gm;
/** A name where hosts stand, and not users: behind `//` or `@`, or before a port, which is not the version of an image. */
const HOST =
  /(?:\/\/(?![^\s/"']*@)|(?<=[^\s"'])@|(?<![\w./-])(?=[a-z_][\w.-]*:\d{2,5}(?![\w.]))(?<!image:[^\n:,]*))([a-z_][\w.-]*)/gi;

/** Whether a service names others, networks or volumes that a file has not. */
function namesMore({ depends_on, networks, volumes }: Record<string, unknown>, top: Record<string, unknown>): boolean {
  const namesIn = (value: unknown) => (Array.isArray(value) ? value.map(String) : Object.keys(record(value)));
  const mounted = list(volumes).flatMap((one) => {
    const { type, source } = record(one);
    return typeof one === 'string' ? (/^[\w-][\w.-]*(?=:)/.exec(one) ?? []) : type === 'volume' ? [String(source)] : [];
  });
  const isMissing = (names: readonly string[], there: unknown) =>
    names.some((name) => !Object.hasOwn(record(there), name));
  return (
    isMissing(namesIn(depends_on), top.services) ||
    isMissing(namesIn(networks), { default: {}, ...record(top.networks) }) ||
    isMissing(mounted, top.volumes)
  );
}

/** What the documents of a text say; undefined where that can't be told. */
async function contentsOf(text: string): Promise<readonly Record<string, unknown>[] | undefined> {
  try {
    const documents = await yamlDocuments(text, { merge: true, logLevel: 'silent' });
    return documents.map((one) => record(one.toJS()));
  } catch {
    return undefined;
  }
}

/** The services of documents, which are merged. */
function servicesIn(
  contents: readonly Record<string, unknown>[],
): readonly (readonly [name: string, service: Record<string, unknown>])[] {
  const found = new Map<string, Record<string, unknown>>();
  for (const { services } of contents) {
    for (const [name, service] of Object.entries(Array.isArray(services) ? {} : record(services))) {
      found.set(name, { ...found.get(name), ...record(service) });
    }
  }
  return [...found];
}

/** A variable, the home folder, or the address of a repository. */
const NO_PATH = /\$|^~|:\/\/|^git@/;

/**
 * What a compose file takes in, by absolute paths. Relative ones start at the project directory, and in what is taken in at the
 * folder of that. Source: measured with Compose 2.26.
 * @param directory absolute path of the project directory.
 */
export function referencesOf(
  { references }: ComposeFile,
  directory: string,
): readonly { readonly path: string; readonly directory: string; readonly isComposeFile: boolean }[] {
  return references.map(({ path: written, directory: inside, isComposeFile = false }) => {
    const file = path.resolve(directory, written);
    return {
      path: file,
      directory: inside === undefined ? path.dirname(file) : path.resolve(directory, inside),
      isComposeFile,
    };
  });
}

const SAYS_WHAT_RUNS = ['image', 'build', 'extends', 'provider'];

/**
 * All that Compose reads for an `include`: the files, their env files, and the `.env` of the project directory, which is that of the
 * first file unless it is named. Source: the Compose specification, "Include".
 */
function includedFiles(include: unknown): Reference[] {
  return list(include).flatMap((entry) => {
    const { env_file: envFile, project_directory: named } = record(entry);
    const files = pathsIn(entry);
    const directory = typeof named === 'string' ? named : path.dirname(files[0] ?? '.');
    return [
      ...files.map((path) => ({ path, directory, isComposeFile: true })),
      ...[...pathsIn(envFile), path.join(directory, '.env')].map((path) => ({ path })),
    ];
  });
}

/**
 * The paths in a value that is a path, an object with a `path`, or a list of such.
 * @param depth how deep to look: Compose knows a list of objects with lists, and YAML's anchors can make circles.
 */
function pathsIn(value: unknown, depth = 4): string[] {
  if (typeof value === 'string') return [value];
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, depth - 1));
  return typeof value === 'object' && value !== null ? pathsIn(record(value).path, depth - 1) : [];
}
