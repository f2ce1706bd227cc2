import * as l10n from '@vscode/l10n';
import { isErrorLine } from '../common/errorLine';
import { list, record, text } from '../common/json';
import { escapeRegExp } from '../common/text';
import { type EnvironmentSnapshot, projectOf, type ServiceSnapshot } from '../model/snapshot';
import type { Reason } from './reason';

/** What a service that failed wrote, and what is known around it. */
export interface ServiceLog {
  readonly service: ServiceSnapshot;
  readonly environment: EnvironmentSnapshot;
  /** Its last lines. */
  readonly log: string;
  /** The services of the environment by the addresses of their containers. */
  readonly addresses: ReadonlyMap<string, string>;
}

/**
 * Why a service ended, as its log tells; undefined where that is nothing that is known. What stands last counts: before it there may be what
 * it has got over, and an error after it is what it ended of.
 */
export function reasonInLog(from: ServiceLog): Reason | undefined {
  let wentOn = false;
  let endedOtherwise = false;
  for (const log of from.log.split('\n').reverse()) {
    const line = { ...from, log };
    const known = postgresVersion(line) ?? diskFull(line);
    if (known) return known;
    const isMinded = !endedOtherwise && !DOES_WITHOUT.test(log);
    const reason = isMinded ? (volumePermission(line) ?? (wentOn ? undefined : connectionRefused(line))) : undefined;
    if (reason) return reason;
    wentOn ||= SUCCESS.test(log) && !FAILURE.test(log);
    endedOtherwise ||= isErrorLine(log) && !AFTERMATH.test(log);
  }
  return undefined;
}

/** That a service has got on with its work: whom it did not reach before, it has reached then, or does without. */
const SUCCESS = /\b(?:connected|connection established|ready|listening|started|running on|accepting connections)\b/i;
const FAILURE = /\b(?:not?|never|can't|cannot|could ?n[o']t|until|before|fail\w*|error|refused|unable)\b/i;

/** That a line itself says that it is no matter. */
const DOES_WITHOUT = /\b(?:ignor(?:ed|ing)|continuing|skipp(?:ed|ing))\b/i;
/** What programs, their runners and stack traces say of an error that they have told before. */
const AFTERMATH =
  /connect|refused|reach|retr(?:y|ies)|time(?:d )?-?out|start|abort|exit|shut|boot|ready|unusable|^Traceback|^npm /i;

/** Source: PostgreSQL, `src/backend/utils/init/miscinit.c`, ValidatePgVersion. */
const POSTGRES_VERSION =
  /initialized by PostgreSQL version (\d+(?:\.\d+)?),? which is not compatible with this version (\d+(?:\.\d+)?)/;

function postgresVersion({ service, environment, log }: ServiceLog): Reason | undefined {
  const [, was, is] = POSTGRES_VERSION.exec(log) ?? [];
  if (was === undefined || is === undefined) return undefined;
  const { id: environmentId, name } = environment.definition;
  return {
    code: 'postgres-version',
    message: l10n.t(
      'The data of service "{0}" is of PostgreSQL {1}, and its image is PostgreSQL {2}.',
      service.name,
      was,
      is,
    ),
    remedy: l10n.t(
      'Use an image of PostgreSQL {0} again, and move the data by a backup and its restoring; or reset "{1}", which removes its data.',
      was,
      name,
    ),
    fixes: [{ kind: 'operation', title: l10n.t('Reset "{0}"', name), operation: 'reset', environmentId, services: [] }],
  };
}

function diskFull({ service, log }: ServiceLog): Reason | undefined {
  if (!/no space left on device/i.test(log)) return undefined;
  return {
    code: 'disk-full',
    message: l10n.t('Service "{0}" has no room left to write to.', service.name),
    remedy: l10n.t('"docker system df" tells what takes the room; "docker system prune" removes what nobody uses.'),
  };
}

const DENIED = /permission denied|EACCES|operation not permitted|EPERM|read-only file system|EROFS/i;

/** Only of what is mounted: what is in the image is no matter of the machine. */
function volumePermission({ service, environment, log }: ServiceLog): Reason | undefined {
  if (!DENIED.test(log)) return undefined;
  const config = record(projectOf(environment.resolution)?.config.content);
  const mounts = list(record(record(config.services)[service.name]).volumes).map(record);
  for (const [file] of log.matchAll(/\/[\w.@+/-]+/g)) {
    const mount = mounts.find(({ target }) => `${file}/`.startsWith(`${text(target).replace(/\/$/, '')}/`));
    if (!mount) continue;
    const isFolder = mount.type === 'bind';
    return {
      code: 'volume-permission',
      subject: text(mount.target),
      message: isFolder
        ? l10n.t('Service "{0}" may not use {1}, where {2} is mounted.', service.name, file, text(mount.source))
        : l10n.t('Service "{0}" may not use {1}, where a volume is mounted.', service.name, file),
      remedy: isFolder
        ? l10n.t('Give {0} to the user that the service runs as, with "chown".', text(mount.source))
        : l10n.t(
            'See as which user the service runs ("user"), and whose the volume is: another image may have made it.',
          ),
    };
  }
  return undefined;
}

const REFUSED = /connection refused|ECONNREFUSED|could not connect to server|connection to server at .* failed/i;
const UNKNOWN_HOST =
  /ENOTFOUND|EAI_AGAIN|could not translate host name|no such host|name or service not known|name resolution/i;
const LOCALHOST = /(?:^|[^\w.])(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:[^\w.]|$)/;

function connectionRefused({ service, environment, log: line, addresses }: ServiceLog): Reason | undefined {
  if (!REFUSED.test(line) && !UNKNOWN_HOST.test(line)) return undefined;
  const others = environment.services.filter(({ name }) => name !== service.name);
  const address = [...addresses].find(([one]) => new RegExp(`(?<![\\d.])${escapeRegExp(one)}(?![\\d.])`).test(line));
  const other = others.find(({ name }) => name === address?.[1]) ?? others.find(({ name }) => isHostIn(line, name));
  if (other) {
    return {
      code: 'connection-refused',
      message: l10n.t('Service "{0}" does not reach "{1}".', service.name, other.name),
      remedy: l10n.t(
        'See in its logs what "{0}" does; where it is only slow, have "{1}" wait for it ("depends_on" with "condition: service_healthy").',
        other.name,
        service.name,
      ),
    };
  }
  const port = Number(/(?:port |:)(\d{2,5})\b/.exec(line)?.[1]);
  const meant = LOCALHOST.test(line) && others.find(({ ports }) => ports.some(({ target }) => target === port));
  if (!meant) return undefined;
  return {
    code: 'connection-refused',
    message: l10n.t(
      'Service "{0}" looks for port {1} in its own container, and "{2}" has it.',
      service.name,
      port,
      meant.name,
    ),
    remedy: l10n.t('Name the service in the place of localhost: {0}', `${meant.name}:${port}`),
  };
}

/** Whether a line has a name where that of a host stands: in an address, before a port, in quotation marks, or behind a word for it. */
function isHostIn(line: string, name: string): boolean {
  const host = escapeRegExp(name);
  const forms = [
    `(?://|@)${host}(?=[/:?"'\\s),]|$)`,
    `["']${host}["']`,
    `(?<![\\w.@/-])${host}(?=[:/]\\d)`,
    `\\b(?:to|at|on|by|for|lookup|host(?:name)?|server|address|resolve|connect|reach|ENOTFOUND|EAI_AGAIN)[:=\\s]+${host}(?=[:,;\\s)]|\\.?$)`,
    `(?:^|[\\s:])${host}: (?:name or|temporary failure)`,
  ];
  return forms.some((form) => new RegExp(form, 'i').test(line));
}
