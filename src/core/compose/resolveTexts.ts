import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Place, UserError } from '../common/errors';
import type { EnvironmentDefinition } from '../model/environment';
import type { ConfigurationWarning, ResolvedProject } from '../model/project';
import { RefusedFiles } from '../model/refusedFiles';
import { missingPath } from './configurationError';
import { envFilesOf } from './envFiles';
import { resolveProject } from './resolve';

/** What else is known of an environment whose files are to be taken for others. */
interface TextsOptions {
  /** Absolute paths of what the compose files take in, there or not. */
  readonly dependsOn?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * What an environment would contain if some of its files had other texts: those of an editor, or with a fix in them. Nothing in the
 * workspace is touched: the texts are put into a folder of their own, which only this user may read, and which is removed in the end.
 * @param texts by absolute path. Those of files that Compose is not given by name (`include`, `extends`, `env_file`) count where they are
 *   in `dependsOn`, which has to have all that Compose reads then.
 * @throws as `resolveProject` does, with the places as if the texts were in their files.
 */
export async function resolveTexts(
  definition: EnvironmentDefinition,
  texts: ReadonlyMap<string, string>,
  options: TextsOptions = {},
): Promise<ResolvedProject> {
  // A folder that is a link, as macOS has it, would have another name in what Compose prints.
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'berth-texts-')));
  try {
    return changesTakenIn(definition, texts, options.dependsOn)
      ? await resolveMirrored(definition, texts, options, folder)
      : await resolveCopies(definition, texts, options, folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/**
 * Whether one of some files is none that Compose is given by name, but one that those take in.
 * @param dependsOn absolute paths of all that it reads.
 */
export function changesTakenIn(
  definition: EnvironmentDefinition,
  texts: ReadonlyMap<string, string>,
  dependsOn: readonly string[] = [],
): boolean {
  const given = [...definition.files, ...envFilesOf(definition, texts)];
  return dependsOn.some((file) => texts.has(file) && !given.includes(file));
}

/** Gives Compose copies of the files that have other texts, in the place of those. */
async function resolveCopies(
  definition: EnvironmentDefinition,
  texts: ReadonlyMap<string, string>,
  options: TextsOptions,
  folder: string,
): Promise<ResolvedProject> {
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
  const warnings = project.warnings?.map((one) => asOfOriginal(one, written));
  return warnings ? { ...project, warnings } : project;
}

/**
 * Gives Compose copies of all files that it reads, each in a folder as deep as its own: what one names by a path that starts at its
 * folder is found there, too. What Compose then says is of paths in that folder, and made to be of the files' own.
 */
async function resolveMirrored(
  definition: EnvironmentDefinition,
  texts: ReadonlyMap<string, string>,
  { dependsOn = [], signal }: TextsOptions,
  folder: string,
): Promise<ResolvedProject> {
  const { root } = path.parse(definition.projectDirectory);
  // What is on another drive stays there.
  const mirrored = (file: string) =>
    path.parse(file).root === root ? path.join(folder, path.relative(root, file)) : file;
  const copied = new Set<string>();
  /** @returns whether it is there now, and was not before. */
  const copy = async (file: string): Promise<boolean> => {
    const text = texts.get(file) ?? (await fs.readFile(file, 'utf8').catch(() => undefined));
    if (text === undefined || copied.has(file) || mirrored(file) === file) return false;
    copied.add(file);
    await fs.mkdir(path.dirname(mirrored(file)), { recursive: true });
    await fs.writeFile(mirrored(file), text, { mode: 0o600 });
    return true;
  };
  for (const file of [...definition.files, ...definition.envFiles, ...dependsOn]) await copy(file);
  const [projectDirectory, start] = [mirrored(definition.projectDirectory), folder + path.sep];
  await fs.mkdir(projectDirectory, { recursive: true });
  const given = { files: definition.files.map(mirrored), envFiles: definition.envFiles.map(mirrored) };
  const asOriginals = (text: string) => text.replaceAll(inJson(start), inJson(root)).replaceAll(start, root);
  for (;;) {
    try {
      const changed = { ...definition, ...given, projectDirectory };
      return await resolveProject(changed, { dependsOn: [...copied].map(mirrored), signal, asOriginals });
    } catch (error) {
      // A text names one that the saved one does not.
      const missing = error instanceof UserError ? missingPath(error.message) : undefined;
      if (missing === undefined || !(await copy(missing))) throw error;
    }
  }
}

/** A text as it stands in JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** An error that names the files which it is about, and not their copies. */
function asOfOriginals(error: UserError, written: ReadonlyMap<string, string>): UserError {
  let { message } = error;
  for (const [file, copy] of written) {
    message = message.replaceAll(copy, path.basename(file)).replaceAll(path.basename(copy), path.basename(file));
  }
  const place = originalPlace(error.details.place, written);
  const original = new UserError(error.kind, message, { ...error.details, place });
  if (!(error instanceof RefusedFiles)) return original;
  return new RefusedFiles(
    original,
    error.warnings.map((one) => asOfOriginal(one, written)),
  );
}

function asOfOriginal(warning: ConfigurationWarning, written: ReadonlyMap<string, string>): ConfigurationWarning {
  return { ...warning, place: originalPlace(warning.place, written) };
}

function originalPlace(place: Place | undefined, written: ReadonlyMap<string, string>): Place | undefined {
  const original = [...written].find(([, copy]) => copy === place?.file)?.[0];
  return place && original !== undefined ? { ...place, file: original } : place;
}
