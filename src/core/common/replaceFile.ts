import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from './errors';

/**
 * Gives a file another text: as a whole, or it stays as it was. What a symbolic link leads to is replaced, with its own permissions.
 * @param before the text that it is known to have; undefined when it is not there, and is to be made.
 * @param isPrivate whether only this user may read it, if it is made.
 * @throws UserError (failed) when it has another text meanwhile, or is there by now; an error of the system.
 */
export async function replaceFile(
  file: string,
  before: string | undefined,
  after: string,
  { isPrivate = false }: { readonly isPrivate?: boolean } = {},
): Promise<void> {
  if (before === undefined) {
    await fs
      .writeFile(file, after, { flag: 'wx', mode: isPrivate ? 0o600 : 0o666 })
      .catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST' ? changedMeanwhile(file) : error;
      });
    return;
  }
  const target = await fs.realpath(file);
  if ((await fs.readFile(target, 'utf8')) !== before) throw changedMeanwhile(file);
  const { mode } = await fs.stat(target);
  await withTextBeside(target, after, mode, (written) => fs.rename(written, target));
}

/** Writes a text into a file of its own beside another one, which is removed in the end if it is still there. */
export async function withTextBeside<T>(
  file: string,
  text: string,
  mode: number,
  use: (written: string) => Promise<T>,
): Promise<T> {
  const written = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    await fs.writeFile(written, text, { mode, flag: 'wx' });
    // What the system masks of it when it makes the file.
    await fs.chmod(written, mode);
    return await use(written);
  } finally {
    await fs.rm(written, { force: true });
  }
}

function changedMeanwhile(file: string): UserError {
  return new UserError('failed', l10n.t('The file was changed meanwhile.'), {
    place: { file },
    remedy: l10n.t('Nothing was written. Try again.'),
  });
}
