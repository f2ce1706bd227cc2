import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commandText, hidesSecrets, type ShownCall } from '../../core/compose/commandText';
import { configCall, logsCall } from '../../core/compose/serviceCalls';
import { shownCopyCall } from '../../core/operations/copying';
import { ACTION_ICONS, actionName } from '../actionWords';
import { projectToShow } from '../terminalProject';
import { logsTail } from '../terminals';
import { operationOf, SHOWN_ACTIONS, type ShownAction } from '../views/actions';
import { targetName } from '../words';
import type { Workers } from './handlers';
import { callsOf } from './operationReport';
import { type Choice, pick } from './picker';
import { actionsOn, type Target } from './targets';
import { callOfWatch } from './terminalCommands';

/** What of an action is run; undefined when the user left while being asked. */
type Calls = readonly ShownCall[] | undefined;

/** Shows what is run for each action that fits a target, and copies the one that is chosen. */
export async function showCommand(target: Target, workers: Workers): Promise<void> {
  const { environment, service } = target;
  const fitting = actionsOn(target, workers.activity);
  const shown = SHOWN_ACTIONS.filter((action) => fitting.has(action));
  const choices = (await Promise.all(shown.map((action) => choicesFor(action, target, workers)))).flat();
  const what = targetName(environment.definition.name, service ? [service.name] : []);
  const question = l10n.t('Which command on {0} should be copied?', what);
  const chosen = await pick(choices, question, { always: true });
  const calls = await chosen?.();
  if (!calls) return;
  await vscode.env.clipboard.writeText(commandText(calls));
  workers.feedback.success(
    hidesSecrets(calls) ? l10n.t('Copied the command; *** in it stands for a secret') : l10n.t('Copied the command'),
  );
}

/** The choice of an action; none of one that has nothing to do now, which has no command. */
async function choicesFor(
  action: ShownAction,
  target: Target,
  workers: Workers,
): Promise<readonly Choice<() => Promise<Calls>>[]> {
  const { label, iconPath } = labelled(action);
  const calls = await callsNow(action, target, workers);
  if (calls === undefined) {
    const detail =
      action === 'databaseShell' || action === 'redisInfo' || action === 'redisFlush'
        ? l10n.t('With the credentials that its container has')
        : l10n.t('Asks first, as it does by itself');
    return [{ label, iconPath, detail, value: () => callsAsked(action, target, workers) }];
  }
  return calls.length === 0
    ? []
    : [{ label, iconPath, detail: commandText(calls), value: () => Promise.resolve(calls) }];
}

function labelled(action: ShownAction) {
  return { label: actionName(action), iconPath: new vscode.ThemeIcon(ACTION_ICONS[action]) };
}

/** What is run, where that can be told at once; undefined where something is asked first. */
async function callsNow(action: ShownAction, target: Target, { berth, inTerminals }: Workers): Promise<Calls> {
  const { environment, service } = target;
  const { definition } = environment;
  const services = service ? [service.name] : [];
  switch (action) {
    case 'upWithChoices':
    case 'scale':
    case 'runCommand':
    case 'copyFromContainer':
    case 'copyToContainer':
    case 'databaseShell':
    case 'runSqlFile':
    case 'redisInfo':
    case 'redisFlush':
      return undefined;
    case 'shell':
      return service?.containers.length === 1 ? [inTerminals.lastShell(environment, service).call] : undefined;
    case 'logs': {
      const how = { follow: true, tail: logsTail(), colour: true };
      return [logsCall(projectToShow(environment), definition.context, services, how)];
    }
    case 'watch':
      // What is refused has no command.
      return definition.otherFolder === undefined ? [callOfWatch(environment, services)] : [];
    case 'showConfiguration':
      return [configCall(definition)];
    default: {
      const operation = operationOf(action);
      return operation ? callsOf({ ...operation, services }, environment, berth) : [];
    }
  }
}

/** What is run, of what is asked first, or found out in the container. */
async function callsAsked(action: ShownAction, target: Target, workers: Workers): Promise<Calls> {
  const calls = await askedCalls(action, target, workers);
  if (!calls) return undefined;
  // Shown before it is copied, as the others are.
  const choice = { ...labelled(action), detail: commandText(calls), value: calls };
  return pick([choice], l10n.t('Copy this command?'), { always: true });
}

async function askedCalls(action: ShownAction, target: Target, workers: Workers): Promise<Calls> {
  const { berth, inTerminals, copies, operations, stores } = workers;
  const { environment, service } = target;
  if (action === 'upWithChoices' || action === 'scale') {
    const [request] = (await operations.requestsFor(action, [target])) ?? [];
    return request && callsOf(request, environment, berth);
  }
  if (!service) return undefined;
  switch (action) {
    case 'runCommand': {
      const asked = await inTerminals.askCommand(environment, service);
      return asked && [asked.call];
    }
    case 'shell': {
      const asked = await inTerminals.askShell(environment, service);
      return asked && [asked.call];
    }
    case 'databaseShell': {
      const asked = await inTerminals.askDatabaseShell(environment, service);
      return asked && [asked.call];
    }
    case 'runSqlFile':
    case 'redisInfo':
    case 'redisFlush':
      return stores.shownCalls(action, environment, service);
    default: {
      const asked = action === 'copyFromContainer' ? copies.askFrom : copies.askTo;
      const copy = await asked.call(copies, environment, service);
      return copy && [shownCopyCall(environment, copy.from, copy.to)];
    }
  }
}
