import * as vscode from 'vscode';

/** How long something may take before a notification says that it is under way, in milliseconds. */
const PATIENCE = 1_000;

/**
 * Waits for something that is usually there at once: says in the status bar from the beginning what is waited for, and after
 * a second in a notification, too, to be cancelled.
 * @param work rejects when its signal is aborted.
 * @returns what it comes to.
 */
export async function waitVisibly<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancelling = new AbortController();
  const result = work(cancelling.signal);
  // Progress in the status bar would come after 150 ms only, and in a view only while that is open.
  const message = vscode.window.setStatusBarMessage(`$(loading~spin) ${title}…`);
  const late = setTimeout(() => void showUntil(result, title, cancelling), PATIENCE);
  try {
    return await result;
  } finally {
    clearTimeout(late);
    message.dispose();
  }
}

/**
 * Shows from the beginning that something is under way, to be cancelled.
 * @param work gets a function that says what it is at.
 */
export async function showProgress<T>(
  title: string,
  work: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T> {
  const cancelling = new AbortController();
  let latest: string | undefined;
  let progress: vscode.Progress<{ message?: string }> | undefined;
  // Begun before there is a notification: that takes a way through the window and back.
  const result = work(cancelling.signal, (message) => {
    latest = message;
    progress?.report({ message });
  });
  // It may fail before anybody listens: those who wait for it hear of that below.
  result.catch(() => {});
  await showUntil(result, title, cancelling, (shown) => {
    progress = shown;
    if (latest !== undefined) shown.report({ message: latest });
  });
  return result;
}

/** Shows that something is under way that can't be cancelled, once it has taken a second. Resolves when it is over. */
export async function showIfSlow(title: string, result: Promise<unknown>): Promise<void> {
  const late = setTimeout(() => void showUntil(result, title), PATIENCE);
  await settled(result);
  clearTimeout(late);
}

/** Resolves when it no longer shows. @param cancelling what the user cancels it by, where that can be. */
async function showUntil(
  result: Promise<unknown>,
  title: string,
  cancelling?: AbortController,
  onShown: (progress: vscode.Progress<{ message?: string }>) => void = () => {},
): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: cancelling !== undefined };
  await vscode.window.withProgress(options, async (progress, token) => {
    const subscription = token.onCancellationRequested(() => cancelling?.abort());
    onShown(progress);
    await settled(result);
    subscription.dispose();
  });
}

/** Resolves when something is over. How it ended is for those to know who wait for the result itself. */
async function settled(result: Promise<unknown>): Promise<void> {
  await result.then(undefined, () => {});
}
