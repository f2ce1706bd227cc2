import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { samePath } from '../common/paths';
import type { Container } from './container';
import { type EnvironmentDefinition, placeOf } from './environment';
import type { ConfigurationWarning } from './project';
import type { InProject } from './sharing';

/** Where a folder is without symbolic links; undefined where there is none. */
export type RealFolder = (folder: string) => string | undefined;

/**
 * The folder from whose files containers in an environment's project were made, where that is none of its own: another checkout
 * of the repository has the same project name. A container is the environment's own when it was started in one of its folders,
 * or made from any file there; and where none of its folders is there any more, as they were moved, or are on another machine.
 * @param containers those that are taken for the environment's, by their project.
 * @returns absolute path; undefined where all are its own, or Compose has not noted what they were made from.
 */
export function otherFolderOf(
  { projectDirectory, files }: EnvironmentDefinition,
  containers: readonly Container[],
  real: RealFolder,
): string | undefined {
  const own = [...new Set([projectDirectory, ...files.map((file) => path.dirname(file))])];
  const isOwn = (folder: string) => own.some((one) => samePath(one, folder));
  const strange = containers.map(foldersOf).filter((folders) => !folders.some(isOwn));
  const there = strange.map((folders) => folders.filter((folder) => real(folder) !== undefined));
  const ownReal = strange.length > 0 ? own.map(real) : [];
  const isOther = (folders: readonly string[]) => !folders.some((folder) => ownReal.includes(real(folder)));
  return there.filter((folders) => folders.length > 0).find(isOther)?.[0];
}

/** The folders that Compose noted of a container: that which it was started in, and those of its files. */
function foldersOf({ workingDirectory, configFiles }: Container): readonly string[] {
  const folders = [workingDirectory ?? [], ...configFiles.map((file) => path.dirname(file))].flat();
  return folders.filter((folder) => path.isAbsolute(folder));
}

/** That containers in an environment's project are not its own, and what to do; undefined where they are. */
export function otherFolderWarning({ definition, projectName = '' }: InProject): ConfigurationWarning | undefined {
  const { name, otherFolder } = definition;
  if (otherFolder === undefined) return undefined;
  return {
    code: 'other-folder',
    message: l10n.t('The containers of "{0}" are not its own: they were made from files in {1}.', name, otherFolder),
    remedy: l10n.t(
      'Take them down there, or with "docker compose --project-name {0} down"; or give one of the two another project name.',
      projectName,
    ),
    place: placeOf(definition),
  };
}
