import { once } from 'node:events';
import type { Readable, Transform, Writable } from 'node:stream';
import { isatty } from 'node:tty';
import spawn from 'cross-spawn';
import { type Disposable, toDisposable } from '../core/common/disposable';
import { codeOfEnd, type ProgramCall } from '../core/common/program';
import { leadsGroup, type SignalReach, sendSignal, stopOnAbort } from '../core/common/stopProgram';
import { notStarted } from '../core/compose/compose';
import { INTERRUPTED, TERMINAL_CLOSED } from './commands/command';

/**
 * Whether a person at a terminal reads and writes here. Not asked of `process.stdin`: looking at it there would begin to
 * read what is for the program that is run.
 */
export function isOnTerminal(): boolean {
  return isatty(0) && isatty(1);
}

/** How a program is run on this process's own input and output. */
interface InheritedOptions {
  /** What its standard output goes through, if anything: it then is no terminal for the program. */
  readonly filter?: Transform;
  /** What its standard error goes through, if anything. */
  readonly errorFilter?: Transform;
  /** The file descriptor of this process that its standard output goes to otherwise: 2 is standard error. */
  readonly stdout?: 1 | 2;
  /**
   * Milliseconds that it may take to end when it is asked to, before it is killed with all that it has started; any when left out.
   * Set for one that nobody need be there for: it reads this process's input only where that is a terminal, and else leads a group of
   * its own. (On a terminal, only this process's own group may read.)
   */
  readonly patience?: number;
}

/**
 * Runs a program on this process's own input and output, and gives its exit code; 128 + n when signal n ended it.
 * An abort asks it to end as Ctrl-C would, or as the closing of the terminal does, and waits for it.
 * @throws UserError when it can't be started, see `notStarted`; the signal's reason when it was aborted before.
 */
export async function runInherited(
  call: ProgramCall,
  signal: AbortSignal,
  { filter, errorFilter, stdout = 1, patience }: InheritedOptions = {},
): Promise<number> {
  signal.throwIfAborted();
  const isTyped = isatty(0);
  const alone: SignalReach = isTyped ? 'family' : 'group';
  const reach = patience === undefined ? 'program' : alone;
  const child = spawn(call.command, call.args, {
    cwd: call.cwd,
    env: { ...process.env, ...call.env },
    stdio: [reach === 'group' ? 'ignore' : 'inherit', filter ? 'pipe' : stdout, errorFilter ? 'pipe' : 'inherit'],
    windowsHide: true,
    detached: leadsGroup(reach),
  });
  const passing = [passOn(child.stdout, filter, process.stdout), passOn(child.stderr, errorFilter, process.stderr)];
  const stopping = stopOnAbort(signal, {
    ask: () => {
      // What is typed at a terminal has reached the program, too: a second Ctrl-C would be one to end at once.
      if (isTyped && signal.reason === INTERRUPTED) return;
      // On a terminal, docker leaves it to that to tell Compose of Ctrl-C; one that is closed tells nobody but this process.
      sendSignal(child, signal.reason === TERMINAL_CLOSED ? 'SIGHUP' : 'SIGINT', reach);
    },
    kill: () => sendSignal(child, 'SIGKILL', reach),
    patience,
  });
  try {
    // `close`, not `exit`: all of its output has been read by then.
    const [code, endedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    for (const one of [filter, errorFilter]) if (one && !one.readableEnded) await once(one, 'end');
    return codeOfEnd(code, endedBy);
  } catch (error) {
    throw notStarted(call, error);
  } finally {
    stopping.dispose();
    for (const one of passing) one.dispose();
  }
}

/** Passes on what a program writes by way of a filter, if there is one; reads it all the same when nobody takes it any more. */
function passOn(from: Readable | null, filter: Transform | undefined, to: Writable): Disposable {
  if (!from || !filter) return toDisposable(() => {});
  from.pipe(filter).pipe(to, { end: false });
  const drop = () => void filter.resume();
  to.on('error', drop);
  return toDisposable(() => to.removeListener('error', drop));
}
