import { TEST_RUN_LABEL } from '../engine/messages';
import type { TestRunMark } from '../model/container';
import type { ResolvedProject } from '../model/project';

/**
 * The compose file that a test run lays over those of its environment: it marks the containers that the run makes, and the volumes
 * where those go with them. JSON, which is YAML, too.
 */
export function runFileText({ services, volumeKeys = [] }: ResolvedProject, mark: TestRunMark): string {
  const { id, host, kept, removesVolumes } = mark;
  const labels = {
    [TEST_RUN_LABEL.id]: id,
    [TEST_RUN_LABEL.host]: host,
    [TEST_RUN_LABEL.kept]: String(kept),
    [TEST_RUN_LABEL.volumes]: removesVolumes ? 'remove' : 'keep',
  };
  const marked = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { labels }]));
  const file = {
    services: marked(services.map(({ name }) => name)),
    ...(removesVolumes ? { volumes: marked(volumeKeys) } : {}),
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
