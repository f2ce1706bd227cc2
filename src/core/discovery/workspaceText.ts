import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type ComposeFile, isComposeFileName, readComposeFile } from './composeFile';
import { readerOf, type WrittenScript } from './observed/sources';

/** How many levels of folders below the workspace folder are searched. */
const SEARCH_DEPTH = 3;
/** Folders that hold what others wrote or a build made. */
const SKIPPED_FOLDERS = new Set([
  ...['node_modules', 'vendor', 'dist', 'build', 'out', 'target', 'venv', '__pycache__', 'bower_components', 'Pods'],
]);
/** Folders that begin with a dot, and in which people say how they run Compose: at the top only, and anywhere. */
const READ_HIDDEN_FOLDERS = new Set(['.github', '.vscode']);
const READ_ANYWHERE = new Set(['.devcontainer']);
/** Nobody writes as much by hand, in bytes: Compose reads it if it is asked to. */
const LARGEST = 1_000_000;
/** The names of the file that declares environments, the preferred one first. */
export const DECLARATION_NAMES = ['berth.yaml', 'berth.yml'] as const;

/** A file that is there, and that can't be read. */
export interface Unreadable {
  readonly file: string;
  readonly reason: string;
}

/**
 * What the text of a workspace folder says of environments. The folder is walked once; after that only what changed is
 * read. Hidden folders, symbolic links to folders, and folders of dependencies and build results are left out.
 */
export class WorkspaceText {
  private readonly compose = new Map<string, ComposeFile>();
  private readonly written = new Map<string, readonly WrittenScript[]>();
  private readonly declarations = new Map<string, string>();
  private readonly failures = new Map<string, Unreadable>();
  /** What a file's text takes in, such as an included makefile: it is read again with that. */
  private readonly taken = new Map<string, ReadonlySet<string>>();

  /** When what was read had changed last, by its path: files and folders. */
  private readonly times = new Map<string, number | undefined>();

  /** @param root absolute path of the workspace folder. */
  constructor(readonly root: string) {}

  get composeFiles(): readonly ComposeFile[] {
    return sorted(this.compose);
  }

  get scripts(): readonly WrittenScript[] {
    return sorted(this.written).flat();
  }

  /** The texts of files called `berth.yaml`, by their absolute paths. */
  get declared(): ReadonlyMap<string, string> {
    return this.declarations;
  }

  get unreadable(): readonly Unreadable[] {
    return sorted(this.failures);
  }

  /** The files besides compose files that were read, and those that they take in, there or not. */
  get readFiles(): ReadonlySet<string> {
    return new Set([
      ...this.written.keys(),
      ...this.declarations.keys(),
      ...[...this.taken.values()].flatMap((set) => [...set]),
    ]);
  }

  /** Walks the folder. */
  async search(): Promise<void> {
    for (const map of this.maps) map.clear();
    await this.walk(this.root);
  }

  /** Reads what changed, came or went, anew. @param paths absolute paths of files and folders. */
  async update(paths: readonly string[]): Promise<void> {
    const takers = [...this.taken].filter(([, taken]) => paths.some((one) => taken.has(one))).map(([file]) => file);
    for (const one of new Set([...paths, ...takers])) {
      this.forget(one);
      const stat = await fs.stat(one).catch(() => undefined);
      if (stat?.isDirectory() && isSearchedFolder(path.relative(this.root, one))) await this.walk(one);
      else if (stat?.isFile()) await this.read(one);
      const folder = path.dirname(one);
      if (this.times.has(folder)) this.times.set(folder, await timeOf(folder));
    }
  }

  /** What is not as it was when it was read: absolute paths of files and folders. */
  async changed(): Promise<readonly string[]> {
    const changed = await Promise.all(
      [...this.times].map(async ([one, time]) => ((await timeOf(one)) === time ? [] : [one])),
    );
    return changed.flat();
  }

  /** Whether a change of a file may matter here. */
  concerns(file: string): boolean {
    return roleOf(path.relative(this.root, file)) !== undefined || this.readFiles.has(file);
  }

  private get maps(): readonly Map<string, unknown>[] {
    return [this.compose, this.written, this.declarations, this.failures, this.taken, this.times];
  }

  private forget(fileOrFolder: string): void {
    for (const map of this.maps) {
      for (const file of map.keys()) {
        if (file === fileOrFolder || file.startsWith(fileOrFolder + path.sep)) map.delete(file);
      }
    }
  }

  private async walk(folder: string): Promise<void> {
    this.times.set(folder, await timeOf(folder));
    const entries = await fs.readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    await Promise.all(
      entries.map((entry) => {
        const entryPath = path.join(folder, entry.name);
        if (!entry.isDirectory()) return this.read(entryPath);
        return isSearchedFolder(path.relative(this.root, entryPath)) ? this.walk(entryPath) : undefined;
      }),
    );
  }

  private async read(file: string): Promise<void> {
    const relative = path.relative(this.root, file).replaceAll(path.sep, '/');
    const role = roleOf(relative);
    if (role === undefined) return;
    const text = await this.textOf(file, role !== 'script');
    if (text === undefined) return;
    if (role === 'compose') this.compose.set(file, await readComposeFile(file, text));
    else if (role === 'declaration') this.declarations.set(file, text);
    else if (/compose/i.test(text) || /(?:^|\n)\s*-?include\s/.test(text)) {
      const taken = new Set<string>();
      const scripts = await readerOf(relative)?.({
        path: file,
        text,
        root: this.root,
        onFile: (one) => void taken.add(one),
      });
      if (taken.size > 0) this.taken.set(file, taken);
      if (scripts && scripts.length > 0) this.written.set(file, scripts);
    }
  }

  private async textOf(file: string, isMissed: boolean): Promise<string | undefined> {
    try {
      const stat = await fs.stat(file);
      this.times.set(file, stat.mtimeMs);
      if (!stat.isFile() || stat.size > LARGEST) throw new Error(stat.isFile() ? 'it is too large' : 'it is no file');
      const text = await fs.readFile(file, 'utf8');
      if (text.includes('\0')) throw new Error('it is no text');
      return text;
    } catch (error) {
      if (isMissed) this.failures.set(file, { file, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }
}

/** What a file is read as, by its path from the workspace folder. */
function roleOf(relative: string): 'compose' | 'declaration' | 'script' | undefined {
  const name = path.basename(relative);
  if (isComposeFileName(name)) return 'compose';
  if (DECLARATION_NAMES.some((one) => one === name)) return 'declaration';
  return readerOf(relative.replaceAll(path.sep, '/')) ? 'script' : undefined;
}

/** Whether a search looks into a folder. @param relative its path from the workspace folder; empty for that itself. */
export function isSearchedFolder(relative: string): boolean {
  const names = relative.split(path.sep).filter(Boolean);
  return names.length <= SEARCH_DEPTH && names.every((name, index) => !isSkipped(name, index));
}

function isSkipped(name: string, level: number): boolean {
  if (SKIPPED_FOLDERS.has(name)) return true;
  return name.startsWith('.') && !READ_ANYWHERE.has(name) && !(level === 0 && READ_HIDDEN_FOLDERS.has(name));
}

async function timeOf(file: string): Promise<number | undefined> {
  return fs.stat(file).then(
    (stat) => stat.mtimeMs,
    () => undefined,
  );
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
