import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { ACTION_ICONS, actionName } from '../actionWords';
import { FOCUS_ENVIRONMENTS_VIEW } from '../contributions';
import { lastChoiceWords } from '../lastChoices';
import type { Remembered } from '../remembered';
import { ACTIONS, type Action } from '../views/actions';
import { HEALTH_ICONS } from '../views/icons';
import { byImportance } from '../views/statusSummary';
import { healthAndCounts, healthWord, nameAmong, targetName } from '../words';
import type { Handler } from './handlers';
import { type Choice, pick, separator } from './picker';
import { actionTitle, usefulActions } from './statusActions';
import { type Activity, actionsOn, type Target } from './targets';

type Entry = Choice<() => unknown>;
type Handlers = Readonly<Record<Action, Handler>>;

interface Menu {
  readonly activity: Activity;
  readonly handlers: Handlers;
  readonly remembered: Remembered;
}

/** What the status bar's item opens: the useful next actions for each environment, and the way to all others. */
export async function offerActions(
  { store, operations }: Berth,
  activity: Activity,
  handlers: Handlers,
  remembered: Remembered,
  tryAgain: () => void,
): Promise<void> {
  const choices: Entry[] = [];
  if (store.engineState().kind === 'lost') {
    choices.push(entry(l10n.t('Retry Connection to the Docker Engine'), 'refresh', tryAgain));
  }
  for (const environment of byImportance(store.environments, operations.running)) {
    const name = nameAmong(environment, store.environments);
    choices.push(separator(`${name} · ${healthAndCounts(environment)}`));
    for (const action of usefulActions(environment, activity)) {
      choices.push(entry(actionTitle(action, name), ACTION_ICONS[action], () => handlers[action]([{ environment }])));
    }
    choices.push(
      entry(l10n.t('More for {0}…', name), 'ellipsis', () =>
        offerAll({ environment }, name, { activity, handlers, remembered }),
      ),
    );
  }
  choices.push(
    separator(''),
    entry(l10n.t('Show the Environments View'), 'list-tree', () =>
      vscode.commands.executeCommand(FOCUS_ENVIRONMENTS_VIEW),
    ),
  );
  const chosen = await pick(choices, l10n.t('What should be done?'));
  await chosen?.();
}

/** Everything that can be done with an environment and, one step further, with each of its services. */
async function offerAll(target: Target, name: string, menu: Menu): Promise<void> {
  const { activity, handlers, remembered } = menu;
  const possible = actionsOn(target, activity);
  const choices: Entry[] = ACTIONS.filter((action) => possible.has(action)).map((action) => ({
    ...entry(actionName(action), ACTION_ICONS[action], () => handlers[action]([target])),
    description: lastChoiceWords(action, target, remembered),
  }));
  if (!target.service && target.environment.services.length > 0) {
    choices.push(separator(l10n.t('single services')));
    for (const service of target.environment.services) {
      const own = targetName(name, [service.name]);
      const open = () => offerAll({ environment: target.environment, service }, own, menu);
      choices.push({
        ...entry(`${service.name}…`, HEALTH_ICONS[service.health].id, open),
        description: healthWord(service.health),
      });
    }
  }
  const chosen = await pick(choices, l10n.t('What should be done with {0}?', name), { always: true });
  await chosen?.();
}

function entry(label: string, icon: string, value: () => unknown): Entry {
  return { label, iconPath: new vscode.ThemeIcon(icon), value };
}
