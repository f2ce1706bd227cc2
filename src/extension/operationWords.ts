import * as l10n from '@vscode/l10n';
import type { OperationName } from '../core/compose/operationCalls';
import type { Belongings } from '../core/model/belongings';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import { startsServices } from '../core/operations/operation';
import { healthAndCounts } from './words';

/** What an operation is called. */
interface OperationWords {
  /** As something to choose: `Up`. */
  readonly name: string;
  /** While it runs, in the place of a health: `bringing up…`. */
  readonly underWay: string;
  /** While it runs, as a title: `Bringing up dev`. */
  readonly title: string;
  /** When it went well: `dev is up`. */
  readonly done: string;
}

/** @param what it is about, see {@link targetName}. */
function operationWords(operation: OperationName, what = ''): OperationWords {
  switch (operation) {
    case 'up':
      return {
        name: l10n.t('Up'),
        underWay: l10n.t('bringing up…'),
        title: l10n.t('Bringing up {0}', what),
        done: l10n.t('{0} is up', what),
      };
    case 'start':
      return {
        name: l10n.t('Start'),
        underWay: l10n.t('starting…'),
        title: l10n.t('Starting {0}', what),
        done: l10n.t('{0} is started', what),
      };
    case 'restart':
      return {
        name: l10n.t('Restart'),
        underWay: l10n.t('restarting…'),
        title: l10n.t('Restarting {0}', what),
        done: l10n.t('{0} is restarted', what),
      };
    case 'stop':
      return {
        name: l10n.t('Stop'),
        underWay: l10n.t('stopping…'),
        title: l10n.t('Stopping {0}', what),
        done: l10n.t('{0} is stopped', what),
      };
    case 'pause':
      return {
        name: l10n.t('Pause'),
        underWay: l10n.t('pausing…'),
        title: l10n.t('Pausing {0}', what),
        done: l10n.t('{0} is paused', what),
      };
    case 'unpause':
      return {
        name: l10n.t('Unpause'),
        underWay: l10n.t('unpausing…'),
        title: l10n.t('Unpausing {0}', what),
        done: l10n.t('{0} is unpaused', what),
      };
    case 'kill':
      return {
        name: l10n.t('Kill'),
        underWay: l10n.t('killing…'),
        title: l10n.t('Killing {0}', what),
        done: l10n.t('{0} is killed', what),
      };
    case 'recreate':
      return {
        name: l10n.t('Recreate'),
        underWay: l10n.t('recreating…'),
        title: l10n.t('Recreating {0}', what),
        done: l10n.t('{0} is recreated', what),
      };
    case 'rebuild':
      return {
        name: l10n.t('Rebuild'),
        underWay: l10n.t('rebuilding…'),
        title: l10n.t('Rebuilding {0}', what),
        done: l10n.t('{0} is rebuilt', what),
      };
    case 'build':
      return {
        name: l10n.t('Build Images'),
        underWay: l10n.t('building images…'),
        title: l10n.t('Building the images of {0}', what),
        done: l10n.t('The images of {0} are built', what),
      };
    case 'pull':
      return {
        name: l10n.t('Pull Images'),
        underWay: l10n.t('pulling images…'),
        title: l10n.t('Pulling the images of {0}', what),
        done: l10n.t('The images of {0} are pulled', what),
      };
    case 'scale':
      return {
        name: l10n.t('Scale'),
        underWay: l10n.t('scaling…'),
        title: l10n.t('Scaling {0}', what),
        done: l10n.t('{0} is scaled', what),
      };
    case 'remove':
      return {
        name: l10n.t('Remove Stopped Containers'),
        underWay: l10n.t('removing stopped containers…'),
        title: l10n.t('Removing stopped containers of {0}', what),
        done: l10n.t('The stopped containers of {0} are removed', what),
      };
    case 'down':
      return {
        name: l10n.t('Down'),
        underWay: l10n.t('taking down…'),
        title: l10n.t('Taking down {0}', what),
        done: l10n.t('{0} is down', what),
      };
    case 'reset':
      return {
        name: l10n.t('Reset'),
        underWay: l10n.t('resetting…'),
        title: l10n.t('Resetting {0}', what),
        done: l10n.t('{0} is reset', what),
      };
  }
}

/** An operation as something to choose: `Up`. */
export function operationName(operation: OperationName): string {
  return operationWords(operation).name;
}

/** An operation while it runs, in the place of a health: `bringing up…`. */
export function underWay(operation: OperationName): string {
  return operationWords(operation).underWay;
}

/** An operation as a title: `Bringing up dev`. @param what see {@link targetName}. */
export function operationTitle(operation: OperationName, what: string): string {
  return operationWords(operation, what).title;
}

/**
 * That an operation went well: `dev is up: healthy · 2/2`, `dev is down; its volumes are kept`.
 * @param kept of what was taken down as a whole: what there still is of it.
 */
export function operationDone(
  operation: OperationName,
  what: string,
  environment: EnvironmentSnapshot,
  kept?: Belongings,
): string {
  const { done } = operationWords(operation, what);
  if (startsServices(operation)) return `${done}: ${healthAndCounts(environment)}`;
  const left = kept && keptWords(kept);
  return left ? `${done}; ${left}` : done;
}

function keptWords({ containers, networks, volumes }: Belongings): string | undefined {
  const others = [...containers.map(({ name }) => name), ...networks];
  if (others.length > 0) return l10n.t('still there: {0}', [...others, ...volumes.map(({ name }) => name)].join(', '));
  return volumes.length > 0 ? l10n.t('its volumes are kept') : undefined;
}
