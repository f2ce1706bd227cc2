import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Document, YAMLMap } from 'yaml';
import { UserError } from '../common/errors';
import { relativePath } from '../common/paths';
import type { EnvironmentCommand } from '../model/command';
import { type EnvironmentDefinition, purposeOfName } from '../model/environment';
import { provenanceText } from '../model/provenance';
import { DECLARED_NAME, DECLARED_PROJECT } from './declarationSchema';
import { DECLARATION_NAMES } from './workspaceText';

/**
 * The `berth.yaml` or `berth.yml` that a folder has.
 * @param folder absolute path.
 * @returns absolute path; undefined when it has none.
 */
export async function existingDeclaration(folder: string): Promise<string | undefined> {
  const names = await fs.readdir(folder);
  const name = DECLARATION_NAMES.find((one) => names.includes(one));
  return name && path.join(folder, name);
}

/**
 * Writes a `berth.yaml` that declares what was found; see {@link declarationText}. Never overwrites one.
 * @param folder absolute path of the workspace folder.
 * @returns its absolute path.
 * @throws UserError (usage) when there is one already, or no environment to declare; (failed) when it can't be written.
 */
export async function writeDeclaration(
  folder: string,
  environments: readonly EnvironmentDefinition[],
): Promise<string> {
  const existing = await existingDeclaration(folder);
  if (existing !== undefined) {
    throw new UserError('usage', l10n.t('There is a {0} already, which is not overwritten.', path.basename(existing)), {
      place: { file: existing },
      remedy: l10n.t('Change it, or put it away first.'),
    });
  }
  const own = environments.filter((one) => one.workspaceFolder === folder && one.origin !== 'running');
  if (own.length === 0) {
    throw new UserError('usage', l10n.t('There is no environment to declare.'), { place: { file: folder } });
  }
  const file = path.join(folder, DECLARATION_NAMES[0]);
  await fs.writeFile(file, await declarationText(folder, own), { flag: 'wx' }).catch((cause: Error) => {
    throw new UserError('failed', l10n.t("{0} can't be written: {1}.", DECLARATION_NAMES[0], cause.message), { cause });
  });
  return file;
}

/**
 * A `berth.yaml` for what was found, which gives the same environments when it is read: all that Berth can't know by itself,
 * and comments that say where each comes from.
 * @param folder absolute path of the folder that it is for: paths start there.
 */
export async function declarationText(folder: string, environments: readonly EnvironmentDefinition[]): Promise<string> {
  const { Document } = await import('yaml');
  const entries = environments.map((definition) => [declaredName(definition.name), entryOf(folder, definition)]);
  const document = new Document({ environments: Object.fromEntries(entries) });
  document.commentBefore = ` ${l10n.t('The environments of this project, as Berth found them. Paths start at the folder of this file.')}`;
  for (const definition of environments) comment(document, definition);
  return document.toString({ lineWidth: 0 });
}

/** What is declared of an environment; what is undefined is left out. */
export function entryOf(folder: string, definition: EnvironmentDefinition): Record<string, unknown> {
  const { files, envFiles, profiles, context, projectDirectory, knowledge } = definition;
  const relative = (file: string) => relativePath(folder, file) || '.';
  const name = declaredName(definition.name);
  const commands = knowledge?.commands ?? [];
  return {
    purpose: purposeOfName(name) === definition.purpose ? undefined : definition.purpose,
    files: files.map(relative),
    envFiles: envFiles.length > 0 ? envFiles.map(relative) : undefined,
    project: declaredProject(definition),
    projectDirectory: projectDirectory === path.dirname(files[0] ?? '') ? undefined : relative(projectDirectory),
    profiles: profiles.length > 0 ? profiles : undefined,
    context,
    commands: commands.length > 0 ? entriesOf(commands, folder) : undefined,
  };
}

/** `docker/dev` is not the name of a declared environment; `docker-dev` is. */
export function declaredName(name: string): string {
  const allowed = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return new RegExp(DECLARED_NAME).test(allowed) ? allowed : 'environment';
}

/** The project, where it does not follow from the name: a command gives it, or the name had to be changed. */
function declaredProject({ name, projectName, usualProject }: EnvironmentDefinition): string | undefined {
  const isGiven = projectName !== undefined && (projectName === usualProject || name !== declaredName(name));
  return isGiven && new RegExp(DECLARED_PROJECT).test(projectName) ? projectName : undefined;
}

/** What is declared of commands, by their names. @param folder absolute path: what runs on this machine has its paths from there. */
function entriesOf(commands: readonly EnvironmentCommand[], folder: string): Record<string, unknown> {
  const entries = commands.map(({ name, kind, service, command, directory, inNewContainer, ...rest }) => {
    const cwd = service === undefined && directory !== undefined ? relativePath(folder, directory) || '.' : directory;
    const { user, env, collect, takesArguments: args, background } = rest;
    return [
      declaredName(name),
      { kind, service, run: command, cwd, user, newContainer: inNewContainer, env, collect, args, background },
    ];
  });
  return Object.fromEntries(entries);
}

/** Says before an environment where it comes from. */
function comment(document: Document, definition: EnvironmentDefinition): void {
  const environments = document.get('environments') as YAMLMap;
  const pair = environments.items.find(({ key }) => String(key) === declaredName(definition.name));
  if (!pair) return;
  const key = document.createNode(String(pair.key));
  key.commentBefore = ` ${provenanceText(definition)}`;
  pair.key = key;
}
