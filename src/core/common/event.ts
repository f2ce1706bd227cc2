import { type Disposable, toDisposable } from './disposable';

/** Subscribes a listener; disposing what it returns unsubscribes it. Shape-compatible with `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The firing side of an {@link Event}. A listener that throws does not keep the others from hearing. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  /** @param onListenerError where a throwing listener's error goes. */
  constructor(private readonly onListenerError: (error: unknown) => void = rethrowLater) {}

  readonly event: Event<T> = (listener) => {
    // A wrapper of its own, so that the same function can be subscribed twice.
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** A bug in a listener must be seen, but not by the one who fired. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/**
 * Resolves with the first value for which `test` holds.
 * @param probe gives the value that already is, looked at before waiting.
 * @throws the signal's reason when it is aborted first.
 */
export function waitFor<T>(event: Event<unknown>, probe: () => T | undefined, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const value = probe();
      if (value === undefined) return;
      stop();
      resolve(value);
    };
    const onAbort = () => {
      stop();
      reject(signal?.reason);
    };
    const stop = () => {
      subscription.dispose();
      signal?.removeEventListener('abort', onAbort);
    };
    const subscription = event(check);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort);
    check();
  });
}

/** What `promise` comes to, unless `signal` is aborted first: then rejects with its reason. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
