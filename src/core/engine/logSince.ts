import { record, text } from '../common/json';

/** How late the engine may note that a container was started, in milliseconds: two starts by a restart policy are further apart. */
const NOTED_LATE = 100;

/**
 * Since when what stands in a container's log is of its last run, in seconds since the epoch; undefined where all of it is. The engine
 * notes a start when the program may have written something already, and so the end of the run before it counts, where that is known:
 * of one that has ended, only its own is. Source: moby, `daemon/start.go` (SetRunning after the start).
 * @param details `GET /containers/{id}/json`.
 */
export function logSince(details: unknown): string | undefined {
  const { Running, Restarting, StartedAt, FinishedAt } = record(record(details).State);
  // One that waits to be started again counts as running, and has ended.
  const runs = Running === true && Restarting !== true;
  const time = runs ? Date.parse(text(FinishedAt)) : Date.parse(text(StartedAt)) - NOTED_LATE;
  // One that has not ended yet has the year 1 there.
  return time > 0 ? (time / 1_000).toFixed(3) : undefined;
}
