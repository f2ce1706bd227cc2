import { setTimeout } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { isPortFree, portHolders } from '../common/portHolder';
import { isNeeded, runningProgram } from '../common/runningProgram';
import type { Fix } from '../model/finding';

type EndProgram = Extract<Fix, { kind: 'end-program' }>;

/** How long a program may take to give back its port, and how often that is looked at, in milliseconds. */
const END_LIMIT = 5_000;
const END_LOOK = 100;

/**
 * Asks a program to end that has a port, if it still is the one that was found, and nobody else has the port with it; waits until the port
 * is free.
 * @throws UserError when it may not be ended, or the port is not free in time; an AbortError when aborted.
 */
export async function endProgram(fix: EndProgram, signal: AbortSignal): Promise<void> {
  await checkStillSo(fix);
  terminate(fix);
  const { name, pid, port } = fix;
  const deadline = Date.now() + END_LIMIT;
  while (!(await isPortFree(port))) {
    if (Date.now() >= deadline) {
      const message = l10n.t(
        'The program {0} (process {1}) was asked to end, and port {2} is still in use.',
        name,
        pid,
        port.port,
      );
      throw new UserError('failed', message, {
        remedy: l10n.t('It may need longer, or something has started it again. Check again to see who has the port.'),
      });
    }
    await setTimeout(END_LOOK, undefined, { signal });
  }
}

/** Numbers of programs are given anew, and ports go from one to another. @throws UserError when it is not what was found. */
async function checkStillSo({ name, pid, started, port }: EndProgram): Promise<void> {
  const program = await runningProgram(pid);
  if (program?.name !== name || program.started !== started) {
    throw nothingDone(l10n.t('The program {0} (process {1}) does not run any more.', name, pid));
  }
  const { programs, hasOthers } = await portHolders(port);
  if (hasOthers || programs.length !== 1 || programs[0]?.pid !== pid) {
    throw nothingDone(
      l10n.t('The program {0} (process {1}) is not the one that has port {2} any more.', name, pid, port.port),
    );
  }
  if (await isNeeded(program)) throw nothingDone(l10n.t('The program {0} (process {1}) is needed.', name, pid));
}

function nothingDone(message: string): UserError {
  return new UserError('failed', message, { remedy: l10n.t('Nothing was done. Check again.') });
}

function terminate({ name, pid }: EndProgram): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    // It has ended by itself.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw new UserError('failed', l10n.t("The program {0} (process {1}) can't be ended.", name, pid), {
      remedy: l10n.t("It is another user's: end it as that user, or as the administrator."),
      cause: error,
    });
  }
}
