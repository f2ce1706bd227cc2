/** Something that holds a resource until it is told to let go. Shape-compatible with `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/**
 * Owns disposables and disposes them in reverse order of adding.
 * Whatever is added after the store was disposed is disposed at once, so that a late arrival can't leak.
 */
export class DisposableStore implements Disposable {
  private readonly items = new Set<Disposable>();
  private disposed = false;

  /** Takes ownership of `item` and gives it back, so that making and owning can stand in one expression. */
  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.add(item);
    return item;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const item of [...this.items].reverse()) item.dispose();
    this.items.clear();
  }
}

/** A disposable that calls `action` once, on the first `dispose()`. */
export function toDisposable(action: () => void): Disposable {
  let done = false;
  return {
    dispose: () => {
      if (done) return;
      done = true;
      action();
    },
  };
}
