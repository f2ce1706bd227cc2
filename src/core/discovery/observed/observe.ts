import path from 'node:path';
import { groupBy, sameList } from '../../common/lists';
import { type EnvironmentCommand, joined } from '../../model/command';
import { type Evidence, purposeIn, type RunElsewhere } from '../../model/environment';
import type { Candidate } from '../candidate';
import { nameFrom } from './environmentName';
import { type Invocation, invocationOf, SUBSTITUTION, waitsForAll } from './invocation';
import { localCommands } from './localCommands';
import { type ObservationProblem, onceEach, placeKey } from './observationProblem';
import { commandsIn, speaksOfCompose } from './scriptCommands';
import type { WrittenCommand } from './shell';
import { isKnown } from './shellWords';
import { SOURCES, type WrittenScript } from './sources';
import { lineAt } from './sources/texts';
import { runsTestsInContainer, testCommandOf } from './testCommand';
import { upTogether } from './upTogether';

/** What a repository's own commands say. */
export interface Observations {
  readonly environments: readonly Candidate[];
  /** Compose files that commands name and that are not there, and options whose values only running something would tell. */
  readonly problems: readonly ObservationProblem[];
  /** What runs files of the repository on an engine that is not known by a context, by each of those files. */
  readonly elsewhere: ReadonlyMap<string, readonly RunElsewhere[]>;
}

/** What there is in the repository besides the commands. */
export interface Repository {
  readonly isFile: (file: string) => Promise<boolean>;
  readonly isFolder: (folder: string) => Promise<boolean>;
  /** The files that Compose takes when it is run in a folder and not told any but env files; empty when there are none. */
  readonly defaultFiles: (folder: string, envFiles?: readonly string[]) => Promise<readonly string[]>;
  /** Whether `COMPOSE_PROJECT_NAME`, or a `name:` in some compose files, gives them a project. */
  readonly namesProject: (files: readonly string[], envFiles: readonly string[]) => Promise<boolean>;
}

/** An invocation whose files are there. */
interface Sighting extends Invocation {
  readonly isDefault: boolean;
  readonly isLeftToCompose: boolean;
  /** Whether it has the `.env` that Compose reads of itself, and refuses to go on without that. */
  readonly givesOwnEnvFile: boolean;
  /** Those of its env files that are made before it, or asked for. */
  readonly providedEnvFiles: readonly string[];
  readonly script: WrittenScript;
  /** The command that it was read from. */
  readonly written: WrittenCommand;
  /** The target, script, job, function or pattern that it belongs to. */
  readonly label?: string;
  readonly evidence: Evidence;
}

/** What says on which engine. */
const ENGINE = new Set(['-H', '--host', 'DOCKER_HOST']);

/** What says in which project. */
const PROJECT = ['-p', '--project-name', 'COMPOSE_PROJECT_NAME'];

/** What decides which environment it is: without knowing these, nothing can be said. */
const UNKNOWN_MATTERS = new Set([SUBSTITUTION, '-f', '--file', 'COMPOSE_FILE', ...ENGINE]);

/** What makes or uses containers; what only builds or shows something is no environment. */
const RUNNING_VERBS = new Set(['up', 'start', 'run', 'create', 'watch', 'restart', 'exec']);

const JUSTFILE = /^\.?justfile$|\.just$/i;

/** What makes containers. */
const MAKING_VERBS = new Set(['up', 'create', 'watch', 'run']);

/** Finds the environments that a repository's own commands run, by reading them. */
export async function observe(scripts: readonly WrittenScript[], repository: Repository): Promise<Observations> {
  const problems: ObservationProblem[] = [];
  const sightings: Sighting[] = [];
  const elsewhere = new Map<string, readonly RunElsewhere[]>();
  const folders = new Map<WrittenScript, string>();
  for (const script of scripts) {
    if (!speaksOfCompose(script)) continue;
    const seen = await sightingsIn(script, repository);
    sightings.push(...seen.sightings);
    problems.push(...seen.problems);
    folders.set(script, seen.folder);
    for (const { file, run } of seen.elsewhere) elsewhere.set(file, [...(elsewhere.get(file) ?? []), run]);
  }
  const byCommand = new Map(sightings.map((sighting) => [sighting.written, sighting]));
  const local = await localCommands(scripts, (script) => commandsIn(script, folders.get(script)), byCommand);
  // What a line of a makefile leaves open, those that call its target say; of a justfile, the one that takes it in.
  const answered = new Set(sightings.filter(isReadAgain).map(({ evidence }) => placeKey(evidence.place)));
  const open = problems.filter(({ place }) => !answered.has(placeKey(place)));
  // Where two want the same name, the stronger source has the first choice.
  const groups = [...grouped(sightings)].sort((a, b) => strength(a) - strength(b));
  const together = await upTogether(scripts, folders, groups);
  const environments = groups.flatMap((group) =>
    observedOf(group, local).map((one) => ({ ...one, upTogether: together.get(group) })),
  );
  return { environments, problems: onceEach(open), elsewhere };
}

/** The place of a group's strongest source among all: the less, the stronger. */
function strength(group: readonly Sighting[]): number {
  return Math.min(...group.map(({ script }) => SOURCES.indexOf(script.source)));
}

function isReadAgain({ script }: Sighting): boolean {
  return script.source === 'makefile' || JUSTFILE.test(path.basename(script.file));
}

async function sightingsIn(script: WrittenScript, repository: Repository) {
  let best: Awaited<ReturnType<typeof sightingsFrom>> = { sightings: [], problems: [], elsewhere: [], folder: '' };
  const all: (typeof best)[] = [];
  // Which folder a script is meant to be run in, its files tell.
  for (const folder of new Set(script.folders)) {
    const found = await sightingsFrom(script, folder, repository);
    all.push(found);
    if (found.sightings.length > best.sightings.length || best.sightings.length + best.problems.length === 0)
      best = found;
  }
  // What is there from another of its folders is not missing.
  const isMissing = ({ missing, place }: ObservationProblem) =>
    missing === undefined ||
    all.every(({ problems }) => problems.some((one) => one.missing && placeKey(one.place) === placeKey(place)));
  return { ...best, problems: best.problems.filter(isMissing) };
}

/** A folder that a text speaks of, if it is there; else the one that it is read in. */
async function inRepository(folder: string, readIn: string, { isFolder }: Repository): Promise<string> {
  return isKnown(folder) && (await isFolder(folder)) ? folder : readIn;
}

/**
 * What is written for another machine, where the repository is elsewhere (`cd /opt/shop && docker compose -f …`), as it is
 * here; undefined when it is not, or its files are not here.
 */
async function hereInstead(
  { folder, files, unknown }: Invocation,
  command: WrittenCommand,
  readIn: string,
  { isFile, isFolder }: Repository,
): Promise<Invocation | undefined> {
  if (files.length === 0 || unknown.length > 0 || !isKnown(folder)) return undefined;
  if (!path.relative(readIn, folder).startsWith('..') || (await isFolder(folder))) return undefined;
  const here = invocationOf(command, readIn);
  const isThere = await Promise.all((here?.files ?? []).map(isFile));
  return isThere.every(Boolean) ? here : undefined;
}

/** The files that a command runs, where they are in the repository: it may have copied them into a folder that it has made. */
async function filesHere(
  { files, folder, projectDirectory }: Invocation,
  command: WrittenCommand,
  readIn: string,
  { isFile, defaultFiles }: Repository,
): Promise<readonly string[]> {
  if (files.length === 0) return defaultFiles(projectDirectory ?? folder);
  const all = [...files, ...(invocationOf(command, readIn)?.files ?? [])];
  const isThere = await Promise.all(all.map(isFile));
  return [...new Set(all.filter((_, index) => isThere[index]))];
}

async function sightingsFrom(script: WrittenScript, folder: string, repository: Repository) {
  const { isFile, defaultFiles } = repository;
  const { source, label, file, shell } = script;
  const commands = await commandsIn(script, folder);
  const sightings: Sighting[] = [];
  const problems: ObservationProblem[] = [];
  const elsewhere: { readonly file: string; readonly run: RunElsewhere }[] = [];
  for (const command of commands) {
    // What is read is often begun by cloning the repository, and going there.
    const runsIn = source === 'docs' ? await inRepository(command.folder, folder, repository) : command.folder;
    const written = invocationOf(command, runsIn);
    if (!written || written.isAtHome) continue;
    const invocation = (await hereInstead(written, command, folder, repository)) ?? written;
    const line = script.line + lineAt(shell, command.offset) - 1;
    const ownLabel =
      source === 'shell' ? ([...command.labels].reverse().find(purposeIn) ?? command.labels.at(-1) ?? label) : label;
    const place = { file, line };
    const evidence = { label: evidenceLabel(source, ownLabel, file), place };
    // What only shows or builds something makes no environment, so that nothing is missed.
    const tell = (problem: ObservationProblem) => isRunning(invocation.verb) && problems.push(problem);
    const givesElsewhere = async () => {
      const run = { ...evidence, givenVariables: Object.keys(command.variables) };
      if (source === 'docs' || !isRunning(invocation.verb)) return;
      for (const file of await filesHere(invocation, command, folder, repository)) elsewhere.push({ file, run });
    };
    const unknown = invocation.unknown.find((name) => UNKNOWN_MATTERS.has(name));
    if (unknown !== undefined && ENGINE.has(unknown)) await givesElsewhere();
    if (unknown !== undefined) {
      // What a text leaves to whoever reads it is no trouble.
      if (source !== 'docs') tell({ place, unknown, label: ownLabel });
      continue;
    }
    const { host } = invocation;
    // Taken for one of this engine, what is meant for another would be brought up here.
    if (host !== undefined && !/^(?:unix|npipe):/.test(host)) {
      await givesElsewhere();
      tell({ place, host });
      continue;
    }
    const isProvided = (one: string) => command.provided.has(one) || script.provided?.includes(one) === true;
    const searched = invocation.projectDirectory ?? invocation.folder;
    const found = await defaultFiles(searched, invocation.envFiles);
    const files = invocation.files.length > 0 ? invocation.files : found;
    const missing = (await Promise.all(files.map(async (one) => ((await isFile(one)) ? [] : [one])))).flat()[0];
    if (missing !== undefined) {
      // That it may not be there, the script knows where it makes it, or asks for that.
      const isOfWindows = missing.includes('\\') && (await isFile(path.resolve(missing.replaceAll('\\', '/'))));
      // Nor what a page runs where this repository is not (`ssh server`, `cd ~/shop`).
      const isAway =
        source === 'docs' && (!isKnown(command.folder) || path.relative(folder, command.folder).startsWith('..'));
      if (!isProvided(missing) && !isAway) tell({ place, missing, ...(isOfWindows ? { isOfWindows } : {}) });
      continue;
    }
    const besides = invocation.files.length === 0 && (await isNamedElsewhere(files, searched, isFile));
    const own = path.join(invocation.projectDirectory ?? path.dirname(files[0] ?? ''), '.env');
    // Compose reads it anyway: it is the environment of those that do not give it.
    const isOwn = sameList(invocation.envFiles, [own]);
    const envFiles = besides ? [path.join(searched, '.env')] : isOwn ? [] : invocation.envFiles;
    const givesOwnEnvFile = isOwn && source !== 'docs' && source !== 'workflow';
    const providedEnvFiles = invocation.envFiles.filter(isProvided);
    const { defaultProject } = script;
    const isGiven = defaultProject !== undefined && !(await repository.namesProject(files, invocation.envFiles));
    if (files.length > 0)
      sightings.push({
        ...invocation,
        ...(isGiven ? { projectName: invocation.projectName ?? defaultProject } : {}),
        ...{ files, envFiles, isDefault: sameList(files, found), givesOwnEnvFile, providedEnvFiles },
        isLeftToCompose: invocation.files.length === 0,
        ...{ label: ownLabel, script, written: command, evidence },
      });
  }
  return { sightings, problems, elsewhere, folder };
}

/**
 * Whether a `.env` with a `COMPOSE_FILE` is not beside the files that it names: Compose reads it all the same, and would not if it
 * were given the files.
 */
async function isNamedElsewhere(
  [first]: readonly string[],
  folder: string,
  isFile: Repository['isFile'],
): Promise<boolean> {
  if (first === undefined || !path.relative(path.dirname(first), folder).startsWith('..')) return false;
  return isFile(path.join(folder, '.env'));
}

/**
 * The invocations that mean the same environment. Those that leave out the project, the env files or the profiles, and make
 * nothing, mean the one that has them, where that is the only one with these files. So do those of CI that leave out the
 * project: there, nothing else is on the machine.
 */
function grouped(sightings: readonly Sighting[]): readonly (readonly Sighting[])[] {
  const byFiles = groupBy(sightings, ({ files, projectDirectory, context }) => [files, projectDirectory, context]);
  const groups = byFiles.map(withoutProjectsOfCi);
  return groups.flatMap((same) => splitBy(splitBy(splitBy([same], 'projectName'), 'envFiles'), 'profiles'));
}

/** What a workflow gives a project that tells no purpose, and others make without one, is the same: there is nothing beside it. */
function withoutProjectsOfCi(same: readonly Sighting[]): readonly Sighting[] {
  const isOfCi = ({ script }: Sighting) => script.source === 'workflow';
  const isMade = ({ verb = '', projectName }: Sighting) => projectName === undefined && MAKING_VERBS.has(verb);
  if (!same.some((one) => !isOfCi(one) && isMade(one))) return same;
  const isOnlyOfCi = (one: Sighting) => isOfCi(one) && purposeIn(one.projectName ?? '') === undefined;
  return same.map((one) => (isOnlyOfCi(one) ? { ...one, projectName: undefined } : one));
}

/** How somebody would call it: `make dev-up`, `npm run docker:up`; the file's own name where it has no better one. */
function evidenceLabel(source: WrittenScript['source'], label: string | undefined, file: string): string {
  const base = path.basename(file);
  if (label === undefined || label === '') return base;
  if (source === 'makefile') return `make ${label}`;
  if (base === 'package.json') return `npm run ${label}`;
  if (JUSTFILE.test(base)) return `just ${label}`;
  if (/^taskfile/i.test(base)) return `task ${label}`;
  return label === path.parse(file).name ? base : `${base}: ${label}`;
}

function splitBy(
  groups: readonly (readonly Sighting[])[],
  fact: 'projectName' | 'envFiles' | 'profiles',
): readonly (readonly Sighting[])[] {
  return groups.flatMap((group) => {
    const isSaid = (sighting: Sighting) => (sighting[fact]?.length ?? 0) > 0;
    const saying = groupBy(group.filter(isSaid), (sighting) => sighting[fact]);
    const silent = group.filter((sighting) => !isSaid(sighting));
    if (saying.length === 0) return [[...group]];
    // What its caller is to give (`--env-file "$1"`) is one of those.
    const without = silent.filter(({ unknown }) => fact !== 'envFiles' || !unknown.includes('--env-file'));
    // Profiles are for some services more, unless their names are those of environments.
    const purposes = new Set(saying.map(([first]) => purposeIn(first?.profiles.join(' ') ?? '')));
    if (fact === 'profiles' && (purposes.size < 2 || purposes.has(undefined))) return [[...group]];
    const [only, ...more] = saying;
    const isAnother = ({ verb, script }: Sighting) =>
      verb !== undefined && MAKING_VERBS.has(verb) && !(fact === 'projectName' && script.source === 'workflow');
    if (only && more.length === 0 && !without.some(isAnother)) {
      return [[...only, ...silent]];
    }
    return [...saying, ...(without.some(({ verb }) => isRunning(verb)) ? [without] : [])];
  });
}

function observedOf(
  group: readonly Sighting[],
  local: ReadonlyMap<WrittenCommand, readonly EnvironmentCommand[]>,
): readonly Candidate[] {
  const running = group.filter(({ verb }) => isRunning(verb));
  const sorted = [...group].sort((a, b) => SOURCES.indexOf(a.script.source) - SOURCES.indexOf(b.script.source));
  const [first] = sorted;
  if (!first || running.length === 0) return [];
  const known = <T>(fact: (sighting: Sighting) => T | undefined) =>
    sorted.map(fact).find((value) => value !== undefined);
  const envFiles = known(({ envFiles: given }) => (given.length > 0 ? given : undefined)) ?? [];
  const projectName = known((sighting) => sighting.projectName);
  const ups = running.filter(({ verb }) => verb === 'up');
  // Profiles that each way of bringing it up has.
  const profiles = (ups[0]?.profiles ?? []).filter((profile) => ups.every((one) => one.profiles.includes(profile)));
  const [base = ''] = first.files;
  // What is run elsewhere is not what one develops with here.
  const isDefault = first.isDefault && first.context === undefined;
  const words = { files: first.files, envFiles, projectName, profiles, context: first.context, isDefault };
  const labels = running.flatMap(({ label }) => label ?? []);
  const isDevContainer = sorted.every(({ script }) => script.source === 'devcontainer');
  const isApart = !isDefault || path.basename(path.dirname(base)) === '.devcontainer';
  const name = isDevContainer && isApart ? 'devcontainer' : nameFrom(words, labels);
  // Of one whose name tells a purpose, that is known; what is brought up is for more than what is run in it here.
  const isForTests = name !== undefined && purposeIn(name) === undefined && running.every(runsTestsInContainer);
  return [
    {
      origin: 'observed',
      name,
      purpose: isDevContainer ? 'development' : isForTests ? 'test' : undefined,
      files: first.files,
      envFiles,
      profiles,
      projectName,
      isProjectUnknown:
        projectName === undefined && running.every(({ unknown }) => PROJECT.some((one) => unknown.includes(one))),
      projectDirectory: first.projectDirectory ?? path.dirname(base),
      context: first.context,
      isDefault,
      isLeftToCompose: running.some((one) => one.isLeftToCompose),
      isOnlyRead: running.every(({ script }) => script.source === 'docs'),
      isOnCiOnly: running.every(({ script }) => script.source === 'workflow'),
      evidence: groupBy(
        sorted.filter(({ verb }) => isRunning(verb)).map(({ evidence }) => evidence),
        ({ label, place }) => [label, place.file],
      ).flatMap(([first]) => first ?? []),
      isOneWay: running.every(({ script, written }) => script.source === 'shell' && written.labels.length > 0),
      givenVariables: variablesOfAll(running),
      givesOwnEnvFile: running.find((one) => one.givesOwnEnvFile)?.evidence.place,
      providedEnvFiles: [...new Set(running.flatMap((one) => one.providedEnvFiles))],
      waits: sorted.find(waitsForAll)?.evidence,
      commands: joined(sorted.flatMap((one) => [testCommandOf(one) ?? [], local.get(one.written) ?? []].flat(2))),
    },
  ];
}

/** The variables that each command sets that makes containers. What is written for people to read mostly leaves that to them. */
function variablesOfAll(running: readonly Sighting[]): readonly string[] {
  const commands = running.filter(({ script }) => script.source !== 'docs');
  const making = commands.filter(({ verb = '' }) => MAKING_VERBS.has(verb));
  const [first = [], ...others] = (making.length > 0 ? making : commands).map(({ written }) =>
    Object.keys(written.variables),
  );
  return first.filter((name) => others.every((names) => names.includes(name)));
}

function isRunning(verb: string | undefined): boolean {
  // Where it is a parameter of the script, it may be any.
  return verb === undefined || RUNNING_VERBS.has(verb);
}
