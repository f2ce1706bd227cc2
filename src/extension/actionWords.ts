import * as l10n from '@vscode/l10n';
import { operationName } from './operationWords';
import type { Action } from './views/actions';

/** An action as something to choose: `Show Logs`. The title of its command in package.nls.json is the same. */
export function actionName(action: Action): string {
  switch (action) {
    case 'upWithBuild':
      return l10n.t('Up with Build');
    case 'upWithChoices':
      return l10n.t('Up…');
    case 'upAttached':
      return l10n.t('Up Attached');
    case 'buildWithoutCache':
      return l10n.t('Build Images without Cache');
    case 'scale':
      return l10n.t('Scale…');
    case 'downWithVolumes':
      return l10n.t('Down with Volumes');
    case 'downWithDataFolders':
      return l10n.t('Down with Volumes and Data Folders');
    case 'resetWithDataFolders':
      return l10n.t('Reset with Data Folders');
    case 'finishAndRemove':
      return l10n.t('Finish and Remove');
    case 'runTests':
      return l10n.t('Run Tests…');
    case 'runEnvironmentCommand':
      return l10n.t('Run Command of Environment…');
    case 'accept':
      return l10n.t('Run Acceptance…');
    case 'removeLeftovers':
      return l10n.t('Remove What a Test Run Left');
    case 'cancelOperation':
      return l10n.t('Cancel Operation');
    case 'showCommand':
      return l10n.t('Show Command…');
    case 'logs':
      return l10n.t('Show Logs');
    case 'logsWithChoices':
      return l10n.t('Show Logs…');
    case 'shell':
      return l10n.t('Open Shell');
    case 'shellAs':
      return l10n.t('Open Shell As…');
    case 'runCommand':
      return l10n.t('Run Command…');
    case 'copyFromContainer':
      return l10n.t('Copy from Container…');
    case 'copyToContainer':
      return l10n.t('Copy to Container…');
    case 'databaseShell':
      return l10n.t('Open Database Shell');
    case 'runSqlFile':
      return l10n.t('Run SQL File…');
    case 'redisInfo':
      return l10n.t('Show Redis Info');
    case 'redisFlush':
      return l10n.t('Flush Redis');
    case 'stats':
      return l10n.t('Show Live Stats');
    case 'watch':
      return l10n.t('Start Compose Watch');
    case 'openPort':
      return l10n.t('Open Port in Browser');
    case 'copyAddress':
      return l10n.t('Copy Address');
    case 'copyConnectionString':
      return l10n.t('Copy Connection String…');
    case 'copyName':
      return l10n.t('Copy Name');
    case 'inspectContainer':
      return l10n.t('Inspect Container');
    case 'inspectImage':
      return l10n.t('Inspect Image');
    case 'showConfiguration':
      return l10n.t('Show Resolved Configuration');
    case 'compareEnvironments':
      return l10n.t('Compare Environments');
    case 'limit':
      return l10n.t('Limit Resources and Logs…');
    case 'openFile':
      return l10n.t('Open Compose File');
    default:
      return operationName(action);
  }
}

/** The codicon of an action. */
export const ACTION_ICONS: Readonly<Record<Action, string>> = {
  up: 'play',
  upWithBuild: 'play',
  upWithChoices: 'play',
  upAttached: 'play',
  start: 'play',
  restart: 'debug-restart',
  stop: 'debug-stop',
  pause: 'debug-pause',
  unpause: 'debug-continue',
  kill: 'close',
  recreate: 'debug-rerun',
  rebuild: 'tools',
  build: 'tools',
  buildWithoutCache: 'tools',
  pull: 'cloud-download',
  scale: 'layers',
  remove: 'trash',
  down: 'arrow-circle-down',
  downWithVolumes: 'trash',
  downWithDataFolders: 'trash',
  finishAndRemove: 'trash',
  runTests: 'beaker',
  runEnvironmentCommand: 'run',
  accept: 'checklist',
  removeLeftovers: 'trash',
  reset: 'discard',
  resetWithDataFolders: 'discard',
  cancelOperation: 'circle-slash',
  showCommand: 'symbol-keyword',
  logs: 'output',
  logsWithChoices: 'output',
  shell: 'terminal',
  shellAs: 'terminal',
  runCommand: 'terminal',
  copyFromContainer: 'desktop-download',
  copyToContainer: 'export',
  databaseShell: 'database',
  runSqlFile: 'database',
  redisInfo: 'info',
  redisFlush: 'trash',
  stats: 'pulse',
  watch: 'eye',
  openPort: 'globe',
  copyAddress: 'copy',
  copyConnectionString: 'copy',
  copyName: 'copy',
  inspectContainer: 'inspect',
  inspectImage: 'inspect',
  showConfiguration: 'json',
  compareEnvironments: 'diff',
  limit: 'dashboard',
  openFile: 'go-to-file',
};
