import * as l10n from '@vscode/l10n';
import type { EnvironmentDefinition } from '../model/environment';
import type { ConfigurationWarning } from '../model/project';
import type { Combined } from './combine';

/**
 * That several environments share a project on the same engine, where one is taken for the other: because nothing gives them
 * projects of their own (folders of the same name, the same name in both), or because the repository's own commands put them into
 * one. On CI each has a machine of its own.
 */
export function conflictsOf(one: Combined, all: readonly Combined[]): readonly ConfigurationWarning[] {
  const { definition, candidate } = one;
  if (candidate.isOnCiOnly) return [];
  const others = all.filter(
    (other) => other !== one && other.definition.context === definition.context && other.candidate.isOnCiOnly !== true,
  );
  const place = candidate.evidence[0]?.place ?? { file: definition.files[0] ?? definition.projectDirectory };
  const project = projectOf(definition);
  const sharing = others.filter((other) => project !== undefined && projectOf(other.definition) === project);
  if (sharing.length > 0) {
    return [
      {
        message: l10n.t('"{0}" has the same project as {1}: {2}.', definition.name, namesOf(sharing), project ?? ''),
        remedy: l10n.t(
          'Give each a project of its own: "project" in berth.yaml, --project-name, or "name:" in the files.',
        ),
        place,
      },
    ];
  }
  const { projectName, usualProject } = definition;
  const merging = others.filter((other) => isCommanded(other) && other.definition.usualProject === usualProject);
  // The one that has to give way tells it.
  const givesWay = projectName !== undefined && projectName !== usualProject;
  if (usualProject === undefined || merging.length === 0 || !givesWay || !isCommanded(one)) return [];
  return [
    {
      message: l10n.t(
        'Its own commands put "{0}" into the project of {1}: {2}.',
        definition.name,
        namesOf(merging),
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

function namesOf(environments: readonly Combined[]): string {
  return environments.map(({ definition }) => `"${definition.name}"`).join(', ');
}

/** Whether somebody's command runs it. */
function isCommanded({ candidate: { origin } }: Combined): boolean {
  return origin === 'observed';
}
