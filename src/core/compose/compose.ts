import fs from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { type ProgramCall, type ProgramResult, type RunOptions, runProgram } from '../common/program';

/**
 * Runs a Compose call to its end.
 * @throws UserError (docker-missing) when there is no docker command line or no Compose plugin; the signal's reason when
 *   aborted. A non-zero exit is for the caller to judge.
 */
export async function runCompose(call: ProgramCall, options: RunOptions = {}): Promise<ProgramResult> {
  let result: ProgramResult;
  try {
    result = await runProgram(call, options);
  } catch (error) {
    throw notStarted(call, error);
  }
  if (result.exitCode === 0) return result;
  if (NO_COMPOSE_PLUGIN.test(result.stderr)) throw composeMissing();
  await refuseOldCompose(options.signal);
  const nowhere = NO_ENDPOINT.exec(result.stderr)?.[1];
  if (nowhere !== undefined) throw noEndpoint(nowhere);
  return result;
}

/**
 * Why a program could not be run, in a user's terms: what Node says when it can't start one.
 * @returns UserError (docker-missing; configuration when its folder is not there; failed); anything else as it is.
 */
export function notStarted({ command, cwd }: ProgramCall, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error) || error.name === 'AbortError') return error;
  if (error.code !== 'ENOENT') {
    return new UserError('failed', l10n.t('"{0}" can\'t be run: {1}.', command, error.message), {
      place: { file: cwd },
      cause: error,
    });
  }
  if (!fs.existsSync(cwd)) {
    return new UserError('configuration', l10n.t('The folder {0} is not there.', cwd), {
      remedy: l10n.t('Make it, or correct what names it: "{0}" is to be run there.', command),
      cause: error,
    });
  }
  if (command === 'docker') return dockerMissing(error);
  return new UserError('failed', l10n.t('The program "{0}" was not found.', command), {
    remedy: l10n.t('Install it, or correct the command that names it.'),
    cause: error,
  });
}

/** How the docker command line complains, by version, of a `docker compose --file …` it has no plugin for. */
const NO_COMPOSE_PLUGIN =
  /'compose' is not a docker command|unknown command: docker compose|unknown flag: --(?:file|project-name)/;

/** The oldest version of Compose that Berth works with. */
const OLDEST_COMPOSE = [2, 20] as const;
/** Whether Compose is known to be recent enough: asked only once something has failed, and not again then. */
let isComposeRecent = false;

/**
 * The version of Docker Compose, such as `2.26.1`; empty when it does not tell.
 * @throws Node's own error when there is no docker command line; the signal's reason when aborted.
 */
export async function composeVersion(signal?: AbortSignal): Promise<string> {
  const call = { command: 'docker', args: ['compose', 'version', '--short'], cwd: path.parse(process.cwd()).root };
  const { stdout } = await runProgram(call, { signal });
  return stdout.trim().replace(/^v/, '');
}

/** @throws UserError (docker-missing) when Compose is older than what Berth needs: then that is why a call failed. */
async function refuseOldCompose(signal?: AbortSignal): Promise<void> {
  if (isComposeRecent) return;
  const version = await composeVersion(signal);
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  const isOld = major < OLDEST_COMPOSE[0] || (major === OLDEST_COMPOSE[0] && minor < OLDEST_COMPOSE[1]);
  if (major > 0 && isOld) {
    throw new UserError('docker-missing', l10n.t('Docker Compose {0} is too old.', version), {
      remedy: l10n.t(
        'Install Docker Compose {0} or later (docs.docker.com/compose/install).',
        OLDEST_COMPOSE.join('.'),
      ),
    });
  }
  isComposeRecent = major > 0;
}

/** How the docker command line complains of a context that there is not: before it has looked at any file. */
const NO_ENDPOINT = /unable to resolve docker endpoint: (.+?)(?:: open .*)?$/m;

/** Whether the docker command line can be found, without running it. */
export function isDockerInstalled(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return isOnPath('docker', env);
}

function isOnPath(program: string, env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter(Boolean);
  return folders.some((folder) => names.some((name) => fs.existsSync(path.join(folder, name))));
}

export function dockerMissing(cause?: unknown): UserError {
  return new UserError('docker-missing', l10n.t('The docker command line was not found.'), {
    remedy: l10n.t('Install Docker (docs.docker.com/get-docker), or add it to the PATH and start again.'),
    cause,
  });
}

function noEndpoint(why: string): UserError {
  return new UserError('engine-unreachable', l10n.t('Docker does not know which engine is meant: {0}.', why), {
    remedy: l10n.t('Choose an existing context with "docker context use"; "docker context ls" lists them.'),
  });
}

function composeMissing(): UserError {
  return new UserError('docker-missing', l10n.t('The docker command line has no Compose plugin.'), {
    remedy: isOnPath('docker-compose')
      ? l10n.t(
          'Install Docker Compose {0} or later as a plugin (docs.docker.com/compose/install): "docker-compose" alone does not do.',
          OLDEST_COMPOSE.join('.'),
        )
      : l10n.t('Install Docker Compose {0} or later (docs.docker.com/compose/install).', OLDEST_COMPOSE.join('.')),
  });
}
