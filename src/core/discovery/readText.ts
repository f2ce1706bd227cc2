import fs from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { isTooDeep } from '../common/depth';
import { Limiter } from '../common/limiter';
import { isOnOtherMachine } from '../common/paths';

/** How many files are open at once: the system has a limit for a process, and others in it open files, too. */
const opened = new Limiter(32);
/** Nobody writes as much by hand, in bytes: Compose reads it if it is asked to. */
const LARGEST = 1_000_000;

/**
 * The text of a file. A pipe or a device is not waited for, and what is no text is not read on.
 * @param folder absolute path of a folder on whose machine the file has to be.
 * @throws Error whose message tells why it can't be read, as the end of a sentence.
 */
export async function readText(file: string, folder: string): Promise<string> {
  if (isOnOtherMachine(file, folder)) throw new Error(l10n.t('it is on another machine'));
  const stat = await fs.stat(file).catch(fail);
  if (!stat.isFile()) throw new Error(l10n.t('it is no file'));
  if (stat.size > LARGEST) throw new Error(l10n.t('it is too large'));
  const text = await opened.run(() => fs.readFile(file, 'utf8')).catch(fail);
  if (text.includes('\0')) throw new Error(l10n.t('it is no text'));
  if (/\.(?:ya?ml|jsonc?)$/i.test(file) && isTooDeep(text)) throw new Error(l10n.t('it is nested too deep'));
  return text;
}

function fail(error: NodeJS.ErrnoException): never {
  if (error.code === 'ENOENT') throw new Error(l10n.t('it is a link that leads nowhere'));
  if (error.code === 'EACCES') throw new Error(l10n.t('you may not read it'));
  throw error;
}
