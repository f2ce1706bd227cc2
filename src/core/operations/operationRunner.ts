import fs from 'node:fs/promises';
import type { Disposable } from '../common/disposable';
import { Emitter, unlessAborted } from '../common/event';
import { takeLock } from '../common/lock';
import { Secrets } from '../compose/secrets';
import type { OperationProgress, OperationRequest, OperationResult } from './operation';
import { phasesOf } from './phases';
import { type OperationSurroundings, runOperation } from './runOperation';

/** What operations on a project have a lock on. */
export function operationLockKey(engine: string, project: string): string {
  return JSON.stringify([engine, project]);
}

/** An operation that is under way, or waits for its turn. */
export interface RunningOperation {
  readonly request: OperationRequest;
  cancel(): void;
}

/**
 * Runs operations: those on several environments at once, those on one environment one after another, also those of other
 * processes on this machine: another window, a command line.
 */
export class OperationRunner implements Disposable {
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly emitter = new Emitter<void>();
  private readonly closing = new AbortController();
  private operations: readonly RunningOperation[] = [];

  /** Fires when an operation begins or ends. */
  readonly onDidChange = this.emitter.event;

  /**
   * @param program what runs the operations, for other processes that wait for one: `VS Code`.
   * @param secrets masks what programs print: nothing of it leaves an operation otherwise.
   */
  constructor(
    private readonly surroundings: OperationSurroundings,
    private readonly program: string,
    private readonly secrets: Pick<Secrets, 'mask' | 'maskError'> = new Secrets(),
  ) {}

  /** What is under way now, the oldest first. */
  get running(): readonly RunningOperation[] {
    return this.operations;
  }

  /** Runs an operation when those before it on the same environment have ended; see {@link runOperation}. */
  async run(
    request: OperationRequest,
    onProgress: (progress: OperationProgress) => void,
    signal: AbortSignal,
  ): Promise<OperationResult> {
    const own = new AbortController();
    const either = AbortSignal.any([signal, own.signal, this.closing.signal]);
    const entry: RunningOperation = { request, cancel: () => own.abort() };
    const before = this.queues.get(request.environmentId);
    if (before !== undefined) onProgress({ kind: 'waiting' });
    const tell = (progress: OperationProgress) =>
      onProgress(progress.kind === 'output' ? { kind: 'output', line: this.secrets.mask(progress.line) } : progress);
    const turn = before === undefined ? Promise.resolve() : unlessAborted(before, either).catch(() => {});
    const result = turn.then(() => this.runLocked(request, tell, either));
    // Who comes after waits for both.
    const settled = Promise.allSettled([before, result]).then(() => {
      if (this.queues.get(request.environmentId) === settled) this.queues.delete(request.environmentId);
    });
    this.queues.set(request.environmentId, settled);
    this.change([...this.operations, entry]);
    try {
      const ended = await result;
      return ended.kind === 'failed' ? this.masked(ended) : ended;
    } finally {
      this.change(this.operations.filter((other) => other !== entry));
    }
  }

  private masked(failed: Extract<OperationResult, { kind: 'failed' }>): OperationResult {
    const { error, finding } = failed;
    const masked = finding && { ...finding, message: this.secrets.mask(finding.message) };
    return { ...failed, error: this.secrets.maskError(error), ...(masked ? { finding: masked } : {}) };
  }

  private async runLocked(
    request: OperationRequest,
    tell: (progress: OperationProgress) => void,
    signal: AbortSignal,
  ): Promise<OperationResult> {
    // Cancelled while it waits, it ends at once: running it then only tells that. Where there is no engine, or the files are
    // refused, so does it. And where the system gives no lock, it is better done without than not at all.
    const locked = await this.lock(request, tell, signal).catch(() => undefined);
    try {
      return await this.runInPhases({ ...request, engine: request.engine ?? locked?.engine }, tell, signal);
    } finally {
      locked?.lock.dispose();
    }
  }

  /** What is declared to be ready before others are started comes first. */
  private async runInPhases(
    request: OperationRequest,
    tell: (progress: OperationProgress) => void,
    signal: AbortSignal,
  ): Promise<OperationResult> {
    const environment = this.surroundings.store.find(request.environmentId);
    const [first = request, ...others] = environment ? phasesOf(request, environment) : [request];
    let result = await runOperation(first, this.surroundings, tell, signal);
    for (const phase of others) {
      if (result.kind !== 'done') break;
      result = await runOperation(phase, this.surroundings, tell, signal);
    }
    return result;
  }

  /**
   * The lock of an environment is that of its project on its engine: it is the same one whichever window, folder or context
   * it is found from, and that of all environments which share the project.
   * @returns it, with the engine; undefined where there is nothing to lock.
   */
  private async lock(
    { environmentId, operation }: OperationRequest,
    tell: (progress: OperationProgress) => void,
    signal: AbortSignal,
  ): Promise<{ readonly lock: Disposable; readonly engine: string } | undefined> {
    const { store, feedFor } = this.surroundings;
    const current = () => store.find(environmentId);
    // A file may have just been written, and nobody have told of it yet. Where that can't be seen, what is known counts.
    await unlessAborted(store.lookAgain(), signal).catch(() => signal.throwIfAborted());
    await unlessAborted(store.lookAtEngines(), signal);
    const environment = current();
    if (!environment || !store.isTrusted) return undefined;
    const { engine } = await feedFor(environment.definition.context).whenConnected(signal);
    await unlessAborted(store.whenResolved(environmentId), signal);
    const project = current()?.projectName ?? (await fs.realpath(environment.definition.projectDirectory));
    const holder = `${operation} (${this.program}, process ${process.pid})`;
    const lock = await takeLock(operationLockKey(engine, project), holder, {
      signal,
      onWait: (other) => tell({ kind: 'waiting', holder: other }),
    });
    return { lock, engine };
  }

  /** Cancels what is under way; what was started stays. */
  dispose(): void {
    this.closing.abort();
    this.emitter.dispose();
  }

  private change(operations: readonly RunningOperation[]): void {
    this.operations = operations;
    this.emitter.fire();
  }
}
