import type http from 'node:http';
import type { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import type Dockerode from 'dockerode';
import { isCancellation, messageOf, UserError } from '../common/errors';
import { record } from '../common/json';
import { LineSplitter } from '../common/program';
import type { Container } from '../model/container';
import { DialStdioAgent } from './dialStdio';
import { addressOf, type ContextTarget, type EngineEndpoint, resolveTarget } from './endpoint';
import { DockerodeInspection, type EngineInspection } from './inspection';
import { type ContainerEvent, EVENT_FILTERS, listFilters, parseEvent, parseListed } from './messages';

/**
 * How far back a subscription reaches, in seconds: further than the engine's list may lag behind its events. An engine
 * whose clock differs sends more or none of them, which does no harm.
 */
const EVENTS_BACK = 5;
/** After so much silence, in milliseconds, the system asks whether the other side is still there: it ends a dead connection. */
const KEEPALIVE_AFTER = 30_000;

/** What Berth asks of an engine. Every call rejects with a UserError (engine-unreachable) when there is no answer. */
export interface EngineConnection {
  /** The engine that it leads to, and the Docker context by its name by which it does; see `ContextTarget`. */
  readonly engine: string;
  readonly context: string;
  /** Where it leads, for people to read. */
  readonly address: string;
  /** Whether the way there leads over a network: such a connection can be dead without ending, after a sleep for one. */
  readonly isRemote: boolean;
  /**
   * Subscribes to container events, those of the last seconds included. Resolves once the engine has accepted, so that
   * nothing that happens later is missed.
   * The promise inside resolves when the stream has ended, whoever ended it.
   */
  subscribe(
    onEvent: (event: ContainerEvent) => void,
    signal: AbortSignal,
  ): Promise<{ readonly ended: Promise<UserError> }>;
  /** All containers of Compose projects, running or not; with `ids`, only those of them that (still) exist. */
  listContainers(signal: AbortSignal, ids?: readonly string[]): Promise<readonly Container[]>;
  /** What the health check of a container last printed; undefined when it has none, or has not run. */
  lastHealthOutput(id: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Asks what is wanted only now and then: `inspect((engine) => engine.container(id, signal))`.
   * @throws UserError, also (failed) with the engine's words when it answers that there is no such thing.
   */
  inspect<T>(question: (engine: EngineInspection) => Promise<T>): Promise<T>;
  /** Lets go of what is kept for further requests. Those under way are ended by their signals. */
  close(): void;
}

/**
 * Makes a connection to the engine of a Docker context. dockerode is loaded here, on first need: it is the largest part
 * of Berth. Nothing is sent yet.
 * @throws UserError (engine-unreachable) when the context names no engine.
 */
export async function connectToEngine(context: string | undefined): Promise<EngineConnection> {
  const target = await resolveTarget(context);
  const { default: Docker } = await import('dockerode');
  const options = dockerodeOptions(target.endpoint);
  return new DockerodeConnection(new Docker(options), target, options.agent);
}

/** dockerode fills what is missing from DOCKER_HOST and its like, so every field it would fill is given, even as undefined. */
function dockerodeOptions(endpoint: EngineEndpoint): Dockerode.DockerOptions & { agent?: http.Agent } {
  const none = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
    pathPrefix: '/',
    protocol: 'http' as const,
  };
  switch (endpoint.kind) {
    case 'socket':
      return { ...none, socketPath: endpoint.path };
    case 'dial-stdio':
      // The name only fills the Host header: the agent decides where the connection leads.
      return { ...none, host: 'docker', port: 2375, agent: new DialStdioAgent(endpoint.dockerArgs) };
    case 'tcp': {
      const { host, port, tls } = endpoint;
      if (!tls) return { ...none, host, port };
      const options = { ...none, host, port, protocol: 'https' as const, ca: tls.ca, cert: tls.cert, key: tls.key };
      return tls.skipVerify ? { ...options, agent: unverifiedAgent(options) } : options;
    }
  }
}

function unverifiedAgent(options: { ca?: string; cert?: string; key?: string }): http.Agent {
  // Loaded here because only an engine with SkipTLSVerify needs it.
  const https = require('node:https') as typeof import('node:https');
  return new https.Agent({ ...options, rejectUnauthorized: false });
}

class DockerodeConnection implements EngineConnection {
  readonly engine: string;
  readonly context: string;
  readonly address: string;
  readonly isRemote: boolean;

  constructor(
    private readonly docker: Dockerode,
    { engine, context, endpoint }: ContextTarget,
    /** Made for this connection alone; undefined where node's own serves. */
    private readonly agent: http.Agent | undefined,
  ) {
    this.engine = engine;
    this.context = context;
    this.address = addressOf(endpoint);
    this.isRemote = endpoint.kind !== 'socket';
  }

  close(): void {
    this.agent?.destroy();
  }

  async subscribe(onEvent: (event: ContainerEvent) => void, signal: AbortSignal) {
    const since = Math.floor(Date.now() / 1000) - EVENTS_BACK;
    const stream = await this.ask(() =>
      this.docker.getEvents({ filters: EVENT_FILTERS, since, abortSignal: signal } as Dockerode.GetEventsOptions),
    );
    (stream as http.IncomingMessage).socket.setKeepAlive(true, KEEPALIVE_AFTER);
    const ended = new Promise<UserError>((resolve) => {
      const end = (error?: unknown) => resolve(this.unreachable(error));
      // A daemon that ends shows as `error` (ECONNRESET) or as a bare `close`, never as `end`.
      stream.once('error', end);
      stream.once('close', () => end());
      stream.once('end', () => end());
    });
    const destroy = (error?: Error) => (stream as Readable).destroy(error);
    const lines = new LineSplitter((line) => {
      try {
        const event = parseEvent(line);
        if (event) onEvent(event);
      } catch (error) {
        // Not what an engine says: to go on would be to miss something.
        destroy(error instanceof Error ? error : undefined);
      }
    });
    // Flowing and never paused: a slow reader makes the engine drop events silently.
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
    signal.addEventListener('abort', () => destroy());
    if (signal.aborted) destroy();
    return { ended };
  }

  async listContainers(signal: AbortSignal, ids?: readonly string[]): Promise<readonly Container[]> {
    const filters = listFilters(ids);
    const listed = await this.ask(() => this.docker.listContainers({ all: true, filters, abortSignal: signal }));
    return listed.map(parseListed).filter((container) => container !== undefined);
  }

  async lastHealthOutput(id: string, signal?: AbortSignal): Promise<string | undefined> {
    const details = await this.ask(() => this.docker.getContainer(id).inspect({ abortSignal: signal }));
    return details.State.Health?.Log?.at(-1)?.Output?.trim() || undefined;
  }

  inspect<T>(question: (engine: EngineInspection) => Promise<T>): Promise<T> {
    return question(new DockerodeInspection(this.docker)).catch((error: unknown) => {
      if (isCancellation(error) || error instanceof UserError) throw error;
      const answer = error instanceof Error && 'statusCode' in error ? record('json' in error && error.json) : {};
      if (typeof answer.message === 'string') throw new UserError('failed', `${answer.message}.`, { cause: error });
      throw this.unreachable(error);
    });
  }

  private async ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  private unreachable(error: unknown): UserError {
    return engineUnreachable(this.address, error);
  }
}

/** Of an engine that takes requests and does not answer them, or whose address leads nowhere. */
export function engineSilent(address: string): UserError {
  return new UserError('engine-unreachable', l10n.t('The Docker engine at {0} does not answer.', address), {
    remedy: l10n.t('See whether "docker info" works in a terminal.'),
  });
}

/** Says in a user's terms why an engine does not answer. */
export function engineUnreachable(address: string, cause: unknown): UserError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  // Windows says EPERM of a named pipe.
  if (code === 'EACCES' || code === 'EPERM') {
    return new UserError('engine-unreachable', l10n.t('You may not use the Docker engine at {0}.', address), {
      remedy: l10n.t('Add your user to the group "docker" and log in again, or use a rootless engine.'),
      cause,
    });
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new UserError('engine-unreachable', l10n.t('No Docker engine answers at {0}.', address), {
      remedy: l10n.t('Start Docker; Berth connects as soon as it answers.'),
      cause,
    });
  }
  if (cause === undefined || code === 'ECONNRESET' || code === 'EPIPE') {
    return new UserError('engine-unreachable', l10n.t('The Docker engine at {0} ended the connection.', address), {
      remedy: l10n.t('Berth connects again as soon as it answers.'),
      cause,
    });
  }
  return new UserError(
    'engine-unreachable',
    l10n.t("The Docker engine at {0} can't be used: {1}", address, messageOf(cause)),
    {
      remedy: l10n.t('See whether "docker info" works in a terminal.'),
      cause,
    },
  );
}

/** Whether the engine's ports are this machine's own. */
export function isLocal(address: string): boolean {
  return !/^\w+:\/\//.test(address) || /^\w+:\/\/(?:localhost|127\.|\[::1\])/.test(address);
}
