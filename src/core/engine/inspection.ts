import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as l10n from '@vscode/l10n';
import type Dockerode from 'dockerode';
import { UserError } from '../common/errors';
import { list, record, text } from '../common/json';
import { LineSplitter } from '../common/program';
import type { Belongings, OwnedContainer, OwnedVolume } from '../model/belongings';
import type { EngineAbout, EngineContainer } from '../model/engineContents';
import { type ContainerStats, parseStats } from '../model/stats';
import { type HostPort, parseAbout, parseContainers, publishersAmong } from './contents';
import { FramedLogLines, type LogLine, TerminalLogLines } from './logLines';
import { isOneOff, LABEL, numberOf, withTestRun } from './messages';
import { isMadeUp, mountedVolumes } from './mountedVolumes';

/** A container that has something of the engine's machine mounted. */
export interface MountingContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, unknown>;
  /** Absolute paths on the engine's machine, as they were given when the container was made; volumes are not among them. */
  readonly sources: readonly string[];
}

export interface BelongingsOptions {
  /** Whether to find out how much containers have written. */
  readonly containerSizes?: boolean;
  /** Whether to find out how large volumes are, which can take the engine seconds. */
  readonly volumeSizes?: boolean;
  /** The volumes that are meant, by name, whoever made them; those that the project made when left out. */
  readonly volumeNames?: readonly string[];
  readonly signal: AbortSignal;
}

/** What Berth asks of an engine now and then, because a user wants to know it. Rejects with what dockerode throws. */
export interface EngineInspection {
  /** What a project has on the engine. */
  belongings(project: string, options: BelongingsOptions): Promise<Belongings>;
  /** The names of all volumes that there are. */
  volumes(signal: AbortSignal): Promise<readonly string[]>;
  /** Those of these volumes that there are. */
  volumesAmong(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** `GET /containers/{id}/json`, as the engine gives it: with the values of all variables. @param size also how much it has written. */
  container(id: string, signal: AbortSignal, size?: boolean): Promise<unknown>;
  /** `GET /images/{name}/json`, as the engine gives it. */
  image(name: string, signal: AbortSignal): Promise<unknown>;
  /**
   * What is at a path in a container, running or not, at the end of a symbolic link too; undefined when there is nothing.
   * @param path absolute.
   * @throws UserError (failed) when the engine can't tell.
   */
  pathInContainer(id: string, path: string, signal: AbortSignal): Promise<'folder' | 'other' | undefined>;
  /** What a container uses, about once a second. Resolves when it ends, or the signal is aborted. */
  stats(id: string, onStats: (stats: ContainerStats) => void, signal: AbortSignal): Promise<void>;
  /**
   * A container's log line by line, both of its outputs. Resolves when it ends; rejects when it breaks, or the signal is aborted.
   * @param since seconds since 1970, with a fraction.
   */
  logs(
    id: string,
    wanted: { readonly follow: boolean; readonly tail: number | 'all'; readonly since?: string },
    onLine: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** The containers, of whatever project or none, that run and publish a port which can't be had beside this one. */
  publishers(port: HostPort, signal: AbortSignal): Promise<readonly EngineContainer[]>;
  /** All containers, running or not, of whatever project or none. */
  containers(signal: AbortSignal): Promise<readonly EngineContainer[]>;
  /** Those of these networks that there are: of names, and of ids or their first 12 digits and more, which Compose may take as well. */
  networksAmong(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  about(signal: AbortSignal): Promise<EngineAbout>;
  /** The containers, running or not, of whatever project or none, that have files or folders mounted. */
  mounting(signal: AbortSignal): Promise<readonly MountingContainer[]>;
  /** The engine's version: `28.2.2`. */
  version(signal: AbortSignal): Promise<string>;
  /** The time by the engine's own clock, by which it notes that of logs: `2026-01-31T12:00:00.123456789Z`. */
  time(signal: AbortSignal): Promise<string>;
}

export class DockerodeInspection implements EngineInspection {
  constructor(private readonly docker: Dockerode) {}

  async belongings(
    project: string,
    { containerSizes = false, volumeSizes = false, volumeNames, signal }: BelongingsOptions,
  ): Promise<Belongings> {
    const filters = { label: [`${LABEL.project}=${project}`] };
    const ofVolumes = volumeNames ? {} : { filters };
    const [containers, networks, volumes, usage] = await Promise.all([
      this.docker.listContainers({ all: true, size: containerSizes, filters, abortSignal: signal } as object),
      this.docker.listNetworks({ filters, abortSignal: signal } as object),
      this.docker.listVolumes({ ...ofVolumes, abortSignal: signal } as object),
      volumeSizes ? this.docker.df({ abortSignal: signal } as never) : undefined,
    ]);
    const meant = list(volumes.Volumes).filter((one) => !volumeNames || volumeNames.includes(text(record(one).Name)));
    const nameless = await this.namelessOf(containers, signal);
    return parseBelongings({ project, containers, networks, volumes: meant, nameless, usage });
  }

  /** The volumes that are of single ones of these containers alone. Only the details of a container tell; one that has gone has none. */
  private async namelessOf(containers: readonly unknown[], signal: AbortSignal): Promise<readonly string[]> {
    const asked = containers
      .map(record)
      .filter(({ Mounts }) => list(Mounts).some((one) => isMadeUp(text(record(one).Name))));
    const found = asked.map(({ Id }) => this.container(text(Id), signal).catch(() => signal.throwIfAborted()));
    return (await Promise.all(found)).flatMap((details) => mountedVolumes(details).nameless);
  }

  async volumes(signal: AbortSignal): Promise<readonly string[]> {
    const { Volumes } = await this.docker.listVolumes({ abortSignal: signal } as object);
    return list(Volumes).map((volume) => text(record(volume).Name));
  }

  async volumesAmong(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const { Volumes } = await this.docker.listVolumes({ filters: { name: [...names] }, abortSignal: signal } as object);
    return (
      list(Volumes)
        .map((volume) => text(record(volume).Name))
        // The engine takes parts of names as well.
        .filter((name) => names.includes(name))
    );
  }

  container(id: string, signal: AbortSignal, size = false): Promise<unknown> {
    return this.docker.getContainer(id).inspect({ abortSignal: signal, ...(size ? { size } : {}) } as object);
  }

  image(name: string, signal: AbortSignal): Promise<unknown> {
    return this.docker.getImage(name).inspect({ abortSignal: signal } as object);
  }

  async pathInContainer(id: string, path: string, signal: AbortSignal): Promise<'folder' | 'other' | undefined> {
    const there = await this.statInContainer(id, path, signal);
    if (!there?.linkTarget) return there?.kind;
    // A link that leads nowhere is there all the same.
    return (await this.statInContainer(id, there.linkTarget, signal))?.kind ?? 'other';
  }

  /** `HEAD /containers/{id}/archive`, whose answer is in a header: JSON in base64. */
  private async statInContainer(id: string, path: string, signal: AbortSignal) {
    const asked = this.docker.getContainer(id).infoArchive({ path, abortSignal: signal } as { path: string });
    const answer = await asked.catch((error: unknown) => {
      const { statusCode } = record(error);
      if (statusCode === 404) return undefined;
      if (typeof statusCode !== 'number') throw error;
      // An answer to HEAD has no words. Also of what lies in a file, as if that were a folder, the engine says 500.
      const message = l10n.t('The engine could not look at {0} in the container (HTTP {1}).', path, statusCode);
      throw new UserError('failed', message, {
        remedy: l10n.t('See with a shell in the container what is there, or try again.'),
        cause: error,
      });
    });
    if (!answer) return undefined;
    const { headers } = (answer as IncomingMessage).resume();
    const stat = record(JSON.parse(Buffer.from(text(headers['x-docker-container-path-stat']), 'base64').toString()));
    return { kind: isFolder(Number(stat.mode)) ? 'folder' : 'other', linkTarget: text(stat.linkTarget) } as const;
  }

  async stats(id: string, onStats: (stats: ContainerStats) => void, signal: AbortSignal): Promise<void> {
    const options = { stream: true as const, abortSignal: signal };
    const stream = (await this.docker.getContainer(id).stats(options)) as Readable;
    const lines = new LineSplitter((line) => {
      try {
        onStats(parseStats(JSON.parse(line)));
      } catch (error) {
        // Not what an engine says: what comes after can't be trusted, either.
        stream.destroy(error instanceof Error ? error : undefined);
      }
    });
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
    await new Promise<void>((resolve) => {
      stream.once('error', () => resolve());
      stream.once('close', () => resolve());
      signal.addEventListener('abort', () => stream.destroy());
      if (signal.aborted) stream.destroy();
    });
  }

  async logs(
    id: string,
    { follow, tail, since }: { readonly follow: boolean; readonly tail: number | 'all'; readonly since?: string },
    onLine: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { Tty } = record(record(await this.container(id, signal)).Config);
    const lines = Tty === true ? new TerminalLogLines(onLine) : new FramedLogLines(onLine);
    // dockerode's own method takes what is not followed for text, which breaks the frames.
    const stream: Readable = await new Promise((resolve, reject) => {
      const request = {
        path: `/containers/${id}/logs?`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true },
        abortSignal: signal,
        options: { stdout: true, stderr: true, timestamps: true, follow, tail, since },
      };
      this.docker.modem.dial(request, (error, answer) => (error ? reject(error) : resolve(answer as Readable)));
    });
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
    await finished(stream);
    lines.end();
  }

  async publishers(port: HostPort, signal: AbortSignal): Promise<readonly EngineContainer[]> {
    // The engine's own filter `publish` is by the port inside.
    const listed: unknown = await this.docker.listContainers({ abortSignal: signal } as object);
    return publishersAmong(parseContainers(listed), port);
  }

  async containers(signal: AbortSignal): Promise<readonly EngineContainer[]> {
    return parseContainers(await this.docker.listContainers({ all: true, abortSignal: signal } as object));
  }

  async networksAmong(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const listed: unknown = await this.docker.listNetworks({ abortSignal: signal } as object);
    const there = list(listed).map(record);
    const isOf = (given: string) => (network: Record<string, unknown>) =>
      text(network.Name) === given || (IDENTIFIER.test(given) && text(network.Id).startsWith(given));
    return names.filter((given) => there.some(isOf(given)));
  }

  async about(signal: AbortSignal): Promise<EngineAbout> {
    const [version, info]: unknown[] = await Promise.all([
      this.docker.version({ abortSignal: signal } as never),
      this.docker.info({ abortSignal: signal } as never),
    ]);
    return parseAbout(version, info);
  }

  async mounting(signal: AbortSignal): Promise<readonly MountingContainer[]> {
    const listed: unknown = await this.docker.listContainers({ all: true, abortSignal: signal } as object);
    return list(listed)
      .map(record)
      .map((entry) => ({ ...identityOf(entry), sources: bindSourcesOf(entry) }))
      .filter(({ sources }) => sources.length > 0);
  }

  async version(signal: AbortSignal): Promise<string> {
    return text(record(await this.docker.version({ abortSignal: signal } as never)).Version);
  }

  async time(signal: AbortSignal): Promise<string> {
    return text(record(await this.docker.info({ abortSignal: signal } as never)).SystemTime);
  }
}

/** An id, whole or shortened as the docker command line shows it. */
const IDENTIFIER = /^[0-9a-f]{12,64}$/;

/** Of a container in `GET /containers/json`, who it is. */
function identityOf({ Id, Names, Labels }: Record<string, unknown>) {
  return { id: text(Id), name: text(list(Names)[0]).replace(/^\//, ''), labels: record(Labels) };
}

function bindSourcesOf({ Mounts }: Record<string, unknown>): readonly string[] {
  return list(Mounts)
    .map(record)
    .filter(({ Type }) => Type === 'bind')
    .map(({ Source }) => text(Source));
}

/** Whether a mode is a folder's, as the engine's language writes it: its uppermost bit of 32. Source: Go, `io/fs`. */
function isFolder(mode: number): boolean {
  return mode >= 2 ** 31;
}

/**
 * Puts together what the engine lists of a project.
 * @param usage `GET /system/df`, for the sizes of volumes; undefined when not asked for.
 */
export function parseBelongings(listed: {
  /** Its name. */
  readonly project: string;
  readonly containers: unknown;
  readonly networks: unknown;
  readonly volumes: unknown;
  /** The names of those that are of single containers alone. */
  readonly nameless: readonly string[];
  readonly usage?: unknown;
}): Belongings {
  const sizes = new Map(
    list(record(listed.usage).Volumes).map((volume) => {
      const { Name, UsageData } = record(volume);
      return [text(Name), record(UsageData).Size] as const;
    }),
  );
  const labelsOf = new Map(
    list(listed.volumes)
      .map(record)
      .map(({ Name, Labels }) => [text(Name), record(Labels)] as const),
  );
  const volume = (name: string, anonymous: boolean): OwnedVolume => {
    const size = sizes.get(name);
    const labels = labelsOf.get(name);
    const maker = text(labels?.[LABEL.project]);
    return {
      name,
      anonymous,
      ...(maker && maker !== listed.project ? { foreignProject: maker } : {}),
      ...(labels && !maker ? { madeByNone: true } : {}),
      ...(labels ? withTestRun(labels) : {}),
      // The engine says -1 of a volume whose driver can't tell.
      ...(typeof size === 'number' && size >= 0 ? { size } : {}),
    };
  };
  const containers = list(listed.containers).map((entry): OwnedContainer => {
    const { Id, Names, State, Labels, SizeRw } = record(entry);
    return {
      id: text(Id),
      name: text(list(Names)[0]).replace(/^\//, ''),
      service: text(record(Labels)[LABEL.service]),
      number: numberOf(record(Labels)),
      isRunning: State === 'running' || State === 'paused' || State === 'restarting',
      oneOff: isOneOff(record(Labels)),
      ...(typeof SizeRw === 'number' ? { size: SizeRw } : {}),
    };
  });
  const named = list(listed.volumes).map((entry) => text(record(entry).Name));
  const anonymous = listed.nameless.filter((name) => !named.includes(name));
  return {
    containers: containers.sort(byName),
    networks: list(listed.networks)
      .map((entry) => text(record(entry).Name))
      .sort(),
    volumes: [...named.map((name) => volume(name, false)), ...anonymous.map((name) => volume(name, true))].sort(byName),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
