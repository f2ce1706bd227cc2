import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../common/errors';
import { relativePath } from '../common/paths';
import type { ConfigurationWarning } from '../model/project';
import { type ComposeFile, isComposeFileName, readComposeFile } from './composeFile';
import { isEnvFileName } from './envFileNames';
import { fitting } from './observed/folderNames';
import { readerOf, type WrittenScript } from './observed/sources';
import { readText } from './readText';

/** How many levels of folders below the workspace folder are searched. */
const SEARCH_DEPTH = 3;
/** Folders that hold what others wrote or a build made. */
const SKIPPED_FOLDERS = new Set([
  ...['node_modules', 'vendor', 'dist', 'build', 'out', 'target', 'venv', '__pycache__', 'bower_components', 'Pods'],
]);
/** Folders that begin with a dot, and in which people say how they run Compose: at the top only, and anywhere. */
const READ_HIDDEN_FOLDERS = new Set(['.github', '.vscode']);
const READ_ANYWHERE = new Set(['.devcontainer']);
/** A line by which a makefile or a justfile takes in others. */
const TAKES_IN = /^[ \t]*(?:-?include|import\??|mod\??)\s/m;
/** Runs what is written elsewhere: that may bring something up, and tests may follow. */
const RUNS_SCRIPTS = /\b(?:make|npm|pnpm|yarn|bun|just|task)\s+[\w:-]|[\w-]\.sh\b/;
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
  /** The names of variables that commands, workflows and texts for people give a value, by files. */
  private readonly given = new Map<string, ReadonlySet<string>>();
  /** The texts of the files in which those stand. */
  private readonly texts = new Map<string, string>();
  private readonly declarations = new Map<string, string>();
  private readonly envs = new Set<string>();
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

  /** The first file besides compose and env files that gives a variable a value: absolute path; undefined where none does. */
  givenBy(name: string): string | undefined {
    const files = [...this.given].filter(([, names]) => names.has(name)).map(([file]) => file);
    return files.sort()[0];
  }

  /** The texts of files called `berth.yaml`, by their absolute paths. */
  get declared(): ReadonlyMap<string, string> {
    return this.declarations;
  }

  /** The env files, and the examples of such: absolute paths. */
  get envFiles(): readonly string[] {
    return [...this.envs].sort();
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

  /**
   * What is wrong at a line, with the whole of that, without what is blank around it. As it was where more is known of its place, and in files
   * that were not searched for: a makefile that another one takes in.
   */
  withWholeLine(problem: ConfigurationWarning): ConfigurationWarning {
    const { file = '', line, column } = problem.place ?? {};
    const text = this.texts.get(file) ?? this.declarations.get(file);
    if (line === undefined || column !== undefined || text === undefined) return problem;
    const written = text.split('\n', line)[line - 1] ?? '';
    const [start, end] = [written.length - written.trimStart().length, written.trimEnd().length];
    if (end <= start) return problem;
    return { ...problem, place: { file, line, column: start + 1, endLine: line, endColumn: end + 1 } };
  }

  /** Walks the folder. */
  async search(): Promise<void> {
    for (const map of this.maps) map.clear();
    this.envs.clear();
    await this.walk(this.root);
  }

  /** Reads what changed, came or went, anew. @param paths absolute paths of files and folders. */
  async update(paths: readonly string[]): Promise<void> {
    const takers = [...this.taken]
      .filter(([, taken]) => paths.some((one) => isTaken(one, taken)))
      .map(([file]) => file);
    for (const one of new Set([...paths, ...takers])) {
      // A link that leads nowhere is there, too.
      const stat = await fs.stat(one).catch(() => fs.lstat(one).catch(() => undefined));
      const isSearched = stat?.isDirectory() && this.isSearched(one);
      const isRead = this.concerns(one);
      if (isSearched && this.times.has(one)) await this.list(one);
      else {
        this.forget(one);
        if (isSearched) await this.walk(one);
        else if (stat && isRead) await this.read(one);
      }
      const folder = path.dirname(one);
      if (this.times.has(folder)) this.times.set(folder, await timeOf(folder));
    }
  }

  /** Takes in which files and folders of a known folder came and went: what is there still is not read again. */
  private async list(folder: string): Promise<void> {
    const entries = await this.entriesOf(folder);
    const present = new Set(entries.map(({ name }) => path.join(folder, name)));
    for (const known of this.times.keys()) {
      if (path.dirname(known) === folder && !present.has(known)) this.forget(known);
    }
    await Promise.all(
      entries.map((entry) => (this.times.has(path.join(folder, entry.name)) ? undefined : this.enter(folder, entry))),
    );
  }

  /** What is not as it was when it was read: absolute paths of files and folders. */
  async changed(): Promise<readonly string[]> {
    const changed = await Promise.all(
      [...this.times].map(async ([one, time]) => ((await timeOf(one)) === time ? [] : [one])),
    );
    return changed.flat();
  }

  /** Whether a change of a file may matter here: what a search would not come to does not, however it is called. */
  concerns(file: string): boolean {
    const relative = path.relative(this.root, file);
    if (roleOf(relative) !== undefined && isSearchedFolder(path.dirname(relative).replace(/^\.$/, ''))) return true;
    return this.times.has(file) || [...this.taken.values()].some((taken) => isTaken(file, taken));
  }

  private get maps(): readonly Map<string, unknown>[] {
    const { compose, written, given, texts, declarations, failures, taken, times } = this;
    return [compose, written, given, texts, declarations, failures, taken, times];
  }

  private forget(fileOrFolder: string): void {
    for (const known of [...this.maps, this.envs]) {
      for (const file of known.keys()) {
        if (file === fileOrFolder || file.startsWith(fileOrFolder + path.sep)) known.delete(file);
      }
    }
  }

  private async walk(folder: string): Promise<void> {
    const entries = await this.entriesOf(folder);
    await Promise.all(entries.map((entry) => this.enter(folder, entry)));
  }

  private async entriesOf(folder: string): Promise<readonly Dirent[]> {
    this.times.set(folder, await timeOf(folder));
    return fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  }

  private async enter(folder: string, entry: Dirent): Promise<void> {
    const entryPath = path.join(folder, entry.name);
    if (entry.isDirectory() && this.isSearched(entryPath)) await this.walk(entryPath);
    else await this.read(entryPath);
  }

  /** A folder that is called like a compose file is not looked into: it is a compose file that can't be read. */
  private isSearched(folder: string): boolean {
    const relative = path.relative(this.root, folder);
    return isSearchedFolder(relative) && (roleOf(relative) ?? 'script') === 'script';
  }

  private async read(file: string): Promise<void> {
    const relative = relativePath(this.root, file);
    const role = roleOf(relative);
    if (role === undefined) return;
    if (isEnvFileName(path.basename(file))) this.envs.add(file);
    if (role === 'env') {
      this.times.set(file, await timeOf(file));
      return;
    }
    const text = await this.textOf(file, role !== 'script');
    if (text === undefined) return;
    try {
      await this.take(file, relative, role, text);
    } catch (error) {
      // One file that nobody thought of must not take the others with it.
      this.failures.set(file, { file, reason: messageOf(error) });
    }
  }

  private async take(file: string, relative: string, role: Exclude<Role, 'env'>, text: string): Promise<void> {
    if (role === 'compose') this.compose.set(file, await readComposeFile(file, text));
    if (role === 'declaration') this.declarations.set(file, text);
    if (role !== 'script') return;
    // Which env files Compose reads, checks know.
    const names = isEnvFileName(path.basename(file)) ? new Set<string>() : givenNames(text, file);
    if (names.size > 0) this.given.set(file, names);
    if (/compose/i.test(text) || TAKES_IN.test(text) || (!/\.md$/i.test(file) && RUNS_SCRIPTS.test(text))) {
      const taken = new Set<string>();
      const scripts = await readerOf(relative)?.({
        path: file,
        text,
        root: this.root,
        onFile: (one) => void taken.add(one),
      });
      if (taken.size > 0) this.taken.set(file, taken);
      if (!scripts || scripts.length === 0) return;
      this.written.set(file, scripts);
      this.texts.set(file, text);
    }
  }

  private async textOf(file: string, isMissed: boolean): Promise<string | undefined> {
    this.times.set(file, await timeOf(file));
    try {
      return await readText(file, this.root);
    } catch (error) {
      if (isMissed) this.failures.set(file, { file, reason: messageOf(error) });
      return undefined;
    }
  }
}

/** `NAME=value` of shells and env files; neither comparisons, nor what only hands on its own value. */
const GIVES = /(?<![\w$.{/-])([A-Z][A-Z\d_]+)=(?!=)(?=["']?[^\s"'#])(?!["']?\$\{?\1\b)/g;
/** `NAME: value` of workflows. */
const MAPS = /^[ \t]*(?:- )?([A-Z][A-Z\d_]+):[ \t]+(?=[^\s#])(?!["']?\$\{?\1\b)|[{,][ \t]*([A-Z][A-Z\d_]+):[ \t]+/gm;
/** Comments, and what is only shown to somebody. */
const SAYS_NOTHING = /^[ \t]*(?:#|\/\/|.*\becho\b(?![^\n]*>)).*$/gm;
const CODE_BLOCK = /^[ \t]*```[\s\S]*?^[ \t]*```/gm;

/** The names of the variables that commands and workflows in a text give a value; of Markdown, those in blocks of code. */
function givenNames(text: string, file: string): ReadonlySet<string> {
  const code = /\.md$/i.test(file) ? (text.match(CODE_BLOCK) ?? []).join('\n') : text;
  const said = code.replace(SAYS_NOTHING, '');
  const found = [...said.matchAll(GIVES), ...(/\.ya?ml$/i.test(file) ? said.matchAll(MAPS) : [])];
  return new Set(found.flatMap(([, name, other]) => name ?? other ?? []));
}

type Role = 'compose' | 'declaration' | 'env' | 'script';

/** What a file is read as, by its path from the workspace folder. */
function roleOf(relative: string): Role | undefined {
  const name = path.basename(relative);
  // A workflow may be called `test-compose.yml`.
  if (readerOf(relative.replaceAll(path.sep, '/'))) return 'script';
  if (isComposeFileName(name)) return 'compose';
  if (DECLARATION_NAMES.some((one) => one === name)) return 'declaration';
  return isEnvFileName(name) ? 'env' : undefined;
}

/** Whether a search looks into a folder. @param relative its path from the workspace folder; empty for that itself. */
export function isSearchedFolder(relative: string): boolean {
  const names = relative.split(path.sep).filter(Boolean);
  return names.length <= SEARCH_DEPTH && names.every((name, index) => !isSkipped(name, index));
}

function isSkipped(name: string, level: number): boolean {
  // What a template is filled into has braces in its name: its files are no YAML yet.
  if (SKIPPED_FOLDERS.has(name) || name.includes('{{')) return true;
  return name.startsWith('.') && !READ_ANYWHERE.has(name) && !(level === 0 && READ_HIDDEN_FOLDERS.has(name));
}

/** Whether a file is one of those that another one takes in: they may be named by a pattern. */
function isTaken(file: string, taken: ReadonlySet<string>): boolean {
  if (taken.has(file)) return true;
  return [...taken].some((one) => {
    const name = path.basename(one);
    return /[*?]/.test(name) && path.dirname(one) === path.dirname(file) && fitting(name)(path.basename(file));
  });
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
