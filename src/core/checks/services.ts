import { record } from '../common/json';
import type { ResolvedService } from '../model/project';
import type { CheckedEnvironment } from './check';

/** A service as checks look at it. */
export interface CheckedService {
  readonly name: string;
  /** What Compose says of it: a part of `docker compose config --format json`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly resolved: ResolvedService;
}

/** The services of an environment, by name; none where Compose does not accept its files. */
export function servicesOf({ project }: CheckedEnvironment): readonly CheckedService[] {
  const all = record(project?.config.content.services);
  return (project?.services ?? []).map((resolved) => {
    return { name: resolved.name, config: record(all[resolved.name]), resolved };
  });
}

/** Whether an environment is the one that people depend on. */
export function isProduction({ definition }: CheckedEnvironment): boolean {
  return definition.purpose === 'production';
}

/** Names in a sentence: `"db", "redis"`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
