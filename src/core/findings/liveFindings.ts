import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { type PublishedPort, portsOfService } from '../checks/across/publishedPorts';
import type { CheckedEnvironment, CheckFacts, IsLeftOut } from '../checks/check';
import { imageOf } from '../checks/live/images';
import type { EngineFacts, LiveCheck, LiveEnvironment, LiveFacts } from '../checks/live/liveCheck';
import { LIVE_CHECKS, LIVE_CODES } from '../checks/live/liveChecks';
import { MIGRATIONS_COMMAND } from '../checks/live/pendingMigrations';
import { type LevelOf, runChecks } from '../checks/runChecks';
import { messageOf, UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import { record } from '../common/json';
import { type EngineConnection, isLocal } from '../engine/connection';
import type { EngineFeed } from '../engine/engineFeed';
import { firstProgramOf } from '../engine/firstProgram';
import type { EnvironmentStore } from '../environmentStore';
import { commandNamed, type EnvironmentCommand } from '../model/command';
import { externalOf } from '../model/external';
import type { Finding } from '../model/finding';
import type { FindingCode } from '../model/findingCodes';
import { type ResolvedProject, type ResolvedService, withDependencies } from '../model/project';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { certificateFiles } from './certificateFiles';
import { dataFolderOwners } from './dataFolderOwners';
import { engineFacts } from './engineFacts';
import { FactsReader } from './factsReader';
import type { Checked } from './findings';
import { type MigrationOutput, migrationStatus } from './migrationStatus';
import { missingAddresses } from './missingAddresses';
import { takenPorts } from './takenPorts';

/** What one look at engine and machine has found, and what it went by: files as they are saved. */
export interface LiveChecked extends Checked {
  readonly facts: LiveFacts;
  /** What could not be found out, one sentence each. */
  readonly notes: readonly string[];
}

export interface LiveFindingsOptions {
  readonly store: EnvironmentStore;
  readonly feedFor: (context: string | undefined) => EngineFeed;
  readonly levelOf: LevelOf;
  /** Runs a command of an environment. @returns what it ended with, and said, without secrets. */
  readonly runCommand: (
    environment: EnvironmentSnapshot,
    command: EnvironmentCommand,
    signal: AbortSignal,
  ) => Promise<MigrationOutput>;
}

/** What is wanted of a look. */
export interface LiveOptions {
  /** Of these codes only; of all when left out. */
  readonly codes?: readonly FindingCode[];
  /** Whether the command that tells of migrations is run: only where the user wants it. */
  readonly runsCommands?: boolean;
  /** Hears of each environment that has been looked at, by name. */
  readonly onProgress?: (environment: string) => void;
}

/** What only the engine and the machine can tell, looked for when somebody asks. */
export class LiveFindings {
  private readonly reader: FactsReader;

  constructor(private readonly options: LiveFindingsOptions) {
    this.reader = new FactsReader(options.store, []);
  }

  /**
   * Looks now at what would keep environments from coming up, or what is wrong beside their files.
   * @param environmentIds ids of their definitions.
   * @throws the signal's reason when aborted; UserError (usage) in a workspace that is not trusted.
   */
  async check(
    environmentIds: readonly string[],
    signal: AbortSignal,
    { codes, runsCommands = false, onProgress = () => {} }: LiveOptions = {},
  ): Promise<LiveChecked> {
    const { store, levelOf } = this.options;
    if (!store.isTrusted) {
      throw new UserError('usage', l10n.t('This workspace is not trusted, so nothing of it is run.'), {
        remedy: l10n.t('Trust the workspace first, if you trust those who wrote it.'),
      });
    }
    // Every environment that is looked at listens to it: Node.js would take so many for a leak, and say so.
    setMaxListeners(0, signal);
    await unlessAborted(Promise.all(environmentIds.map((id) => store.whenResolved(id))), signal);
    const known = store.environments.filter(({ resolution }) => resolution.kind !== 'containers-only');
    const wanted = known.filter(({ definition }) => environmentIds.includes(definition.id));
    const notes = new Set<string>();
    const note = (what: string) => (error: unknown) => {
      notes.add(l10n.t('{0}: could not be looked at: {1}', what, messageOf(error)));
      return undefined;
    };
    const wants = (...some: readonly FindingCode[]) => !codes || some.some((code) => codes.includes(code));
    const facts = await this.reader.read(wanted, new Map(), signal);
    const how = { known, wants, runsCommands, offeredPorts: new Set<number>(), signal };
    const live = await Promise.all(
      wanted.map(async (environment) => {
        const { name } = environment.definition;
        const looked = await this.look(environment, facts, { ...how, note: note(name) });
        onProgress(name);
        return looked;
      }),
    );
    if (wants(...BY_FILES)) {
      for (const one of facts.environments) for (const why of unread(one)) notes.add(why);
    }
    const all: LiveFacts = { ...facts, live: live.flat(), known, now: Date.now() };
    const checks = LIVE_CHECKS.filter((check) => wants(...check.codes));
    const findings = runChecks(
      checks.map((check) => ({
        codes: check.codes,
        find: (_, isLeftOut) => found(check, all, note(check.codes.join(', ')), isLeftOut),
      })),
      facts,
      { textOf: facts.textOf, levelOf },
    );
    return { findings: findings.filter(({ code }) => wants(code)), facts: all, notes: [...notes] };
  }

  /**
   * What a look would have found if files were others, with engine and machine as it found them; nothing of one at files alone.
   * @param facts of the files as they would be.
   */
  again({ facts: before }: Checked | LiveChecked, facts: CheckFacts): readonly Finding[] {
    if (!('live' in before)) return [];
    const live = before.live.map((one) => asOf(one, facts));
    const isLeftOut = () => false;
    return LIVE_CHECKS.flatMap((check) => found(check, { ...before, ...facts, live }, () => {}, isLeftOut));
  }

  private async look(snapshot: EnvironmentSnapshot, facts: CheckFacts, how: Look): Promise<readonly LiveEnvironment[]> {
    const checked = facts.environments.find(({ definition }) => definition.id === snapshot.definition.id);
    if (!checked) return [];
    const { project } = checked;
    const services = project ? startedServices(snapshot, project) : [];
    const about = { checked, snapshot, services };
    const config = record(project?.config.content);
    const configOf = ({ name }: ResolvedService) => record(record(config.services)[name]);
    const [reached, hasPendingMigrations] = await Promise.all([
      this.reach(about, how),
      this.hasPendingMigrations(snapshot, how).catch(how.note),
    ]);
    const { connection, engine } = reached;
    const isHere = connection !== undefined && isLocal(connection.address);
    const pidOf = async ({ name }: ResolvedService) => {
      const container = engine.containers?.find(
        (one) => one.isRunning && one.service === name && one.project === snapshot.projectName,
      );
      return container && connection && firstProgramOf(container.id, connection, how.signal);
    };
    const ports = project ? publishedPorts(services, project) : [];
    const [taken, atMissing, certificates, dataFolders] = await Promise.all([
      connection && engine.containers && how.wants('port-taken')
        ? takenPorts(ports, snapshot.projectName, {
            containers: engine.containers,
            connection,
            known: how.known,
            offered: how.offeredPorts,
            signal: how.signal,
          })
        : [],
      connection && engine.containers && how.wants('missing-address')
        ? missingAddresses(
            ports,
            {
              projectName: snapshot.projectName,
              subnets: [...(project?.subnets ?? []), ...(engine.about?.addressPools ?? [])],
            },
            { containers: engine.containers, connection },
          )
        : [],
      // Also where no engine answers: what is on this machine is meant for it, unless it is known to be elsewhere.
      (connection && !isHere) || !how.wants(...CERTIFICATE_CODES)
        ? []
        : flat(services.map((one) => certificateFiles(one.name, configOf(one), config))),
      isHere && engine.about?.mapsUsers === false && how.wants('data-folder-owner')
        ? flat(services.map((one) => dataFolderOwners(one.name, configOf(one), () => pidOf(one))))
        : [],
    ]);
    return [
      {
        ...about,
        unreachable: reached.unreachable,
        engine,
        takenPorts: taken,
        missingAddresses: atMissing,
        certificates: once(certificates),
        dataFolders,
        ...(hasPendingMigrations === undefined ? {} : { hasPendingMigrations }),
      },
    ];
  }

  private async reach(
    about: Pick<LiveEnvironment, 'checked' | 'snapshot' | 'services'>,
    { note, wants, signal }: Look,
  ): Promise<{ connection?: EngineConnection; engine: EngineFacts; unreachable?: UserError }> {
    const { definition, projectName } = about.snapshot;
    if (!wants(...OF_ENGINE)) return { engine: {} };
    try {
      const connection = await this.options.feedFor(definition.context).whenConnected(signal);
      const { project } = about.checked;
      const names = (kind: 'networks' | 'volumes') =>
        project ? externalOf(kind, project, about.services).map(({ name }) => name) : [];
      const images = wants('image-missing', 'wrong-platform')
        ? [...new Set(about.services.map((service) => imageOf(service, projectName)))]
        : [];
      const questions = { networks: names('networks'), volumes: names('volumes'), images };
      return { connection, engine: await engineFacts(connection, questions, note, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UserError)) throw error;
      return { engine: {}, unreachable: error };
    }
  }

  /** Undefined where no command tells it, or it can't be run: in a service that does not run. */
  private async hasPendingMigrations(
    snapshot: EnvironmentSnapshot,
    { runsCommands, note, signal }: Look,
  ): Promise<boolean | undefined> {
    const command = commandNamed(snapshot.definition, MIGRATIONS_COMMAND);
    if (!command || !runsCommands) return undefined;
    const service = snapshot.services.find(({ name }) => name === command.service);
    if (service && !command.inNewContainer && !service.containers.some(({ state }) => state === 'running')) {
      note(new Error(l10n.t('its command "{0}" runs in "{1}", which does not run.', command.name, service.name)));
      return undefined;
    }
    const ended = await this.options.runCommand(snapshot, command, signal);
    if (!CANNOT_RUN.includes(ended.exitCode)) {
      const status = migrationStatus(command.command.join(' '), ended);
      if ('isPending' in status) return status.isPending;
      note(new Error(status.unknown));
      return undefined;
    }
    note(new Error(l10n.t('its command "{0}" could not be run.', command.name)));
    return undefined;
  }
}

/** What programs that run others end with when they could not. Source: POSIX, "Exit Status for Commands"; `docker exec`. */
const CANNOT_RUN: readonly number[] = [126, 127];

const CERTIFICATE_CODES: readonly FindingCode[] = [
  'certificate-missing',
  'certificate-mismatch',
  'certificate-expired',
];
/** What no engine is needed for. */
const WITHOUT_ENGINE: readonly FindingCode[] = [...CERTIFICATE_CODES, 'compose-too-old', 'pending-migrations'];
const OF_ENGINE = LIVE_CODES.filter((code) => !WITHOUT_ENGINE.includes(code));
/** What is found whatever Compose says of the files. */
const WITHOUT_FILES: readonly FindingCode[] = [
  'engine-unreachable',
  'low-disk',
  'compose-too-old',
  'pending-migrations',
];
const BY_FILES = LIVE_CODES.filter((code) => !WITHOUT_FILES.includes(code));

/** How an environment is looked at. */
interface Look {
  readonly known: readonly EnvironmentSnapshot[];
  /** Whether findings of one of some codes are wanted. */
  readonly wants: (...codes: readonly FindingCode[]) => boolean;
  readonly runsCommands: boolean;
  /** The ports that were offered instead of taken ones, in all environments that are looked at. */
  readonly offeredPorts: Set<number>;
  readonly note: (error: unknown) => undefined;
  readonly signal: AbortSignal;
}

/** What a check finds; of one that fails itself, nothing. */
function found(
  check: LiveCheck,
  facts: LiveFacts,
  note: (error: unknown) => void,
  isLeftOut: IsLeftOut,
): readonly Finding[] {
  try {
    return [...check.find(facts, isLeftOut)];
  } catch (error) {
    note(error);
    return [];
  }
}

/** That an environment was not looked at by its files as they are now, and why, for people; nothing where it was. */
function unread({ definition: { name }, project, error }: CheckedEnvironment): readonly string[] {
  if (!error) return project ? [] : [l10n.t('{0}: could not be looked at: its files are still read.', name)];
  return [
    project
      ? l10n.t(
          '{0}: was looked at by its files as Compose last accepted them, since it refuses them now: {1}',
          name,
          error.message,
        )
      : l10n.t('{0}: could not be looked at, since Compose refuses its files: {1}', name, error.message),
  ];
}

/** An environment that was looked at, with what other files say of it. */
function asOf(one: LiveEnvironment, facts: CheckFacts): LiveEnvironment {
  const checked = facts.environments.find(({ definition }) => definition.id === one.checked.definition.id);
  if (!checked?.project) return one;
  const services = startedServices(one.snapshot, checked.project);
  const ports = publishedPorts(services, checked.project);
  const isPublished = (port: PublishedPort) => ports.some((other) => isDeepStrictEqual(other, port));
  return {
    ...one,
    checked,
    services,
    takenPorts: one.takenPorts.filter(({ port }) => isPublished(port)),
    missingAddresses: one.missingAddresses.filter(isPublished),
  };
}

function publishedPorts(services: readonly ResolvedService[], { config }: ResolvedProject): readonly PublishedPort[] {
  const all = record(config.content.services);
  return services.flatMap(({ name, onHostNetwork }) => (onHostNetwork ? [] : portsOfService(name, record(all[name]))));
}

/** The services that `up` starts. */
function startedServices({ services }: EnvironmentSnapshot, project: ResolvedProject): readonly ResolvedService[] {
  const enabled = services.filter((one) => one.enabled).map(({ name }) => name);
  const names = withDependencies(enabled, project);
  return project.services.filter(({ name }) => names.has(name));
}

async function flat<T>(lists: readonly Promise<readonly T[]>[]): Promise<readonly T[]> {
  return (await Promise.all(lists)).flat();
}

/** A file that several services are given is told of once, of the first one. */
function once<T extends { readonly file: string }>(files: readonly T[]): readonly T[] {
  return files.filter(({ file }, index) => files.findIndex((one) => one.file === file) === index);
}
