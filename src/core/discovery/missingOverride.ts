import fs from 'node:fs/promises';
import path from 'node:path';
import { missingAmong } from '../common/exampleFile';
import type { Knowledge } from '../model/environment';
import type { Candidate } from './candidate';
import type { ComposeVariables } from './composeVariables';
import { readText } from './readText';

/**
 * What Compose looks for where it is told no files, and what it lays over that, be it named alike or not; of several the first.
 * Source: https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/ for the first, Compose 2.26.1 for the others.
 */
const BASE = /^(?:docker-)?compose\.ya?ml$/;
const OVERRIDES = ['compose', 'docker-compose'].flatMap((stem) => [`${stem}.override.yml`, `${stem}.override.yaml`]);

/**
 * What is known of the override file that everybody makes of an example: see `Knowledge`.
 * @param variables tell of a `COMPOSE_FILE`, with which Compose looks for no override file.
 */
export async function missingOverrideOf(
  { files, envFiles, isLeftToCompose }: Candidate,
  variables: ComposeVariables,
): Promise<Pick<Knowledge, 'missingOverride'>> {
  const { dir, base } = path.parse(files[0] ?? '');
  if (!isLeftToCompose || files.length > 1 || !BASE.test(base)) return {};
  if ((await variables.settings(dir, envFiles)).files) return {};
  const present = new Set(await fs.readdir(dir).catch((): string[] => []));
  const found = OVERRIDES.map((name) => missingAmong(path.join(dir, name), (one) => present.has(path.basename(one))));
  const missing = found.find((one) => one !== undefined);
  if (!missing) return {};
  const text = await readText(missing.example, dir).catch(() => undefined);
  return text === undefined ? {} : { missingOverride: { ...missing, text } };
}
