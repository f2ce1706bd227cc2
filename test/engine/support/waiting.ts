import type { Event } from '../../../src/core/common/event';
import { waitFor } from '../../../src/core/common/event';
import type { EngineFeed } from '../../../src/core/engine/engineFeed';
import type { EnvironmentStore } from '../../../src/core/environmentStore';
import type { Container } from '../../../src/core/model/container';
import type { EnvironmentSnapshot } from '../../../src/core/model/snapshot';

/** How long a test waits for something that should happen at once, in milliseconds. */
const LIMIT = 20_000;

/**
 * Waits until `probe` gives something, looking after each event.
 * @param describe what is there instead, for the message when the time is up.
 */
export async function eventually<T>(
  event: Event<unknown>,
  probe: () => T | undefined,
  describe: () => unknown,
  limit = LIMIT,
): Promise<T> {
  const signal = AbortSignal.timeout(limit);
  try {
    return await waitFor(event, probe, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`Not within ${limit} ms; instead: ${JSON.stringify(describe(), undefined, 1)}`);
  }
}

/** The containers of a project as a feed has them, by name. */
export function containersOf(feed: EngineFeed, project: string): readonly Container[] {
  return [...feed.containers]
    .filter((container) => container.project === project)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** `web-1: running healthy`: what a test compares, by the container's name without the project's. */
export function describeContainers(feed: EngineFeed, project: string): readonly string[] {
  return containersOf(feed, project).map(
    ({ name, state, healthCheck }) =>
      `${name.replace(`${project}-`, '')}: ${state}${state === 'running' && healthCheck !== 'none' ? ` ${healthCheck}` : ''}`,
  );
}

/** Waits until a feed describes a project's containers so. */
export async function untilContainers(feed: EngineFeed, project: string, expected: readonly string[]): Promise<void> {
  const describe = () => describeContainers(feed, project);
  const wanted = JSON.stringify(expected);
  await eventually(
    feed.onDidChangeContainers,
    () => JSON.stringify(describe()) === wanted || undefined,
    () => ({ expected, actual: describe() }),
  );
}

/** The environment of that name, which must be there. */
export function environmentNamed(store: EnvironmentStore, name: string): EnvironmentSnapshot {
  const found = store.environments.find(({ definition }) => definition.name === name);
  if (!found) throw new Error(`No environment ${name} in ${store.environments.map((e) => e.definition.name)}.`);
  return found;
}

/** `dev healthy: db healthy, web stopped` */
export function describeEnvironment({ definition, health, services }: EnvironmentSnapshot): string {
  return `${definition.name} ${health}: ${services.map((service) => `${service.name} ${service.health}`).join(', ')}`;
}

/** Waits until an environment is described so by {@link describeEnvironment}. */
export async function untilEnvironment(store: EnvironmentStore, expected: string): Promise<EnvironmentSnapshot> {
  return eventually(
    store.onDidChange,
    () => store.environments.find((environment) => describeEnvironment(environment) === expected),
    () => ({ expected, actual: store.environments.map(describeEnvironment) }),
  );
}
