import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf, UserError } from '../common/errors';

/** PEM texts that a TLS connection needs. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Take the engine's certificate unseen. */
  readonly skipVerify: boolean;
}

/** Where an engine listens. */
export type EngineEndpoint =
  /** A unix socket, or on Windows a named pipe. */
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles }
  /** Reached by `docker system dial-stdio` with these global arguments, so that the user's own ssh set-up holds. */
  | { readonly kind: 'dial-stdio'; readonly address: string; readonly dockerArgs: readonly string[] };

/** What of the process's surroundings decides which engine is meant. */
export interface DockerSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
}

/** As they are now, whatever is changed while somebody goes by them. */
export function currentSurroundings(): DockerSurroundings {
  return { env: { ...process.env }, homeDirectory: os.homedir(), platform: process.platform };
}

/** The docker command line's own folder: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDirectory({ env, homeDirectory }: DockerSurroundings): string {
  return env.DOCKER_CONFIG || path.join(homeDirectory, '.docker');
}

/** Where each context has a folder, with a `meta.json` that says where it leads. */
export function contextsDirectory(surroundings: DockerSurroundings): string {
  return path.join(dockerConfigDirectory(surroundings), 'contexts', 'meta');
}

/**
 * The engine that the docker command line would talk to: a context asked for by name, else `DOCKER_HOST`, else
 * `DOCKER_CONTEXT`, else the current context of `config.json`, else the default socket.
 * Source: docker/cli, `cli/command/cli.go` (resolveContextName), and the context store's layout under
 * `contexts/meta/<sha256 of the name>/meta.json` and `contexts/tls/<sha256 of the name>/docker/`.
 * @param context the name of a Docker context; undefined for what is current.
 * @throws UserError (engine-unreachable) when the context does not exist or can't be read.
 */
export async function resolveEndpoint(
  context: string | undefined,
  surroundings: DockerSurroundings,
): Promise<EngineEndpoint> {
  const { env, platform } = surroundings;
  const name = await contextName(context, surroundings);
  if (name !== 'default') return endpointOfContext(name, surroundings);
  return env.DOCKER_HOST
    ? endpointOfEnvironmentVariables(env.DOCKER_HOST, surroundings)
    : { kind: 'socket', path: defaultSocket(platform) };
}

/** The context by its name, also what is current. */
async function contextName(context: string | undefined, surroundings: DockerSurroundings): Promise<string> {
  const { env } = surroundings;
  if (context !== undefined) return context;
  return env.DOCKER_HOST ? 'default' : env.DOCKER_CONTEXT || (await currentContext(surroundings));
}

/** Where a Docker context leads. */
export interface ContextTarget {
  /** The context by its name, also of what is current. */
  readonly context: string;
  readonly endpoint: EngineEndpoint;
  /**
   * The engine as a text that is the same for every context which leads there: the current one and its name, two of one address,
   * be it spelt otherwise, a socket and a link to it (Docker Desktop's own and `/var/run/docker.sock`).
   */
  readonly engine: string;
}

/** That a Docker context leads nowhere. */
export interface NoTarget {
  /** The context, by what it was asked for. */
  readonly engine: string;
  readonly reason: string;
}

/**
 * Where a context leads now. Nothing is connected to.
 * @throws UserError (engine-unreachable) when it does not exist or can't be read.
 */
export async function resolveTarget(
  context: string | undefined,
  surroundings: DockerSurroundings = currentSurroundings(),
): Promise<ContextTarget> {
  const name = await contextName(context, surroundings);
  const endpoint = await resolveEndpoint(name, surroundings);
  return { context: name, endpoint, engine: await plainAddress(endpoint, surroundings) };
}

/** Where a context leads now, be it nowhere; equal as long as nothing of that has changed. Nothing is connected to. */
export function targetOf(
  context: string | undefined,
  surroundings: DockerSurroundings = currentSurroundings(),
): Promise<ContextTarget | NoTarget> {
  return resolveTarget(context, surroundings).catch((error: unknown) => ({
    engine: `context ${context ?? ''}`,
    reason: messageOf(error),
  }));
}

/** An endpoint's address in one of all the spellings that it may have. */
async function plainAddress(endpoint: EngineEndpoint, { platform }: DockerSurroundings): Promise<string> {
  switch (endpoint.kind) {
    case 'socket':
      return platform === 'win32' ? plainPipe(endpoint.path) : plainSocket(endpoint.path);
    case 'dial-stdio':
      return plainSsh(endpoint.address);
    case 'tcp':
      return addressOf({ ...endpoint, host: plainHost(endpoint.host) });
  }
}

/** A socket without the links that lead to it, which is also so while there is none: an engine that does not run is the same one. */
async function plainSocket(socket: string): Promise<string> {
  try {
    return await fs.realpath(socket);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return socket;
  }
  const folder = path.dirname(socket);
  const target = await fs.readlink(socket).catch(() => undefined);
  if (target !== undefined) return plainSocket(path.resolve(folder, target));
  return path.join(await fs.realpath(folder).catch(() => folder), path.basename(socket));
}

/** Of a pipe, neither case nor the kind of slashes counts. Docker Desktop listens on two: its context leads to the second. */
function plainPipe(pipe: string): string {
  const plain = pipe.replaceAll('\\', '/').toLowerCase();
  return plain === '//./pipe/dockerdesktoplinuxengine' ? defaultSocket('win32') : plain;
}

/** Of an ssh address, the port that is meant without one does not count, nor a path that leads nowhere. */
function plainSsh(address: string): string {
  if (!URL.canParse(address)) return address;
  const { username, hostname, port, pathname } = new URL(address);
  const user = username && `${username}@`;
  const otherPort = port && port !== '22' ? `:${port}` : '';
  return `ssh://${user}${plainHost(hostname)}${otherPort}${pathname === '/' ? '' : pathname}`;
}

/** The names of hosts have no case, and this machine has several. */
function plainHost(host: string): string {
  const plain = host.toLowerCase();
  return ['127.0.0.1', '::1', '[::1]'].includes(plain) ? 'localhost' : plain;
}

/** Where an engine listens, for people to read. */
export function addressOf(endpoint: EngineEndpoint): string {
  switch (endpoint.kind) {
    case 'socket':
      return endpoint.path;
    case 'dial-stdio':
      return endpoint.address;
    case 'tcp':
      return `${endpoint.tls ? 'https' : 'http'}://${endpoint.host}:${endpoint.port}`;
  }
}

async function currentContext(surroundings: DockerSurroundings): Promise<string> {
  const file = path.join(dockerConfigDirectory(surroundings), 'config.json');
  const config = await readJson(file);
  return stringAt(config, 'currentContext') || 'default';
}

async function endpointOfContext(name: string, surroundings: DockerSurroundings): Promise<EngineEndpoint> {
  const hash = createHash('sha256').update(name).digest('hex');
  const metaFile = path.join(contextsDirectory(surroundings), hash, 'meta.json');
  const docker = objectAt(objectAt(await readJson(metaFile), 'Endpoints'), 'docker');
  const host = stringAt(docker, 'Host');
  if (!host) {
    throw new UserError('engine-unreachable', l10n.t('There is no Docker context named "{0}".', name), {
      remedy: l10n.t('Choose an existing one with "docker context use"; "docker context ls" lists them.'),
    });
  }
  const tlsFolder = path.join(dockerConfigDirectory(surroundings), 'contexts', 'tls', hash, 'docker');
  const skipVerify = docker?.SkipTLSVerify === true;
  return endpointOfAddress(host, ['--context', name], () => readTls(tlsFolder, skipVerify), surroundings);
}

async function endpointOfEnvironmentVariables(host: string, surroundings: DockerSurroundings): Promise<EngineEndpoint> {
  const { env } = surroundings;
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  const usesTls = verify || Boolean(env.DOCKER_TLS);
  const folder = env.DOCKER_CERT_PATH || dockerConfigDirectory(surroundings);
  return endpointOfAddress(
    host,
    ['--host', host],
    // Asked for, so never without: an engine whose certificate the system trusts needs no files.
    async () => (usesTls ? ((await readTls(folder, !verify)) ?? { skipVerify: false }) : undefined),
    surroundings,
  );
}

async function endpointOfAddress(
  address: string,
  dockerArgs: readonly string[],
  tls: () => Promise<TlsFiles | undefined>,
  { platform }: DockerSurroundings,
): Promise<EngineEndpoint> {
  const [scheme = '', rest = ''] = address.includes('://') ? splitOnce(address, '://') : ['tcp', address];
  switch (scheme) {
    case 'unix':
      return { kind: 'socket', path: rest || defaultSocket(platform) };
    case 'npipe':
      return { kind: 'socket', path: rest || defaultSocket('win32') };
    case 'ssh':
      return { kind: 'dial-stdio', address, dockerArgs };
    case 'tcp':
    case 'http':
    case 'https': {
      if (!URL.canParse(`tcp://${rest}`)) break;
      const url = new URL(`tcp://${rest}`);
      const files = await tls();
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      return { kind: 'tcp', host, port: Number(url.port) || (files ? 2376 : 2375), tls: files };
    }
  }
  throw new UserError('engine-unreachable', l10n.t('"{0}" is no address of a Docker engine.', address), {
    remedy: l10n.t('Correct DOCKER_HOST or the Docker context: unix://, npipe://, tcp:// and ssh:// are known.'),
  });
}

/** The PEM files of a folder, as Docker names them; undefined when there are none. */
async function readTls(folder: string, skipVerify: boolean): Promise<TlsFiles | undefined> {
  const read = (name: string) => fs.readFile(path.join(folder, name), 'utf8').catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return ca || cert || key || skipVerify ? { ca, cert, key, skipVerify } : undefined;
}

function defaultSocket(platform: NodeJS.Platform): string {
  return platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock';
}

/** The file's JSON; undefined when there is no such file. */
async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError('engine-unreachable', l10n.t("Docker's configuration can't be read: {0}.", messageOf(error)), {
      place: { file },
      remedy: l10n.t('Mend the file, or remove it to go back to the default engine.'),
      cause: error,
    });
  }
}

function objectAt(value: unknown, key: string): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const inner = (value as Record<string, unknown>)[key];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
}

function stringAt(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const inner = (value as Record<string, unknown>)[key];
  return typeof inner === 'string' ? inner : undefined;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}
