import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { unlessAborted } from '../../../src/core/common/event';
import { LineSplitter } from '../../../src/core/common/program';
import { BenchError } from '../../support/errors';
import { exited } from '../../support/processes';
import { removeFolder, temporaryFolder } from '../../support/temporary';
import type { VSCodeVersion } from '../../support/vscodeServer';
import { startWorkbench } from '../../support/workbench';
import { type Answers, type Question, variables } from './subject';

/** How long a process may take until it is ready to be measured, in milliseconds. */
const READY_LIMIT = 90_000;

/** What is to be measured. */
export interface MeasuredOptions {
  /** Absolute path of the workspace folder. */
  readonly workspace: string;
  /** Set on top of this process's variables: DOCKER_HOST, PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Of VS Code; the newest when left out. */
  readonly version?: VSCodeVersion;
}

/** A process that is measured, from the outside. */
export class Measured {
  private readonly answers: ((answer: string) => void)[] = [];
  private readonly gone: Promise<never>;

  private constructor(
    private readonly socket: net.Socket,
    private readonly onEnd: () => Promise<void>,
  ) {
    const lines = new LineSplitter((line) => this.answers.shift()?.(line));
    socket.on('data', (chunk) => lines.push(chunk));
    socket.on('error', () => {});
    this.gone = new Promise((_, reject) =>
      socket.once('close', () => reject(new Error('The process that was measured has ended.'))),
    );
    this.gone.catch(() => {});
  }

  /** Core in a plain Node process. @param feed whether it follows the engine. */
  static core(
    { workspace, env }: MeasuredOptions,
    { feed }: { readonly feed: boolean },
    signal: AbortSignal,
  ): Promise<Measured> {
    const own = { [variables.workspace]: workspace, [variables.feed]: feed ? 'yes' : 'no' };
    return Measured.node('coreSubject', { ...env, ...own }, signal);
  }

  /** A plain Node process that does nothing but read the engine's events: what it calls changes are those, as they are. */
  static rawReader(socketPath: string, signal: AbortSignal): Promise<Measured> {
    return Measured.node('rawSubject', { [variables.engine]: socketPath }, signal);
  }

  private static node(script: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Measured> {
    return Measured.start(signal, async (socketPath) => {
      const child = spawn(process.execPath, [path.join(__dirname, `${script}.js`)], {
        env: { ...process.env, ...env, [variables.socket]: socketPath },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      return { ended: endOf(child), stop: () => stopChild(child) };
    });
  }

  /**
   * The extension host of a VS Code.
   * @param extension absolute path of the extension to run in it.
   */
  static extensionHost(
    { workspace, env, version }: MeasuredOptions,
    extension: string,
    signal: AbortSignal,
  ): Promise<Measured> {
    return Measured.start(signal, async (socketPath) => {
      const workbench = await startWorkbench({
        testDriver: true,
        version,
        workspace,
        extensionDevelopmentPaths: [extension],
        extensionTestsPath: path.join(__dirname, 'hostSubject.js'),
        env: { ...env, [variables.socket]: socketPath },
        // Else VS Code itself starts programs every few seconds to look for open ports.
        settings: { 'remote.autoForwardPorts': false },
      });
      return { ended: endOf(workbench.server.process), stop: () => workbench.stop() };
    });
  }

  /** What the process answers. */
  async ask<Q extends keyof Answers>(question: Q): Promise<Answers[Q]> {
    const answer = new Promise<string>((resolve) => this.answers.push(resolve));
    this.send(question);
    return JSON.parse(await Promise.race([answer, this.gone]));
  }

  async end(): Promise<void> {
    this.send('end');
    await this.onEnd();
  }

  private send(question: Question): void {
    this.socket.write(`${question}\n`);
  }

  /** Starts a process, and waits for it to say that it is ready. What was started is stopped when it never does. */
  private static async start(
    signal: AbortSignal,
    launch: (socketPath: string) => Promise<{ ended: Promise<never>; stop: () => Promise<void> }>,
  ): Promise<Measured> {
    const folder = temporaryFolder('line');
    const socketPath = path.join(folder, 's');
    const server = net.createServer();
    const connected = new Promise<net.Socket>((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const cleanUp = () => {
      server.close();
      removeFolder(folder);
    };
    let stop: (() => Promise<void>) | undefined;
    const late = AbortSignal.timeout(READY_LIMIT);
    try {
      const launched = await launch(socketPath);
      stop = launched.stop;
      const first = Promise.race([connected, launched.ended]);
      // It also ends when it is stopped because of an abort: nobody hears it then.
      first.catch(() => {});
      const socket = await unlessAborted(first, AbortSignal.any([signal, late]));
      const measured = new Measured(socket, async () => {
        await launched.stop();
        cleanUp();
      });
      // Its first line says that it is ready.
      await new Promise<void>((resolve) => measured.answers.push(() => resolve()));
      return measured;
    } catch (error) {
      await stop?.();
      cleanUp();
      if (!late.aborted) throw error;
      throw new BenchError(`The process to be measured was not ready after ${READY_LIMIT / 1000} s.`);
    }
  }
}

/** Rejects when a process ends. */
async function endOf(child: ChildProcess): Promise<never> {
  await exited(child);
  throw new Error(`The process to be measured ended with exit code ${child.exitCode}.`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await exited(child);
}
