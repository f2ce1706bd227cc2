import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { record } from '../common/json';
import type { ProgramCall } from '../common/program';
import type { EnvironmentDefinition } from '../model/environment';
import { runCompose } from './compose';
import { dockerCall } from './composeCall';
import { parseConfig } from './config';
import { configurationError } from './configurationError';

/** What tells which variables Compose reads of an environment. */
type ReadsEnvFiles = Pick<EnvironmentDefinition, 'envFiles' | 'projectDirectory'>;

/**
 * The files that Compose reads variables from: those that it is given, or else the `.env` beside the project, if there is one.
 * @param texts files that are to be taken for being there, by absolute path.
 */
export function envFilesOf(
  { envFiles, projectDirectory }: ReadsEnvFiles,
  texts: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const usual = path.join(projectDirectory, '.env');
  const isThere = texts.has(usual) || fs.existsSync(usual);
  return envFiles.length > 0 || !isThere ? envFiles : [usual];
}

/** A Compose call that is given a compose file on standard input. */
interface EnvFilesCall extends ProgramCall {
  readonly input: string;
}

/** The service that is given the env files to be read. */
const READER = 'reader';

/**
 * Has Compose say what env files amount to: as those of a service that is never made. `config --environment` would also print the
 * variables of the shell, which the files are to win over, with line ends in values as they are; and Compose has it since 2.28 only.
 * No engine is asked.
 * @param envFiles paths, of which relative ones start in `folder`.
 * @param folder absolute path of the one that it runs in.
 */
export function envFilesCall(envFiles: readonly string[], folder: string): EnvFilesCall {
  const files = envFiles.map((file) => file.replaceAll('$', () => '$$'));
  const input = { name: READER, services: { [READER]: { image: READER, env_file: files } } };
  const given = envFiles.flatMap((file) => ['--env-file', file]);
  const call = dockerCall('default', ['compose', '--file', '-', ...given, 'config', '--format', 'json']);
  return { ...call, cwd: folder, input: JSON.stringify(input) };
}

/**
 * The variables in the env files of an environment, as Compose reads them: quotes, `$$` and `${NAME}` included, for which the shell's
 * own variables count before those of the files. Of two files the later one wins.
 * @throws UserError (configuration), with file and line where it can be told, when one can't be read; docker-missing when there is no
 *   Compose. The signal's reason when aborted.
 */
export async function readEnvFiles(
  environment: ReadsEnvFiles,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const envFiles = envFilesOf(environment);
  if (envFiles.length === 0) return {};
  const texts = await Promise.all(envFiles.map(async (file) => ({ path: file, text: await readEnvFile(file) })));
  const { input, ...call } = envFilesCall(envFiles, environment.projectDirectory);
  const { exitCode, stdout, stderr } = await runCompose(call, { signal, input: Readable.from(input) });
  if (exitCode !== 0) throw await configurationError(stderr, [], texts);
  return readVariables(stdout);
}

async function readEnvFile(file: string): Promise<string> {
  try {
    return await fs.promises.readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError('configuration', l10n.t("The env file {0} can't be read.", path.basename(file)), {
      place: { file },
      remedy: l10n.t('Make it, or correct what names it.'),
      cause,
    });
  }
}

/**
 * What Compose prints for an {@link envFilesCall}. A variable without a value is that of the shell, which has it already.
 * @throws UserError (failed) when the files were not read. Source: docker/compose, issue 11598: 2.24.7 reads none for `config`.
 */
export function readVariables(json: string): Readonly<Record<string, string>> {
  const { environment, env_file: unread } = record(record(parseConfig(json).services)[READER]);
  if (unread !== undefined) {
    throw new UserError('failed', l10n.t('This version of Docker Compose does not tell what is in env files.'), {
      remedy: l10n.t('Update Docker Compose: 2.24.7 does not.'),
    });
  }
  const values = Object.entries(record(environment)).flatMap(([name, value]) =>
    // It escapes what it prints, to be read again.
    typeof value === 'string' ? [[name, value.replaceAll('$$', () => '$')] as const] : [],
  );
  return Object.fromEntries(values);
}
