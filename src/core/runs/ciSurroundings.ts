import fs from 'node:fs/promises';
import path from 'node:path';
import { type MissingFile, missingFile } from '../common/exampleFile';
import { type EnvironmentSnapshot, warningsOf } from '../model/snapshot';
import type { CiWorkflow } from './ciWorkflow';

/** What a workflow of an environment is made of besides it: the repository that it is in, and the env files to make from examples. */
export async function ciSurroundings(
  environment: EnvironmentSnapshot,
): Promise<Pick<CiWorkflow, 'repository' | 'copies'>> {
  const { workspaceFolder, projectDirectory, envFiles } = environment.definition;
  const read = envFiles.length > 0 ? envFiles : [path.join(projectDirectory, '.env')];
  const ofEnvironment = await Promise.all(read.map(missingFile));
  const missing = warningsOf(environment).map((warning) => warning.missing);
  const copies = new Map<string, MissingFile>();
  for (const one of [...ofEnvironment, ...missing]) if (one) copies.set(one.file, one);
  return { repository: await repositoryOf(workspaceFolder), copies: [...copies.values()] };
}

/** The folder at or above a workspace folder that Git has; the workspace folder itself when there is none. */
async function repositoryOf(workspaceFolder: string): Promise<string> {
  for (let at = workspaceFolder; ; at = path.dirname(at)) {
    const isTop = await fs.stat(path.join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (isTop) return at;
    if (at === path.dirname(at)) return workspaceFolder;
  }
}
