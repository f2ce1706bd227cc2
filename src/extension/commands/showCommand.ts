import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commandText } from '../../core/compose/commandText';
import { logsCall, shellCall } from '../../core/compose/serviceCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { ACTION_ICONS, actionName } from '../actionWords';
import type { Feedback } from '../feedback';
import { logsTail } from '../terminals';
import { type Action, OPERATION_ACTIONS, operationOf } from '../views/actions';
import { targetName } from '../words';
import { commandOf } from './operationReport';
import { type Choice, pick } from './picker';
import { actionsOn, type Target } from './targets';

/** Shows what is run for each operation that fits a target, and copies the one that is chosen. */
export async function showCommand(
  target: Target,
  environments: readonly EnvironmentSnapshot[],
  feedback: Feedback,
): Promise<void> {
  const { environment, service } = target;
  const services = service ? [service.name] : [];
  const fitting = actionsOn(target, []);
  const choices = [...OPERATION_ACTIONS, 'logs' as const, 'shell' as const]
    // What is asked for first can't be known here.
    .filter((action) => fitting.has(action) && action !== 'upWithChoices' && action !== 'scale')
    .flatMap((action): Choice<string>[] => {
      const command = commandFor(action, environment, services, environments);
      const iconPath = new vscode.ThemeIcon(ACTION_ICONS[action]);
      // One that has nothing to do now has no command.
      return command === '' ? [] : [{ label: actionName(action), detail: command, iconPath, value: command }];
    });
  const what = targetName(environment.definition.name, services);
  const command = await pick(choices, l10n.t('Which command on {0} should be copied?', what), { always: true });
  if (command === undefined) return;
  await vscode.env.clipboard.writeText(command);
  feedback.success(l10n.t('Copied the command'));
}

function commandFor(
  action: Action,
  environment: EnvironmentSnapshot,
  services: readonly string[],
  environments: readonly EnvironmentSnapshot[],
): string {
  const operation = operationOf(action);
  if (operation) return commandOf({ ...operation, services }, environment, environments);
  const { projectName = '', definition } = environment;
  const [service = ''] = services;
  return commandText([
    action === 'shell'
      ? shellCall(projectName, definition.context, service)
      : logsCall(projectName, definition.context, services, { follow: true, tail: logsTail(), colour: true }),
  ]);
}
