import fs from 'node:fs/promises';
import { runCompose } from '../compose/compose';
import { containersInFolderCall, measureFolderCall, removeContainersCall } from '../compose/dataFolderCalls';
import type { EngineConnection } from '../engine/connection';
import type { OwnedFolder } from '../model/belongings';
import { type DataFolder, dataFoldersOf, homeOfDataFolder } from '../model/dataFolder';
import { withDependencies } from '../model/project';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { concernedBy, type OperationRequest, startsServices } from './operation';

/** Files that keep an empty folder in git: who empties the folder leaves them. */
const KEEPERS: readonly string[] = ['.gitkeep', '.gitignore'];

/** How long clearing away containers may take, in milliseconds: an engine may take requests and not answer them. */
const CLEAR_LIMIT = 5_000;

/**
 * Makes the data folders that an operation is about to need, so that they belong to the user; the engine would make them, as
 * root. Where that can't be, it is left to the engine.
 * @returns the absolute paths of those that were made.
 */
export async function makeDataFolders(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  { isRemote }: Pick<EngineConnection, 'isRemote'>,
): Promise<readonly string[]> {
  if (!startsServices(request.operation) || isRemote) return [];
  const project = projectOf(environment.resolution);
  if (!project) return [];
  const concerned = concernedBy(request, environment).map(({ name }) => name);
  const names = withDependencies(concerned, project);
  const needed = dataFoldersOf(environment).filter((folder) => names.has(folder.service) && !folder.mustExist);
  const own = needed.filter((folder) => homeOfDataFolder(folder, environment) !== undefined);
  const made = await Promise.all(
    own.map((folder) => fs.mkdir(folder.path, { recursive: true }).catch(() => undefined)),
  );
  return own.filter((_, index) => made[index] !== undefined).map((folder) => folder.path);
}

/**
 * The data folders of an environment that have something in them.
 * @param sizes also how large they are, which a container of each service's own image finds out; as far as it can in time.
 */
export async function filledDataFolders(
  environment: EnvironmentSnapshot,
  { sizes, signal }: { readonly sizes: boolean; readonly signal: AbortSignal },
): Promise<readonly OwnedFolder[]> {
  const folders = dataFoldersOf(environment);
  const filled = await Promise.all(folders.map(isFilled));
  const found = folders.filter((_, index) => filled[index]);
  if (!sizes) return found.map((folder) => ({ path: folder.path }));
  const { context } = environment.definition;
  return Promise.all(
    found.map(async (folder) => {
      const size = await sizeOf(folder, context, signal);
      return { path: folder.path, ...(size === undefined ? {} : { size }) };
    }),
  );
}

/** Whether there is such a folder on this machine. */
export async function isFolder(one: string): Promise<boolean> {
  const stats = await fs.stat(one).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}

/** A folder that may not be looked into counts as filled. */
async function isFilled({ path: folder }: DataFolder): Promise<boolean> {
  if (!(await isFolder(folder))) return false;
  const names = await fs.readdir(folder).catch(() => undefined);
  return names?.some((name) => !KEEPERS.includes(name)) ?? true;
}

/** Bytes; undefined when that can't be found out. */
async function sizeOf(
  folder: DataFolder,
  context: string | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const result = await runCompose(measureFolderCall(folder, context), { signal }).catch(() => undefined);
  if (signal.aborted) await clearAway('measure', folder, context);
  if (result?.exitCode !== 0) return undefined;
  return 1024 * Number(/^\d+/.exec(result.stdout)?.[0] ?? 0);
}

/**
 * Removes the containers that had something to do in a data folder, where that was aborted: one that was just being made then
 * is nobody's any more. That it fails, or takes too long, is no matter: there is no engine any more then, or no container.
 * @param limit milliseconds that it may take.
 */
export async function clearAway(
  task: 'measure' | 'empty',
  folder: DataFolder,
  context: string | undefined,
  limit = CLEAR_LIMIT,
): Promise<void> {
  // Not the operation's signal, which is aborted by now; whoever has cancelled must not wait for ever, either.
  const signal = AbortSignal.timeout(limit);
  const listed = runCompose(containersInFolderCall(task, folder, context), { signal });
  const { stdout } = await listed.catch(() => ({ stdout: '' }));
  const ids = stdout.split('\n').filter(Boolean);
  if (ids.length > 0) await runCompose(removeContainersCall(ids, context), { signal }).catch(() => {});
}
