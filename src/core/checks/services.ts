import * as l10n from '@vscode/l10n';
import { record } from '../common/json';
import type { EnvironmentDefinition } from '../model/environment';
import type { ResolvedProject, ResolvedService } from '../model/project';
import type { CheckedEnvironment } from './check';

/** A service as checks look at it. */
export interface CheckedService {
  readonly name: string;
  /** What Compose says of it: a part of `docker compose config --format json`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly resolved: ResolvedService;
}

/** The services of projects that were looked at already. */
const KNOWN = new WeakMap<ResolvedProject, ReadonlyMap<string, CheckedService>>();

/** The services of an environment by name, in the order of their names; none where Compose does not accept its files. */
export function servicesByName({ project }: Pick<CheckedEnvironment, 'project'>): ReadonlyMap<string, CheckedService> {
  const known = project && KNOWN.get(project);
  if (known) return known;
  const all = record(project?.config.content.services);
  const services = new Map(
    project?.services.map((resolved) => {
      const { name } = resolved;
      return [name, { name, config: record(all[name]), resolved }];
    }),
  );
  if (project) KNOWN.set(project, services);
  return services;
}

/** The values of {@link servicesByName}. */
export function servicesOf(environment: Pick<CheckedEnvironment, 'project'>): readonly CheckedService[] {
  return [...servicesByName(environment).values()];
}

/** Whether bringing an environment up makes containers of a service: its profiles enable it, and it has any. */
export function isBroughtUp(
  { profiles, replicas }: Pick<ResolvedService, 'profiles' | 'replicas'>,
  definition: Pick<EnvironmentDefinition, 'profiles'>,
): boolean {
  return replicas !== 0 && (profiles.length === 0 || profiles.some((one) => definition.profiles.includes(one)));
}

/** Whether an environment is the one that people depend on. */
export function isProduction({ definition }: CheckedEnvironment): boolean {
  return definition.purpose === 'production';
}

/** Names in a sentence: `"db", "redis"`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** More say no more. */
const MOST_NAMES = 5;

/** Names in a sentence, of many only the first: `A, B, C, D, E and 3 more`. */
export function firstFew(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return rest > 0 ? l10n.t('{0} and {1} more', shown, rest) : shown;
}
