import { constants } from 'node:os';
import { pipeline, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import spawn from 'cross-spawn';
import { leadsGroup, type SignalReach, sendSignal, stopOnAbort } from './stopProgram';

/** A program to run, as data: never a command line for a shell. */
export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute path of the folder it runs in. */
  readonly cwd: string;
  /** Set on top of this process's own environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProgramResult {
  /** What the program ended with; 128 + n when a signal n ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type OutputStream = 'stdout' | 'stderr';

/** How much of what a program prints is kept, in characters: when there is more, the last half of that. */
const MOST_OUTPUT = 64_000_000;
/** How long a program that was told to stop may take before it is killed, in milliseconds. */
const STOP_GRACE = 10_000;

/** What can be wanted of a program that is run to its end. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string, stream: OutputStream) => void;
  readonly onText?: (text: string) => void;
  readonly input?: Readable;
  readonly withChildren?: boolean;
}

/**
 * Runs a program to its end.
 * @param input its standard input, nothing when left out; ends early, with what it holds, when the program does not read it all.
 * @param onLine hears every line of output as it comes (split at newline or carriage return, empty ones left out).
 * @param onText hears all output as it comes, in pieces.
 * @param withChildren whether what it started is stopped with it, as Ctrl-C in a terminal does (not on Windows).
 * @throws the signal's reason when aborted: the program is sent SIGINT first, as Ctrl-C would, and has ended when this
 *   rejects. Node's own error (`code` ENOENT, EACCES) when it can't be started. A non-zero exit is no error here.
 */
export function runProgram(
  call: ProgramCall,
  { signal, onLine, onText, input, withChildren = false }: RunOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const reach: SignalReach = withChildren ? 'group' : 'program';
    const child = spawn(call.command, call.args, {
      cwd: call.cwd,
      env: { ...process.env, ...call.env },
      stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: leadsGroup(reach),
    });
    // That it does not read all of it is no error: its exit code tells whether it should have.
    if (input && child.stdin) pipeline(input, child.stdin, () => {});
    const output = { stdout: '', stderr: '' };
    const readers = (['stdout', 'stderr'] as const).map((name) => {
      const lines = onLine && new LineSplitter((line) => onLine(line, name));
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        // Its end tells most, and a string has a limit.
        if (output[name].length > MOST_OUTPUT) output[name] = output[name].slice(-MOST_OUTPUT / 2);
        lines?.push(text);
        onText?.(text);
      });
      return lines;
    });

    const stopping = stopOnAbort(signal, {
      ask: () => sendSignal(child, 'SIGINT', reach),
      kill: () => {
        sendSignal(child, 'SIGKILL', reach);
        // A child of its own may hold the other ends, and would be waited for.
        child.stdout?.destroy();
        child.stderr?.destroy();
      },
      patience: STOP_GRACE,
    });
    child.once('error', (error) => {
      stopping.dispose();
      reject(error);
    });
    child.once('close', (code, endedBy) => {
      stopping.dispose();
      for (const lines of readers) lines?.end();
      if (signal?.aborted) reject(signal.reason);
      else resolve({ exitCode: codeOfEnd(code, endedBy), ...output });
    });
  });
}

/** Starts a program that goes on by itself, also when this process ends at once. Nobody hears how it ends. */
export function startDetached({ command, args, cwd, env }: ProgramCall): void {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
    windowsHide: true,
  });
  child.once('error', () => {});
  child.unref();
}

/** Cuts text that comes in pieces into lines. */
export class LineSplitter {
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: string | Buffer): void {
    const parts = (this.rest + (typeof chunk === 'string' ? chunk : this.decoder.write(chunk))).split(/[\r\n]+/);
    this.rest = parts.pop() ?? '';
    for (const line of parts) if (line) this.onLine(line);
  }

  /** Gives out what is left without a line end. */
  end(): void {
    if (this.rest) this.onLine(this.rest);
    this.rest = '';
  }
}

/** What a program ended with, by what Node tells of its end; 128 + n when a signal n ended it, as shells have it. */
export function codeOfEnd(code: number | null, endedBy: NodeJS.Signals | null): number {
  return code ?? 128 + (endedBy ? constants.signals[endedBy] : 0);
}
