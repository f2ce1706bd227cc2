import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { concernedBy, type OperationRequest } from './operation';

/**
 * The operations that one on a whole environment comes to where its start-up is declared in phases, one after another: each is to be
 * ready before the next. Only the operation itself where nothing is declared, or what it is about starts nothing.
 */
export function phasesOf(request: OperationRequest, environment: EnvironmentSnapshot): readonly OperationRequest[] {
  const { operation, options, services } = request;
  const { startup = [] } = environment.definition;
  if (services.length > 0 || startup.length === 0) return [request];
  const each = (one: OperationRequest, phases = startup) =>
    phases.map((phase): OperationRequest => ({ ...one, services: phase }));
  /** The phases with what there are containers of: nothing else can be started. */
  const existing = () => {
    const there = new Set(environment.services.flatMap(({ name, containers }) => (containers.length > 0 ? name : [])));
    return startup.map((phase) => phase.filter((name) => there.has(name))).filter((phase) => phase.length > 0);
  };
  /** What has its turn in a phase is not stopped or made anew once more. */
  const rest = (): readonly OperationRequest[] => {
    const inPhases = new Set(startup.flat());
    const others = concernedBy(request, environment).filter(({ name }) => !inPhases.has(name));
    return others.length > 0 ? [{ ...request, services: others.map(({ name }) => name) }] : [];
  };
  switch (operation) {
    case 'up':
      return [...each(request), request];
    case 'start':
      return [...each(request, existing()), request];
    case 'restart':
      return [...each(request, existing()), ...rest()];
    case 'recreate':
    case 'rebuild':
      return [...each(request), ...rest()];
    case 'reset': {
      const { confirmed: _, ...up } = { ...withLivingProfiles(request, environment), operation: 'up' as const };
      return [{ ...request, operation: 'down', options: { ...options, volumes: true } }, ...each(up), up];
    }
    default:
      return [request];
  }
}

/** What makes everything anew takes along the profiles of what there is, so that no service that runs is lost on the way. */
export function withLivingProfiles(request: OperationRequest, environment: EnvironmentSnapshot): OperationRequest {
  const { operation, options } = request;
  const isWhole = operation === 'reset' || operation === 'recreate' || operation === 'rebuild';
  if (!isWhole || request.services.length > 0 || options?.profiles) return request;
  const profiles = livingProfiles(environment);
  if (profiles.length === environment.definition.profiles.length) return request;
  return { ...request, options: { ...options, profiles } };
}

/** The profiles of an environment, and those that what there is besides belongs to. */
export function livingProfiles({ definition, services }: EnvironmentSnapshot): readonly string[] {
  const living = services.filter(({ enabled, containers }) => !enabled && containers.length > 0);
  return [...new Set([...definition.profiles, ...living.flatMap((service) => service.profiles.slice(0, 1))])];
}

/** How many containers services have that were scaled by hand: `up` goes by the files, once they are gone. */
export function scaledByHand({ services, resolution }: EnvironmentSnapshot): Readonly<Record<string, number>> {
  const declared = new Map(projectOf(resolution)?.services.map(({ name, replicas = 1 }) => [name, replicas]));
  return Object.fromEntries(
    services.flatMap(({ name, containers: { length } }) =>
      length > 0 && declared.has(name) && declared.get(name) !== length ? [[name, length]] : [],
    ),
  );
}
