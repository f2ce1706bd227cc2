import path from 'node:path';
import type { Place } from '../../common/errors';
import { groupBy } from '../../common/lists';

/** Why nothing can be made of an invocation. */
export interface ObservationProblem {
  /** A compose file that is not there: absolute path. */
  readonly missing?: string;
  /** Whether that is there where backslashes are taken for slashes. */
  readonly isOfWindows?: boolean;
  /** An option whose value can't be known without running something. */
  readonly unknown?: string;
  /** The address of an engine of which no context is named. */
  readonly host?: string;
  /** The target, script, job, function or pattern that it belongs to. */
  readonly label?: string;
  readonly place: Place;
}

/** The line that a place is in. */
export function placeKey({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** Each once: a file that is not there, and what is not known of a target, script or job, at its first place. */
export function onceEach(problems: readonly ObservationProblem[]): ObservationProblem[] {
  const groups = groupBy(
    problems,
    ({ missing, host, unknown, label, place }) => missing ?? host ?? [unknown, label, place.file],
  );
  const firsts = groups.flatMap(([first]) => first ?? []);
  // A line that is read in two folders, or for two targets, has one message.
  const places = groupBy(firsts, ({ place, missing, host, unknown }) => [
    placeKey(place),
    unknown ?? host ?? path.basename(missing ?? ''),
  ]);
  return places.flatMap(([first]) => first ?? []);
}
