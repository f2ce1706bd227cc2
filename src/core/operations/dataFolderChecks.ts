import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import { text } from '../common/json';
import { realPath } from '../common/realPath';
import { worksOnDataFolder } from '../compose/dataFolderCalls';
import type { EngineConnection } from '../engine/connection';
import type { MountingContainer } from '../engine/inspection';
import { LABEL } from '../engine/messages';
import { type DataFolder, dataFoldersOf, homeOfDataFolder, isWithin, mountInside, mountOf } from '../model/dataFolder';
import { type OnEngine, sameEngine } from '../model/environment';
import { ownerOf } from '../model/owner';
import { isSameEnvironment } from '../model/sharing';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';

/** What stands for a path when paths are compared. */
type RealPath = (path: string) => string;

/**
 * Whether the data folders of an environment are Berth's to empty.
 * @throws UserError (failed) when one of them is not: what {@link checkDeclaredFolders} says, or it is on another machine,
 *   reached by a symbolic link, or mounted in a container of somebody else; (engine-unreachable) when that can't be told. The
 *   signal's reason when aborted.
 */
export async function checkDataFolders(
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<void> {
  const folders = dataFoldersOf(environment);
  const [first] = folders;
  if (!first) return;
  if (connection.isRemote) {
    throw refusal(
      first,
      l10n.t('it is on the machine of the Docker engine'),
      l10n.t('Empty it there, if you want to.'),
    );
  }
  checkDeclaredFolders(environment, environments);
  for (const folder of folders) await checkLinks(folder, environment);
  checkDeclaredFolders(environment, environments, await realPathsOf(folders, [environment, ...environments]));
  await checkMounts(folders, { connection, environments, ownProject: environment.projectName, signal });
}

/**
 * Whether the data folders of an environment are Berth's to empty, going by the compose files alone.
 * @param real what stands for a path when paths are compared.
 * @throws UserError (failed) when one of them is not inside of the workspace, is the workspace itself, has something in it that
 *   is mounted by itself, or is also mounted in another environment; or when what another one has mounted is not known.
 */
export function checkDeclaredFolders(
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
  real?: RealPath,
): void {
  const others = environments.filter((one) => !isSameEnvironment(one, environment));
  for (const folder of dataFoldersOf(environment)) {
    checkPlace(folder, environment);
    checkInside(folder, environment, real);
    checkNotShared(folder, environment, others, real);
  }
}

function checkPlace(folder: DataFolder, environment: EnvironmentSnapshot): void {
  const home = homeOfDataFolder(folder, environment);
  if (home !== undefined && !isWithin(folder.path, os.homedir())) return;
  throw refusal(
    folder,
    l10n.t('it is no folder of its own inside of the workspace'),
    l10n.t('Mount a folder that is for the data of "{0}" alone.', folder.service),
  );
}

/** What else the environment has mounted from inside of the folder would go with the data. */
function checkInside(folder: DataFolder, environment: EnvironmentSnapshot, real?: RealPath): void {
  const inside = mountInside(folder, environment, real);
  if (!inside) return;
  throw refusal(
    folder,
    l10n.t('"{0}", which "{1}" has mounted, is inside of it', inside.source, inside.service),
    l10n.t('Give each a folder of its own, none inside of the other.'),
  );
}

function checkNotShared(
  folder: DataFolder,
  { definition }: EnvironmentSnapshot,
  others: readonly EnvironmentSnapshot[],
  real?: RealPath,
): void {
  const sharing = others.find((other) => mountOf(folder, other, real) !== undefined);
  if (sharing) {
    throw refusal(
      folder,
      l10n.t('"{0}" has it mounted, too', sharing.definition.name),
      l10n.t('Give each environment a data folder of its own.'),
    );
  }
  const unread = unreadAmong(others, definition);
  if (!unread) return;
  throw refusal(
    folder,
    l10n.t('it is not known whether "{0}" has it mounted, too', unread.definition.name),
    remedyForUnread(unread),
  );
}

/** The first environment on the same engine of which it is not known what it contains, nor what it once did. */
export function unreadAmong(
  environments: readonly EnvironmentSnapshot[],
  on: OnEngine,
): EnvironmentSnapshot | undefined {
  return environments.find(
    ({ definition, resolution }) => sameEngine(definition, on) && projectOf(resolution) === undefined,
  );
}

/** What to do about an environment of which it is not known what it contains. */
export function remedyForUnread({ definition, resolution }: EnvironmentSnapshot): string {
  return resolution.kind === 'broken'
    ? l10n.t('Correct the compose files of "{0}" first: Compose does not accept them.', definition.name)
    : l10n.t('Try again in a moment.');
}

async function checkLinks(folder: DataFolder, environment: EnvironmentSnapshot): Promise<void> {
  const home = homeOfDataFolder(folder, environment) ?? folder.path;
  const meant = path.join(await realPath(home), path.relative(home, folder.path));
  if ((await realPath(folder.path)) === meant) return;
  throw refusal(
    folder,
    l10n.t('a symbolic link leads to another place'),
    l10n.t('Name the folder itself in the compose file.'),
  );
}

/** Where symbolic links lead from data folders, and from all that environments have mounted. */
async function realPathsOf(
  folders: readonly DataFolder[],
  environments: readonly EnvironmentSnapshot[],
): Promise<RealPath> {
  const services = environments.flatMap(({ resolution }) => projectOf(resolution)?.services ?? []);
  const binds = services.flatMap((service) => service.binds ?? []);
  const mounted = [...folders.map((folder) => folder.path), ...binds.map(({ source }) => path.resolve(source))];
  const real = await realPaths(mounted);
  return (one) => real.get(one) ?? one;
}

/**
 * Whether no container has data folders mounted, going by the engine: compose files tell nothing of other workspaces, nor of
 * what was started by hand.
 * @param ownProject whose containers do not count; when undefined, all do.
 * @throws UserError (failed) when a container, running or not, has such a folder mounted, something in it, or a folder around
 *   it; (engine-unreachable) when that can't be told. The signal's reason when aborted.
 */
export async function checkMounts(
  folders: readonly DataFolder[],
  {
    connection,
    environments,
    ownProject,
    signal,
  }: {
    readonly connection: EngineConnection;
    readonly environments: readonly EnvironmentSnapshot[];
    readonly ownProject: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const asked = connection.inspect((engine) => engine.mounting(signal));
  const all = await unlessAborted(asked, signal);
  const strangers = all.filter(({ labels }) => !worksOnDataFolder(labels) && !isOf(ownProject, labels));
  const real = await realPaths([
    ...folders.map((folder) => folder.path),
    ...strangers.flatMap(({ sources }) => sources),
  ]);
  const touches = (source: string, { path: folder }: DataFolder) => {
    const [outer, inner] = [real.get(folder) ?? folder, real.get(source) ?? source];
    return isWithin(outer, inner) || isWithin(inner, outer);
  };
  for (const folder of folders) {
    for (const stranger of strangers) {
      const source = stranger.sources.find((one) => touches(one, folder));
      if (source !== undefined) throw mountedBy(stranger, source, folder, environments);
    }
  }
}

function isOf(project: string | undefined, labels: Readonly<Record<string, unknown>>): boolean {
  return project !== undefined && labels[LABEL.project] === project;
}

function mountedBy(
  container: MountingContainer,
  source: string,
  folder: DataFolder,
  environments: readonly EnvironmentSnapshot[],
): UserError {
  const owner = ownerOf({ ...container, project: text(container.labels[LABEL.project]) }, environments);
  return refusal(
    folder,
    path.resolve(source) === folder.path
      ? l10n.t('it is mounted by {0}', owner)
      : l10n.t('"{0}" is mounted by {1}', source, owner),
    l10n.t('Remove that container first, or give it another folder.'),
  );
}

function refusal({ path: folder }: DataFolder, why: string, remedy: string): UserError {
  const message = l10n.t('The data folder "{0}" can\'t be emptied: {1}.', folder, why);
  return new UserError('failed', message, { remedy });
}

async function realPaths(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all([...new Set(paths)].map(async (one) => [one, await realPath(one)] as const)));
}
