import type { UserError } from '../common/errors';
import type { Container } from './container';
import type { EnvironmentDefinition } from './environment';
import { containerHealth, type Health, isReady, serviceHealth, worstHealth } from './health';
import { otherFolderWarning } from './otherFolder';
import type { ConfigurationWarning, Port, ResolvedProject, ResolvedService } from './project';
import { RefusedFiles } from './refusedFiles';

/** What is known of what an environment contains. */
export type Resolution =
  /** Compose is being asked; until it has answered, the services are those whose names stand in the text. */
  | { readonly kind: 'pending'; readonly services: readonly string[] }
  /** The workspace is not trusted: Compose is not asked, and the services are those whose names stand in the text. */
  | { readonly kind: 'text-only'; readonly services: readonly string[] }
  | { readonly kind: 'resolved'; readonly project: ResolvedProject }
  /** Nothing but its containers is known of it: no environment of a workspace folder has these files. */
  | { readonly kind: 'containers-only' }
  /** Compose does not accept the files; `lastGood` is what they amounted to when it last did. */
  | { readonly kind: 'broken'; readonly error: UserError; readonly lastGood?: ResolvedProject };

/** A service of an environment at one moment. Immutable; the same object as long as nothing of it changed. */
export interface ServiceSnapshot {
  readonly environmentId: string;
  readonly name: string;
  readonly health: Health;
  /** By number. */
  readonly containers: readonly Container[];
  /** Of the running containers; of the compose files when there are none. */
  readonly ports: readonly Port[];
  readonly profiles: readonly string[];
  readonly image?: string;
  /** False when only containers know it: the compose files no longer do. */
  readonly declared: boolean;
  /** Whether `up` starts it without being told to: no profile keeps it out, and its number of replicas is not zero. */
  readonly enabled: boolean;
  /** Whether `docker compose watch` has something to do for it. */
  readonly watched: boolean;
  /** Whether the compose files say how to build its image. */
  readonly built: boolean;
}

/** An environment at one moment. Immutable; the same object as long as nothing of it changed. */
export interface EnvironmentSnapshot {
  readonly definition: EnvironmentDefinition;
  /** Undefined until Compose has told it. */
  readonly projectName: string | undefined;
  readonly resolution: Resolution;
  readonly health: Health;
  /** By name. */
  readonly services: readonly ServiceSnapshot[];
}

/** What the compose files of an environment amount to, or last amounted to. */
export function projectOf(resolution: Resolution): ResolvedProject | undefined {
  if (resolution.kind === 'resolved') return resolution.project;
  return resolution.kind === 'broken' ? resolution.lastGood : undefined;
}

/** Whether an environment's health is not known because its files are still read. */
export function isBeingRead({ health, resolution }: EnvironmentSnapshot): boolean {
  return health === 'unknown' && resolution.kind === 'pending';
}

/** What is hardly meant in the files of an environment, in the commands that run it, and in what runs, as they are now. */
export function warningsOf(environment: EnvironmentSnapshot): readonly ConfigurationWarning[] {
  const { definition, resolution } = environment;
  const own = definition.knowledge?.problems ?? [];
  return [...own, ...[otherFolderWarning(environment) ?? []].flat(), ...ofCompose(resolution)];
}

/** Whether Compose warns of a value that loses a part, with that part, when it reads the files. */
export function losesParts(environment: EnvironmentSnapshot): boolean {
  return warningsOf(environment).some(({ parts }) => parts !== undefined);
}

function ofCompose(resolution: Resolution): readonly ConfigurationWarning[] {
  if (resolution.kind === 'resolved') return resolution.project.warnings ?? [];
  return resolution.kind === 'broken' && resolution.error instanceof RefusedFiles ? resolution.error.warnings : [];
}

/** How many of an environment's services are ready, of those that `up` starts and those that there are containers of. */
export function serviceCounts(environment: EnvironmentSnapshot): { readonly ready: number; readonly expected: number } {
  const expected = environment.services.filter((service) => service.enabled || service.containers.length > 0);
  const ready = expected.filter((service) => service.health !== 'unknown' && isReady(service.health));
  return { ready: ready.length, expected: expected.length };
}

/**
 * Puts together what is known of an environment.
 * @param containers those of its project; none of other projects.
 * @param connected whether `containers` can be believed: otherwise all health is `unknown`.
 * @param before the snapshot that this one follows: what did not change is taken from it, as the same objects.
 */
export function buildSnapshot(
  definition: EnvironmentDefinition,
  resolution: Resolution,
  containers: readonly Container[],
  connected: boolean,
  before?: EnvironmentSnapshot,
): EnvironmentSnapshot {
  const project = projectOf(resolution);
  const inText = 'services' in resolution ? resolution.services : [];
  const own = containers
    .filter((container) => !container.oneOff)
    .sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  const names = new Set([
    ...(project?.services.map((service) => service.name) ?? []),
    ...inText,
    ...own.map((container) => container.service),
  ]);
  const projectName = definition.projectName ?? project?.name ?? own[0]?.project;
  // Of which project its containers are is not known yet: that there are none would be said too early.
  const known = connected && (resolution.kind !== 'pending' || projectName !== undefined);
  const services = [...names].sort().map((name) => {
    const declared = project?.services.find((service) => service.name === name);
    const previous = before?.services.find((service) => service.name === name);
    return reuse(
      previous,
      buildService(
        definition,
        name,
        declared,
        own.filter((container) => container.service === name),
        known,
        inText.includes(name),
      ),
    );
  });
  return reuse(before, {
    definition,
    projectName,
    resolution,
    health: known ? environmentHealth(services) : 'unknown',
    services: reuse(before?.services, services),
  });
}

function buildService(
  definition: EnvironmentDefinition,
  name: string,
  declared: ResolvedService | undefined,
  containers: readonly Container[],
  known: boolean,
  inText: boolean,
): ServiceSnapshot {
  const live = containers.flatMap((container) => container.ports);
  return {
    environmentId: definition.id,
    name,
    health: known ? serviceHealth(declared, containers) : 'unknown',
    containers,
    ports: live.length > 0 ? live : (declared?.ports ?? []),
    profiles: declared?.profiles ?? [],
    image: declared?.image ?? containers[0]?.image,
    declared: declared !== undefined || inText,
    enabled: inText || (declared !== undefined && isEnabled(declared, definition)),
    watched: declared?.watched ?? false,
    built: declared?.built ?? false,
  };
}

function isEnabled({ profiles, replicas }: ResolvedService, definition: EnvironmentDefinition): boolean {
  const isActive = profiles.length === 0 || profiles.some((profile) => definition.profiles.includes(profile));
  return isActive && replicas !== 0;
}

function environmentHealth(services: readonly ServiceSnapshot[]): Health {
  return worstHealth(services.map(({ health }) => health).filter((health) => health !== 'unknown'));
}

/** The container of a service that says most about its health: the worst one. */
export function tellingContainer(service: ServiceSnapshot): Container | undefined {
  const healthOf = (container: Container) => containerHealth(container, false);
  const worst = worstHealth(service.containers.map(healthOf));
  return service.containers.find((container) => healthOf(container) === worst);
}

/** `before` when it holds the same as `after`, one level deep (arrays in it: element by element); else `after`. */
function reuse<T extends object>(before: T | undefined, after: T): T {
  if (!before) return after;
  const keys = Object.keys(after) as (keyof T)[];
  if (keys.length !== Object.keys(before).length) return after;
  return keys.every((key) => sameValue(before[key], after[key])) ? before : after;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => item === b[index]);
}
