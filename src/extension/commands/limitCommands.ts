import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import {
  LIMIT_NAMES,
  type LimitName,
  type LimitsChange,
  limitText,
  NO_LIMIT,
  type ServiceLimits,
} from '../../core/model/limits';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { ProposedLimits } from '../../core/operations/limits';
import { actionName } from '../actionWords';
import type { Feedback } from '../feedback';
import { showProgress } from '../waiting';
import { targetName } from '../words';
import type { OperationCommands } from './operationCommands';
import { changedPart } from './typed';

/** Limits what services may use, and rotates their logs, in the compose files. */
export class LimitCommands {
  constructor(
    private readonly berth: Berth,
    private readonly feedback: Feedback,
    private readonly operations: OperationCommands,
  ) {}

  /** Asks for limits of a service, and edits its compose file, once Compose has accepted the change. */
  async limit(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const what = targetName(environment.definition.name, [service.name]);
    const change = await askLimits(what, this.berth.limits.inForce(environment, service.name));
    if (!change) return;
    const read = async (file: string) => (await vscode.workspace.openTextDocument(file)).getText();
    const title = l10n.t('Having Compose judge the limits of {0}', what);
    const proposed = await showProgress(title, (signal) =>
      this.berth.limits.propose(environment, service.name, change, { read, signal }),
    );
    if (proposed.before === proposed.after) return this.feedback.inform(l10n.t('{0} has these limits already.', what));
    if (!(await edit(proposed))) return this.feedback.inform(l10n.t('The file was changed meanwhile. Try again.'));
    const { others } = proposed;
    const told = [
      l10n.t('The limits of {0} apply with the next up.', what),
      ...(others.length > 0 ? [l10n.t('These take them over: {0}.', others.join(', '))] : []),
    ];
    const up = () => this.operations.run('up', [{ environment, service }]);
    this.feedback.inform(told.join(' '), [{ title: actionName('up'), run: up }]);
  }
}

/** @returns undefined when the user left, or wants nothing changed. */
async function askLimits(what: string, now: ServiceLimits): Promise<LimitsChange | undefined> {
  const items = LIMIT_NAMES.map((name) => {
    const text = limitText(now, name);
    return { name, label: wordsOf(name).label, description: text ?? l10n.t('not limited') };
  });
  const placeHolder = l10n.t('Which limits of {0} should change?', what);
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, placeHolder });
  if (!chosen || chosen.length === 0) return undefined;
  const change: { -readonly [name in keyof LimitsChange]: LimitsChange[name] } = {};
  for (const { name } of chosen) {
    const { label, example } = wordsOf(name);
    const typed = await vscode.window.showInputBox({
      prompt: l10n.t('{0} of {1}, such as {2}. Leave it empty for no limit', label, what, example),
      placeHolder: NO_LIMIT,
      value: limitText(now, name) ?? '',
    });
    if (typed === undefined) return undefined;
    const value = typed.trim();
    change[name] = value === '' || value === NO_LIMIT ? null : value;
  }
  return change;
}

function wordsOf(name: LimitName): { readonly label: string; readonly example: string } {
  switch (name) {
    case 'memory':
      return { label: l10n.t('Memory'), example: '512M' };
    case 'cpus':
      return { label: l10n.t('Processors'), example: '0.5' };
    case 'logSize':
      return { label: l10n.t('Size of a log file'), example: '10m' };
    case 'logFiles':
      return { label: l10n.t('Number of log files'), example: '3' };
  }
}

/** Makes the change in an editor, where it can be undone, and saves it. @returns false when the text is another one by now. */
async function edit({ file, before, after }: ProposedLimits): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(file);
  if (document.getText() !== before) return false;
  const { start, end, by } = changedPart(before, after);
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  change.replace(document.uri, range, by);
  if (!(await vscode.workspace.applyEdit(change))) return false;
  await document.save();
  const shown = new vscode.Range(range.start, document.positionAt(start + by.length));
  await vscode.window.showTextDocument(document, { selection: shown });
  return true;
}
