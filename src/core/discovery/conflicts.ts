import * as l10n from '@vscode/l10n';
import { sameList } from '../common/lists';
import { type EnvironmentDefinition, sameEngine } from '../model/environment';
import type { ConfigurationWarning } from '../model/project';
import type { DiscoveredEnvironment } from './discover';

/**
 * Adds to the problems of each environment that it shares a project with others on the same engine, where one is taken for the
 * other: because nothing gives them projects of their own (folders of the same name, the same name in both), or because the
 * repository's own commands put them into one. On CI each has a machine of its own.
 * @param all those of all workspace folders.
 */
export function withConflicts(all: readonly DiscoveredEnvironment[]): readonly DiscoveredEnvironment[] {
  return all.map((one) => {
    const { knowledge } = one.definition;
    const conflicts = conflictsOf(one, all);
    if (!knowledge || conflicts.length === 0) return one;
    const problems = [...conflicts, ...knowledge.problems];
    return { ...one, definition: { ...one.definition, knowledge: { ...knowledge, problems } } };
  });
}

function conflictsOf(
  one: DiscoveredEnvironment,
  all: readonly DiscoveredEnvironment[],
): readonly ConfigurationWarning[] {
  const { definition } = one;
  if (one.isOnCiOnly) return [];
  const others = all
    .filter((other) => other !== one && !other.isOnCiOnly && sameEngine(other.definition, definition))
    .map((other) => other.definition)
    .filter((other) => !isFoundTwice(other, definition));
  const place = definition.knowledge?.evidence[0]?.place ?? {
    file: definition.files[0] ?? definition.projectDirectory,
  };
  const project = projectOf(definition);
  const sharing = others.filter((other) => project !== undefined && projectOf(other) === project);
  const names = (those: readonly EnvironmentDefinition[]) =>
    those.map((other) => nameFrom(definition, other)).join(', ');
  if (sharing.length > 0) {
    return [
      {
        message: l10n.t('"{0}" has the same project as {1}: {2}.', definition.name, names(sharing), project ?? ''),
        remedy: l10n.t(
          'Give each a project of its own: "project" in berth.yaml, --project-name, or "name:" in the files.',
        ),
        place,
      },
    ];
  }
  const { projectName, usualProject } = definition;
  const merging = others.filter((other) => isCommanded(other) && other.usualProject === usualProject);
  // The one that has to give way tells it.
  const givesWay = projectName !== undefined && projectName !== usualProject;
  if (usualProject === undefined || merging.length === 0 || !givesWay || !isCommanded(definition)) return [];
  return [
    {
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

/** The project that Berth runs it in, as far as its text shows. */
function projectOf({ projectName, usualProject }: EnvironmentDefinition): string | undefined {
  return projectName ?? usualProject;
}

/** Whether two are one environment, which is in a workspace folder and in another one that is inside of it. */
function isFoundTwice(a: EnvironmentDefinition, b: EnvironmentDefinition): boolean {
  return a.workspaceFolder !== b.workspaceFolder && sameList(a.files, b.files);
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
