import fs from 'node:fs/promises';
import path from 'node:path';
import { closeTo } from '../core/common/closeNames';
import { UserError } from '../core/common/errors';
import { unlessAborted, waitFor } from '../core/common/event';
import { dockerMissing, isDockerInstalled } from '../core/compose/compose';
import { isComposeFileName } from '../core/discovery/composeFile';
import type { EnvironmentStore } from '../core/environmentStore';
import type { EnvironmentCommand } from '../core/model/command';
import { environmentsNamed } from '../core/model/environment';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import type { CommandContext } from './commands/command';

/**
 * Has the store search the folder that was asked for; else the current folder or, where that has none, the nearest one
 * above it that has environments. Compose is not asked about them yet.
 * @returns absolute path of the folder.
 * @throws UserError (usage) when the folder that was asked for does not exist.
 */
export async function openProject({ berth, options, workingFolder }: CommandContext): Promise<string> {
  return findProject(options.directory, workingFolder, async (folder) => {
    const wholeEngine = options.project !== undefined || options.elsewhere;
    await berth.store.setScope({ workspaceFolders: [folder], trusted: true, onDemand: true, wholeEngine });
    return berth.store.environments.length > 0;
  });
}

/**
 * The folder to look for environments in, see {@link openProject}.
 * @param directory the folder that was asked for, as it was typed.
 * @param has whether a folder has environments.
 */
export async function findProject(
  directory: string | undefined,
  workingFolder: string,
  has: (folder: string) => Promise<boolean>,
): Promise<string> {
  if (directory !== undefined) {
    const folder = path.resolve(workingFolder, directory);
    const isFolder = await fs.stat(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new UserError('usage', `There is no folder "${directory}".`);
    await has(folder);
    return folder;
  }
  for (const folder of await searchedFolders(workingFolder)) if (await has(folder)) return folder;
  return workingFolder;
}

/**
 * The folder itself and those above it that may hold the project it is part of, nearest first: in a repository, up to its
 * top. Elsewhere only those that have a compose file themselves: what lies beside the folder is of other projects.
 */
async function searchedFolders(folder: string): Promise<readonly string[]> {
  const above: string[] = [];
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) above.push(at);
  above.push(path.parse(folder).root);
  const entries = await Promise.all(above.map((at) => fs.readdir(at).catch((): string[] => [])));
  const top = entries.findIndex((names) => names.includes('.git'));
  return above.filter((_, index) => index === 0 || (top >= 0 ? index <= top : entries[index]?.some(isComposeFileName)));
}

/**
 * The environment that an operand means; the only one when it was left out. Compose is not asked about it yet.
 * @throws UserError (usage) when there is no such one, or it can't be told which.
 */
export function chooseEnvironment(
  environments: readonly EnvironmentSnapshot[],
  name: string | undefined,
  folder: string,
): EnvironmentSnapshot {
  const names = environments.map(({ definition }) => definition.name);
  const all = `Environments here: ${names.join(', ')}.`;
  if (names.length === 0) throw noEnvironments(folder);
  const [first, ...more] = name === undefined ? environments : withSnapshots(environments, name);
  if (first && more.length === 0) return first;
  if (name === undefined) throw new UserError('usage', 'Which environment?', { remedy: all });
  if (first) {
    const meant = [first, ...more].map(({ definition }) => definition.name).join(', ');
    throw new UserError('usage', `"${name}" can mean several environments: ${meant}.`, { remedy: 'Name one of them.' });
  }
  const close = closeTo(name, names);
  throw new UserError('usage', `There is no environment "${name}".`, {
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}? ${all}` : all,
  });
}

function withSnapshots(environments: readonly EnvironmentSnapshot[], name: string): readonly EnvironmentSnapshot[] {
  const ids = new Set(
    environmentsNamed(
      environments.map((environment) => environment.definition),
      name,
    ).map((definition) => definition.id),
  );
  return environments.filter((environment) => ids.has(environment.definition.id));
}

/** What to say where there are no environments. */
export function noEnvironments(folder: string): UserError {
  return new UserError('usage', 'There are no compose files here.', {
    place: { file: folder },
    remedy: '"berth init" makes a project with development, test and CI environments.',
  });
}

/** The environment as it is now. */
export function currentEnvironment(store: EnvironmentStore, { definition }: EnvironmentSnapshot): EnvironmentSnapshot {
  const current = store.find(definition.id);
  if (!current) throw new UserError('failed', `The environment "${definition.name}" is gone.`);
  return current;
}

/** Waits until each engine that environments are on has answered, or it is clear that it does not; and its containers are known. */
export async function enginesKnown(
  store: EnvironmentStore,
  environments: readonly EnvironmentSnapshot[],
  signal: AbortSignal,
): Promise<void> {
  const areKnown = () =>
    environments.every(({ definition }) => store.engineState(definition.context).kind !== 'connecting');
  await waitFor(store.onDidChange, () => areKnown() || undefined, signal);
  await unlessAborted(store.lookAtFolders(), signal);
}

/**
 * The project that `--project` names: an environment's, or one that only its containers tell of.
 * @throws UserError when the engine can't be reached; (usage) when there is nothing of such a project on it.
 */
export async function namedProject(
  name: string,
  { berth: { store, feedFor }, signal }: CommandContext,
): Promise<EnvironmentSnapshot> {
  if (!isDockerInstalled()) throw dockerMissing();
  // Which containers are an environment's is only known when its project is.
  await unlessAborted(store.whenResolved(), signal);
  await feedFor(undefined).whenConnected(signal);
  const all = [...store.environments, ...store.elsewhere].filter(isOnEngine);
  const found = all.find(({ projectName }) => projectName === name);
  if (found) return found;
  const names = [...new Set(all.flatMap(({ projectName }) => projectName ?? []))];
  const close = closeTo(name, names);
  throw new UserError('usage', `There is nothing of a project "${name}" on the engine.`, {
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : '"berth envs --elsewhere" shows what there is.',
  });
}

function isOnEngine({ services }: EnvironmentSnapshot): boolean {
  return services.some(({ containers }) => containers.length > 0);
}

/** Why engines that environments are on can't be reached: each reason once. */
export function engineErrors(
  store: EnvironmentStore,
  environments: readonly EnvironmentSnapshot[],
): readonly UserError[] {
  const errors = new Map<string, UserError>();
  for (const { definition } of environments) {
    const state = store.engineState(definition.context);
    if (state.kind === 'lost') errors.set(state.error.message, state.error);
  }
  return [...errors.values()];
}

/**
 * An environment of which everything is known: what it contains, and how it is.
 * @throws UserError when its engine can't be reached, unless a command is only to be shown; or nothing of it is known because Compose does not accept its files.
 */
export async function knownEnvironment(
  { berth: { store }, options, signal }: CommandContext,
  environment: EnvironmentSnapshot,
): Promise<EnvironmentSnapshot & { readonly projectName: string }> {
  if (!isDockerInstalled()) throw dockerMissing();
  const known = store.whenResolved(environment.definition.id);
  await enginesKnown(store, [environment], signal);
  // Most commands can be shown without it.
  if (!options['show-command']) for (const error of engineErrors(store, [environment])) throw error;
  await unlessAborted(known, signal);
  await unlessAborted(store.lookAtFolders(), signal);
  const current = currentEnvironment(store, environment);
  const { projectName, resolution } = current;
  if (projectName !== undefined) return { ...current, projectName };
  if (resolution.kind === 'broken') throw resolution.error;
  throw new UserError('failed', `Compose gives "${environment.definition.name}" no project name.`);
}

/**
 * @param commands those that could have been named as well.
 * @throws UserError (usage) when the environment has no service of one of these names.
 */
export function checkServices(
  { definition, services }: EnvironmentSnapshot,
  names: readonly string[],
  commands: readonly EnvironmentCommand[] = [],
): void {
  const own = services.map((service) => service.name);
  const unknown = names.find((name) => !own.includes(name));
  if (unknown === undefined) return;
  const known = [...commands.map((command) => command.name), ...own];
  const close = closeTo(unknown, known);
  const what = commands.length > 0 ? 'command or service' : 'service';
  throw new UserError('usage', `Environment "${definition.name}" has no ${what} "${unknown}".`, {
    remedy: `${close.length > 0 ? `Did you mean ${close.join(' or ')}? ` : ''}It has: ${known.join(', ')}.`,
  });
}

/** What was typed, with options added. */
export function typedWith({ typed }: CommandContext, ...options: readonly string[]): string {
  const end = typed.indexOf('--');
  const at = end < 0 ? typed.length : end;
  return ['berth', ...typed.slice(0, at), ...options, ...typed.slice(at)].map(quoted).join(' ');
}

/** A command for the user to type, which means the same folder, and project, as the one that was typed. */
export function nextCommand({ options: { directory, project } }: CommandContext, ...words: readonly string[]): string {
  // What only its containers tell of is called as its project, and known by no other name.
  const named = words.flatMap((word) => (word === project ? ['--project', word] : [word]));
  return ['berth', ...(directory === undefined ? [] : ['-C', directory]), ...named].map(quoted).join(' ');
}

/** A word as a shell takes it for one. */
export function quoted(word: string): string {
  if (/^[\w./:@=+,-]+$/.test(word)) return word;
  // In double quotes a shell would take these for its own.
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}
