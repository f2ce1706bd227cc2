import type { EnvironmentStore } from '../core/environmentStore';

/** Has Compose asked about the environments again when it could not be asked: nothing is wrong with their files. */
export function askAgain(store: EnvironmentStore): void {
  const couldNot = store.environments.some(
    ({ resolution }) =>
      resolution.kind === 'broken' &&
      (resolution.error.kind === 'docker-missing' || resolution.error.kind === 'engine-unreachable'),
  );
  if (couldNot) void store.filesChanged();
}
