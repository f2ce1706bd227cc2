// Runs in the process that is measured, be it a plain Node process or VS Code's extension host.
import { subscribe } from 'node:diagnostics_channel';
import net from 'node:net';
import { LineSplitter } from '../../../src/core/common/program';
import { machineTime } from './figures';

/** How the process that is measured finds what it needs. */
export const variables = {
  /** Path of the socket that the measuring process listens on. */
  socket: 'BERTH_BENCH_SOCKET',
  /** Path of the engine's unix socket; for a process that only reads it. */
  engine: 'BERTH_BENCH_ENGINE',
  /** Absolute path of the workspace folder; for a plain Node process. */
  workspace: 'BERTH_BENCH_WORKSPACE',
  /** `no` for a process that is to have everything but a feed. */
  feed: 'BERTH_BENCH_FEED',
} as const;

/** That a service was seen to have come to another health. */
export interface Change {
  /** See {@link machineTime}. */
  readonly at: number;
  readonly service: string;
  /** In the word that is shown. */
  readonly health: string;
}

/** In milliseconds. */
export interface ActivationTimes {
  readonly loadCode: number;
  readonly callActivate: number;
}

/** What the measuring process can ask, and what it is answered. */
export interface Answers {
  /** What changed since it was asked last. */
  readonly changes: readonly Change[];
  /** Milliseconds of processor time that this process has used, with all its threads. */
  readonly processorTime: number;
  /** The calls of the programs that were started since it was asked last. */
  readonly processes: readonly string[];
  /** What VS Code says of the extension's activation. */
  readonly activation: ActivationTimes;
}
export type Question = keyof Answers | 'end';

/** The end of the line to the measuring process in the process that is measured. */
export class Subject {
  private changes: Change[] = [];
  private processes: string[] = [];

  /**
   * @param owner folder of the code whose child processes count, where others' code runs in this process, too.
   * @param activation finds out how the activation went; only when asked, because it is not for free.
   */
  constructor(
    owner = '',
    private readonly activation?: () => Promise<ActivationTimes>,
  ) {
    Error.stackTraceLimit = 50;
    // Node tells of each child process here, whoever starts it. Its program is known only a moment later.
    subscribe('child_process', (message) => {
      const { process: child } = message as { readonly process: { readonly spawnargs?: readonly string[] } };
      if (!new Error().stack?.includes(owner)) return;
      queueMicrotask(() => this.processes.push(child.spawnargs?.join(' ') ?? ''));
    });
  }

  /** Tells that a service came to another health, now. */
  tell(service: string, health: string): void {
    this.changes.push({ at: machineTime(), service, health });
  }

  /** Says that this process is ready, and answers questions until it is told to end, or the measuring process is gone. */
  answer(): Promise<void> {
    const socket = net.connect(process.env[variables.socket] ?? '');
    const lines = new LineSplitter((question) => {
      if (question === 'end') return void socket.end();
      void this.answerTo(question as keyof Answers).then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
    });
    socket.on('data', (chunk) => lines.push(chunk));
    socket.on('connect', () => socket.write('"ready"\n'));
    return new Promise((resolve) => {
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });
  }

  private async answerTo(question: keyof Answers): Promise<Answers[keyof Answers]> {
    switch (question) {
      case 'changes':
        return this.changes.splice(0);
      case 'processes':
        return this.processes.splice(0);
      case 'processorTime': {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      }
      case 'activation':
        if (!this.activation) throw new Error('Nothing was activated here.');
        return this.activation();
    }
  }
}
