import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { ProgramCall, ProgramResult, RunOptions } from '../common/program';
import { runCompose } from '../compose/compose';
import { PLAIN_PROGRESS } from '../compose/composeCall';
import type { Secrets } from '../compose/secrets';
import {
  type ConfigFormat,
  type CopyPath,
  configCall,
  copyCall,
  execCall,
  type IndexOption,
  logsCall,
  SHELLS,
} from '../compose/serviceCalls';
import type { EngineConnection } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import type { EnvironmentStore } from '../environmentStore';
import { addressOf } from '../model/address';
import { type ConnectionString, connectionString, STORE_PORTS } from '../model/connectionString';
import type { Container } from '../model/container';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { storeKindOf } from '../model/storeKind';
import { checkedCopyPath, copyFailure, type ReplacedPath, replacedIn } from './copying';
import { type DocumentOptions, jsonText, maskDocument, maskYaml, orderLogs } from './documents';
import { engineLoss } from './engineLoss';
import { complaintOf } from './failure';
import { knownProject, untrusted } from './operation';
import { anyContainer, containerOf, indexOf, runningContainer } from './serviceContainers';
import { askRedis, FLUSH, INFO, keysIn, type RunningStore, runSql, storeAccess, storeClientCall } from './storeClient';
import { storeVariables } from './storeStart';

interface ToolSignal {
  readonly signal: AbortSignal;
}

/** For what prints lines on its way, and can be cancelled. */
export interface ToolOptions extends ToolSignal {
  readonly onLine: (line: string) => void;
}

/** Which of the logs a document shows. */
export interface LogsDocumentOptions {
  /** How many of the last lines of each container. */
  readonly tail: number | 'all';
  /** Only what is newer: a time such as `2026-01-31T12:00:00Z`, or how long ago, such as `10m`. */
  readonly since?: string;
  /** Whether each line begins with its time. */
  readonly timestamps?: boolean;
  readonly signal: AbortSignal;
}

/**
 * What is done with a service besides bringing it up and down: looking into it, and talking to what runs in it.
 * Everything rejects with a UserError for what a user can meet, and with the signal's reason when aborted.
 */
export class ServiceTools {
  constructor(
    private readonly surroundings: {
      readonly store: EnvironmentStore;
      readonly feedFor: (context: string | undefined) => EngineFeed;
      readonly secrets: Pick<Secrets, 'mask' | 'maskError'>;
    },
  ) {}

  /**
   * The shells that a service's container has, best first.
   * @param index the number of the container; the first one that runs when left out.
   * @throws UserError (failed) when it does not run, or has none.
   */
  async shellsIn(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    signal: AbortSignal,
    index?: number,
  ): Promise<readonly string[]> {
    const container = runningContainer(service, index);
    const script = 'for shell; do command -v "$shell" >/dev/null && echo "$shell"; done; true';
    const command = ['sh', '-c', script, 'sh', ...SHELLS];
    const call = execCall(knownProject(environment), environment.definition.context, service.name, command, {
      terminal: false,
      index: indexOf(service, container),
    });
    const result = await this.run(environment, call, { signal });
    const shells = result.stdout.split('\n').filter(Boolean);
    // There is at least the one that looked.
    if (result.exitCode === 0 && shells.length > 0) return shells;
    // The engine's complaint comes on either stream.
    const said = result.stdout + result.stderr;
    if (/executable file not found|no such file or directory/i.test(said)) throw noShell(service.name);
    throw await this.failure(environment, result);
  }

  /** The client of a data store in its container, with the service's own credentials; for a terminal, or standard input. */
  async storeShellCall(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    { terminal, signal, index }: IndexOption & ToolSignal & { readonly terminal: boolean },
  ): Promise<ProgramCall> {
    return storeClientCall(await this.runningStore(environment, service, signal, index), { terminal });
  }

  /**
   * What is run for a data store, to be shown. Its container need not run, but must be there, as it tells where the store listens.
   * @param call what it is, of the store: its client, a file with SQL, a command to Redis.
   */
  async storeCommand<Call extends ProgramCall>(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    call: (store: RunningStore) => Call,
    { signal, index }: ToolSignal & IndexOption,
  ): Promise<Call> {
    return call(await this.storeIn(environment, service, (one) => anyContainer(one, index), signal));
  }

  /**
   * Runs a file with SQL in a service's database, up to the first error, which the thrown error then names with its place.
   * What is aborted ends in the container, too.
   * @param file absolute path.
   */
  async runSqlFile(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    file: string,
    { onLine, signal, index }: ToolOptions & IndexOption,
  ): Promise<void> {
    const store = await this.runningStore(environment, service, signal, index);
    const { mask } = this.surroundings.secrets;
    const run = runSql(store, file, { onLine: (line) => onLine(mask(line)), signal });
    await this.told(environment, run);
  }

  /** What Redis tells of itself: the answer to `INFO`. */
  async redisInfo(environment: EnvironmentSnapshot, service: ServiceSnapshot, signal: AbortSignal): Promise<string> {
    const answer = await this.askRedis(environment, service, INFO, signal);
    return `${answer.replaceAll('\r', '')}\n`;
  }

  /** How many keys there are, in all databases of a Redis. */
  async redisKeys(environment: EnvironmentSnapshot, service: ServiceSnapshot, signal: AbortSignal): Promise<number> {
    return keysIn(await this.askRedis(environment, service, ['INFO', 'keyspace'], signal));
  }

  /** Removes all keys from all databases of a Redis. */
  async flushRedis(environment: EnvironmentSnapshot, service: ServiceSnapshot, signal: AbortSignal): Promise<void> {
    const answer = await this.askRedis(environment, service, FLUSH, signal);
    if (answer !== 'OK') throw new UserError('failed', l10n.t('"{0}" says: {1}', service.name, answer));
  }

  /**
   * What programs connect to a data store with: those in containers of the project, and those on this machine, where its
   * port is published.
   */
  async connectionStrings(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    signal: AbortSignal,
  ): Promise<{ readonly inside: ConnectionString; readonly host?: ConnectionString }> {
    const store = await this.runningStore(environment, service, signal);
    const access = { kind: store.kind, ...(await this.told(environment, storeAccess(store, signal))) };
    const port = Number(store.variables.BERTH_PORT ?? STORE_PORTS[store.kind]);
    const engine = this.surroundings.store.engineState(environment.definition.context);
    const engineAddress = engine.kind === 'connected' ? engine.address : undefined;
    const addresses = service.ports.flatMap((one) => (one.target === port && addressOf(one, engineAddress)) || []);
    const [address] = addresses;
    return {
      inside: connectionString({ ...access, host: service.name, port }),
      ...(address ? { host: connectionString({ ...access, host: address.host, port: address.port }) } : {}),
    };
  }

  /**
   * What {@link copyFiles} would replace in a service's containers, in each that it would copy to.
   * @param from a path on this machine.
   * @param to a path in a service's container.
   */
  async replacedByCopy(
    environment: EnvironmentSnapshot,
    from: CopyPath,
    to: CopyPath,
    signal: AbortSignal,
  ): Promise<readonly ReplacedPath[]> {
    const service = environment.services.find(({ name }) => name === to.service);
    if (!service) return [];
    const containers = to.index === undefined ? service.containers : [containerOf(service, to.index)];
    const connection = await this.connection(environment, signal);
    return connection.inspect((engine) => replacedIn(containers, { from: from.path, to: to.path }, engine, signal));
  }

  /**
   * Copies a file or a folder between this machine and a service's containers, running or not: out of the first of them, or
   * into all, where neither end says which. What is there is overwritten: to ask before is for the caller.
   * @param from as `to`: a path in a service's container, or an absolute one on this machine; one of the two is in a service.
   */
  async copyFiles(
    environment: EnvironmentSnapshot,
    from: CopyPath,
    to: CopyPath,
    { onLine, signal }: ToolOptions,
  ): Promise<void> {
    const { definition, services } = environment;
    const source = checkedCopyPath(from, true, services);
    const target = checkedCopyPath(to, false, services);
    const call = copyCall(knownProject(environment), definition.context, source, target);
    const plain = { ...call, env: { ...call.env, ...PLAIN_PROGRESS } };
    const result = await this.run(environment, plain, { signal, onLine: (line) => onLine(line.trim()) });
    if (result.exitCode === 0) return;
    const failure = await this.failure(environment, result);
    throw failure.kind === 'failed' ? copyFailure(failure, from, to) : failure;
  }

  /**
   * What the engine knows of a service's container, as JSON.
   * @param index the number of the container; the first one when left out.
   */
  async containerDocument(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    { secrets, signal, index }: DocumentOptions & IndexOption,
  ): Promise<string> {
    const container = containerOf(service, index);
    const connection = await this.connection(environment, signal);
    const document = await connection.inspect((engine) => engine.container(container.id, signal));
    return jsonText(secrets ? document : maskDocument(document, this.surroundings.secrets.mask));
  }

  /** What the engine knows of a service's image, as JSON: of the one that its container was made from, if there is one. */
  async imageDocument(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    { secrets, signal, index }: DocumentOptions & IndexOption,
  ): Promise<string> {
    const container = index === undefined ? service.containers[0] : containerOf(service, index);
    const image = container?.image ?? service.image ?? `${knownProject(environment)}-${service.name}`;
    const connection = await this.connection(environment, signal);
    const document = await connection.inspect((engine) => engine.image(image, signal));
    return jsonText(secrets ? document : maskDocument(document, this.surroundings.secrets.mask));
  }

  /** What the compose files of an environment amount to, as YAML unless told otherwise. */
  async configDocument(
    { definition, resolution }: EnvironmentSnapshot,
    { secrets, signal, format = 'yaml' }: DocumentOptions & { readonly format?: ConfigFormat },
  ): Promise<string> {
    this.checkTrust();
    if (resolution.kind === 'broken') throw resolution.error;
    const result = await runCompose(configCall(definition, format), { signal });
    if (result.exitCode !== 0) throw this.complaint(result);
    const { mask } = this.surroundings.secrets;
    if (secrets) return result.stdout;
    return format === 'json' ? jsonText(maskDocument(JSON.parse(result.stdout), mask)) : maskYaml(result.stdout, mask);
  }

  /**
   * The logs of an environment, or of some of its services, in the order of time, as plain text.
   * @param services names; all when empty.
   */
  async logsDocument(
    environment: EnvironmentSnapshot,
    services: readonly string[],
    { tail, since, timestamps = false, signal }: LogsDocumentOptions,
  ): Promise<string> {
    const options = { follow: false, colour: false, tail, since, timestamps: true };
    const call = logsCall(knownProject(environment), environment.definition.context, services, options);
    const result = await this.run(environment, call, { signal });
    if (result.exitCode !== 0) throw await this.failure(environment, result);
    return orderLogs(result.stdout, timestamps);
  }

  /** For a report of a failure: `{ 'Docker Engine': '28.1.1', 'Docker Compose': '2.35.0' }`; only what can be found out. */
  async versions(
    environment: EnvironmentSnapshot,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string | undefined>>> {
    const cwd = path.parse(process.cwd()).root;
    const [engine, compose] = await Promise.all([
      this.connection(environment, signal)
        .then((connection) => connection.inspect((one) => one.version(signal)))
        .catch(() => undefined),
      runCompose({ command: 'docker', args: ['compose', 'version', '--short'], cwd }, { signal })
        .then(({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : undefined))
        .catch(() => undefined),
    ]);
    signal.throwIfAborted();
    return { 'Docker Engine': engine, 'Docker Compose': compose };
  }

  private async connection({ definition }: EnvironmentSnapshot, signal: AbortSignal): Promise<EngineConnection> {
    this.checkTrust();
    return this.surroundings.feedFor(definition.context).whenConnected(signal);
  }

  private checkTrust(): void {
    if (!this.surroundings.store.isTrusted) throw untrusted();
  }

  private runningStore(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    signal: AbortSignal,
    index?: number,
  ): Promise<RunningStore> {
    return this.storeIn(environment, service, (one) => runningContainer(one, index), signal);
  }

  private async storeIn(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    choose: (service: ServiceSnapshot) => Container,
    signal: AbortSignal,
  ): Promise<RunningStore> {
    const kind = storeKindOf(service);
    if (kind === undefined) throw noStore(service);
    const chosen = choose(service);
    const connection = await this.connection(environment, signal);
    const container = await connection.inspect((engine) => engine.container(chosen.id, signal));
    return {
      kind,
      service: service.name,
      index: indexOf(service, chosen),
      projectName: knownProject(environment),
      context: environment.definition.context,
      variables: storeVariables(kind, container),
    };
  }

  private async askRedis(
    environment: EnvironmentSnapshot,
    service: ServiceSnapshot,
    command: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const store = await this.runningStore(environment, service, signal);
    return this.told(environment, askRedis(store, command, signal));
  }

  /** Runs what needs the engine, if that is there: it is known better here than by what Compose says of it. */
  private async run(
    environment: EnvironmentSnapshot,
    call: ProgramCall,
    options: RunOptions & ToolSignal,
  ): Promise<ProgramResult> {
    await this.connection(environment, options.signal);
    return runCompose(call, options);
  }

  private failure(environment: EnvironmentSnapshot, result: ProgramResult): Promise<UserError> {
    return this.engineLoss(environment, this.complaint(result));
  }

  private complaint(result: ProgramResult): UserError {
    const complaint = complaintOf(result);
    const message = complaint?.message ?? l10n.t('Docker Compose ended with exit code {0}.', result.exitCode);
    return this.surroundings.secrets.maskError(new UserError('failed', message, { output: complaint?.output }));
  }

  /** What some work comes to; when it fails, with what a user is to be told. */
  private async told<T>(environment: EnvironmentSnapshot, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw await this.engineLoss(environment, this.surroundings.secrets.maskError(error));
    }
  }

  /** That the engine does not answer, if so, which says more than what a program complains of then; else that. */
  private async engineLoss({ definition }: EnvironmentSnapshot, error: UserError): Promise<UserError> {
    const loss = await engineLoss(this.surroundings.feedFor(definition.context));
    if (!loss) return error;
    const output = [error.details.output, error.message].filter(Boolean).join('\n');
    return new UserError(loss.kind, loss.message, { ...loss.details, output });
  }
}

function noShell(service: string): UserError {
  return new UserError('failed', l10n.t('The container of "{0}" has no shell.', service), {
    remedy: l10n.t('Its image holds only its program. Run that with other arguments, or use an image with a shell.'),
  });
}

function noStore({ name, image }: ServiceSnapshot): UserError {
  const message =
    image === undefined
      ? l10n.t('"{0}" is no database that Berth knows.', name)
      : l10n.t('"{0}" is no database that Berth knows: its image is {1}.', name, image);
  return new UserError('usage', message, {
    remedy: l10n.t('Known are images of PostgreSQL, MySQL, MariaDB, MongoDB, Redis and what is built upon them.'),
  });
}
