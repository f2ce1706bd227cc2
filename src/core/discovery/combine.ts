import path from 'node:path';
import { sameList } from '../common/lists';
import { relativePath } from '../common/paths';
import { joined } from '../model/command';
import { type EnvironmentDefinition, type Origin, type Purpose, purposeIn, purposeOfName } from '../model/environment';
import { normalisedProjectName } from '../model/project';
import type { Candidate } from './candidate';
import type { ComposeFile } from './composeFile';
import type { ComposeVariables } from './composeVariables';

export interface CombineOptions {
  readonly workspaceFolder: string;
  readonly composeFile: (file: string) => ComposeFile | undefined;
  readonly variables: ComposeVariables;
  /** The env files that are there for an environment by their names. @param name of the environment. */
  readonly envFilesFor: (projectDirectory: string, name: string) => readonly string[];
}

/** An environment, and what told it. */
export interface Combined {
  readonly definition: EnvironmentDefinition;
  readonly candidate: Candidate;
}

const ORIGINS: readonly Origin[] = ['declared', 'observed', 'inferred', 'running'];
const PURPOSES: readonly Purpose[] = ['development', 'test', 'ci', 'production', 'other'];

/**
 * Makes environments of what the origins say: each once, with the facts of the strongest origin, with a name that is unique in
 * its workspace folder, and with a project of its own, so that they can run side by side. The development environment keeps the
 * project that Compose chooses by itself, so that what people already run is found; another one gets `<that name>-<environment>`,
 * unless a file of its own, or somebody's command, names one.
 * @param candidates of all origins.
 */
export async function combine(candidates: readonly Candidate[], options: CombineOptions): Promise<readonly Combined[]> {
  const folders = new Map<string, Candidate[]>();
  for (const one of merged(candidates)) {
    folders.set(one.projectDirectory, [...(folders.get(one.projectDirectory) ?? []), one]);
  }
  const several = folders.size > 1;
  const inEach = [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, own]) => inFolder(folder, own, several, options));
  return withUniqueNames((await Promise.all(inEach)).flat());
}

/** What two folders call alike gets a number, unless it is declared so. */
function withUniqueNames(all: readonly Combined[]): readonly Combined[] {
  const isDeclared = ({ definition }: Combined) => definition.origin === 'declared';
  const taken = new Set(all.filter(isDeclared).map(({ definition }) => definition.name));
  return all.map((one) => {
    if (isDeclared(one)) return one;
    const name = freeName(one.definition.name, taken);
    taken.add(name);
    return { ...one, definition: { ...one.definition, name } };
  });
}

/** A name that is not taken: it itself, or else the first number behind it that is free. */
function freeName(wanted: string, taken: Pick<ReadonlySet<string>, 'has'>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  return name;
}

/** Those that are the same environment become one. */
function merged(candidates: readonly Candidate[]): readonly Candidate[] {
  const result: Candidate[] = [];
  const strongestFirst = [...candidates].sort((a, b) => ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin));
  for (const one of strongestFirst) {
    const same = result.filter((stronger) => stronger.origin !== one.origin && isSame(stronger, one));
    const stronger = same.find((other) => saysAlike(other, one)) ?? same[0];
    if (!stronger) result.push(one);
    else result[result.indexOf(stronger)] = together(stronger, one);
  }
  return result;
}

/** Each fact from the stronger one that tells it. */
function together(stronger: Candidate, weaker: Candidate): Candidate {
  const filled = <T>(one: readonly T[], other: readonly T[]) => (one.length > 0 ? one : other);
  return {
    ...stronger,
    name: stronger.name ?? weaker.name,
    purpose: stronger.purpose ?? weaker.purpose,
    isDefault: stronger.isDefault || weaker.isDefault,
    envFiles: filled(stronger.envFiles, weaker.envFiles),
    profiles: filled(stronger.profiles, weaker.profiles),
    projectName: stronger.projectName ?? weaker.projectName,
    evidence: [...stronger.evidence, ...weaker.evidence],
    waits: stronger.waits ?? weaker.waits,
    givesOwnEnvFile: stronger.givesOwnEnvFile ?? weaker.givesOwnEnvFile,
    providedEnvFiles: [...(stronger.providedEnvFiles ?? []), ...(weaker.providedEnvFiles ?? [])],
    upTogether: stronger.upTogether ?? weaker.upTogether,
    commands: joined(stronger.commands, weaker.commands),
  };
}

/** What is run on another engine, or for another purpose, is another one with the same files. */
function isSame(stronger: Candidate, weaker: Candidate): boolean {
  const agrees = <T>(a: T | undefined, b: T | undefined) => a === undefined || b === undefined || a === b;
  return (
    sameList(stronger.files, weaker.files) &&
    agrees(stronger.projectName, weaker.projectName) &&
    (weaker.context === undefined || weaker.context === stronger.context) &&
    (stronger.envFiles.length === 0 || weaker.envFiles.length === 0 || sameList(stronger.envFiles, weaker.envFiles)) &&
    agrees(purposeSaid(stronger), purposeAdded(stronger, weaker))
  );
}

/** Whether two agree by what both say, and not by what one of them leaves out. */
function saysAlike(one: Candidate, other: Candidate): boolean {
  return (
    one.context === other.context && one.projectName === other.projectName && sameList(one.envFiles, other.envFiles)
  );
}

/** The purpose of an environment that is called something; undefined where that says nothing. */
function purposeSaid({ name, purpose }: Candidate): Purpose | undefined {
  const said = purpose ?? purposeOfName(name ?? '');
  return said === 'other' ? undefined : said;
}

/** The purpose that is told by the project, env files and profiles which a weaker origin would add. */
function purposeAdded(stronger: Candidate, weaker: Candidate): Purpose | undefined {
  const words = [
    ...(stronger.projectName === undefined ? [weaker.projectName ?? ''] : []),
    ...(stronger.envFiles.length === 0 ? weaker.envFiles.map((file) => path.basename(file)) : []),
    ...(stronger.profiles.length === 0 ? weaker.profiles : []),
  ].flatMap((text) => purposeIn(text) ?? []);
  return words[0] === undefined ? undefined : purposeOfName(words[0]);
}

async function inFolder(
  folder: string,
  candidates: readonly Candidate[],
  isOneOfSeveral: boolean,
  { workspaceFolder, composeFile, variables, envFilesFor }: CombineOptions,
): Promise<readonly Combined[]> {
  const relative = relativePath(workspaceFolder, folder);
  const named = withNames(candidates, wordOfFolders(relative)).sort(
    (a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1),
  );
  const free = named.filter((one) => one.projectName === undefined);
  const forDevelopment = free.filter((one) => one.purpose === 'development');
  // Of several without any for development, none is preferred: which it is would change when another one comes.
  const keeper =
    forDevelopment.find(({ isDefault }) => isDefault) ??
    forDevelopment[0] ??
    free.find(({ isDefault }) => isDefault) ??
    (free.length === 1 ? free[0] : undefined);
  const combined = named.map(async (one): Promise<Combined> => {
    const envFiles =
      one.envFiles.length > 0 || one.origin !== 'inferred' ? one.envFiles : envFilesFor(folder, one.name);
    const { projectName: given, profiles } = await variables.settings(folder, envFiles);
    // The `.env` beside the project speaks for all environments there.
    const ofEnvFile = await variables.projectNamedIn(envFiles.filter((file) => file !== path.join(folder, '.env')));
    const nameIn = (file: string) => asComposeHasIt(composeFile(file)?.projectName);
    const lastName = one.files.map(nameIn).findLast((name) => name !== undefined);
    // A file that others are laid over, too, names the project of the environment that ends with it.
    const isOwn = (file: string) =>
      file === one.files.at(-1) || !named.some((other) => other !== one && other.files.includes(file));
    const ownName = one.files
      .filter((file) => isOwn(file) && !keeper?.files.includes(file))
      .map(nameIn)
      .findLast((name) => name !== undefined);
    const usual = plainText(given ?? lastName ?? normalisedProjectName(folder));
    const sideName = one === keeper ? undefined : sideProject(one.name, ownName, usual, folder);
    const ownProject = ofEnvFile === undefined ? sideName : plainText(ofEnvFile);
    const definition: EnvironmentDefinition = {
      id: `${workspaceFolder}#${relative}#${one.name}`,
      name: shownName(one, isOneOfSeveral ? relative : '', workspaceFolder),
      workspaceFolder,
      projectDirectory: folder,
      files: one.files,
      envFiles,
      profiles: one.profiles.length > 0 || one.origin === 'declared' ? one.profiles : profiles,
      projectName: one.projectName ?? ownProject,
      context: one.context,
      purpose: one.purpose,
      origin: one.origin,
      ...(one.ephemeral === undefined ? {} : { ephemeral: one.ephemeral }),
      ...(one.startup ? { startup: one.startup } : {}),
      usualProject: one.projectName ?? (one.isProjectUnknown ? undefined : usual),
    };
    return { definition, candidate: one };
  });
  return Promise.all(combined);
}

/** A name that is unique in the workspace folder: a declared one by the folder that it is declared in. */
function shownName({ name, origin, evidence: [first] }: Named, relative: string, workspaceFolder: string): string {
  const folder =
    origin === 'declared' && first ? relativePath(workspaceFolder, path.dirname(first.place.file)) : relative;
  return folder ? prefixed(folder, name) : name;
}

/** `docker/dev` and not `docker/dev/dev`. */
function prefixed(relative: string, name: string): string {
  const isSaid = path.posix.basename(relative).replace(/^\./, '') === name;
  return isSaid ? path.posix.join(path.posix.dirname(relative), name) : `${relative}/${name}`;
}

/**
 * The project to give Compose. Given even where a file names it: `COMPOSE_PROJECT_NAME` would win over that, and put
 * several environments into one project. Undefined where only Compose can tell.
 */
function sideProject(
  name: string,
  ownName: string | undefined,
  usual: string | undefined,
  folder: string,
): string | undefined {
  if (ownName !== undefined) return plainText(ownName);
  return `${usual ?? normalisedProjectName(folder)}-${normalisedProjectName(name)}`;
}

/** Of a `name:` Compose makes a name of a project, while it refuses the same with `--project-name`. Measured with 2.26. */
function asComposeHasIt(name: string | undefined): string | undefined {
  return name === undefined || name.includes('$') ? name : normalisedProjectName(name);
}

/** A text of which Compose makes nothing else; undefined where it has variables, whose values only Compose knows. */
function plainText(text: string): string | undefined {
  return text.includes('$') ? undefined : text;
}

type Named = Candidate & { readonly name: string; readonly purpose: Purpose };

/**
 * Gives each a name of its own in its folder: the strongest origin, and of that the first, has the first choice.
 * @param wordOfFolder the word for a purpose that the folder's path has, if it has one.
 */
function withNames(candidates: readonly Candidate[], wordOfFolder: string | undefined): Named[] {
  const taken = new Map<string, Named>();
  const named = candidates.filter(({ name }) => name !== undefined);
  // What Compose runs without being told anything comes before what a command gives a project of its own.
  const unnamed = candidates
    .filter(({ name }) => name === undefined)
    .sort((a, b) => Number(a.projectName !== undefined) - Number(b.projectName !== undefined));
  for (const one of [...named, ...unnamed]) {
    const isOneOfSeveral = unnamed.some((other) => other !== one && sameList(other.files, one.files));
    const wanted =
      one.name ??
      wordOfFolder ??
      (isOneOfSeveral ? one.projectName : undefined) ??
      nameOfDefault(
        one,
        [...taken.values()].map(({ name }) => purposeOfName(name)),
      );
    const others = one.name === undefined ? ['base', 'default', 'plain'] : otherNames(one, one.name);
    const name = [wanted, ...others].find((other) => !taken.has(other)) ?? freeName(wanted, taken);
    taken.set(name, { ...one, name, purpose: one.purpose ?? purposeOfName(purposeIn(wanted) ?? '') });
  }
  return [...taken.values()];
}

/** `production` of `docker/production`: the word for a purpose that the nearest folder has, below the workspace folder. */
function wordOfFolders(relative: string): string | undefined {
  return relative
    .split('/')
    .reverse()
    .map(purposeIn)
    .find((word) => word !== undefined);
}

/**
 * What Compose runs without being told files is what one develops with: surely with an override file, which is for that.
 * A base file alone is not where an overlay is for that: then it is what the overlays build upon.
 */
function nameOfDefault({ files }: Candidate, taken: readonly Purpose[]): string {
  if (files.length > 1 || !taken.includes('development')) return 'dev';
  return taken.includes('production') ? 'base' : 'prod';
}

/** What else distinguishes an environment whose name is taken. */
function otherNames(
  { files, envFiles, profiles, projectName, isOnCiOnly }: Candidate,
  wanted: string,
): readonly string[] {
  const variants = files.flatMap(
    (file) => /compose[._-](.+)\.ya?ml$/i.exec(path.basename(file))?.[1]?.toLowerCase() ?? [],
  );
  const ofEnvFiles = envFiles.map((file) => path.basename(file).replace(/^\.?env[._-]?|[._-]env$/g, ''));
  const words = [...variants, ...profiles, ...ofEnvFiles, projectName, isOnCiOnly ? 'ci' : undefined];
  return words.flatMap((word) => (word && word !== wanted ? [`${wanted}-${word}`] : []));
}

function rank({ purpose }: Named): number {
  return PURPOSES.indexOf(purpose);
}
