import fs from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { EnvironmentDefinition } from '../model/environment';
import { type ComposeFile, findComposeFiles, readComposeFile } from './composeFile';
import { type ComposeFolder, inferEnvironments } from './inferEnvironments';

/** An environment, with what the text of its files shows without running anything. */
export interface DiscoveredEnvironment {
  readonly definition: EnvironmentDefinition;
  /** Every file whose change may change it: compose files, what they take in, and `.env`. Absolute paths. */
  readonly dependsOn: ReadonlySet<string>;
  /** The service names that its compose files' text shows: for where Compose must not be run. */
  readonly servicesInText: readonly string[];
}

/**
 * Finds the environments of a workspace folder by reading files: nothing is run.
 * @param workspaceFolder absolute path.
 * @param env the environment variables that Compose will be run with.
 */
export async function discoverEnvironments(
  workspaceFolder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly DiscoveredEnvironment[]> {
  const files = await findComposeFiles(workspaceFolder);
  const folderPaths = [...new Set(files.map((file) => path.dirname(file.path)))].sort();
  const folders = await Promise.all(
    folderPaths.map(
      async (folder): Promise<ComposeFolder> => ({
        path: folder,
        files: files.filter((file) => path.dirname(file.path) === folder),
        ...composeVariables({ ...(await readDotEnv(folder)), ...env }),
      }),
    ),
  );
  return Promise.all(
    inferEnvironments(workspaceFolder, folders).map(async (definition) => {
      const own = files.filter((file) => definition.files.includes(file.path));
      return {
        definition,
        dependsOn: new Set([path.join(definition.projectDirectory, '.env'), ...(await withReferences(own))]),
        servicesInText: [...new Set(own.flatMap((file) => file.services))].sort(),
      };
    }),
  );
}

/** The paths of compose files and of all they take in, however far. */
async function withReferences(files: readonly ComposeFile[]): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const visit = async (file: ComposeFile) => {
    seen.add(file.path);
    for (const reference of file.references) {
      if (seen.has(reference)) continue;
      seen.add(reference);
      const text = /\.ya?ml$/i.test(reference) && (await fs.readFile(reference, 'utf8').catch(() => undefined));
      if (text) await visit(await readComposeFile(reference, text));
    }
  };
  for (const file of files) await visit(file);
  return seen;
}

/** What of Compose's own variables decides about environments. */
function composeVariables(
  variables: Readonly<Record<string, string | undefined>>,
): Pick<ComposeFolder, 'projectName' | 'profiles'> {
  return {
    projectName: variables.COMPOSE_PROJECT_NAME || undefined,
    profiles: (variables.COMPOSE_PROFILES ?? '')
      .split(',')
      .map((profile) => profile.trim())
      .filter(Boolean),
  };
}

async function readDotEnv(folder: string): Promise<Record<string, string | undefined>> {
  return parseEnv(await fs.readFile(path.join(folder, '.env'), 'utf8').catch(() => ''));
}
