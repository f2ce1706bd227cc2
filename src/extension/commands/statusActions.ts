import * as l10n from '@vscode/l10n';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { isEphemeral } from '../../core/runs/runEnvironment';
import { type Action, operationOf } from '../views/actions';
import { isRunning } from '../views/statusSummary';
import { type Activity, actionsOn } from './targets';

/** The actions that are worth a place in the first list; the others are one click further. */
const USEFUL = [
  'cancelOperation',
  'finishAndRemove',
  'removeLeftovers',
  'runTests',
  'up',
  'logs',
  'openPort',
  'copyAddress',
  'restart',
  'stop',
  'down',
] as const satisfies Action[];
type UsefulAction = (typeof USEFUL)[number];

/** What is about test runs, and no operation, but as little wanted while one is under way. */
const OF_RUNS: ReadonlySet<Action> = new Set<Action>(['finishAndRemove', 'removeLeftovers', 'runTests']);

/** What a click on the status bar offers for an environment as it is now: the likeliest first. */
export function usefulActions(environment: EnvironmentSnapshot, activity: Activity): readonly UsefulAction[] {
  const possible = actionsOn({ environment }, activity);
  const unwanted: ReadonlySet<Action> = new Set([
    ...(isRunning(environment)
      ? (['up', possible.has('openPort') ? 'copyAddress' : 'openPort'] as const)
      : (['restart', 'stop', 'openPort', 'copyAddress'] as const)),
    // Where tests run in what is there for something else, they are not what is likeliest wanted.
    ...(isEphemeral(environment.definition) ? [] : (['runTests'] as const)),
  ]);
  const isBusy = possible.has('cancelOperation');
  const isForLater = (action: Action) => isBusy && (OF_RUNS.has(action) || operationOf(action) !== undefined);
  return USEFUL.filter((action) => possible.has(action) && !unwanted.has(action) && !isForLater(action));
}

/** An action on an environment as an entry of a list: `Up dev`. */
export function actionTitle(action: UsefulAction, environment: string): string {
  switch (action) {
    case 'up':
      return l10n.t('Up {0}', environment);
    case 'down':
      return l10n.t('Down {0}', environment);
    case 'stop':
      return l10n.t('Stop {0}', environment);
    case 'restart':
      return l10n.t('Restart {0}', environment);
    case 'logs':
      return l10n.t('Show Logs of {0}', environment);
    case 'openPort':
      return l10n.t('Open a Port of {0}', environment);
    case 'copyAddress':
      return l10n.t('Copy Address of {0}', environment);
    case 'finishAndRemove':
      return l10n.t('Finish and Remove {0}', environment);
    case 'removeLeftovers':
      return l10n.t('Remove What a Test Run Left of {0}', environment);
    case 'runTests':
      return l10n.t('Run Tests of {0}…', environment);
    case 'cancelOperation':
      return l10n.t('Cancel What Runs on {0}', environment);
  }
}
