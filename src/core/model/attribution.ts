import path from 'node:path';
import { samePaths } from '../common/paths';
import type { Container } from './container';
import { isWithin } from './dataFolder';
import { type EnvironmentDefinition, type OnEngine, sameEngine } from './environment';
import { otherFolderOf, type RealFolder } from './otherFolder';
import { inOwnProject, isSameEnvironment, type Known } from './sharing';

/** The containers of each engine. */
type Containers = readonly (readonly [engine: OnEngine, containers: readonly Container[]])[];

/**
 * Which environment each container belongs to: the one of its project. Where several environments share a project, or
 * would by the repository's own commands, or of some it is not known yet which is theirs, the one from whose files it was
 * made; where that is found twice, both have them. Those of no environment are told by their engine.
 */
export function attribute<T extends Known>(
  environments: readonly T[],
  feeds: Containers,
  platform = process.platform,
): {
  readonly owned: ReadonlyMap<T, readonly Container[]>;
  readonly others: ReadonlyMap<OnEngine, readonly Container[]>;
} {
  const owned = new Map<T, Container[]>(environments.map((one) => [one, []]));
  const others = new Map<OnEngine, Container[]>();
  for (const [engine, containers] of feeds) {
    const byProject = new Map<string | undefined, T[]>();
    for (const one of environments.filter(({ definition }) => sameEngine(definition, engine))) {
      const { projectName } = inOwnProject(one);
      for (const name of new Set([projectName, one.definition.usualProject ?? projectName])) {
        byProject.set(name, [...(byProject.get(name) ?? []), one]);
      }
    }
    const unnamed = byProject.get(undefined) ?? [];
    const unowned: Container[] = [];
    for (const container of containers) {
      const named = byProject.get(container.project) ?? [];
      const fromFiles = ({ definition }: T) => samePaths(definition.files, container.configFiles, platform);
      const isOwn = (one: T) => inOwnProject(one).projectName === container.project;
      const [only, ...more] = [...named, ...unnamed];
      const owner =
        only && more.length === 0 && isOwn(only) ? only : ([...named, ...unnamed].find(fromFiles) ?? named.find(isOwn));
      if (!owner) {
        unowned.push(container);
        continue;
      }
      const isOwner = (one: T) => isSameEnvironment(inOwnProject(one), inOwnProject(owner), platform);
      for (const one of [...named, ...unnamed].filter(isOwner)) owned.get(one)?.push(container);
    }
    // Until each project's name is known, it may still be an environment's. What Compose does not accept tells none.
    if (unnamed.every(({ resolution }) => resolution.kind === 'broken')) others.set(engine, unowned);
  }
  return { owned, others };
}

/**
 * The definition of an environment as it runs: what was started by the repository's own commands stays in their project, until
 * it is taken down; and what was made from files elsewhere is known as that.
 * @param containers those that belong to it.
 */
export function asItRuns(known: Known, containers: readonly Container[], real: RealFolder): EnvironmentDefinition {
  const definition = adopted(known, containers);
  const otherFolder = otherFolderOf(definition, containers, real);
  return otherFolder === undefined ? definition : { ...definition, otherFolder };
}

function adopted(known: Known, containers: readonly Container[]): EnvironmentDefinition {
  const { definition } = known;
  const [project, ...more] = new Set(containers.filter(({ oneOff }) => !oneOff).map((one) => one.project));
  const own = inOwnProject(known).projectName;
  if (project === undefined || more.length > 0 || own === undefined || project === own) return definition;
  return { ...definition, projectName: project, adopted: true };
}

/**
 * What is known of a project by its containers alone. Its workspace folder is the one that its files are in, or that it was started
 * in where it has none; empty when there is none.
 */
export function runningDefinition(
  projectName: string,
  on: OnEngine,
  containers: readonly Container[],
  workspaceFolders: readonly string[],
): EnvironmentDefinition {
  // What came from standard input is called `-`.
  const files = containers.find(({ configFiles }) => configFiles.some(isRealPath))?.configFiles ?? [];
  const startedIn = containers.find(({ workingDirectory }) => workingDirectory !== undefined)?.workingDirectory;
  const file = files.find(isRealPath);
  const places = file !== undefined ? files.filter(isRealPath) : [startedIn ?? []].flat();
  const workspaceFolder = workspaceFolders.find((folder) => places.some((place) => isWithin(folder, place))) ?? '';
  return {
    id: `${workspaceFolder}#running#${on.context ?? ''}#${projectName}`,
    name: projectName,
    workspaceFolder,
    projectDirectory: (file === undefined ? startedIn : path.dirname(file)) ?? workspaceFolder,
    files,
    envFiles: [],
    profiles: [],
    projectName,
    ...on,
    purpose: 'other',
    origin: 'running',
  };
}

/** Whether a label names a file, and not what somebody typed: old versions of Compose wrote that. */
function isRealPath(one: string): boolean {
  return path.isAbsolute(one);
}
