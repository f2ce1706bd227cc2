import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { record, text } from '../common/json';
import { isPortFree, portHolders } from '../common/portHolder';
import type { EngineConnection } from '../engine/connection';
import { isLocal } from '../engine/connection';
import { LABEL } from '../engine/messages';
import { dataFoldersOf } from '../model/dataFolder';
import { sameEngine } from '../model/environment';
import { ownerOf, programsText } from '../model/owner';
import { type Port, type ResolvedProject, withDependencies } from '../model/project';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { concernedBy } from '../operations/operation';

/** Whom to ask whether there is room. */
interface Surroundings {
  readonly connection: EngineConnection;
  /** All that Berth knows. */
  readonly environments: readonly EnvironmentSnapshot[];
  readonly signal: AbortSignal;
}

/**
 * Looks whether an environment can come up beside all that there is, without taking anything of theirs: ports, names of containers,
 * volumes and data folders.
 * @param wanted names of the services that are brought up, with what they depend on; all when empty.
 * @throws UserError (failed) that names what is taken, by whom, and what to do; the signal's reason when aborted.
 */
export async function checkRoom(
  environment: EnvironmentSnapshot,
  wanted: readonly string[],
  surroundings: Surroundings,
): Promise<void> {
  const { definition, resolution } = environment;
  const project = projectOf(resolution);
  if (!project) return;
  const up = { operation: 'up' as const, environmentId: definition.id, services: wanted };
  const names = withDependencies(
    concernedBy(up, environment).map(({ name }) => name),
    project,
  );
  const started = project.services.filter(({ name }) => names.has(name));
  const taken = [
    ...sharedData(environment, { ...project, services: started }, surroundings.environments),
    ...(await takenVolumes(project, environment, surroundings)),
    ...(await Promise.all(
      started
        .flatMap(({ ports, onHostNetwork }) => (onHostNetwork ? [] : ports))
        .map((port) => takenPort(port, environment, surroundings)),
    )),
    ...(await Promise.all(started.map(({ containerName }) => takenName(containerName, environment, surroundings)))),
  ].filter((one) => one !== undefined);
  const [first, ...more] = [...new Map(taken.map((one) => [one.message, one])).values()];
  if (!first) return;
  throw new UserError('failed', l10n.t('There is no room for "{0}": {1}', definition.name, first.message), {
    remedy: first.remedy,
    output: more.length > 0 ? more.map(({ message }) => message).join('\n') : undefined,
  });
}

/** What somebody else has, and what to do about that. */
interface Taken {
  readonly message: string;
  readonly remedy: string;
}

async function takenPort(
  { published, hostIp, protocol }: Port,
  { projectName }: EnvironmentSnapshot,
  { connection, environments, signal }: Surroundings,
): Promise<Taken | undefined> {
  if (published === undefined) return undefined;
  const holders = await connection.inspect((engine) => engine.publishers({ published, hostIp, protocol }, signal));
  const [holder] = holders.filter(({ project }) => project !== projectName);
  const another = l10n.t(
    'Give this environment a port of its own (in its overlay, with "!override"), or stop what has it.',
  );
  if (holder) {
    return {
      message: l10n.t('Port {0} is already in use by {1}.', published, ownerOf(holder, environments)),
      remedy: another,
    };
  }
  if (holders.length > 0 || !isLocal(connection.address)) return undefined;
  // Of no address it is not known here whether all of IPv6 is meant, too: IPv4 is in any case.
  const port = { port: published, protocol, host: hostIp ?? '0.0.0.0' };
  if (await isPortFree(port)) return undefined;
  const { programs } = await portHolders(port);
  return {
    message:
      programs.length > 0
        ? l10n.t('Port {0} is already in use by {1}.', published, programsText(programs))
        : l10n.t('Port {0} is already in use by another program.', published),
    remedy: another,
  };
}

async function takenName(
  name: string | undefined,
  { projectName }: EnvironmentSnapshot,
  { connection, environments, signal }: Surroundings,
): Promise<Taken | undefined> {
  if (name === undefined) return undefined;
  const found = await connection.inspect((engine) =>
    engine.container(name, signal).catch((error: unknown) => {
      if (record(error).statusCode === 404) return undefined;
      throw error;
    }),
  );
  const labels = record(record(record(found).Config).Labels);
  if (!found || labels[LABEL.project] === projectName) return undefined;
  const owner = ownerOf({ id: text(record(found).Id), name, project: text(labels[LABEL.project]) }, environments);
  return {
    message: l10n.t('The container name "{0}" is already in use by {1}.', name, owner),
    remedy: l10n.t('Leave out "container_name": each project then has names of its own ("!reset" in an overlay).'),
  };
}

/** The volumes that are there under the names of this environment's, and that somebody else has made: they would be removed with it. */
async function takenVolumes(
  { volumes = [] }: ResolvedProject,
  { projectName = '' }: EnvironmentSnapshot,
  { connection, signal }: Surroundings,
): Promise<readonly Taken[]> {
  if (volumes.length === 0) return [];
  const options = { volumeNames: volumes, signal };
  const there = await connection.inspect((engine) => engine.belongings(projectName, options));
  const remedy = l10n.t(
    'Give this environment a volume of its own (leave out "name", and Compose puts the project in front), or declare it with "external: true" if it is meant to be used as it is.',
  );
  return there.volumes.flatMap(({ name, foreignProject, madeByNone, anonymous }) => {
    if (anonymous) return [];
    if (foreignProject !== undefined) {
      return [{ message: l10n.t('The volume {0} is that of the project {1}.', name, foreignProject), remedy }];
    }
    return madeByNone ? [{ message: l10n.t('The volume {0} was made by somebody else.', name), remedy }] : [];
  });
}

/** What of the data of other environments this one would write into. @param project with the services that are started. */
function sharedData(
  environment: EnvironmentSnapshot,
  project: ResolvedProject,
  environments: readonly EnvironmentSnapshot[],
): readonly Taken[] {
  const others = environments.filter(
    ({ definition, projectName }) =>
      definition.id !== environment.definition.id &&
      projectName !== environment.projectName &&
      sameEngine(definition, environment.definition),
  );
  const { volumes = [] } = project;
  const folders = dataFoldersOf({ ...environment, resolution: { kind: 'resolved', project } }).map(({ path }) => path);
  return others.flatMap((other) => {
    const volume = volumes.find((name) => projectOf(other.resolution)?.volumes?.includes(name));
    const folder = folders.find((one) => dataFoldersOf(other).some(({ path }) => path === one));
    return [
      ...(volume === undefined
        ? []
        : [
            {
              message: l10n.t('The volume {0} is also that of "{1}".', volume, other.definition.name),
              remedy: l10n.t('Give each a volume of its own: leave out "name", and Compose puts the project in front.'),
            },
          ]),
      ...(folder === undefined
        ? []
        : [
            {
              message: l10n.t('The data folder {0} is also that of "{1}".', folder, other.definition.name),
              remedy: l10n.t('Give this environment a volume or tmpfs in its place (in its overlay).'),
            },
          ]),
    ];
  });
}

/**
 * Whether two runs of an environment can go on at once, each in a project of its own: nothing of it is called, published, or has
 * addresses, as the compose files say.
 */
export function canBeTwice(project: ResolvedProject): boolean {
  const {
    name,
    services,
    volumes = [],
    networks = [],
    externalVolumes = [],
    externalNetworks = [],
    subnets = [],
  } = project;
  return (
    externalVolumes.length + externalNetworks.length + subnets.length === 0 &&
    [...volumes, ...networks].every((one) => one.startsWith(`${name}_`)) &&
    services.every(
      ({ ports, containerName, binds = [], onHostNetwork }) =>
        containerName === undefined &&
        !onHostNetwork &&
        ports.every(({ published }) => published === undefined) &&
        !binds.some(({ keepsData }) => keepsData),
    )
  );
}
