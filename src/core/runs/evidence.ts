import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, UserError } from '../common/errors';
import { record, text } from '../common/json';
import type { EngineConnection } from '../engine/connection';
import type { EnvironmentCommand } from '../model/command';
import { type EnvironmentSnapshot, tellingContainer } from '../model/snapshot';
import { runningContainer } from '../operations/serviceContainers';
import type { ServiceTools } from '../operations/serviceTools';
import type { RunFolder } from './runFolder';

/** Where what a run leaves is taken from, and put. */
interface Surroundings {
  readonly connection: EngineConnection;
  readonly folder: RunFolder;
  readonly signal: AbortSignal;
}

/**
 * Keeps what tells why a run failed: the logs of every service in `logs/`, and what health checks last printed in `health/`.
 * What can't be had is left out.
 */
export async function keepLogs(
  environment: EnvironmentSnapshot,
  {
    tools,
    connection,
    folder,
    mask,
    signal,
  }: Surroundings & { readonly tools: ServiceTools; readonly mask: (text: string) => string },
): Promise<void> {
  const there = environment.services.filter(({ containers }) => containers.length > 0);
  const keep = async (name: string, asked: Promise<string | undefined>) => {
    const found = await asked.catch(() => undefined);
    if (found) await folder.write(name, mask(found));
  };
  await Promise.all(
    there.map(async (service) => {
      const options = { tail: 'all', timestamps: true, signal } as const;
      await keep(path.join('logs', `${service.name}.log`), tools.logsDocument(environment, [service.name], options));
      const container = tellingContainer(service);
      if (container && container.healthCheck !== 'none') {
        const printed = connection.lastHealthOutput(container.id, signal);
        await keep(path.join('health', `${service.name}.txt`), printed);
      }
    }),
  );
}

/**
 * Copies what a command leaves into the run's folder, in `collected/`: out of its container, or from this machine. Where it is put
 * there says {@link collectedPath}.
 * @param containerName of the container that was made for the command.
 * @returns relative paths in the run's folder, and what could not be copied, with the reason.
 */
export async function collect(
  { collect: wanted = [], service: serviceName, directory }: EnvironmentCommand,
  environment: EnvironmentSnapshot,
  surroundings: Surroundings & { readonly containerName?: string; readonly copyOut: CopyOut },
): Promise<{ readonly collected: readonly string[]; readonly failed: readonly UserError[] }> {
  const { connection, folder, containerName, copyOut, signal } = surroundings;
  const collected: string[] = [];
  const failed: UserError[] = [];
  if (wanted.length === 0) return { collected, failed };
  const service = environment.services.find(({ name }) => name === serviceName);
  for (const one of wanted) {
    try {
      const container = service && (containerName ?? runningContainer(service).name);
      const from = container
        ? path.posix.resolve(await workingFolder(container, directory, connection, signal), one)
        : path.resolve(environment.definition.projectDirectory, directory ?? '', one);
      const name = path.join('collected', collectedPath(one, container ? path.posix : path) || path.basename(from));
      if (collected.includes(name)) throw isTaken(name);
      const parent = path.dirname(folder.file(name));
      await fs.mkdir(parent, { recursive: true });
      if (container) await copyOut(container, from, parent);
      // When a file was written tells whether it is of this run.
      else await fs.cp(from, folder.file(name), { recursive: true, preserveTimestamps: true });
      collected.push(name);
    } catch (error) {
      signal.throwIfAborted();
      const own = error instanceof UserError ? error.details.remedy : undefined;
      const remedy = own ?? l10n.t('See that the command writes it, and that there is room on the disk.');
      const message = l10n.t('{0} could not be collected: {1}', one, messageOf(error));
      failed.push(new UserError('failed', message, { remedy, cause: error }));
    }
  }
  return { collected, failed };
}

/** Copies a path out of a container, by its name, into a folder, where it keeps its own name. Rejects with what is wrong. */
export type CopyOut = (container: string, from: string, folder: string) => Promise<void>;

/**
 * Where something that is collected is put, relative to the folder for all of that: its path as it is declared, so that what has
 * the same name stays apart, without what would lead out of that folder: the root of an absolute path, and `..`.
 * @param paths how the path is written: as in containers, or as on this machine.
 */
export function collectedPath(wanted: string, paths: path.PlatformPath): string {
  const { root } = paths.parse(wanted);
  const parts = paths.normalize(wanted).slice(root.length).split(paths.sep);
  return parts.filter((part) => !['', '.', '..'].includes(part)).join('/');
}

function isTaken(name: string): UserError {
  return new UserError('usage', l10n.t('{0} is there already.', name), {
    remedy: l10n.t('Leave out one of the two in "collect", or have the command give it another name.'),
  });
}

async function workingFolder(
  container: string,
  directory: string | undefined,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<string> {
  const { Config } = record(await connection.inspect((engine) => engine.container(container, signal)));
  return path.posix.resolve('/', text(record(Config).WorkingDir), directory ?? '');
}
