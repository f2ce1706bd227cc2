import fs from 'node:fs/promises';
import path from 'node:path';
import { type MissingFile, missingFile } from '../common/exampleFile';
import { runProgram } from '../common/program';
import { envFilesOf } from '../compose/envFiles';
import { type EnvironmentSnapshot, warningsOf } from '../model/snapshot';
import type { CiWorkflow } from './ciWorkflow';

/** What a workflow of an environment is made of besides it: the repository that it is in, and where its env files come from. */
export async function ciSurroundings(
  environment: EnvironmentSnapshot,
): Promise<Pick<CiWorkflow, 'repository' | 'envFiles' | 'copies' | 'ignored'>> {
  const { workspaceFolder, projectDirectory, envFiles: named } = environment.definition;
  const usual = path.join(projectDirectory, '.env');
  const ofEnvironment = await Promise.all((named.length > 0 ? named : [usual]).map(missingFile));
  const missing = warningsOf(environment).map((warning) => warning.missing);
  const copies = new Map<string, MissingFile>();
  for (const one of [...ofEnvironment, ...missing]) if (one) copies.set(one.file, one);
  const there = envFilesOf(environment.definition);
  const envFiles = there.length === 0 && copies.has(usual) ? [usual] : there;
  const repository = await repositoryOf(workspaceFolder);
  const areIgnored = await Promise.all(envFiles.map((file) => isIgnored(file, repository)));
  const ignored = envFiles.filter((file, index) => areIgnored[index] && !copies.has(file));
  return { repository, envFiles, copies: [...copies.values()], ignored };
}

/** Whether Git keeps a file out of a repository; not where there is no Git. */
async function isIgnored(file: string, repository: string): Promise<boolean> {
  const call = { command: 'git', args: ['check-ignore', '--quiet', '--', file], cwd: repository };
  return runProgram(call).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
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
