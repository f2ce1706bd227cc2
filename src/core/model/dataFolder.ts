import path from 'node:path';
import { type EnvironmentSnapshot, projectOf } from './snapshot';

/** A folder of the engine's machine that is mounted where a data store keeps its data. */
export interface DataFolder {
  /** Absolute path. */
  readonly path: string;
  /** The service whose data it is. */
  readonly service: string;
  readonly image: string;
  /** Set where Compose was told not to let it be made. */
  readonly mustExist?: true;
}

type Environment = Pick<EnvironmentSnapshot, 'definition' | 'resolution'>;

/** The folders in which the data stores of an environment keep their data, each once, wherever they are. */
export function dataFoldersOf({ resolution }: Environment): readonly DataFolder[] {
  const all = (projectOf(resolution)?.services ?? []).flatMap(({ name, image = '', binds = [] }) =>
    binds
      .filter(({ keepsData }) => keepsData)
      .map(({ source, mustExist }): DataFolder => {
        return { path: path.resolve(source), service: name, image, ...(mustExist ? { mustExist } : {}) };
      }),
  );
  return all.filter((folder, index) => all.findIndex((one) => one.path === folder.path) === index);
}

/** Whether a path is the folder itself or below it. */
export function isWithin(folder: string, one: string): boolean {
  const relative = path.relative(folder, one);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/**
 * The workspace folder or project directory that a data folder is in. Undefined when it is in neither, or holds one of them
 * or a compose file: then it is not for Berth to make or to empty.
 */
export function homeOfDataFolder({ path: folder }: DataFolder, { definition }: Environment): string | undefined {
  const { workspaceFolder, projectDirectory, files } = definition;
  if ([workspaceFolder, projectDirectory, ...files].some((one) => isWithin(folder, one))) return undefined;
  return [workspaceFolder, projectDirectory].find((home) => isWithin(home, folder));
}

/**
 * What another environment has mounted of a data folder: the folder itself or something in it, or, where a data store of it
 * keeps its data, a folder around it. Undefined when it has nothing of it.
 * @param real what stands for a path when paths are compared.
 */
export function mountOf(
  { path: folder }: DataFolder,
  { resolution }: Environment,
  real: (path: string) => string = (one) => one,
): string | undefined {
  const binds = projectOf(resolution)?.services.flatMap((service) => service.binds ?? []) ?? [];
  return binds.find(({ source, keepsData }) => {
    const other = real(path.resolve(source));
    return isWithin(real(folder), other) || (keepsData && isWithin(other, real(folder)));
  })?.source;
}

/**
 * What else an environment has mounted from inside of one of its data folders: it goes with what is in the folder. Undefined
 * when there is nothing of that kind.
 * @param real what stands for a path when paths are compared.
 */
export function mountInside(
  { path: folder }: DataFolder,
  { resolution }: Environment,
  real: (path: string) => string = (one) => one,
): { readonly source: string; readonly service: string } | undefined {
  const outer = real(folder);
  const isInside = (source: string) => {
    const inner = real(path.resolve(source));
    return inner !== outer && isWithin(outer, inner);
  };
  for (const { name, binds = [] } of projectOf(resolution)?.services ?? []) {
    const inside = binds.find(({ source }) => isInside(source));
    if (inside) return { source: inside.source, service: name };
  }
  return undefined;
}
