import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Choices } from '../remembered';
import { logsTail } from '../terminals';
import { isTime, numberOfLines } from './typed';

/**
 * Asks which logs are wanted, and how.
 * @param what whose logs, by name.
 * @param last what was chosen the last time: it is chosen already.
 * @returns undefined when the user left.
 */
export async function askWhichLogs(
  what: string,
  last: Choices['logs'] | undefined,
): Promise<Choices['logs'] | undefined> {
  const asDocument = { label: l10n.t('As text, without following them'), picked: last?.asDocument ?? false };
  const timestamps = { label: l10n.t('With times'), picked: last?.timestamps ?? false };
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem>([asDocument, timestamps], {
    canPickMany: true,
    placeHolder: l10n.t('How should the logs of {0} be shown?', what),
  });
  if (!chosen) return undefined;
  const tail = await vscode.window.showInputBox({
    prompt: l10n.t('How many of the last lines of each container? A number, or all'),
    value: last?.tail ?? String(logsTail()),
    validateInput: (value) => (numberOfLines(value) === undefined ? l10n.t('A number or "all", please.') : undefined),
  });
  if (tail === undefined) return undefined;
  const since = await vscode.window.showInputBox({
    prompt: l10n.t('Since when? How long ago, or a time; leave it empty for all'),
    placeHolder: '10m, 2h, 2026-01-31T09:30:00',
    value: last?.since ?? '',
    validateInput: (value) =>
      !value.trim() || isTime(value) ? undefined : l10n.t('Such as 10m, 2h or 2026-01-31T09:30:00, please.'),
  });
  if (since === undefined) return undefined;
  return {
    asDocument: chosen.includes(asDocument),
    timestamps: chosen.includes(timestamps),
    tail: tail.trim(),
    since: since.trim(),
  };
}
