import { UserError } from '../core/common/errors';

/** How many seconds the units of a duration have, as Docker writes them. */
const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** A duration as `--timeout` takes it, in milliseconds: `90s`, `1h30m`. */
export function millisecondsOf(duration: string): number {
  return secondsIn(duration) * 1_000;
}

function secondsIn(duration: string): number {
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}

/**
 * A time as `--since` takes it, in seconds since 1970: `10m` is ten minutes before now, a date without a zone is meant
 * as it is here, and a number is one already.
 * @param now milliseconds since 1970.
 * @throws UserError (usage) when there is no such date.
 */
export function secondsOfTime(text: string, now: number): string {
  if (/^\d+$/.test(text)) return text;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  // JavaScript takes a date alone for one in UTC.
  const date = Date.parse(/^\d+-\d+-\d+$/.test(text) ? `${text}T00:00:00` : text);
  const ms = parts.map(([part]) => part).join('') === text ? now - secondsIn(text) * 1000 : date;
  if (Number.isFinite(ms)) return (ms / 1000).toFixed(3);
  throw new UserError('usage', `"${text}" is no time.`, { remedy: 'Give --since how long ago, as 10m, or a date.' });
}
