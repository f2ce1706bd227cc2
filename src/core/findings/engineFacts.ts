import fs from 'node:fs/promises';
import type { EngineFacts } from '../checks/live/liveCheck';
import { record, text } from '../common/json';
import { type EngineConnection, isLocal } from '../engine/connection';

/** What is to be asked of an engine. */
export interface EngineQuestions {
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly images: readonly string[];
}

/** Takes what could not be found out, for people. */
export type OnNote = (error: unknown) => void;

/**
 * What an engine has of what is asked for, all at once. What can't be found out is left out and noted.
 * @throws the signal's reason when aborted.
 */
export async function engineFacts(
  connection: EngineConnection,
  { networks, volumes, images }: EngineQuestions,
  onNote: OnNote,
  signal: AbortSignal,
): Promise<EngineFacts> {
  const attempt = <T>(answer: Promise<T>): Promise<T | undefined> =>
    answer.catch((error: unknown) => {
      signal.throwIfAborted();
      onNote(error);
      return undefined;
    });
  const ask: EngineConnection['inspect'] = (question) => connection.inspect(question);
  const [about, containers, thereOfNetworks, thereOfVolumes, thereOfImages] = await Promise.all([
    attempt(ask((engine) => engine.about(signal))),
    attempt(ask((engine) => engine.containers(signal))),
    networks.length === 0 ? [] : attempt(ask((engine) => engine.networksAmong(networks, signal))),
    volumes.length === 0 ? [] : attempt(ask((engine) => engine.volumesAmong(volumes, signal))),
    attempt(imagesAmong(images, connection, signal)),
  ]);
  const freeSpace = about && isLocal(connection.address) ? await freeSpaceAt(about.dataRoot) : undefined;
  return {
    about,
    containers,
    networks: thereOfNetworks,
    volumes: thereOfVolumes,
    images: thereOfImages,
    freeSpace,
  };
}

async function imagesAmong(
  names: readonly string[],
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | undefined>> {
  const found = await Promise.all(
    names.map(async (name) => {
      const image = record(await connection.inspect((engine) => engine.image(name, signal).catch(absent)));
      const platform = image.Id === undefined ? undefined : `${text(image.Os)}/${text(image.Architecture)}`;
      return [name, platform] as const;
    }),
  );
  return new Map(found);
}

/** That there is no such thing is an answer. */
function absent(error: unknown): undefined {
  if (record(error).statusCode === 404) return undefined;
  throw error;
}

/** How many bytes a user may still write; undefined where the folder is not on this machine: Docker Desktop has it in another one. */
async function freeSpaceAt(folder: string): Promise<number | undefined> {
  const stat = await fs.statfs(folder).catch(() => undefined);
  return stat && stat.bavail * stat.bsize;
}
