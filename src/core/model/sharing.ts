import { samePaths } from '../common/paths';
import { type EnvironmentDefinition, sameEngine } from './environment';
import { projectOf, type Resolution } from './snapshot';

/** An environment, and what is known of what it contains. */
export interface Known {
  readonly definition: EnvironmentDefinition;
  readonly resolution: Resolution;
}

/** An environment, and its project. */
export interface InProject {
  readonly definition: EnvironmentDefinition;
  /** Undefined while nobody can tell. */
  readonly projectName: string | undefined;
}

/** An environment in the project that it is given, or that Compose said it has: wherever its containers are. */
export function inOwnProject({ definition, resolution }: Known): InProject {
  return { definition, projectName: definition.projectName ?? projectOf(resolution)?.name };
}

/**
 * Whether two are one and the same environment: also where it is found in a workspace folder, and in another one that is inside
 * of that.
 */
export function isSameEnvironment(a: InProject, b: InProject, platform = process.platform): boolean {
  if (a.definition.id === b.definition.id) return true;
  return (
    a.definition.workspaceFolder !== b.definition.workspaceFolder &&
    a.projectName === b.projectName &&
    sameEngine(a.definition, b.definition) &&
    samePaths(a.definition.files, b.definition.files, platform)
  );
}

/** Whether two are different environments in one project: what Compose does to all of that, it does to both. */
export function shareProject(a: InProject, b: InProject): boolean {
  return (
    a.projectName !== undefined &&
    a.projectName === b.projectName &&
    sameEngine(a.definition, b.definition) &&
    !isSameEnvironment(a, b)
  );
}
