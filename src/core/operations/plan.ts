import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { ProgramCall } from '../common/program';
import { emptyFolderCall } from '../compose/dataFolderCalls';
import { needsFiles, type OperationName, operationCalls } from '../compose/operationCalls';
import { type DataFolder, dataFoldersOf } from '../model/dataFolder';
import { sameEngine } from '../model/environment';
import { otherFolderWarning } from '../model/otherFolder';
import { isSameEnvironment, shareProject } from '../model/sharing';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { checkDeclaredFolders, remedyForUnread, unreadAmong } from './dataFolderChecks';
import { concernedBy, type OperationRequest } from './operation';
import { phasesOf, withLivingProfiles } from './phases';

/** What an operation comes to. */
export interface OperationPlan {
  /** The request, with what goes without saying said: the services that it is confined to, the profiles. */
  readonly request: OperationRequest;
  /** The Compose calls, one after another; none when there is nothing to do. */
  readonly calls: readonly ProgramCall[];
  /** Those of the calls that empty a data folder, with that. */
  readonly emptying: ReadonlyMap<ProgramCall, DataFolder>;
}

/**
 * What is run for an operation from its beginning to its end, for whoever shows that: also what runs in phases; see `phasesOf`.
 * @throws as {@link planOperation} does.
 */
export function planWhole(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
): Pick<OperationPlan, 'calls' | 'emptying'> {
  const phases = phasesOf(request, environment);
  const plans = phases.map((phase, index) => {
    const options = index < phases.length - 1 ? { ...phase.options, wait: true } : phase.options;
    return planOperation({ ...phase, options }, environment, environments);
  });
  return {
    calls: plans.flatMap(({ calls }) => calls),
    emptying: new Map(plans.flatMap(({ emptying }) => [...emptying])),
  };
}

/** Whether an operation removes the volumes of an environment. */
export function removesVolumes({ operation, options }: OperationRequest): boolean {
  return operation === 'reset' || (operation === 'down' && options?.volumes === true);
}

/** Whether an operation empties the data folders of an environment. */
export function emptiesDataFolders(request: OperationRequest): boolean {
  return removesVolumes(request) && request.options?.dataFolders === true;
}

/**
 * Plans an operation: the one place that says what is run for it, for whoever runs it or shows it.
 * Where another environment has containers in the same project, it is confined to the environment's own services. What makes
 * everything anew takes along the profiles of what there is, so that no service that runs is lost on the way.
 * @param environments all that there are; those on the same engine, and what they contain, must be known where volumes go.
 * @throws UserError (failed) when it would make anew, or remove, containers that are not the environment's own; when the volumes
 *   that would go are also another environment's, or that can't be told; or when data folders are not for Berth to empty, as far
 *   as the compose files tell: who runs or shows it asks `checkDataFolders` as well.
 */
export function planOperation(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  environments: readonly EnvironmentSnapshot[],
): OperationPlan {
  const { operation } = request;
  const others = environments.filter(
    (one) => sameEngine(one.definition, environment.definition) && !isSameEnvironment(one, environment),
  );
  if (makesContainers(operation) || operation === 'down' || operation === 'remove') checkMadeHere(environment);
  checkNeighbours(request, environment, others);
  if (removesVolumes(request)) checkVolumes(environment, others);
  if (emptiesDataFolders(request)) checkDeclaredFolders(environment, others);
  const isConfined = !needsFiles(operation) && sharingProject(environment, others).length > 0;
  const planned = isConfined
    ? { ...request, services: ownServices(request, environment) }
    : withLivingProfiles(request, environment);
  if (isConfined && planned.services.length === 0) return { request: planned, calls: [], emptying: new Map() };
  const { services, options } = planned;
  const calls = operationCalls(operation, environment, environment.projectName ?? '', services, options);
  const folders = emptiesDataFolders(planned) ? dataFoldersOf(environment) : [];
  const emptying = new Map(folders.map((folder) => [emptyFolderCall(folder, environment.definition.context), folder]));
  // After the first call, which takes everything down: nothing writes into them any more then.
  return { request: planned, calls: [...calls.slice(0, 1), ...emptying.keys(), ...calls.slice(1)], emptying };
}

/**
 * What was made from files in another folder is taken for its own by Compose, which goes by the project's name alone. So does what
 * is no operation: `docker compose watch` brings up, and `docker compose run` what the service depends on.
 * @throws UserError (failed) when there is anything like that, which must not be made anew or removed.
 */
export function checkMadeHere(environment: EnvironmentSnapshot): void {
  const warning = otherFolderWarning(environment);
  if (warning) throw new UserError('failed', warning.message, { remedy: warning.remedy });
}

/** Whether an operation makes containers, be it anew. */
function makesContainers(operation: OperationName): boolean {
  return needsFiles(operation) && operation !== 'build' && operation !== 'pull';
}

/**
 * Where several environments are in one project, Compose takes containers of the one for those of the other, and makes them anew:
 * where the repository's own commands have started one in another one's project, and where both have a service of a name.
 * @throws UserError (failed) when the operation would do that.
 */
function checkNeighbours(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  others: readonly EnvironmentSnapshot[],
): void {
  const { operation } = request;
  const { definition, projectName } = environment;
  const host = definition.adopted ? others.find((other) => shareProject(other, environment)) : undefined;
  if (host && removesVolumes(request)) {
    const message = l10n.t(
      'The volumes of "{0}" are those of "{1}": both are in the project {2}.',
      definition.name,
      host.definition.name,
      projectName ?? '',
    );
    throw new UserError('failed', message, {
      remedy: l10n.t('Take "{0}" down without its volumes: it then comes up in a project of its own.', definition.name),
      takeDownFirst: definition.name,
    });
  }
  if (!makesContainers(operation)) return;
  const [own, project] = [definition.name, projectName ?? ''];
  for (const sharing of sharingProject(environment, others)) {
    const other = sharing.definition.name;
    const guest = [environment, sharing].find((one) => one.definition.adopted);
    if (guest) {
      throw new UserError('failed', l10n.t('"{0}" and "{1}" would be in the same project: {2}.', own, other, project), {
        remedy: l10n.t('Take "{0}" down first: it then comes up in a project of its own.', guest.definition.name),
        takeDownFirst: guest.definition.name,
      });
    }
    const taken = concernedBy(request, environment).find(({ name }) =>
      sharing.services.some((service) => service.name === name && service.containers.length > 0),
    );
    if (taken) {
      const message = l10n.t(
        'The containers of "{0}" would be made anew as those of "{1}": both are in the project {2}, and have a service "{3}".',
        ...[other, own, project, taken.name],
      );
      throw new UserError('failed', message, {
        remedy: l10n.t('Take "{0}" down first, or give one of the two another project name.', other),
        takeDownFirst: other,
      });
    }
  }
}

/** The other environments that have containers in the same project: what is done to all of that would be done to them, too. */
function sharingProject(
  environment: EnvironmentSnapshot,
  others: readonly EnvironmentSnapshot[],
): readonly EnvironmentSnapshot[] {
  return others.filter(
    (other) => shareProject(other, environment) && other.services.some(({ containers }) => containers.length > 0),
  );
}

function ownServices(request: OperationRequest, environment: EnvironmentSnapshot): readonly string[] {
  const own = concernedBy(request, environment).filter(({ containers }) => containers.length > 0);
  return own.map((service) => service.name);
}

/** @throws UserError (failed) when volumes of this environment are also another one's, by its project or by their names. */
function checkVolumes(environment: EnvironmentSnapshot, others: readonly EnvironmentSnapshot[]): void {
  const { definition, projectName = '' } = environment;
  for (const other of others) {
    const volume = sharedVolume(environment, other);
    if (volume === undefined) continue;
    const message = l10n.t(
      'The volumes of "{0}" can\'t be removed: "{1}" is also a volume of "{2}".',
      definition.name,
      volume,
      other.definition.name,
    );
    throw new UserError('failed', message, { remedy: remedyForShared(volume, environment, other) });
  }
  checkVolumeNames(environment, others);
  const [sharing] = sharingProject(environment, others);
  if (!sharing) return;
  const message = l10n.t(
    'The volumes of "{0}" can\'t be removed: its project "{1}" is also that of "{2}", which has containers.',
    definition.name,
    projectName,
    sharing.definition.name,
  );
  throw new UserError('failed', message, {
    remedy: l10n.t('Take down "{0}" first, or give one of the two another project name.', sharing.definition.name),
    takeDownFirst: sharing.definition.name,
  });
}

/** A volume that would go with those of an environment, and that another one has as well, be it as an external one. */
function sharedVolume(
  { definition, projectName = '', resolution }: EnvironmentSnapshot,
  other: EnvironmentSnapshot,
): string | undefined {
  const own = projectOf(resolution)?.volumes ?? [];
  const { volumes = [], externalVolumes = [] } = projectOf(other.resolution) ?? {};
  // Without files, Compose removes whatever the project has; and in a project that is not its own, other volumes than were told.
  const isAnyOfProject = resolution.kind !== 'resolved' || definition.adopted === true;
  const isOfProject = (volume: string) => isAnyOfProject && volume.startsWith(`${projectName}_`);
  return [...volumes, ...externalVolumes].find((volume) => own.includes(volume) || isOfProject(volume));
}

/** What to do where two environments have a volume, so that the one of them can be without it, or lets it stay. */
function remedyForShared(volume: string, environment: EnvironmentSnapshot, other: EnvironmentSnapshot): string {
  if (projectOf(other.resolution)?.externalVolumes?.includes(volume)) {
    return l10n.t(
      'Name another volume in "{0}", or make it external in "{1}" as well: it then stays.',
      other.definition.name,
      environment.definition.name,
    );
  }
  return shareProject(environment, other)
    ? l10n.t(
        'Give one of the two another project name: "project" in berth.yaml, --project-name, or "name:" in the files.',
      )
    : l10n.t('Give each a volume of its own: leave out "name", and Compose puts the project in front.');
}

/**
 * A volume whose name Compose has not made out of the project's may be anybody's, and the others may be those of whoever is in
 * the same project: it takes knowing what each has.
 * @throws UserError (failed) while there is such a volume, and of another environment it is not known what it contains.
 */
function checkVolumeNames(environment: EnvironmentSnapshot, others: readonly EnvironmentSnapshot[]): void {
  const { definition, projectName = '', resolution } = environment;
  const volumes = projectOf(resolution)?.volumes ?? [];
  const mayHave = (other: EnvironmentSnapshot) =>
    volumes.find((volume) => shareProject(environment, other) || !volume.startsWith(`${projectName}_`));
  const unread = unreadAmong(
    others.filter((other) => mayHave(other) !== undefined),
    definition,
  );
  if (!unread) return;
  const message = l10n.t(
    'The volumes of "{0}" can\'t be removed: it is not known whether "{1}" is also a volume of "{2}".',
    definition.name,
    mayHave(unread) ?? '',
    unread.definition.name,
  );
  throw new UserError('failed', message, { remedy: remedyForUnread(unread) });
}
