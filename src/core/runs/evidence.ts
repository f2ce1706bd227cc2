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
 * Copies what a command leaves into the run's folder, in `collected/`: out of its container, or from this machine.
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
  await fs.mkdir(folder.file('collected'), { recursive: true });
  const service = environment.services.find(({ name }) => name === serviceName);
  for (const one of wanted) {
    const name = path.join('collected', path.basename(one));
    try {
      if (service) {
        const container = containerName ?? runningContainer(service).name;
        const from = path.posix.resolve(await workingFolder(container, directory, connection, signal), one);
        await copyOut(container, from, folder.file(name));
      } else {
        const from = path.resolve(environment.definition.projectDirectory, directory ?? '', one);
        // When a file was written tells whether it is of this run.
        await fs.cp(from, folder.file(name), { recursive: true, preserveTimestamps: true });
      }
      collected.push(name);
    } catch (error) {
      signal.throwIfAborted();
      const remedy = l10n.t('See that the command writes it, and that there is room on the disk.');
      const message = l10n.t('{0} could not be collected: {1}', one, messageOf(error));
      failed.push(new UserError('failed', message, { remedy, cause: error }));
    }
  }
  return { collected, failed };
}

/** Copies a path out of a container, by its name. Rejects with what is wrong. */
export type CopyOut = (container: string, from: string, to: string) => Promise<void>;

async function workingFolder(
  container: string,
  directory: string | undefined,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<string> {
  const { Config } = record(await connection.inspect((engine) => engine.container(container, signal)));
  return path.posix.resolve('/', text(record(Config).WorkingDir), directory ?? '');
}
