import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { ProgramCall } from '../common/program';
import { type CopyPath, copyCall } from '../compose/serviceCalls';
import type { EngineInspection } from '../engine/inspection';
import type { Container } from '../model/container';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { knownProject } from './operation';
import { containerOf, indexOf, nothingCreated } from './serviceContainers';

/** Something in a container that a copy would replace. */
export interface ReplacedPath {
  /** The container's name. */
  readonly container: string;
  /** Absolute path in it. */
  readonly path: string;
}

/**
 * Where a copy is from, or goes to, as it is told to Compose: of several containers Compose takes any to copy out of.
 * @throws UserError (usage) when the service has no container of that number; (failed) when it has none at all.
 */
export function checkedCopyPath(end: CopyPath, isSource: boolean, services: readonly ServiceSnapshot[]): CopyPath {
  if (end.service === undefined) return end;
  const service = services.find(({ name }) => name === end.service);
  if (!service) throw nothingCreated(end.service);
  const container = containerOf(service, end.index);
  return isSource || end.index !== undefined ? { ...end, index: indexOf(service, container) } : end;
}

/**
 * What is run for a copy, to be shown: also where nothing is created yet.
 * @throws UserError (usage) when the service has no container of that number; (failed) while the project is not known.
 */
export function shownCopyCall(environment: EnvironmentSnapshot, from: CopyPath, to: CopyPath): ProgramCall {
  const created = environment.services.filter(({ containers }) => containers.length > 0);
  const end = (one: CopyPath, isSource: boolean) =>
    created.some(({ name }) => name === one.service) ? checkedCopyPath(one, isSource, created) : one;
  return copyCall(knownProject(environment), environment.definition.context, end(from, true), end(to, false));
}

/** What a copy replaces in containers. @param from a path on this machine. @param to a path in them. */
export async function replacedIn(
  containers: readonly Container[],
  { from, to }: { readonly from: string; readonly to: string },
  engine: EngineInspection,
  signal: AbortSignal,
): Promise<readonly ReplacedPath[]> {
  const paths = await Promise.all(containers.map(({ id }) => replacedPath(id, from, to, engine, signal)));
  return containers.flatMap(({ name }, at) => {
    const replaced = paths[at];
    return replaced === undefined ? [] : [{ container: name, path: replaced }];
  });
}

/** What stands where something is copied to: into a folder that is there, it is copied under its own name. */
async function replacedPath(
  container: string,
  from: string,
  to: string,
  engine: EngineInspection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const there = await engine.pathInContainer(container, to, signal);
  if (!there) return undefined;
  if (there === 'other') return to;
  const inside = path.posix.join(to, path.basename(from));
  return (await engine.pathInContainer(container, inside, signal)) ? inside : undefined;
}

/**
 * What a copy out of a container replaces on this machine; undefined when nothing. A link that leads nowhere is something, too.
 * @param from a path in a container. @param to an absolute path here.
 */
export async function replacedHere(from: string, to: string): Promise<string | undefined> {
  const isFolder = await fs.stat(to).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const replaced = isFolder ? path.join(to, path.posix.basename(from)) : to;
  return fs.lstat(replaced).then(
    () => replaced,
    () => undefined,
  );
}

/** Why a copy failed. Compose names the container by its id, and the end of the copy that is meant only by its path. */
export function copyFailure(error: UserError, from: CopyPath, to: CopyPath): UserError {
  const name = ({ service, path }: CopyPath) => (service === undefined ? path : `${service}:${path}`);
  const message = error.message.replace(/^Error response from daemon: /, '').replace(/ in container [0-9a-f]{64}$/, '');
  const missing = /Could not find the file (.+)$/.exec(message)?.[1];
  const noFolder = /invalid output path: directory "(.+)" does not exist/.exec(message)?.[1];
  const noFile = /^l?stat (.+): no such file/.exec(message)?.[1];
  const remedies = [
    missing !== undefined && to.service !== undefined && l10n.t('Make the folder {0} in the container first.', missing),
    missing !== undefined && l10n.t('See with a shell in the container what is there.'),
    noFolder !== undefined && l10n.t('Make the folder {0} first.', noFolder),
    noFile !== undefined && l10n.t('Name a file or a folder that there is.'),
    /cannot copy directory/.test(message) &&
      l10n.t('A folder can only be copied to a folder, or to what is not there yet.'),
    /permission denied/i.test(message) && l10n.t('Choose another place, one that you may write to.'),
  ];
  return new UserError(
    'failed',
    l10n.t('{0} was not copied to {1}: {2}.', name(from), name(to), message.replace(/\.$/, '')),
    {
      place: noFile === undefined ? undefined : { file: noFile },
      remedy: remedies.find((remedy) => remedy !== false),
    },
  );
}
