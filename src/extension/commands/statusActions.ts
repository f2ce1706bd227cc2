import * as l10n from '@vscode/l10n';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { RunningOperation } from '../../core/operations/operationRunner';
import { type Action, environmentActions } from '../views/actions';
import { isRunning } from '../views/statusSummary';

/** What a click on the status bar offers for an environment as it is now: the likeliest first. */
export function usefulActions(
  environment: EnvironmentSnapshot,
  running: readonly RunningOperation[],
): readonly Action[] {
  const operation = running.find(({ request }) => request.environmentId === environment.definition.id)?.request;
  const possible = environmentActions(environment, operation);
  const wanted: readonly Action[] = isRunning(environment)
    ? ['cancelOperation', 'logs', possible.has('openPort') ? 'openPort' : 'copyAddress', 'restart', 'stop', 'down']
    : ['cancelOperation', 'up', 'logs', 'down'];
  return wanted.filter((action) => possible.has(action));
}

/** An action on an environment as an entry of a list: `Up dev`. */
export function actionTitle(action: Action, environment: string): string {
  switch (action) {
    case 'up':
      return l10n.t('Up {0}', environment);
    case 'down':
      return l10n.t('Down {0}', environment);
    case 'stop':
      return l10n.t('Stop {0}', environment);
    case 'start':
      return l10n.t('Start {0}', environment);
    case 'restart':
      return l10n.t('Restart {0}', environment);
    case 'logs':
      return l10n.t('Show Logs of {0}', environment);
    case 'shell':
      return l10n.t('Open Shell in {0}', environment);
    case 'openPort':
      return l10n.t('Open a Port of {0}', environment);
    case 'copyAddress':
      return l10n.t('Copy Address of {0}', environment);
    case 'openFile':
      return l10n.t('Open Compose File of {0}', environment);
    case 'cancelOperation':
      return l10n.t('Cancel What Runs on {0}', environment);
  }
}

/** The codicon of an action. */
export const ACTION_ICONS: Readonly<Record<Action, string>> = {
  up: 'play',
  start: 'play',
  stop: 'debug-stop',
  restart: 'debug-restart',
  down: 'arrow-circle-down',
  logs: 'output',
  shell: 'terminal',
  openPort: 'globe',
  copyAddress: 'copy',
  openFile: 'go-to-file',
  cancelOperation: 'circle-slash',
};
