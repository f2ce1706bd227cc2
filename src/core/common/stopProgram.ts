import { type ChildProcess, spawnSync } from 'node:child_process';
import type { Disposable } from './disposable';

/**
 * Whom a signal to a program reaches: the program alone; the group that it leads, having been started `detached`; or, where it shares
 * a group with others, all that it has started and whose parents are still there. On Windows always the program alone.
 */
export type SignalReach = 'program' | 'group' | 'family';

/** Whether a program is to be started `detached`, to be reached so: on Windows, that would give it a window. */
export function leadsGroup(reach: SignalReach): boolean {
  return reach === 'group' && process.platform !== 'win32';
}

/** Sends a signal to a program that was started, wherever that reaches. What has ended is passed over. */
export function sendSignal(program: ChildProcess, name: NodeJS.Signals, reach: SignalReach): void {
  const { pid } = program;
  if (reach === 'program' || pid === undefined || process.platform === 'win32') program.kill(name);
  else if (reach === 'group') signalProcess(-pid, name);
  else if (program.exitCode === null && program.signalCode === null) {
    for (const one of familyOf(pid)) signalProcess(one, name);
  }
}

/**
 * Ends a program that was started when a signal is aborted. When it takes too long for that, or this process ends, it is killed; and
 * so is what it has left running when it is over.
 * @param ask asks it to end.
 * @param kill does not ask.
 * @param patience milliseconds that it may take; when left out it is only asked, and may take any.
 * @returns what is to be disposed of when it is over.
 */
export function stopOnAbort(
  signal: AbortSignal | undefined,
  { ask, kill, patience }: { readonly ask: () => void; readonly kill: () => void; readonly patience?: number },
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    ask();
    if (patience === undefined) return;
    timer = setTimeout(kill, patience);
    // Whoever does not wait any longer, and ends this process, leaves nothing running.
    process.once('exit', kill);
  };
  signal?.addEventListener('abort', onAbort);
  return {
    dispose: () => {
      signal?.removeEventListener('abort', onAbort);
      if (!timer) return;
      clearTimeout(timer);
      process.removeListener('exit', kill);
      kill();
    },
  };
}

/** @param id of a process; of a group, as a negative number. */
function signalProcess(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch {
    // All of it has ended.
  }
}

/** A process and all that descend from it, itself first; it alone where `ps` is missing. */
function familyOf(id: number): ReadonlySet<number> {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const all = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  // Grows while it is gone through.
  const family = new Set([id]);
  for (const parent of family) for (const [one, its] of all) if (one !== undefined && its === parent) family.add(one);
  return family;
}
