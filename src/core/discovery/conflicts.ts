import * as l10n from '@vscode/l10n';
import { type EnvironmentDefinition, placeOf, sameEngine } from '../model/environment';
import type { ConfigurationWarning } from '../model/project';
import { type InProject, inOwnProject, isSameEnvironment, type Known, shareProject } from '../model/sharing';
import type { DiscoveredEnvironment } from './discover';

/** An environment, with what its text shows and what Compose says of it. */
type Found = DiscoveredEnvironment & Known;

/**
 * Adds to the problems of each environment that it shares a project with others on the same engine, where one is taken for the
 * other: because nothing gives them projects of their own (folders of the same name, the same name in both), or because the
 * repository's own commands put them into one. On CI each has a machine of its own.
 * @param all those of all workspace folders.
 */
export function withConflicts<T extends Found>(all: readonly T[]): readonly T[] {
  return all.map((one) => {
    const { knowledge } = one.definition;
    const conflicts = conflictsOf(one, all);
    if (!knowledge || conflicts.length === 0) return one;
    const problems = [...conflicts, ...knowledge.problems];
    return { ...one, definition: { ...one.definition, knowledge: { ...knowledge, problems } } };
  });
}

function conflictsOf(one: Found, all: readonly Found[]): readonly ConfigurationWarning[] {
  const { definition } = one;
  if (one.isOnCiOnly) return [];
  const own = inProject(one);
  const others = all
    .filter((other) => !other.isOnCiOnly && sameEngine(other.definition, definition))
    .map(inProject)
    .filter((other) => !isSameEnvironment(other, own));
  const place = placeOf(definition);
  const sharing = others.filter((other) => shareProject(other, own));
  const names = (those: readonly InProject[]) =>
    those.map((other) => nameFrom(definition, other.definition)).join(', ');
  if (sharing.length > 0) {
    return [
      {
        code: 'same-project',
        message: l10n.t(
          '"{0}" has the same project as {1}: {2}.',
          definition.name,
          names(sharing),
          own.projectName ?? '',
        ),
        remedy: l10n.t(
          'Give each a project of its own: "project" in berth.yaml, --project-name, or "name:" in the files.',
        ),
        place,
      },
    ];
  }
  const { projectName, usualProject } = definition;
  const merging = others.filter(
    (other) => isCommanded(other.definition) && other.definition.usualProject === usualProject,
  );
  // The one that has to give way tells it.
  const givesWay = projectName !== undefined && projectName !== usualProject;
  if (usualProject === undefined || merging.length === 0 || !givesWay || !isCommanded(definition)) return [];
  return [
    {
      code: 'same-project',
      message: l10n.t(
        'Its own commands put "{0}" into the project of {1}: {2}.',
        definition.name,
        names(merging),
        usualProject,
      ),
      remedy: l10n.t(
        'Berth gives it the project {0}; give the commands --project-name, or the files a "name:".',
        projectName,
      ),
      place,
    },
  ];
}

/** An environment in the project that Berth runs it in; until Compose has said which, as far as its text shows. */
function inProject(one: Found): InProject {
  const { definition, projectName } = inOwnProject(one);
  return { definition, projectName: projectName ?? definition.usualProject };
}

/** How another environment is called where this one is spoken of. */
function nameFrom({ workspaceFolder }: EnvironmentDefinition, other: EnvironmentDefinition): string {
  return other.workspaceFolder === workspaceFolder
    ? `"${other.name}"`
    : l10n.t('"{0}" of {1}', other.name, other.workspaceFolder);
}

/** Whether somebody's command runs it. */
function isCommanded({ origin }: EnvironmentDefinition): boolean {
  return origin === 'observed';
}
