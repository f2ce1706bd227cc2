import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import {
  type Confirmation,
  confirmationFor,
  describeBelongings,
  isNothing,
  lossesOf,
  NOTHING,
} from '../../core/operations/consequences';
import type { OperationRequest } from '../../core/operations/operation';
import { actionName } from '../actionWords';
import { type OtherConfirmation, SETTINGS } from '../contributions';
import { operationName } from '../operationWords';
import { waitVisibly } from '../waiting';
import { requestedName } from '../words';

/** Those after which everything can be had again as it was: the dialog itself offers not to ask again. */
const HARMLESS: ReadonlySet<string> = new Set<Confirmation>(['kill', 'remove', 'scale', 'down']);

/** Whether the user wants to be asked before something of this kind. */
export function isAsked(kind: Confirmation | OtherConfirmation): boolean {
  return vscode.workspace.getConfiguration(SETTINGS.section).get(SETTINGS.confirm(kind), true);
}

/**
 * Asks a question that stands in the way of all else until it is answered.
 * @param detail what there is to know beforehand.
 * @returns whether the answer was `yes`, which is what the button says.
 */
export async function confirm(message: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, yes)) === yes;
}

/** Asks before something is overwritten, where the user wants that. @param detail where something is that goes. */
export async function mayOverwrite(target: string, detail: string): Promise<boolean> {
  if (!isAsked('overwrite')) return true;
  return confirm(l10n.t('Overwrite {0}?', target), detail, l10n.t('Overwrite'));
}

/**
 * Asks before operations that end or remove something, saying what: all of them at once, all of one kind.
 * @returns the operations to run: all of them, or none.
 * @throws UserError when it can't be told what would go; an AbortError when the user does not wait for that.
 */
export async function confirmed(
  requests: readonly OperationRequest[],
  berth: Berth,
): Promise<readonly OperationRequest[]> {
  const [first] = requests;
  const kind = first && confirmationFor(first);
  // Whoever wants no question about volumes has said nothing of folders in the workspace, and the other way round.
  const isWanted = kind && (isAsked(kind) || (first.options?.dataFolders === true && isAsked('dataFolders')));
  if (!isWanted) return requests;
  const title = l10n.t('Finding out what this would remove');
  const confirmed = await waitVisibly(title, (signal) =>
    Promise.all(requests.map((request) => withLosses(request, berth, signal))),
  );
  const losses = confirmed.map((request) => request.confirmed ?? NOTHING);
  // With nothing to lose there is nothing to ask: the operation says itself that there was nothing to do.
  if (losses.every(isNothing)) return confirmed;
  const names = requests.map((request) => requestedName(request, berth.store));
  const texts = losses.map((loss) => (isNothing(loss) ? l10n.t('Nothing.') : describeBelongings(loss).join('\n')));
  const detail =
    requests.length === 1
      ? (texts[0] ?? '')
      : names.map((name, index) => `${name}\n${texts[index]?.replace(/^/gm, '  ')}`).join('\n');
  const yes = nameOf(first, kind);
  const never = l10n.t("{0}, and Don't Ask Again", yes);
  const answers = HARMLESS.has(kind) ? [yes, never] : [yes];
  const options = { modal: true, detail: `${consequence(kind)}\n\n${detail}` };
  const answer = await vscode.window.showWarningMessage(question(kind, names.join(', ')), options, ...answers);
  if (answer === never) {
    const { Global } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration(SETTINGS.section).update(SETTINGS.confirm(kind), false, Global);
  }
  return answer === undefined ? [] : confirmed;
}

/** What the button says that does it. */
function nameOf({ operation, options }: OperationRequest, kind: Confirmation): string {
  if (options?.dataFolders) return actionName(operation === 'reset' ? 'resetWithDataFolders' : 'downWithDataFolders');
  return kind === 'removeVolumes' ? actionName('downWithVolumes') : operationName(operation);
}

/** The operation, with what it would end or remove, and on which engine. */
async function withLosses(
  request: OperationRequest,
  { store, feedFor }: Berth,
  signal: AbortSignal,
): Promise<OperationRequest> {
  const environment = store.find(request.environmentId);
  if (!environment) return { ...request, confirmed: NOTHING };
  const connection = await feedFor(environment.definition.context).whenConnected(signal);
  const confirmed = await lossesOf(request, environment, connection, { sizes: true, signal });
  return { ...request, confirmed, engine: connection.engine };
}

function question(kind: Confirmation, what: string): string {
  switch (kind) {
    case 'kill':
      return l10n.t('Kill {0}?', what);
    case 'remove':
      return l10n.t('Remove the stopped containers of {0}?', what);
    case 'scale':
      return l10n.t('Scale {0} down?', what);
    case 'down':
      return l10n.t('Take down {0}?', what);
    case 'removeVolumes':
      return l10n.t('Take down {0} and delete its data?', what);
    case 'reset':
      return l10n.t('Reset {0}, deleting its data?', what);
  }
}

function consequence(kind: Confirmation): string {
  switch (kind) {
    case 'kill':
      return l10n.t('These end at once, without a chance to finish what they are at.');
    case 'remove':
    case 'scale':
    case 'down':
      return l10n.t('This goes. Volumes are kept.');
    case 'removeVolumes':
      return l10n.t('This goes for good.');
    case 'reset':
      return l10n.t('This goes for good. Then everything is created anew.');
  }
}
