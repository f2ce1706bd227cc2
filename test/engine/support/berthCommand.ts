import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../../support/paths';

/** The command line as it is shipped; the runner of the tests builds it before. */
export const cliScript = path.join(repositoryRoot, 'dist', 'cli.js');

/** How long a test waits for words that should come at once, in milliseconds. */
const LIMIT = 20_000;

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Set on top of this process's own variables. */
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads; nothing when left out. */
  readonly input?: string;
}

/** The `berth` command line under way, with what it has written so far. */
export class BerthCommand {
  stdout = '';
  stderr = '';
  readonly process: ChildProcess;
  readonly ended: Promise<CommandResult>;
  private onWords = () => {};

  /** @param program what to run instead of the command line itself, with its arguments. */
  constructor(
    args: readonly string[],
    options: CommandOptions,
    [command, ...first]: readonly [string, ...string[]] = [process.execPath, cliScript],
  ) {
    this.process = spawn(command, [...first, ...args], {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: undefined, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr'] as const) {
      this.process[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
        this.onWords();
      });
    }
    if (options.input !== undefined) this.process.stdin?.end(options.input);
    this.ended = new Promise((resolve, reject) => {
      this.process.once('error', reject);
      this.process.once('close', (exitCode) => resolve({ exitCode, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Waits until one of its outputs, from its beginning, matches. */
  async until(pattern: RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (why: string) => () =>
          reject(new Error(`${pattern} ${why}.\nstdout: ${this.stdout}\nstderr: ${this.stderr}`));
        timer = setTimeout(fail(`did not come within ${LIMIT} ms`), LIMIT);
        void this.ended.then(fail('had not come when it ended'), reject);
        this.onWords = () => pattern.test(this[where]) && resolve();
        this.onWords();
      });
    } finally {
      clearTimeout(timer);
      this.onWords = () => {};
    }
  }
}

/** Runs a command to its end. */
export function berth(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new BerthCommand(args, { input: '', ...options }).ended;
}

/**
 * Starts a command on a terminal of its own, which is only on Linux so easily made. Both outputs come as one; what it
 * reads is the terminal too, unless an input is given.
 */
export function berthOnTerminal(args: readonly string[], { cwd, env, input }: CommandOptions): BerthCommand {
  const command = [process.execPath, cliScript, ...args].map(quoted).join(' ');
  // In the shell's place: a shell that waits would be ended by the Ctrl-C that is typed for the command.
  const line = input === undefined ? `exec ${command}` : `printf %s ${quoted(input)} | ${command}`;
  const program = ['script', '--quiet', '--return', '--command', line, '/dev/null'] as const;
  return new BerthCommand([], { cwd, env: { TERM: 'xterm', ...env } }, [...program]);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
