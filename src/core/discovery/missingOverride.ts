import path from 'node:path';
import { missingFile } from '../common/exampleFile';
import type { Knowledge } from '../model/environment';
import type { Candidate } from './candidate';
import type { ComposeVariables } from './composeVariables';

/** What Compose looks for where it is told no files: https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/ */
const BASE = /^(?<stem>(?:docker-)?compose)\.ya?ml$/;

/**
 * What is known of the override file that everybody makes of an example: see `Knowledge`.
 * @param variables tell of a `COMPOSE_FILE`, with which Compose looks for no override file.
 */
export async function missingOverrideOf(
  { files, envFiles, isLeftToCompose }: Candidate,
  variables: ComposeVariables,
): Promise<Pick<Knowledge, 'missingOverride'>> {
  const { dir, base } = path.parse(files[0] ?? '');
  const stem = BASE.exec(base)?.groups?.stem;
  if (!isLeftToCompose || files.length > 1 || stem === undefined) return {};
  if ((await variables.settings(dir, envFiles)).files) return {};
  const found = ['yaml', 'yml'].map((ending) => missingFile(path.join(dir, `${stem}.override.${ending}`)));
  const missingOverride = (await Promise.all(found)).find((one) => one !== undefined);
  return missingOverride ? { missingOverride } : {};
}
