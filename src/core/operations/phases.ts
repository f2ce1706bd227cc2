import type { EnvironmentSnapshot } from '../model/snapshot';
import { concernedBy, type OperationRequest } from './operation';

/**
 * The operations that one on a whole environment comes to where its start-up is declared in phases, one after another: each is to be
 * ready before the next. Only the operation itself where nothing is declared, or what it is about starts nothing.
 */
export function phasesOf(request: OperationRequest, environment: EnvironmentSnapshot): readonly OperationRequest[] {
  const { operation, options, services } = request;
  const { startup = [] } = environment.definition;
  if (services.length > 0 || startup.length === 0) return [request];
  const each = (one: OperationRequest) => startup.map((phase): OperationRequest => ({ ...one, services: phase }));
  switch (operation) {
    case 'up':
      return [...each(request), request];
    case 'recreate':
    case 'rebuild': {
      // What has its turn in a phase is not made anew once more.
      const inPhases = new Set(startup.flat());
      const others = concernedBy(request, environment).map(({ name }) => name);
      const rest = others.filter((name) => !inPhases.has(name));
      return [...each(request), ...(rest.length > 0 ? [{ ...request, services: rest }] : [])];
    }
    case 'reset': {
      const { confirmed: _, ...up } = { ...withLivingProfiles(request, environment), operation: 'up' as const };
      return [{ ...request, operation: 'down', options: { ...options, volumes: true } }, ...each(up), up];
    }
    default:
      return [request];
  }
}

/** What makes everything anew takes along the profiles of what there is, so that no service that runs is lost on the way. */
export function withLivingProfiles(
  request: OperationRequest,
  { definition, services }: EnvironmentSnapshot,
): OperationRequest {
  const { operation, options } = request;
  const isWhole = operation === 'reset' || operation === 'recreate' || operation === 'rebuild';
  if (!isWhole || request.services.length > 0 || options?.profiles) return request;
  const living = services.filter(({ enabled, containers }) => !enabled && containers.length > 0);
  const profiles = new Set([...definition.profiles, ...living.flatMap((service) => service.profiles.slice(0, 1))]);
  if (profiles.size === definition.profiles.length) return request;
  return { ...request, options: { ...options, profiles: [...profiles] } };
}
