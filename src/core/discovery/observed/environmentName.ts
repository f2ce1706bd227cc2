import path from 'node:path';
import { purposeIn } from '../../model/environment';
import type { Candidate } from '../candidate';

/** The word for an environment: the last one that its files tell, else what else distinguishes it. */
export function nameFrom(
  {
    files,
    envFiles,
    projectName,
    profiles,
    context,
    isDefault,
  }: Pick<Candidate, 'files' | 'envFiles' | 'projectName' | 'profiles' | 'context' | 'isDefault'>,
  labels: readonly string[],
): string | undefined {
  const ofFiles = files.flatMap((file) => variantOf(file) ?? []).reverse();
  const ofFolders = files.map((file) => path.basename(path.dirname(file))).reverse();
  const said = [
    ...ofFiles.filter(purposeIn),
    ...envFiles.map((file) => path.basename(file).replace(/^\.?env[._-]?|[._-]env$/g, '')).reverse(),
    ...profiles,
    ...(projectName === undefined ? [] : [projectName]),
    ...(context === undefined ? [] : [context]),
    ...ofFolders,
  ];
  const word = said.map(purposeIn).find((one) => one !== undefined);
  if (word !== undefined) return word;
  if (ofFiles[0] !== undefined) return ofFiles[0];
  if (isDefault) return undefined;
  return labels.map(purposeIn).find((one) => one !== undefined) ?? context ?? laidFolderOf(files);
}

/** `mail` of `compose.yaml`, `tools/mail/compose.yaml`: the last folder whose files are laid over those of another one. */
function laidFolderOf(files: readonly string[]): string | undefined {
  const folders = files.map((file) => path.dirname(file));
  const folder = folders.findLast((one) => one !== folders[0]);
  return folder === undefined ? undefined : asName(path.basename(folder));
}

/** A name that begins with a dash would be an option on a command line. */
function asName(text: string | undefined): string | undefined {
  return text?.toLowerCase().replace(/^[-.]+/, '');
}

/** `dev` of `compose.dev.yaml`, `local` of `local.yml`; undefined for a base file. */
function variantOf(file: string): string | undefined {
  const stem = path.parse(file).name;
  const [, variant] = /^(?:docker-)?compose(?:[._-](?:override[._-])?(.+))?$/i.exec(stem) ?? [
    undefined,
    stem.replace(/[._-](?:docker-)?compose$/i, ''),
  ];
  const name = asName(variant);
  return name === 'override' || name === '' ? undefined : name;
}
