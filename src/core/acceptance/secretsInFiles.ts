import type { EnvironmentDefinition } from '../model/environment';
import type { Finding } from '../model/finding';
import { placeWords } from '../model/provenance';
import type { OwnStep } from './acceptance';

/**
 * Whether secrets stand in an environment's compose files: each that does. Those that only development has, and that nobody would mind, are
 * remarks of checks and no reason to refuse it.
 * @param findings what checks have found.
 */
export function secretSteps(
  { id, name, workspaceFolder }: Pick<EnvironmentDefinition, 'id' | 'name' | 'workspaceFolder'>,
  findings: readonly Finding[],
): readonly OwnStep[] {
  const own = findings.filter(
    ({ code, severity, environments }) => code === 'secret-in-file' && severity !== 'info' && environments.includes(id),
  );
  if (own.length === 0) return [{ subject: name, ms: 0, outcome: 'passed' }];
  return own.map(({ service = name, message, remedy, places }) => ({
    subject: service,
    ms: 0,
    outcome: 'failed',
    message,
    remedy,
    details: places.map((place) => placeWords(place, workspaceFolder)).join('\n'),
  }));
}
