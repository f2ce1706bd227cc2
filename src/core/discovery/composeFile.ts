import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { record } from '../common/json';

/** A compose file as its text shows it, without asking Compose. */
export interface ComposeFile {
  /** Absolute path. */
  readonly path: string;
  /** `compose` or `docker-compose`. */
  readonly stem: string;
  /** `dev` of `compose.dev.yaml`; undefined for a base file such as `compose.yaml`. */
  readonly variant?: string;
  /** The top-level `name:` as it is written, variables and all. */
  readonly projectName?: string;
  /** The names under `services:`. */
  readonly services: readonly string[];
  /** Whether each of its services says what it runs (`image`, `build`, `extends` …): it could stand alone. */
  readonly isComplete: boolean;
  /** Absolute paths of the files it takes in: `include`, `extends`, `env_file`. Those with variables in them are left out. */
  readonly references: readonly string[];
}

const COMPOSE_FILE_NAME = /^((?:docker-)?compose)(?:[._-](.+))?\.ya?ml$/i;
/** How many levels of folders below the workspace folder are searched. */
const SEARCH_DEPTH = 2;
/** Folders that hold what others wrote or a build made. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'vendor', 'dist', 'build', 'out', 'target', 'venv', '__pycache__']);

/** Whether a file's name is that of a compose file. */
export function isComposeFileName(name: string): boolean {
  return COMPOSE_FILE_NAME.test(name);
}

/** Whether a search of a folder looks into this one below it. @param relative its path from there. */
export function isSearchedFolder(relative: string): boolean {
  const names = relative.split(path.sep);
  return names.length <= SEARCH_DEPTH && names.every((name) => !isSkippedFolder(name));
}

function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || SKIPPED_FOLDERS.has(name);
}

/**
 * Finds and reads the compose files of a folder and two levels of folders below it. Hidden folders, symbolic links to
 * folders, and folders of dependencies and build results are left out; what can't be read is, too.
 * @param folder absolute path.
 */
export async function findComposeFiles(folder: string, depth = SEARCH_DEPTH): Promise<readonly ComposeFile[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const entryPath = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        return depth === 0 || isSkippedFolder(entry.name) ? [] : findComposeFiles(entryPath, depth - 1);
      }
      if (!isComposeFileName(entry.name)) return [];
      const text = await fs.readFile(entryPath, 'utf8').catch(() => undefined);
      return text === undefined ? [] : [await readComposeFile(entryPath, text)];
    }),
  );
  return found.flat();
}

/** What the text of a compose file shows. Invalid YAML shows nothing; Compose will say what is wrong with it. */
export async function readComposeFile(file: string, text: string): Promise<ComposeFile> {
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(text, { merge: true, logLevel: 'silent' });
  } catch {
    content = undefined;
  }
  const top = record(content);
  const services = Object.entries(record(top.services)).map(([name, value]) => [name, record(value)] as const);
  const inFolder = (reference: string) => path.resolve(path.dirname(file), reference);
  const [, stem = '', variant] = COMPOSE_FILE_NAME.exec(path.basename(file)) ?? [];
  return {
    path: file,
    stem: stem.toLowerCase(),
    variant: variant?.toLowerCase(),
    projectName: typeof top.name === 'string' ? top.name : undefined,
    services: services.map(([name]) => name),
    isComplete: services.length > 0 && services.every(([, service]) => SAYS_WHAT_RUNS.some((key) => key in service)),
    references: [
      ...pathsIn(top.include),
      ...services.flatMap(([, service]) => [...pathsIn(record(service.extends).file), ...pathsIn(service.env_file)]),
    ].map(inFolder),
  };
}

const SAYS_WHAT_RUNS = ['image', 'build', 'extends', 'provider'];

/**
 * The paths in a value that is a path, an object with a `path`, or a list of such.
 * @param depth how deep to look: Compose knows a list of objects with lists, and YAML's anchors can make circles.
 */
function pathsIn(value: unknown, depth = 4): string[] {
  if (typeof value === 'string') return value.includes('$') ? [] : [value];
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, depth - 1));
  return typeof value === 'object' && value !== null ? pathsIn(record(value).path, depth - 1) : [];
}
