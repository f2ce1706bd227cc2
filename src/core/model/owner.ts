import * as l10n from '@vscode/l10n';
import type { RunningProgram } from '../common/runningProgram';
import type { EngineContainer } from './engineContents';
import type { EnvironmentSnapshot } from './snapshot';

/** The environment that a container is of; undefined when Berth knows none. @param environments all that Berth knows. */
export function environmentOf(
  { id }: Pick<EngineContainer, 'id'>,
  environments: readonly EnvironmentSnapshot[],
): EnvironmentSnapshot | undefined {
  return environments.find(({ services }) =>
    services.some(({ containers }) => containers.some((container) => container.id === id)),
  );
}

/** Whose a container is, for people. @param environments all that Berth knows: it may be one of theirs. */
export function ownerOf(
  container: Pick<EngineContainer, 'id' | 'name' | 'project'> & Partial<Pick<EngineContainer, 'oneOff'>>,
  environments: readonly EnvironmentSnapshot[],
): string {
  const { id, name, project, oneOff } = container;
  const environment = environmentOf(container, environments);
  const service = environment?.services.find(({ containers }) => containers.some((one) => one.id === id));
  if (environment && service) {
    return l10n.t('service "{0}" of environment "{1}"', service.name, environment.definition.name);
  }
  if (project && oneOff) {
    return l10n.t('container "{0}", which "docker compose run" has made in project "{1}"', name, project);
  }
  return project
    ? l10n.t('container "{0}" of project "{1}"', name, project)
    : l10n.t('container "{0}", which belongs to no project', name);
}

/** Some programs of this machine, for people: `the program node (process 4711)`. */
export function programsText(programs: readonly RunningProgram[]): string {
  const [first, ...others] = programs;
  if (first && others.length === 0) return l10n.t('the program {0} (process {1})', first.name, first.pid);
  const each = programs.map(({ name, pid }) => l10n.t('{0} (process {1})', name, pid));
  return l10n.t('the programs {0}', each.join(', '));
}
