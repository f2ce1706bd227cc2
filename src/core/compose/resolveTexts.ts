import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Place, UserError } from '../common/errors';
import type { EnvironmentDefinition } from '../model/environment';
import type { ResolvedProject } from '../model/project';
import { envFilesOf } from './envFiles';
import { resolveProject } from './resolve';

/**
 * What an environment would contain if some of its files had other texts: those of an editor, or with a fix in them. Nothing in the
 * workspace is touched: the texts are put into a folder of their own, which only this user may read, and which is removed in the end.
 * @param texts by absolute path. Of those that Compose is not given by name (`include`, `extends`, `env_file`), nothing is replaced.
 * @throws as `resolveProject` does, with the places as if the texts were in their files.
 */
export async function resolveTexts(
  definition: EnvironmentDefinition,
  texts: ReadonlyMap<string, string>,
  options: Omit<NonNullable<Parameters<typeof resolveProject>[1]>, 'cache'> = {},
): Promise<ResolvedProject> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'berth-texts-'));
  try {
    const written = new Map<string, string>();
    const envFiles = envFilesOf(definition, texts);
    for (const file of new Set([...definition.files, ...envFiles])) {
      const text = texts.get(file);
      if (text === undefined) continue;
      const copy = path.join(folder, `${written.size}-${path.basename(file)}`);
      await fs.writeFile(copy, text, { mode: 0o600 });
      written.set(file, copy);
    }
    const copyOf = (file: string) => written.get(file) ?? file;
    // Named only where it has another text: Compose finds it by itself otherwise.
    const named = envFiles.some((file) => written.has(file)) ? envFiles.map(copyOf) : definition.envFiles;
    const changed = { ...definition, files: definition.files.map(copyOf), envFiles: named };
    const project = await resolveProject(changed, options).catch((error: unknown) => {
      throw error instanceof UserError ? asOfOriginals(error, written) : error;
    });
    const warnings = project.warnings?.map((one) => ({ ...one, place: originalPlace(one.place, written) }));
    return warnings ? { ...project, warnings } : project;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** An error that names the files which it is about, and not their copies. */
function asOfOriginals(error: UserError, written: ReadonlyMap<string, string>): UserError {
  let { message } = error;
  for (const [file, copy] of written) {
    message = message.replaceAll(copy, path.basename(file)).replaceAll(path.basename(copy), path.basename(file));
  }
  const place = originalPlace(error.details.place, written);
  return new UserError(error.kind, message, { ...error.details, place });
}

function originalPlace(place: Place | undefined, written: ReadonlyMap<string, string>): Place | undefined {
  const original = [...written].find(([, copy]) => copy === place?.file)?.[0];
  return place && original !== undefined ? { ...place, file: original } : place;
}
