import type { OperationName } from '../../core/compose/operationCalls';
import type { Belongings } from '../../core/model/belongings';
import { type EnvironmentSnapshot, type ServiceSnapshot, serviceCounts } from '../../core/model/snapshot';
import { describeBelongings, isNothing } from '../../core/operations/consequences';
import { isAsWanted, startsServices } from '../../core/operations/operation';
import { healthFormat, healthText } from './health';
import type { Style } from './style';
import { renderTable } from './table';

/** A duration for people: `2.4 s`. */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * The services of an operation that is under way, one line each: how they are, and for how long it has been going.
 * @param changedAt when each service last came to another health, in milliseconds since the operation's begin; those
 *   that did not are missing.
 * @param elapsed milliseconds since the operation's begin.
 */
export function progressLines(
  operation: OperationName,
  services: readonly ServiceSnapshot[],
  changedAt: ReadonlyMap<string, number>,
  elapsed: number,
  style: Style,
): readonly string[] {
  const rows = services.map(({ name, health }) => {
    const since = changedAt.get(name);
    const arrived = isAsWanted(operation, health);
    return [
      `  ${name}`,
      // Always as wide as the longest word, so that the seconds stay where they are.
      { text: healthText(health).padEnd(12), format: healthFormat(health) },
      arrived ? (since === undefined ? '' : secondsText(since)) : `${Math.floor(elapsed / 1000)} s`,
    ];
  });
  // Without the table's head: the lines speak for themselves.
  return renderTable([['', '', ''], ...rows], style).slice(1);
}

const UNDER_WAY: Readonly<Partial<Record<OperationName, string>>> = {
  build: 'Building images of',
  pull: 'Pulling images of',
  remove: 'Removing stopped containers of',
};

/** An operation that is under way and leaves services as they are. @param elapsed milliseconds since its begin. */
export function underWayText(operation: OperationName, name: string, elapsed: number): string {
  return `  ${UNDER_WAY[operation] ?? operation} ${name} … ${Math.floor(elapsed / 1000)} s`;
}

/** What an environment that was taken down still has. */
export function keptLines(kept: Belongings): readonly string[] {
  return isNothing(kept) ? [] : ['What stays:', ...describeBelongings(kept).map((line) => `  ${line}`)];
}

const ENDED_AS: Readonly<Record<OperationName, readonly [one: string, several: string]>> = {
  up: ['is up', 'are up'],
  start: ['has started', 'have started'],
  restart: ['has restarted', 'have restarted'],
  stop: ['has stopped', 'have stopped'],
  pause: ['is paused', 'are paused'],
  unpause: ['is unpaused', 'are unpaused'],
  kill: ['is killed', 'are killed'],
  recreate: ['is recreated', 'are recreated'],
  rebuild: ['is rebuilt', 'are rebuilt'],
  build: ['has its images built', 'have their images built'],
  pull: ['has its images pulled', 'have their images pulled'],
  scale: ['is scaled', 'are scaled'],
  remove: ['has no stopped containers any more', 'have no stopped containers any more'],
  down: ['is down', 'are down'],
  reset: ['is reset', 'are reset'],
};

/** The last line of an operation that went well. */
export function doneText(
  operation: OperationName,
  environment: EnvironmentSnapshot,
  named: readonly string[],
  ms: number,
): string {
  const { name } = environment.definition;
  const [one, several] = ENDED_AS[operation];
  if (named.length > 0) {
    return `✔ ${named.join(', ')} of ${name} ${named.length > 1 ? several : one} (${secondsText(ms)}).`;
  }
  const { ready, expected } = serviceCounts(environment);
  const counts = startsServices(operation) ? `: ${ready} of ${expected} services ready` : '';
  return `✔ ${name} ${one}${counts} (${secondsText(ms)}).`;
}
