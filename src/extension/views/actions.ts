import { type Address, addressOf } from '../../core/model/address';
import { isActive } from '../../core/model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { OperationRequest } from '../../core/operations/operation';

/**
 * What a user can do with an environment or a service as it is now. The names are those of the commands; menus in
 * package.json look for them in an item's `viewItem`, and the pickers of the palette offer by the same rule.
 */
export const ACTIONS = [
  'up',
  'start',
  'stop',
  'restart',
  'down',
  'logs',
  'shell',
  'openPort',
  'copyAddress',
  'openFile',
  'cancelOperation',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What can be done with an environment. @param operation the one that runs on it, if any. */
export function environmentActions(
  environment: EnvironmentSnapshot,
  operation: OperationRequest | undefined,
): ReadonlySet<Action> {
  const { services, resolution } = environment;
  if (resolution.kind === 'text-only') return new Set(['openFile']);
  const known = services.filter((service) => service.health !== 'unknown');
  const created = known.filter((service) => service.containers.length > 0);
  const active = known.filter((service) => isActive(service.health));
  return actionSet({
    up: !operation && resolution.kind === 'resolved' && environment.health !== 'unknown',
    start: !operation && created.length > active.length,
    stop: !operation && active.length > 0,
    restart: !operation && active.length > 0,
    down: !operation && created.length > 0,
    logs: created.length > 0,
    openPort: active.some((service) => addresses(service).some((address) => address.isWeb)),
    copyAddress: active.some((service) => addresses(service).length > 0),
    openFile: true,
    cancelOperation: operation !== undefined,
  });
}

/** What can be done with a service. @param operation the one that runs on its environment, if any. */
export function serviceActions(
  service: ServiceSnapshot,
  environment: EnvironmentSnapshot,
  operation: OperationRequest | undefined,
): ReadonlySet<Action> {
  if (environment.resolution.kind === 'text-only' || service.health === 'unknown') return new Set();
  const created = service.containers.length > 0;
  const active = isActive(service.health);
  const up = !operation && service.declared && environment.resolution.kind === 'resolved';
  return actionSet({
    up,
    start: !operation && created && !active,
    stop: !operation && active,
    restart: !operation && active,
    logs: created,
    shell: service.containers.some((container) => container.state === 'running'),
    openPort: active && addresses(service).some((address) => address.isWeb),
    copyAddress: active && addresses(service).length > 0,
  });
}

/**
 * The few of an item's actions that show as buttons in its row.
 * @param counts how many of its services run, of how many that `up` starts; for a service 0 or 1 of 1.
 */
export function inlineActions(
  actions: ReadonlySet<Action>,
  { active, expected }: { readonly active: number; readonly expected: number },
): ReadonlySet<Action> {
  const running = active > 0;
  const wanted: Action[] = ['cancelOperation', 'stop', ...(running ? [] : (['down'] as const))];
  if (active < expected) wanted.push(actions.has('up') ? 'up' : 'start');
  if (running) wanted.push('down');
  return new Set(wanted.filter((action) => actions.has(action)));
}

/** Where a service is reached; on which host makes no difference here. */
function addresses(service: ServiceSnapshot): readonly Address[] {
  return service.ports.flatMap((port) => addressOf(port, undefined) ?? []);
}

function actionSet(possible: Partial<Record<Action, boolean>>): ReadonlySet<Action> {
  return new Set(ACTIONS.filter((action) => possible[action]));
}
