import { TEST_RUN_LABEL } from '../engine/messages';
import type { TestRunMark } from '../model/container';
import type { ResolvedProject } from '../model/project';

/**
 * The compose file that a test run lays over those of its environment: it marks the containers that it makes, and nothing else.
 * JSON, which is YAML, too.
 */
export function runFileText({ services }: ResolvedProject, { id, host, kept, removesVolumes }: TestRunMark): string {
  const labels = {
    [TEST_RUN_LABEL.id]: id,
    [TEST_RUN_LABEL.host]: host,
    [TEST_RUN_LABEL.kept]: String(kept),
    [TEST_RUN_LABEL.volumes]: removesVolumes ? 'remove' : 'keep',
  };
  return `${JSON.stringify({ services: Object.fromEntries(services.map(({ name }) => [name, { labels }])) }, undefined, 2)}\n`;
}
