import * as l10n from '@vscode/l10n';
import type { Place } from '../../core/common/errors';
import { type EnvironmentSnapshot, warningsOf } from '../../core/model/snapshot';

/** Something wrong at a place of a file. */
export interface FileProblem {
  readonly place: Place;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/**
 * What is wrong with the compose files, by file. Environments that share a file have its problem once, with all their names.
 */
export function configurationProblems(
  environments: readonly EnvironmentSnapshot[],
): ReadonlyMap<string, readonly FileProblem[]> {
  const found = new Map<string, { readonly problem: FileProblem; readonly names: string[] }>();
  for (const environment of environments) {
    for (const problem of problemsOf(environment)) {
      const key = JSON.stringify(problem);
      const known = found.get(key) ?? { problem, names: [] };
      found.set(key, known);
      known.names.push(environment.definition.name);
    }
  }
  const byFile = new Map<string, FileProblem[]>();
  for (const { problem, names } of found.values()) {
    const { file } = problem.place;
    const message = l10n.t('{0} (environments: {1})', problem.message, names.join(', '));
    byFile.set(file, [...(byFile.get(file) ?? []), { ...problem, message }]);
  }
  return byFile;
}

/** What is wrong with the files of one environment, as far as it has a place. */
function problemsOf(environment: EnvironmentSnapshot): readonly FileProblem[] {
  const { resolution } = environment;
  const problem = (
    severity: FileProblem['severity'],
    message: string,
    { place, remedy }: { readonly place?: Place; readonly remedy?: string },
  ): FileProblem[] => (place ? [{ place, message: [message, remedy].filter(Boolean).join(' '), severity }] : []);
  return resolution.kind === 'broken'
    ? problem('error', resolution.error.message, resolution.error.details)
    : warningsOf(environment).flatMap((warning) => problem('warning', warning.message, warning));
}
