import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { runCompose } from '../compose/compose';
import { containersInFolderCall, measureFolderCall, removeContainersCall } from '../compose/dataFolderCalls';
import type { EngineConnection } from '../engine/connection';
import type { OwnedFolder } from '../model/belongings';
import { type DataFolder, dataFoldersOf, homeOfDataFolder, isWithin, mountOf } from '../model/dataFolder';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { concernedBy, type OperationRequest, startsServices } from './operation';

/** Files that keep an empty folder in git: who empties the folder leaves them. */
const KEEPERS: readonly string[] = ['.gitkeep', '.gitignore'];

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
  // What is named may depend on any of the others.
  const concerned = [request, { ...request, services: [] }].flatMap((one) => concernedBy(one, environment));
  const names = new Set(concerned.map(({ name }) => name));
  const needed = dataFoldersOf(environment).filter((folder) => names.has(folder.service));
  const own = needed.filter((folder) => homeOfDataFolder(folder, environment) !== undefined);
  const made = await Promise.all(
    own.map((folder) => fs.mkdir(folder.path, { recursive: true }).catch(() => undefined)),
  );
  return own.filter((_, index) => made[index] !== undefined).map((folder) => folder.path);
}

/**
 * Whether the data folders of an environment are Berth's to empty.
 * @throws UserError (failed) when one of them is not: it is on another machine, outside of the workspace, the workspace itself,
 *   reached by a symbolic link, or mounted in another environment as well.
 */
export async function checkDataFolders(
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
  { isRemote }: Pick<EngineConnection, 'isRemote'>,
): Promise<void> {
  const folders = dataFoldersOf(environment);
  const [first] = folders;
  if (first && isRemote) {
    throw refusal(
      first,
      l10n.t('it is on the machine of the Docker engine'),
      l10n.t('Empty it there, if you want to.'),
    );
  }
  for (const folder of folders) {
    const home = homeOfDataFolder(folder, environment);
    if (home === undefined || isWithin(folder.path, os.homedir())) {
      throw refusal(
        folder,
        l10n.t('it is no folder of its own inside of the workspace'),
        l10n.t('Mount a folder that is for the data of "{0}" alone.', folder.service),
      );
    }
    const meant = path.join(await realPath(home), path.relative(home, folder.path));
    if ((await realPath(folder.path)) !== meant) {
      throw refusal(
        folder,
        l10n.t('a symbolic link leads to another place'),
        l10n.t('Name the folder itself in the compose file.'),
      );
    }
  }
  await checkSharing(folders, environment, environments);
}

/** As {@link checkNotShared}, also where symbolic links lead to one of the folders. */
async function checkSharing(
  folders: readonly DataFolder[],
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
): Promise<void> {
  const services = environments.flatMap(({ resolution }) => projectOf(resolution)?.services ?? []);
  const binds = services.flatMap((service) => service.binds ?? []);
  const mounted = new Set([
    ...folders.map((folder) => folder.path),
    ...binds.map(({ source }) => path.resolve(source)),
  ]);
  const real = new Map(await Promise.all([...mounted].map(async (one) => [one, await realPath(one)] as const)));
  checkNotShared(environment, environments, (one) => real.get(one) ?? one);
}

/**
 * Whether the data folders of an environment are that environment's alone, going by the compose files.
 * @param real what stands for a path when paths are compared.
 * @throws UserError (failed) when a data folder of an environment is also mounted in another one.
 */
export function checkNotShared(
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
  real?: (path: string) => string,
): void {
  const others = environments.filter(({ definition }) => definition.id !== environment.definition.id);
  for (const folder of dataFoldersOf(environment)) {
    const sharing = others.find((other) => mountOf(folder, other, real) !== undefined);
    if (!sharing) continue;
    throw refusal(
      folder,
      l10n.t('"{0}" has it mounted, too', sharing.definition.name),
      l10n.t('Give each environment a data folder of its own.'),
    );
  }
}

function refusal({ path: folder }: DataFolder, why: string, remedy: string): UserError {
  const message = l10n.t('The data folder "{0}" can\'t be emptied: {1}.', folder, why);
  return new UserError('failed', message, { remedy });
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
 * is nobody's any more. That it fails is no matter: there is no engine any more then, or no container.
 */
export async function clearAway(
  task: 'measure' | 'empty',
  folder: DataFolder,
  context: string | undefined,
): Promise<void> {
  const { stdout } = await runCompose(containersInFolderCall(task, folder, context)).catch(() => ({ stdout: '' }));
  const ids = stdout.split('\n').filter(Boolean);
  if (ids.length > 0) await runCompose(removeContainersCall(ids, context)).catch(() => {});
}

/** The path without symbolic links; the same where there is nothing. */
async function realPath(one: string): Promise<string> {
  const parent = path.dirname(one);
  return fs
    .realpath(one)
    .catch(async () => (parent === one ? one : path.join(await realPath(parent), path.basename(one))));
}
