import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, UserError } from '../common/errors';
import { normalisedProjectName } from '../model/project';

/** What stands in a template's files for the name of the project that is made from it. */
const PLACEHOLDER = /\bmy-project\b/g;

/**
 * The templates there are, by name, the first one first.
 * @param templatesFolder absolute path of `compose-templates`.
 */
export async function listTemplates(templatesFolder: string): Promise<readonly string[]> {
  const entries = await fs.readdir(templatesFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Makes the files of a template in a folder, under the folder's name. All of them or none: a file that is already there
 * is never overwritten.
 * @param template absolute path of the template's folder.
 * @param folder absolute path; made when it does not exist.
 * @returns the absolute paths of the files made.
 * @throws UserError (failed) when a file is already there, or the folder can't be written.
 */
export async function applyTemplate(template: string, folder: string): Promise<readonly string[]> {
  const projectName = normalisedProjectName(folder) || 'app';
  const made: string[] = [];
  try {
    await fs.mkdir(folder, { recursive: true });
    for (const name of (await fs.readdir(template)).sort()) {
      const text = await fs.readFile(path.join(template, name), 'utf8');
      const file = path.join(folder, name);
      // `wx` fails when the file exists, whoever made it since we looked.
      await fs.writeFile(file, text.replace(PLACEHOLDER, projectName), { flag: 'wx' });
      made.push(file);
    }
    return made;
  } catch (error) {
    await Promise.all(made.map((file) => fs.rm(file, { force: true })));
    const existing = error instanceof Error && 'code' in error && error.code === 'EEXIST' && 'path' in error;
    throw new UserError(
      'failed',
      existing
        ? l10n.t('"{0}" is already there; nothing was made.', path.basename(String(error.path)))
        : l10n.t("The template's files can't be made: {0}", messageOf(error)),
      { place: { file: folder }, remedy: l10n.t('Choose another folder.'), cause: error },
    );
  }
}
