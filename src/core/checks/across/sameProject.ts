import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { record } from '../../common/json';
import { lineEnd } from '../../compose/composeEdit';
import type { ComposeSource } from '../../compose/composeSource';
import { sameEngine } from '../../model/environment';
import type { Finding, Fix } from '../../model/finding';
import type { ConfigurationWarning } from '../../model/project';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { beginsEmpty } from './keptData';
import { ownSources } from './ownFiles';

/** Environments in one project, as discovery has told of them; with what gives each a project of its own. */
export const sameProject: Check = {
  codes: ['same-project'],
  *find({ environments }) {
    for (const environment of environments) {
      for (const warning of environment.warnings) {
        if (warning.code === 'same-project' && !hasOwnName(environment)) {
          yield ofWarning(environment, warning, environments);
        }
      }
    }
  },
};

/** Whether the files, as they are now, name another project than the one that it shares. */
function hasOwnName({ definition: { usualProject, projectName }, sources }: CheckedEnvironment): boolean {
  const name = sources.findLast((source) => source.entry(['name']))?.value(['name']);
  return typeof name === 'string' && name !== usualProject && name === projectName;
}

function ofWarning(
  environment: CheckedEnvironment,
  { message, remedy, place }: ConfigurationWarning,
  all: readonly CheckedEnvironment[],
): Finding {
  return findingOf('same-project', [environment], {
    severity: all.some((other) => isBetweenKinds(environment, other)) ? 'warning' : 'info',
    message,
    remedy,
    places: place ? [place] : [],
    fixes: nameFixes(environment, all),
  });
}

/**
 * Whether development and tests are in one project, or the commands of both put them there: what tests do to all of their project, they do
 * to the data of development. Of one kind, one is mostly run instead of the other; and what is for production mostly runs elsewhere.
 */
function isBetweenKinds(environment: CheckedEnvironment, other: CheckedEnvironment): boolean {
  const [tests, rest] = beginsEmpty(environment) ? [environment, other] : [other, environment];
  return (
    beginsEmpty(tests) &&
    rest.definition.purpose === 'development' &&
    !other.isOnCiOnly &&
    sameEngine(tests.definition, rest.definition) &&
    projectsOf(tests).some((project) => projectsOf(rest).includes(project)) &&
    haveInCommon(tests, rest)
  );
}

/** Whether two have anything by the same name, or want the same port, so that one takes from the other; also where that is not known. */
function haveInCommon(a: CheckedEnvironment, b: CheckedEnvironment): boolean {
  const [those, others] = [namesOf(a), namesOf(b)];
  return !those || !others || others.some((one) => those.includes(one));
}

/** What an environment has in its project, without the network that all have. */
function namesOf({ project }: CheckedEnvironment): readonly string[] | undefined {
  const { volumes, networks } = record(project?.config.content);
  return (
    project && [
      ...project.services.flatMap(({ name, containerName, ports }) => [
        `service ${name}`,
        ...(containerName ? [`container ${containerName}`] : []),
        ...ports.flatMap(({ published }) => (published === undefined ? [] : `port ${published}`)),
      ]),
      ...Object.keys(record(volumes)).map((key) => `volume ${key}`),
      ...Object.keys(record(networks)).flatMap((key) => (key === 'default' ? [] : `network ${key}`)),
    ]
  );
}

function projectsOf({ definition: { projectName, usualProject }, project }: CheckedEnvironment): readonly string[] {
  return [projectName ?? project?.name ?? [], usualProject ?? []].flat();
}

/** The name that Berth gives its project, in the last of its files that no other environment has: so everybody's commands give it, too. */
function nameFixes(environment: CheckedEnvironment, all: readonly CheckedEnvironment[]): readonly Fix[] {
  const { projectName, usualProject, purpose } = environment.definition;
  const isGiven = projectName !== undefined && projectName !== usualProject;
  const [own] = ownSources(
    environment,
    all.filter((other) => other !== environment),
  );
  if (!isGiven || !own) return [];
  const edit = named(own, projectName);
  if (!edit) return [];
  const title = l10n.t('Write "name: {0}" in {1}', projectName, path.basename(own.file));
  // Data that development has in the project so far is not found in another one.
  return [{ kind: 'edit', title, edits: [edit], isSafe: purpose === 'test' || purpose === 'ci' }];
}

function named(source: ComposeSource, name: string) {
  const [first] = source.entries([]);
  if (!first || first.map.flow || source.entry(['name'])) return undefined;
  const { start } = source.range(first.key);
  const eol = lineEnd(source.text);
  return { file: source.file, start, end: start, text: `name: ${name}${eol}${eol}` };
}
