import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from './errors';
import { findOnPath, repositoryRoot } from './paths';

/** How long a program that was told to end may take, in milliseconds: tests clean up then. */
const STOP_LIMIT = 15_000;

export interface RunOptions {
  /** Folder to run in; the repository's root when not given. */
  readonly cwd?: string;
  /** Set on top of this process's own variables; `undefined` takes one away. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Hears every line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  /** 128 + n is not made up here: undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, without standard input and without a shell, and collects its output.
 * A non-zero exit is a result, not an error.
 * @throws Node's own error when it can't be started; the signal's reason when aborted, after the program has ended.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, { ...spawnOptions(options), stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [collectLines(child.stdout, options.onLine), collectLines(child.stderr, options.onLine)];
  const exitCode = await ended(child, 'close', options.signal);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** Like {@link run}, for a program that must succeed: gives its standard output. */
export async function runOrFail(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(command, args, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new BenchError(`${command} is not installed.`);
  });
  if (result.exitCode === 0) return result.stdout;
  const call = [path.basename(command), ...args].join(' ');
  const exit = result.exitCode === undefined ? 'was ended by a signal' : `ended with exit code ${result.exitCode}`;
  throw new BenchError(`${call.slice(0, 200)} ${exit}:\n${lastLines(result.stderr || result.stdout, 25)}`);
}

/**
 * Runs two programs, the first one's output being the second one's input.
 * @throws {@link BenchError} when either fails; both have ended then.
 */
export async function runPiped(
  [first, firstArgs]: readonly [string, readonly string[]],
  [second, secondArgs]: readonly [string, readonly string[]],
  options: RunOptions = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  const source = spawn(first, firstArgs, { ...spawnOptions(options), stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = spawn(second, secondArgs, { ...spawnOptions(options), stdio: ['pipe', 'ignore', 'pipe'] });
  // When the sink ends early, the source learns it from its own broken pipe.
  sink.stdin.on('error', () => source.stdout.destroy());
  source.stdout.pipe(sink.stdin);
  const complaints = [source, sink].map((child) => collectLines(child.stderr, options.onLine));
  const codes = await Promise.all([ended(source, 'close', options.signal), ended(sink, 'close', options.signal)]);
  for (const [index, name] of [first, second].entries()) {
    if (codes[index] === 0) continue;
    throw new BenchError(
      `${name} ended with exit code ${codes[index]}:\n${lastLines(complaints[index]?.() ?? '', 15)}`,
    );
  }
}

/** Runs a program that shows its own output, on this process's own terminal. Gives its exit code. */
export async function runInView(
  command: string,
  args: readonly string[],
  options: Omit<RunOptions, 'onLine'> = {},
): Promise<number | undefined> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, { ...spawnOptions(options), stdio: ['ignore', 'inherit', 'inherit'] });
  return ended(child, 'exit', options.signal);
}

/**
 * Runs npm, without a shell on any platform: npm tells the programs it starts where its own script is, and else a
 * `.cmd` file (Windows) can't be started directly.
 */
export function npmCall(args: readonly string[]): [command: string, args: string[]] {
  const script = process.env.npm_execpath;
  if (script?.endsWith('npm-cli.js')) return [process.execPath, [script, ...args]];
  if (process.platform === 'win32') throw new BenchError('npm was not found.', 'Start this through npm: npm test.');
  return [findOnPath('npm') ?? 'npm', [...args]];
}

/** The last `count` lines of a text. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/**
 * Waits for something that no event tells of, such as another process's socket to answer.
 * @param probe asked again every `interval` milliseconds until it gives something.
 * @param limit milliseconds after which this gives up with undefined.
 */
export async function poll<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  { limit, interval = 100, signal }: { limit: number; interval?: number; signal?: AbortSignal },
): Promise<T | undefined> {
  for (const end = performance.now() + limit; ; await delay(interval, undefined, { signal })) {
    const value = await probe();
    if (value !== undefined || performance.now() >= end) return value;
  }
}

/** Whether `promise` settled within `ms` milliseconds; a rejection counts as settled. */
export async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      delay(ms, false, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
}

/** Resolves when the process is gone, at once when it already is. */
export function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/**
 * Sends a signal to a process, or with a negative id to its process group.
 * @returns false when it is already gone.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Gathers a stream's text and tells of each line; the function returned gives what there is so far. */
function collectLines(stream: Readable, onLine?: (line: string) => void): () => string {
  let [all, rest] = ['', ''];
  stream.setEncoding('utf8').on('data', (text: string) => {
    all += text;
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line) onLine?.(line);
  });
  return () => all;
}

function spawnOptions({ cwd = repositoryRoot, env }: RunOptions): Pick<SpawnOptions, 'cwd' | 'env' | 'windowsHide'> {
  return { cwd, env: { ...process.env, ...env }, windowsHide: true };
}

/** Resolves with the exit code. An abort sends SIGTERM, and SIGKILL to what then takes too long. */
function ended(child: ChildProcess, event: 'exit' | 'close', signal?: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let killTimer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT);
    };
    const settle = () => {
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort);
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once(event, (exitCode: number | null) => {
      settle();
      if (signal?.aborted) reject(signal.reason);
      else resolve(exitCode ?? undefined);
    });
  });
}
