import fs from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { record, text } from '../common/json';
import type { ComposeText } from './configurationError';

/** No secret is larger: more bytes are those of a key store or the like, which nothing prints. */
const MOST_OF_SECRET = 65_536;

/**
 * What a project's secrets hold: those of files, without what can't be read, and those of variables, which `config` does not tell.
 * @param config what `docker compose config` prints.
 * @param readEnvFiles gives the files that variables are read from: of each variable, whatever value one has, or the shell.
 */
export async function secretContents(
  config: unknown,
  readEnvFiles: () => Promise<readonly ComposeText[]>,
): Promise<readonly string[]> {
  const secrets = Object.values(record(record(config).secrets)).map(record);
  const contents = await Promise.all(secrets.flatMap(({ file }) => text(file) || []).map(contentOf));
  const names = secrets.flatMap(({ environment }) => text(environment) || []);
  if (names.length === 0) return contents.flat();
  const sets = [process.env, ...(await readEnvFiles()).map((one) => parseEnv(one.text))];
  return [...contents.flat(), ...names.flatMap((name) => sets.flatMap((set) => set[name] || []))];
}

async function contentOf(file: string): Promise<string | readonly string[]> {
  const found = await fs.stat(file).catch(() => undefined);
  if (!found?.isFile() || found.size > MOST_OF_SECRET) return [];
  return fs.readFile(file, 'utf8').catch(() => []);
}
