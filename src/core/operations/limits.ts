import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { replaceFile } from '../common/replaceFile';
import { ROTATING_DRIVERS, withLimits } from '../compose/limits';
import { resolveTexts } from '../compose/resolveTexts';
import type { Secrets } from '../compose/secrets';
import type { EnvironmentDefinition } from '../model/environment';
import { LIMIT_NAMES, type LimitsChange, type ServiceLimits } from '../model/limits';
import type { ResolvedProject } from '../model/project';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { containersOnly, untrusted } from './operation';

/** A change of limits that Compose accepts, not written yet. */
export interface ProposedLimits {
  /** Absolute path of the compose file that it is a change of. */
  readonly file: string;
  /** The file's text without it; the same text as `after` when there is nothing to change. */
  readonly before: string;
  readonly after: string;
  /** What the service is limited to with it. */
  readonly limits: ServiceLimits;
  /** Other services whose limits it changes, too, as they take them over from this one. */
  readonly others: readonly string[];
}

/** Limits of services in the compose files. */
export class ServiceLimitTools {
  constructor(private readonly secrets: Pick<Secrets, 'maskError'>) {}

  /**
   * What a service is limited to, as the compose files say.
   * @throws UserError when they are not known, or Compose does not accept them.
   */
  inForce(environment: EnvironmentSnapshot, service: string): ServiceLimits {
    return limitsIn(resolved(environment), service);
  }

  /**
   * Works out a change of a service's limits, in the last of the environment's files that has the service, and has Compose
   * judge it. The file stays as it is.
   * @param read gives the text of a file: as it is on the disk, unless an editor has a newer one.
   * @throws UserError: usage for a value that can't be; configuration with Compose's words when it does not accept the
   *   change; failed when the change can't be made in that file. The signal's reason when aborted.
   */
  async propose(
    environment: EnvironmentSnapshot,
    service: string,
    change: LimitsChange,
    { read, signal }: { readonly read: (file: string) => Promise<string>; readonly signal: AbortSignal },
  ): Promise<ProposedLimits> {
    const { definition } = environment;
    const now = resolved(environment);
    const { logDriver } = limitsIn(now, service);
    checkValues(service, change, logDriver);
    for (const file of [...definition.files].reverse()) {
      const before = await read(file);
      const after = await withLimits(before, service, change, logDriver).catch((error: unknown) => {
        throw error instanceof UserError ? new UserError(error.kind, error.message, { place: { file } }) : error;
      });
      if (after === undefined) continue;
      const then = before === after ? now : await this.judged(definition, file, after, signal);
      const limits = limitsIn(then, service);
      checkEffect(service, change, limits, file);
      return { file, before, after, limits, others: othersChanged(now, then, service) };
    }
    throw new UserError('failed', l10n.t('"{0}" stands in none of the files of "{1}".', service, definition.name), {
      remedy: l10n.t('It is taken in from another file: change its limits there.'),
    });
  }

  /**
   * Writes a change of limits: the file is replaced as a whole, or stays as it was.
   * @throws UserError (failed) when the file is not as it was when the change was worked out; an error of the system.
   */
  async write({ file, before, after }: ProposedLimits): Promise<void> {
    await replaceFile(file, before, after);
  }

  /** What the files amount to with another text in the place of one of them. */
  private async judged(
    definition: EnvironmentDefinition,
    file: string,
    text: string,
    signal: AbortSignal,
  ): Promise<ResolvedProject> {
    try {
      return await resolveTexts(definition, new Map([[file, text]]), { signal });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = error.message.replace(/\.?$/, '.');
      throw this.secrets.maskError(
        new UserError(error.kind, message, { remedy: l10n.t('Nothing was changed.'), output: error.details.output }),
      );
    }
  }
}

function resolved({ resolution, definition }: EnvironmentSnapshot): ResolvedProject {
  switch (resolution.kind) {
    case 'resolved':
      return resolution.project;
    case 'broken':
      throw resolution.error;
    case 'containers-only':
      throw containersOnly(definition);
    case 'text-only':
      throw untrusted();
    case 'pending':
      throw new UserError('failed', l10n.t('It is not known yet what "{0}" contains.', definition.name), {
        remedy: l10n.t('Try again in a moment.'),
      });
  }
}

function limitsIn({ services }: ResolvedProject, service: string): ServiceLimits {
  return services.find(({ name }) => name === service)?.limits ?? {};
}

/**
 * What Compose leaves to the engine, which refuses it only when containers are made. Source: Docker's documentation of the
 * logging drivers json-file and local.
 * @throws UserError (usage).
 */
function checkValues(service: string, change: LimitsChange, logDriver: string | undefined): void {
  const { cpus, logSize, logFiles } = change;
  const refuse = (value: string, remedy: string) => {
    throw new UserError('usage', l10n.t('"{0}" can\'t be a limit here.', value), { remedy });
  };
  if (cpus && !(Number(cpus) > 0)) refuse(cpus, l10n.t('Give a number of processors, such as 0.5 or 2.'));
  if (logSize && !/^[1-9]\d*[kmg]b?$/i.test(logSize))
    refuse(logSize, l10n.t('Give a size with its unit, such as 10m.'));
  if (logFiles && !/^[1-9]\d*$/.test(logFiles)) refuse(logFiles, l10n.t('Give a number of files, such as 3.'));
  if ((logSize || logFiles) && logDriver !== undefined && !ROTATING_DRIVERS.includes(logDriver)) {
    throw new UserError('failed', l10n.t('"{0}" logs with the driver "{1}", which has no files.', service, logDriver), {
      remedy: l10n.t('Use one of these in the compose file: {0}.', ROTATING_DRIVERS.join(', ')),
    });
  }
}

/** @throws UserError when Compose accepts a change, but it does not do what it is for. */
function checkEffect(service: string, change: LimitsChange, limits: ServiceLimits, file: string): void {
  const kept = LIMIT_NAMES.find((name) => change[name] === null && limits[name] !== undefined);
  if (kept !== undefined) {
    throw new UserError('failed', l10n.t('"{0}" has this limit from somewhere else, too.', service), {
      place: { file },
      remedy: l10n.t('Nothing was changed. Take it away in the file, or the part of it, that this one takes it from.'),
    });
  }
  if (change.logFiles && limits.logSize === undefined) {
    throw new UserError('usage', l10n.t('A number of log files does nothing without their size.'), {
      remedy: l10n.t('Nothing was changed. Give a size as well, such as 10m.'),
    });
  }
}

function othersChanged(now: ResolvedProject, then: ResolvedProject, service: string): readonly string[] {
  const names = then.services.map(({ name }) => name).filter((name) => name !== service);
  return names.filter((name) => !isDeepStrictEqual(limitsIn(now, name), limitsIn(then, name)));
}
