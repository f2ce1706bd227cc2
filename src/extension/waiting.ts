import * as vscode from 'vscode';

/** How long something that is usually there at once may take before a notification says that it is under way, in milliseconds. */
const PATIENCE = 1_000;
/**
 * How long what usually takes a while may take until then, in milliseconds: one that fails at once is told of by that alone. VS Code shows
 * a progress for a while longer than it goes on, and no more than three new notifications within 800 ms, whatever the fourth one says.
 */
const QUICK = 300;

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
  try {
    return await shownAfter(PATIENCE, result, title, { cancelling });
  } finally {
    message.dispose();
  }
}

/**
 * Waits for something that usually takes a while, and shows that in a notification, to be cancelled.
 * @param work gets a function that says what it is at.
 */
export async function showProgress<T>(
  title: string,
  work: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T> {
  const cancelling = new AbortController();
  let latest: string | undefined;
  let progress: vscode.Progress<{ message?: string }> | undefined;
  const result = work(cancelling.signal, (message) => {
    latest = message;
    progress?.report({ message });
  });
  const onShown = (shown: vscode.Progress<{ message?: string }>) => {
    progress = shown;
    if (latest !== undefined) shown.report({ message: latest });
  };
  return shownAfter(QUICK, result, title, { cancelling, onShown });
}

/** Shows that something is under way that can't be cancelled, once it has taken a second. Resolves when it is over. */
export async function showIfSlow(title: string, result: Promise<unknown>): Promise<void> {
  await settled(shownAfter(PATIENCE, result, title));
}

/**
 * Shows in a notification that something is under way, once it has taken some time.
 * @param time in milliseconds.
 * @param how.cancelling what the user cancels it by, where that can be.
 * @returns what it comes to.
 */
async function shownAfter<T>(
  time: number,
  result: Promise<T>,
  title: string,
  how: {
    readonly cancelling?: AbortController;
    readonly onShown?: (progress: vscode.Progress<{ message?: string }>) => void;
  } = {},
): Promise<T> {
  const { cancelling, onShown } = how;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: cancelling !== undefined };
  const show = () =>
    vscode.window.withProgress(options, async (progress, token) => {
      const subscription = token.onCancellationRequested(() => cancelling?.abort());
      onShown?.(progress);
      await settled(result);
      subscription.dispose();
    });
  const late = setTimeout(show, time);
  try {
    return await result;
  } finally {
    clearTimeout(late);
  }
}

/** Resolves when something is over. How it ended is for those to know who wait for the result itself. */
async function settled(result: Promise<unknown>): Promise<void> {
  await result.then(undefined, () => {});
}
