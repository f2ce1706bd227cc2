import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isOnOtherMachine } from '../common/paths';
import type { EnvironmentDefinition } from '../model/environment';
import type { Levels } from '../model/finding';
import type { ConfigurationWarning } from '../model/project';
import type { Candidate } from './candidate';
import { type Combined, combine } from './combine';
import { type ComposeFile, readComposeFile, referencesOf } from './composeFile';
import { ComposeVariables, type Variables } from './composeVariables';
import { type Declaration, outdone, readDeclaration } from './declaration';
import { envFilesNamed, envFolders } from './envFileNames';
import { commandProblem, environmentProblems } from './environmentProblems';
import {
  areCompletedAbove,
  defaultFiles,
  inferEnvironments,
  isHalf,
  isNothingByItself,
  isPart,
  saysWhatRuns,
} from './inferEnvironments';
import { missingOverrideOf } from './missingOverride';
import { type Observations, observe } from './observed/observe';
import { readText } from './readText';
import { DECLARATION_NAMES, WorkspaceText } from './workspaceText';

/** An environment, with what the text of its files shows without running anything. */
export interface DiscoveredEnvironment {
  readonly definition: EnvironmentDefinition;
  /** Every file whose change may change what it contains: compose files, what they take in, env files. Absolute paths. */
  readonly dependsOn: ReadonlySet<string>;
  /** Whether Compose reads more than `dependsOn`: what is named with variables, or is elsewhere. */
  readonly readsMore?: boolean;
  /** The service names that its compose files' text shows: for where Compose must not be run. */
  readonly servicesInText: readonly string[];
  /** Whether only CI runs it, where each has a machine of its own. */
  readonly isOnCiOnly?: boolean;
}

/** What the text of a workspace folder tells. */
export interface Discovered {
  readonly environments: readonly DiscoveredEnvironment[];
  /** What can't be read, or names what is not there: about the folder, not about one environment. */
  readonly problems: readonly ConfigurationWarning[];
  /** What files called `berth.yaml` say of findings, each for its folder, outermost first. */
  readonly levels: readonly FolderLevels[];
}

/** What is decided of findings for all that is in a folder. */
export interface FolderLevels {
  /** Absolute path. */
  readonly folder: string;
  readonly levels: Levels;
}

/**
 * The environments of a workspace folder, read once; see {@link Discovery}.
 * @param workspaceFolder absolute path.
 */
export async function discoverEnvironments(
  workspaceFolder: string,
  env?: Variables,
): Promise<readonly DiscoveredEnvironment[]> {
  return (await new Discovery(workspaceFolder, env).discover()).environments;
}

/** Finds the environments of one workspace folder by reading files: nothing is run. */
export class Discovery {
  private readonly text: WorkspaceText;
  private isSearched = false;

  /**
   * @param workspaceFolder absolute path.
   * @param env the environment variables that Compose will be run with.
   */
  constructor(
    readonly workspaceFolder: string,
    private readonly env: Variables = process.env,
  ) {
    this.text = new WorkspaceText(workspaceFolder);
  }

  /** Whether a change of a file may change which environments there are. @param file absolute path. */
  concerns(file: string): boolean {
    return this.text.concerns(file);
  }

  /** The files besides compose files that tell of environments, and what they take in: absolute paths, there or not. */
  get readFiles(): ReadonlySet<string> {
    return this.text.readFiles;
  }

  /** The env files of the folder, and the examples of such, whether or not an environment has them: absolute paths. */
  get envFiles(): readonly string[] {
    return this.text.envFiles;
  }

  /** The first command, workflow or text for people that gives a variable a value: absolute path; undefined where none does. */
  givenBy(variable: string): string | undefined {
    return this.text.givenBy(variable);
  }

  /** Absolute paths of what is not as it was when it was read. */
  changed(): Promise<readonly string[]> {
    return this.text.changed();
  }

  /**
   * The environments as the files are now.
   * @param changed absolute paths of what changed, came or went since the last time: only that is read. Everything when left out.
   */
  async discover(changed?: readonly string[]): Promise<Discovered> {
    if (changed && this.isSearched) await this.text.update(changed);
    else await this.text.search();
    this.isSearched = true;
    return new Reading(this.workspaceFolder, this.text, this.env).result();
  }
}

/** One look at all that was read. */
class Reading {
  /** Those that were found, and those that others name. */
  private readonly files = new Map<string, ComposeFile>();
  /** Those that were found, by their paths, and by their folders. */
  private readonly composeFiles: readonly ComposeFile[];
  private readonly inFolders = new Map<string, readonly ComposeFile[]>();
  private readonly defaults = new Map<string, Promise<readonly string[]>>();
  private readonly variables: ComposeVariables;
  private readonly stats = new Map<string, Promise<Stats | undefined>>();

  constructor(
    private readonly workspaceFolder: string,
    private readonly text: WorkspaceText,
    env: Variables,
  ) {
    this.variables = new ComposeVariables(workspaceFolder, env);
    this.composeFiles = text.composeFiles;
    for (const file of this.composeFiles) {
      const folder = path.dirname(file.path);
      this.files.set(file.path, file);
      this.inFolders.set(folder, [...(this.inFolders.get(folder) ?? []), file]);
    }
  }

  async result(): Promise<Discovered> {
    const observed = await observe(this.text.scripts, {
      isFile: (file) => this.isFile(file),
      isFolder: (folder) => this.isFolder(folder),
      defaultFiles: (folder, envFiles) => this.defaultFiles(folder, envFiles),
      namesProject: (files, envFiles) => this.namesProject(files, envFiles),
    });
    const declared = await this.declarations();
    await this.readNamed([...declared.environments, ...observed.environments].flatMap(({ files }) => files));
    // With an overlay alone, nothing can be brought up.
    const readOf = ({ files }: Candidate) => files.flatMap((file) => this.files.get(file) ?? []);
    // A service that is being written says nothing yet: that takes no environment away.
    const couldRun = (one: Candidate) =>
      one.isOnlyRead ? saysWhatRuns(readOf(one)) : !readOf(one).every(isNothingByItself);
    const stronger = [...declared.environments, ...observed.environments.filter(couldRun)];
    // What Compose refuses as it is now is no reason to use its files in no other way.
    const working = stronger.filter((one) => saysWhatRuns(readOf(one)));
    const takenIn = this.takenIn();
    const folders = [...new Set(this.composeFiles.map((file) => path.dirname(file.path)))].sort();
    const inferred = folders.flatMap((folder) =>
      inferEnvironments(this.filesIn(folder), { stronger: working, takenIn, composeFiles: this.composeFiles }),
    );
    const candidates = [...stronger, ...inferred];
    const envFiles = await this.envFiles(candidates.map(({ projectDirectory }) => projectDirectory));
    const combined = await combine(candidates, {
      workspaceFolder: this.workspaceFolder,
      composeFile: (file) => this.files.get(file),
      variables: this.variables,
      envFilesFor: (folder, name) => envFilesNamed(folder, name, this.workspaceFolder, envFiles),
    });
    return {
      environments: await Promise.all(combined.map((one) => this.environment(one, observed.elsewhere))),
      levels: declared.levels,
      problems: [
        ...this.text.unreadable.map(
          ({ file, reason }): ConfigurationWarning => ({
            code: 'unreadable-file',
            message: l10n.t("{0} can't be read: {1}.", path.basename(file), reason),
            remedy: l10n.t('Make it a text that you may read, or remove it.'),
            place: { file },
          }),
        ),
        ...declared.problems,
        ...observed.problems.flatMap((problem) => commandProblem(problem, this.workspaceFolder)),
        ...this.halves(candidates, takenIn),
      ].map((problem) => this.text.withWholeLine(problem)),
    };
  }

  private async declarations(): Promise<Omit<Declaration, 'levels'> & Pick<Discovered, 'levels'>> {
    const { declared } = this.text;
    const preferred = (file: string) => path.join(path.dirname(file), DECLARATION_NAMES[0]);
    const isOutdone = (file: string) => preferred(file) !== file && declared.has(preferred(file));
    const read = await Promise.all(
      [...declared].map(async ([file, text]) => {
        if (isOutdone(file)) return { folder: path.dirname(file), ...outdone(file) };
        const declaration = await readDeclaration(file, text, {
          isFile: (one) => this.isFile(one),
          defaultFiles: (folder) => this.defaultFiles(folder),
        });
        return { folder: path.dirname(file), ...declaration };
      }),
    );
    return {
      environments: read.flatMap(({ environments }) => environments),
      problems: read.flatMap(({ problems }) => problems),
      levels: read
        .flatMap(({ folder, levels }) => (levels ? [{ folder, levels }] : []))
        .sort((a, b) => a.folder.length - b.folder.length),
    };
  }

  private async environment(one: Combined, elsewhere: Observations['elsewhere']): Promise<DiscoveredEnvironment> {
    const { candidate } = one;
    const { evidence, waits, commands, givenVariables, providedEnvFiles, upTogether, levels } = candidate;
    const problems = await environmentProblems(one, {
      composeFile: (file) => this.files.get(file),
      isFile: (file) => this.isFile(file),
      isFolder: (folder) => this.isFolder(folder),
    });
    const runElsewhere = one.definition.files.flatMap((file) => elsewhere.get(file) ?? []);
    const known = {
      ...(runElsewhere.length > 0 ? { runElsewhere } : {}),
      ...(waits ? { waits } : {}),
      ...(this.isGuessed(candidate) ? { isGuessed: true } : {}),
      ...(await missingOverrideOf(candidate, this.variables)),
      ...(givenVariables?.length ? { givenVariables } : {}),
      ...(providedEnvFiles?.length ? { providedEnvFiles } : {}),
      ...(upTogether ? { upTogether } : {}),
      ...(levels ? { levels } : {}),
    };
    const ranged = problems.map((problem) => this.text.withWholeLine(problem));
    const knowledge = { evidence, commands, problems: ranged, ...known };
    const definition = { ...one.definition, knowledge };
    const own = definition.files.flatMap((file) => this.files.get(file) ?? []);
    const { projectDirectory, envFiles } = definition;
    const takenIn = await this.withReferences(own, projectDirectory);
    const read = [...this.variables.usualEnvFiles(projectDirectory), ...envFiles, ...takenIn];
    const dependsOn = new Set(read.filter((file) => !isOnOtherMachine(file, this.workspaceFolder)));
    return {
      definition,
      dependsOn,
      readsMore:
        own.length < definition.files.length ||
        read.some((file) => !dependsOn.has(file) || this.files.get(file)?.readsMore === true),
      servicesInText: [...new Set(own.flatMap((file) => file.services))].sort(),
      ...(candidate.isOnCiOnly ? { isOnCiOnly: true } : {}),
    };
  }

  /** Whether which files belong together is only guessed: see `Knowledge`. */
  private isGuessed({ origin, isOneWay = false, isDefault, files, projectDirectory }: Candidate): boolean {
    const isAlone = isDefault && this.filesIn(projectDirectory).length === files.length;
    const own = files.flatMap((file) => this.files.get(file) ?? []);
    return origin === 'inferred' ? !isAlone || areCompletedAbove(own, this.composeFiles) : isOneWay;
  }

  /** Overlays that no environment has, as there is nothing to lay them over. */
  private halves(candidates: readonly Candidate[], takenIn: ReadonlySet<string>): readonly ConfigurationWarning[] {
    const used = new Set(candidates.flatMap(({ files }) => files));
    return this.composeFiles.flatMap((file) => {
      if (!isHalf(file) || used.has(file.path) || takenIn.has(file.path)) return [];
      // A dev container's, which VS Code makes of a template: only its devcontainer.json uses it.
      if (path.basename(path.dirname(file.path)) === '.devcontainer') return [];
      if (
        file.variant === undefined
          ? !isPart(file, this.composeFiles)
          : defaultFiles(this.filesIn(path.dirname(file.path))).length > 0
      )
        return [];
      const service = file.services.find((name) => !file.completeServices.includes(name)) ?? '';
      return [
        {
          code: 'overlay-without-base',
          message:
            file.variant === undefined
              ? l10n.t(
                  'No service in {0} has an image or a build: it is laid over other files.',
                  path.basename(file.path),
                )
              : l10n.t(
                  '"{0}" has neither an image nor a build, and there is no base file beside {1}.',
                  service,
                  path.basename(file.path),
                ),
          remedy: l10n.t('Declare in berth.yaml which files it is used with.'),
          place: { file: file.path },
        },
      ];
    });
  }

  /** The paths that other files take in. Those that only take in each other are none: Compose says what is wrong with them. */
  private takenIn(): ReadonlySet<string> {
    const inFile = (file: ComposeFile) => referencesOf(file, path.dirname(file.path));
    const named = new Set(this.composeFiles.flatMap(inFile).map(({ path: file }) => file));
    const reached = new Set<string>();
    const visit = (file: ComposeFile | undefined) => {
      for (const { path: taken } of file ? inFile(file) : []) {
        if (reached.has(taken)) continue;
        reached.add(taken);
        visit(this.files.get(taken));
      }
    };
    for (const file of this.composeFiles) if (!named.has(file.path)) visit(file);
    return reached;
  }

  private filesIn(folder: string): readonly ComposeFile[] {
    return this.inFolders.get(folder) ?? [];
  }

  /** Those that commands name may be called anything, and be anywhere. */
  private async readNamed(files: readonly string[]): Promise<void> {
    await Promise.all(
      files.map(async (file) => {
        if (this.files.has(file)) return;
        const text = await readText(file, this.workspaceFolder).catch(() => undefined);
        if (text !== undefined) this.files.set(file, await readComposeFile(file, text));
      }),
    );
  }

  private async isFile(file: string): Promise<boolean> {
    return this.files.has(file) || (await this.statOf(file))?.isFile() === true;
  }

  private async isFolder(folder: string): Promise<boolean> {
    return (await this.statOf(folder))?.isDirectory() === true;
  }

  private statOf(file: string): Promise<Stats | undefined> {
    const isLookedAt = !isOnOtherMachine(file, this.workspaceFolder);
    const asked =
      this.stats.get(file) ?? (isLookedAt ? fs.stat(file).catch(() => undefined) : Promise.resolve(undefined));
    this.stats.set(file, asked);
    return asked;
  }

  /** Compose looks in the folder, and then in those above, unless a `COMPOSE_FILE` says it. */
  private defaultFiles(folder: string, envFiles: readonly string[] = []): Promise<readonly string[]> {
    const key = JSON.stringify([folder, envFiles]);
    const found = this.defaults.get(key) ?? this.findDefaultFiles(folder, envFiles);
    this.defaults.set(key, found);
    return found;
  }

  private async findDefaultFiles(folder: string, envFiles: readonly string[]): Promise<readonly string[]> {
    const { files } = await this.variables.settings(folder, envFiles);
    if (files) return files;
    for (let at = folder; ; at = path.dirname(at)) {
      const found = defaultFiles(this.filesIn(at));
      if (found.length > 0) return found.map((file) => file.path);
      if (at === path.dirname(at) || path.relative(this.workspaceFolder, at).startsWith('..')) return [];
    }
  }

  private async namesProject(files: readonly string[], envFiles: readonly string[]): Promise<boolean> {
    await this.readNamed(files);
    if (files.some((file) => this.files.get(file)?.projectName !== undefined)) return true;
    const { projectName } = await this.variables.settings(path.dirname(files[0] ?? ''), envFiles);
    return projectName !== undefined;
  }

  /** The names of the env files in the folders where those of an environment may be: absolute paths. */
  private async envFiles(projectDirectories: readonly string[]): Promise<ReadonlySet<string>> {
    const folders = new Set(projectDirectories.flatMap((folder) => envFolders(folder, this.workspaceFolder)));
    const found = await Promise.all(
      [...folders].map(async (folder) => {
        const names = await fs.readdir(folder).catch((): string[] => []);
        return names.filter((name) => /env/i.test(name)).map((name) => path.join(folder, name));
      }),
    );
    return new Set(found.flat());
  }

  /** The paths of the compose files of a project and of all they take in, however far. */
  private async withReferences(files: readonly ComposeFile[], projectDirectory: string): Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    const visit = async (file: ComposeFile, from: string) => {
      seen.add(file.path);
      for (const reference of referencesOf(file, from)) {
        if (seen.has(reference.path)) continue;
        seen.add(reference.path);
        if (reference.isComposeFile) await this.readNamed([reference.path]);
        const taken = reference.isComposeFile ? this.files.get(reference.path) : undefined;
        if (taken) await visit(taken, reference.directory);
      }
    };
    for (const file of files) await visit(file, projectDirectory);
    return seen;
  }
}
