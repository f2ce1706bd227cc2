import { list, record, text } from '../common/json';

/** The names of the volumes of a container: those that somebody named, and those without names of their own. */
export interface MountedVolumes {
  readonly named: readonly string[];
  /** The engine's names for them, 64 hexadecimal digits. */
  readonly nameless: readonly string[];
}

/** @param details `GET /containers/{id}/json`. */
export function mountedVolumes(details: unknown): MountedVolumes {
  const names = list(record(details).Mounts)
    .map(record)
    .filter(({ Type }) => Type === 'volume')
    .map(({ Name }) => text(Name));
  const isNameless = (name: string) => /^[0-9a-f]{64}$/.test(name);
  return { named: names.filter((name) => !isNameless(name)), nameless: names.filter(isNameless) };
}
