import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Place } from '../../core/common/errors';
import type { MissingFile } from '../../core/common/exampleFile';
import { DECLARATION_NAMES } from '../../core/discovery/workspaceText';
import type { ConfigurationWarning } from '../../core/model/project';
import { type EnvironmentSnapshot, warningsOf } from '../../core/model/snapshot';

/** Something wrong at a place of a file. */
export interface FileProblem {
  readonly place: Place;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** The file that is missing, where there is an example to copy it from. */
  readonly missing?: MissingFile;
}

/** What is known of a problem besides what it is. */
export type ProblemDetails = Partial<Pick<ConfigurationWarning, 'place' | 'remedy' | 'missing'>>;

/** Whether a problem is a mistake in a `berth.yaml`, which leaves out what it is about. */
export function isOfDeclaration({ place }: ConfigurationWarning): boolean {
  return place !== undefined && DECLARATION_NAMES.some((name) => name === path.basename(place.file));
}

/**
 * What is wrong with the files of a workspace, by file. Environments that share a file have its problem once, with all their
 * names.
 * @param ofFolders what is about the workspace folders, and not about one environment.
 */
export function configurationProblems(
  environments: readonly EnvironmentSnapshot[],
  ofFolders: readonly ConfigurationWarning[] = [],
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
  for (const problem of ofFolders) {
    const severity = isOfDeclaration(problem) ? 'error' : 'warning';
    for (const placed of fileProblem(severity, problem.message, problem)) {
      byFile.set(placed.place.file, [...(byFile.get(placed.place.file) ?? []), placed]);
    }
  }
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
  return resolution.kind === 'broken'
    ? fileProblem('error', resolution.error.message, resolution.error.details)
    : warningsOf(environment).flatMap((warning) => fileProblem('warning', warning.message, warning));
}

function fileProblem(
  severity: FileProblem['severity'],
  message: string,
  { place, remedy, missing }: ProblemDetails,
): readonly FileProblem[] {
  if (!place) return [];
  return [{ place, message: [message, remedy].filter(Boolean).join(' '), severity, ...(missing ? { missing } : {}) }];
}
