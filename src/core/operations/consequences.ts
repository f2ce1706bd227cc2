import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { EngineConnection } from '../engine/connection';
import type { BelongingsOptions } from '../engine/inspection';
import { type Belongings, type OwnedContainer, sizeText } from '../model/belongings';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { checkDataFolders } from './dataFolderChecks';
import { filledDataFolders } from './dataFolders';
import { knownProject, type OperationRequest } from './operation';

/** The kinds of operations that end or remove something that does not come back by itself. A user is asked before them. */
export const CONFIRMATIONS = ['kill', 'remove', 'scale', 'down', 'removeVolumes', 'reset'] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** Which confirmation an operation needs, if anything goes; undefined when it ends nothing. */
export function confirmationFor({ operation, options }: OperationRequest): Confirmation | undefined {
  switch (operation) {
    case 'kill':
    case 'remove':
    case 'scale':
    case 'reset':
      return operation;
    case 'down':
      return options?.volumes ? 'removeVolumes' : 'down';
    default:
      return undefined;
  }
}

/** That nothing would go. */
export const NOTHING: Belongings = { containers: [], networks: [], volumes: [] };

/** How long finding out the sizes of volumes may take, in milliseconds: without them it can be asked as well. */
const SIZES_LIMIT = 5_000;

/**
 * What an operation that needs a confirmation would end or remove, as the engine has it now.
 * @param sizes also how large it is, as far as the engine tells that in time.
 * @throws UserError (engine-unreachable; failed while it is not known what the environment contains); the signal's reason
 *   when aborted.
 */
export async function lossesOf(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  connection: EngineConnection,
  { sizes, signal }: { readonly sizes: boolean; readonly signal: AbortSignal },
): Promise<Belongings> {
  const kind = confirmationFor(request);
  if (kind === undefined) return NOTHING;
  const { services, resolution } = environment;
  const projectName = knownProject(environment);
  const wantsContainerSizes = sizes && kind !== 'kill' && (kind !== 'scale' || takesAway(request, environment));
  const declaredVolumes = resolution.kind === 'resolved' ? (resolution.project.volumes ?? []) : undefined;
  const all = await sizedBelongings(connection, projectName, {
    containerSizes: wantsContainerSizes,
    volumeSizes: sizes && (kind === 'removeVolumes' || kind === 'reset'),
    volumeNames: declaredVolumes,
    signal,
  });
  const named = request.services.length > 0 ? request.services : services.map((service) => service.name);
  const concerned = all.containers.filter(({ service, oneOff }) => named.includes(service) && !oneOff);
  switch (kind) {
    case 'kill':
      return { ...NOTHING, containers: concerned.filter(({ isRunning }) => isRunning) };
    case 'remove':
      return { ...NOTHING, containers: concerned.filter(({ isRunning }) => !isRunning) };
    case 'scale':
      return { ...NOTHING, containers: surplusOf(concerned, request) };
    case 'down':
      // Of single services, their containers are what goes.
      return request.services.length > 0 ? { ...NOTHING, containers: concerned } : { ...all, volumes: [] };
    case 'removeVolumes':
    case 'reset':
      if (!request.options?.dataFolders) return all;
      await checkDataFolders(environment, [], connection, signal);
      return { ...all, dataFolders: await filledDataFolders(environment, { sizes, signal: inTime(signal) }) };
  }
}

/**
 * What a project has on the engine; with the sizes of volumes, where these are asked for, as far as the engine tells them in time.
 * @throws UserError (engine-unreachable); the signal's reason when aborted.
 */
export async function sizedBelongings(
  connection: EngineConnection,
  project: string,
  options: BelongingsOptions,
): Promise<Belongings> {
  const ask = (asked: BelongingsOptions) => connection.inspect((engine) => engine.belongings(project, asked));
  if (!options.volumeSizes) return ask(options);
  const limited = inTime(options.signal);
  return ask({ ...options, signal: limited }).catch((error: unknown) => {
    if (!limited.aborted || options.signal.aborted) throw error;
    return ask({ ...options, volumeSizes: false });
  });
}

/** Also aborted when finding out sizes takes too long. */
function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(SIZES_LIMIT)]);
}

/**
 * What was confirmed was looked at before it was this operation's turn; another one may have made something meanwhile.
 * @throws UserError (failed) when more would go than was confirmed.
 */
export async function checkLosses(
  request: OperationRequest,
  environment: EnvironmentSnapshot,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<void> {
  const { confirmed } = request;
  if (!confirmed) return;
  const now = await lossesOf(request, environment, connection, { sizes: false, signal });
  const names = ({ containers, volumes, dataFolders = [] }: Belongings) => [
    ...[...containers, ...volumes].map(({ name }) => name),
    ...dataFolders.map(({ path }) => path),
  ];
  const known = names(confirmed);
  const more = names(now).filter((name) => !known.includes(name));
  if (more.length === 0) return;
  throw new UserError('failed', l10n.t('By now more would go than was confirmed: {0}.', more.join(', ')), {
    remedy: l10n.t('Nothing was removed. Try again, and look at what goes.'),
  });
}

/** Whether scaling leaves a service with fewer containers than it has. */
function takesAway({ options }: OperationRequest, { services }: EnvironmentSnapshot): boolean {
  return services.some(
    ({ name, containers }) => containers.length > (options?.replicas?.[name] ?? Number.POSITIVE_INFINITY),
  );
}

/**
 * The containers that scaling removes: those with the highest numbers, whether they run or not, and whether or not they are
 * what the files now say. Source: docker/compose, `pkg/compose/convergence.go`, where nothing is recreated; before Compose
 * 2.24.7 the youngest, which are the same unless one was removed by hand.
 */
function surplusOf(containers: readonly OwnedContainer[], { options }: OperationRequest): readonly OwnedContainer[] {
  return Object.entries(options?.replicas ?? {}).flatMap(([service, count]) =>
    containers
      .filter((container) => container.service === service)
      .sort((a, b) => a.number - b.number)
      .slice(count),
  );
}

/** Whether nothing would be lost, so that there is nothing to ask. */
export function isNothing({ containers, networks, volumes, dataFolders = [] }: Belongings): boolean {
  return [containers, networks, volumes, dataFolders].every((belongings) => belongings.length === 0);
}

/** {@link Belongings} for people, a line for each kind: `2 volumes with 48 MB: app_data (48 MB), app_cache (12 kB)`. */
export function describeBelongings({ containers, networks, volumes, dataFolders = [] }: Belongings): readonly string[] {
  const lines: string[] = [];
  if (dataFolders.length > 0) {
    const folders = dataFolders.map(({ path, size }) =>
      size === undefined ? path : l10n.t('{0} ({1})', path, sizeText(size)),
    );
    lines.push(l10n.t('All that is in data folders: {0}', folders.join(', ')));
  }
  if (volumes.length > 0) {
    const known = volumes.flatMap(({ size }) => (size === undefined ? [] : [size]));
    const total = known.length > 0 ? sizeText(known.reduce((sum, size) => sum + size, 0)) : undefined;
    const names = volumes.map(({ name, anonymous, foreignProject, size }) => {
      const shown = anonymous
        ? l10n.t('{0} (without a name of its own)', name.slice(0, 12))
        : foreignProject
          ? l10n.t('{0} (made by project {1})', name, foreignProject)
          : name;
      return size === undefined ? shown : l10n.t('{0} ({1})', shown, sizeText(size));
    });
    lines.push(
      total === undefined
        ? l10n.t('Volumes: {0}', names.join(', '))
        : l10n.t('Volumes with {0} of data: {1}', total, names.join(', ')),
    );
  }
  if (containers.length > 0) {
    const names = containers.map(({ name, size }) => (size ? l10n.t('{0} ({1})', name, sizeText(size)) : name));
    lines.push(l10n.t('Containers: {0}', names.join(', ')));
  }
  if (networks.length > 0) lines.push(l10n.t('Networks: {0}', networks.join(', ')));
  return lines;
}
