import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, ifInTime } from '../common/clock';
import { UserError } from '../common/errors';
import { escapeRegExp, wholeName } from '../common/text';
import { missingPath, saysMissingEnvFile } from '../compose/configurationError';
import type { EnvironmentDefinition } from '../model/environment';
import type { Finding, FindingPlace, Fix } from '../model/finding';
import { FINDING_CODES, type FindingCode } from '../model/findingCodes';

/** What was recognised as the reason of a failure. */
export interface Reason {
  readonly code: FindingCode;
  /** What is so, one sentence. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
  /** What a finding of the same thing names: a port, a name, the path of a mount in the container. */
  readonly subject?: string;
  readonly fixes?: readonly Fix[];
}

/** What checks find of an environment now. @param codes of these codes. */
export type LookFor = (
  environmentId: string,
  codes: readonly FindingCode[],
  signal: AbortSignal,
) => Promise<readonly Finding[]>;

/** Where in the compose files a service has what a reason is about. */
export type PlacesOf = (
  environmentId: string,
  service: string,
  reason: Pick<Reason, 'code' | 'subject'>,
  signal: AbortSignal,
) => Promise<readonly FindingPlace[]>;

/** How long checks may take to say more of a reason, in milliseconds: what is known is told then. */
const LOOK_LIMIT = 5_000;

/** Codes whose findings have the place in the files, and fixes. */
const LOOKED_FOR: readonly FindingCode[] = [
  'port-taken',
  'port-of-replicas',
  'missing-address',
  'name-taken',
  'missing-network',
  'missing-volume',
  'engine-too-old',
];

/** What may be behind files that Compose does not accept. */
const OF_CONFIGURATION: readonly FindingCode[] = [
  'missing-env-file',
  'unset-variable',
  'unknown-key',
  'compose-too-old',
  'invalid-configuration',
];

interface About {
  readonly definition: EnvironmentDefinition;
  readonly service?: string;
  readonly lookFor?: LookFor;
  readonly placesOf?: PlacesOf;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The finding of a reason: what checks find of the same thing, with its places and fixes, or else what is known by itself.
 * @throws the signal's reason when aborted.
 */
export async function findingOfReason(reason: Reason, about: About): Promise<Finding> {
  const { code, message, remedy, subject = '', fixes = [] } = reason;
  const { definition, service } = about;
  const found = LOOKED_FOR.includes(code) ? await look([code], about) : [];
  const names = new RegExp(`(?<![\\w.-])${escapeRegExp(subject)}(?![\\w-])`);
  const same = found.find((one) => names.test(one.message));
  if (same) return same;
  const { severity } = FINDING_CODES[code];
  const finding = { code, severity, message, remedy, environments: [definition.id], fixes };
  if (service === undefined) return { ...finding, places: [] };
  const { placesOf = async () => [] } = about;
  const places = await inTime((signal) => placesOf(definition.id, service, reason, signal), about);
  return { ...finding, service, places };
}

/**
 * The finding of an error that says by its kind what it is about: the files, or the engine. Undefined of others.
 * @throws the signal's reason when aborted.
 */
export async function findingOfError(error: UserError, about: About): Promise<Finding | undefined> {
  const { message, kind, details } = error;
  const { remedy = '', place, missing } = details;
  if (kind === 'engine-unreachable') return findingOfReason({ code: 'engine-unreachable', message, remedy }, about);
  if (kind !== 'configuration') return undefined;
  const found = await look(OF_CONFIGURATION, about);
  const code = missing ? 'missing-env-file' : 'invalid-configuration';
  const worst = found.find(({ severity }) => severity === 'error') ?? found.find((one) => isWhy(one, error));
  if (worst) return worst;
  const finding = await findingOfReason({ code, message, remedy }, about);
  return place ? { ...finding, places: [place] } : finding;
}

/** Whether a finding is what an error is of, though it is only a warning: what everybody is to make or give. */
function isWhy({ code, message, places: [place], fixes }: Finding, error: UserError): boolean {
  const { missing, requiredVariables = [] } = error.details;
  if (missing) {
    const copies = fixes.some((fix) => fix.kind === 'copy-example' && fix.missing.file === missing.file);
    return code === 'missing-env-file' && copies;
  }
  if (saysMissingEnvFile(error)) {
    const file = missingPath(error.message);
    return code === 'missing-env-file' && file !== undefined && wholeName(path.basename(file)).test(message);
  }
  const [first] = requiredVariables;
  return first !== undefined && isDeepStrictEqual(place, first.place);
}

/** An error with the place of its finding, where it has none by itself. */
export function placed(error: UserError, finding: Finding | undefined): UserError {
  const { kind, message, details } = error;
  const [place] = finding?.places ?? [];
  return place && !details.place ? new UserError(kind, message, { ...details, place }) : error;
}

async function look(codes: readonly FindingCode[], about: About): Promise<readonly Finding[]> {
  const { definition, lookFor } = about;
  return lookFor ? inTime((signal) => lookFor(definition.id, codes, signal), about) : [];
}

/** What checks tell; nothing where they fail, or are late. */
async function inTime<T>(
  ask: (signal: AbortSignal) => Promise<readonly T[]>,
  { clock, signal }: About,
): Promise<readonly T[]> {
  return (await ifInTime(ask, { clock, ms: LOOK_LIMIT, signal })) ?? [];
}
