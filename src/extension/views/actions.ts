import { OPERATION_NAMES, type OperationName, type OperationOptions } from '../../core/compose/operationCalls';
import { type Address, addressOf } from '../../core/model/address';
import { allCommands, commandsOf } from '../../core/model/command';
import { dataFoldersOf, homeOfDataFolder } from '../../core/model/dataFolder';
import { isActive } from '../../core/model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { storeKindOf } from '../../core/model/storeKind';
import type { OperationRequest } from '../../core/operations/operation';
import { isEphemeral } from '../../core/runs/runEnvironment';
import type { RunState } from '../../core/runs/runWatch';

/** Operations that are done in another way than they usually are. */
const VARIANTS = {
  upWithBuild: { operation: 'up', options: { build: true } },
  /** Asks for profiles and whether to build. */
  upWithChoices: { operation: 'up', options: {} },
  buildWithoutCache: { operation: 'build', options: { noCache: true } },
  downWithVolumes: { operation: 'down', options: { volumes: true } },
  downWithDataFolders: { operation: 'down', options: { volumes: true, dataFolders: true } },
  resetWithDataFolders: { operation: 'reset', options: { dataFolders: true } },
} as const satisfies Record<string, { readonly operation: OperationName; readonly options: OperationOptions }>;

/** What a user can run as an operation: each operation, and the variants of some. */
export const OPERATION_ACTIONS = [...OPERATION_NAMES, ...(Object.keys(VARIANTS) as (keyof typeof VARIANTS)[])] as const;
export type OperationAction = (typeof OPERATION_ACTIONS)[number];

/**
 * What a user can do with an environment or a service as it is now. The names are those of the commands; menus in
 * package.json look for them in an item's `viewItem`, and the pickers of the palette offer by the same rule.
 */
export const ACTIONS = [
  ...OPERATION_ACTIONS,
  'runTests',
  'runEnvironmentCommand',
  'accept',
  'finishAndRemove',
  'removeLeftovers',
  'upAttached',
  'cancelOperation',
  'showCommand',
  'logs',
  'logsWithChoices',
  'shell',
  'shellAs',
  'runCommand',
  'copyFromContainer',
  'copyToContainer',
  'databaseShell',
  'runSqlFile',
  'redisInfo',
  'redisFlush',
  'stats',
  'watch',
  'openPort',
  'copyAddress',
  'copyConnectionString',
  'copyName',
  'inspectContainer',
  'inspectImage',
  'showConfiguration',
  'compareEnvironments',
  'limit',
  'openFile',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Those that docker commands are run for, which can be shown: in the order of the menus. */
export const SHOWN_ACTIONS = [
  'up',
  'upWithChoices',
  'start',
  'stop',
  'restart',
  'down',
  'recreate',
  'scale',
  'pause',
  'unpause',
  'kill',
  'remove',
  'downWithVolumes',
  'reset',
  'resetWithDataFolders',
  'downWithDataFolders',
  'upWithBuild',
  'pull',
  'build',
  'buildWithoutCache',
  'rebuild',
  'logs',
  'shell',
  'runCommand',
  'copyFromContainer',
  'copyToContainer',
  'watch',
  'databaseShell',
  'runSqlFile',
  'redisInfo',
  'redisFlush',
  'showConfiguration',
] as const satisfies readonly Action[];
export type ShownAction = (typeof SHOWN_ACTIONS)[number];

/** Those that are about one container: an environment alone does not say which. */
export const SERVICE_ACTIONS: ReadonlySet<Action> = new Set([
  'scale',
  'shell',
  'shellAs',
  'runCommand',
  'copyFromContainer',
  'copyToContainer',
  'databaseShell',
  'runSqlFile',
  'redisInfo',
  'redisFlush',
  'inspectContainer',
  'inspectImage',
  'limit',
] satisfies Action[]);

/** The operation that an action runs, and how; undefined for an action that is none. */
export function operationOf(
  action: Action,
): { readonly operation: OperationName; readonly options?: OperationOptions } | undefined {
  if (action in VARIANTS) return VARIANTS[action as keyof typeof VARIANTS];
  const operation = OPERATION_NAMES.find((name) => name === action);
  return operation && { operation };
}

/**
 * What can be done with an environment.
 * @param operation the one that runs on it, if any: another one waits for it.
 * @param run what a test run has to do with it, if any has.
 */
export function environmentActions(
  environment: EnvironmentSnapshot,
  operation: OperationRequest | undefined,
  run: RunState | undefined,
): ReadonlySet<Action> {
  const { services, resolution, health, projectName } = environment;
  if (resolution.kind === 'text-only') return new Set(['openFile']);
  const known = services.filter((service) => service.health !== 'unknown');
  const created = known.filter((service) => service.containers.length > 0);
  const active = known.filter((service) => isActive(service.health));
  const isKnown = health !== 'unknown';
  const hasGoodFiles = resolution.kind === 'resolved';
  const commands = allCommands(environment.definition);
  const hasDataFolders = dataFoldersOf(environment).some((folder) => homeOfDataFolder(folder, environment));
  return actionSet({
    ...operationsOn(known, hasGoodFiles && isKnown),
    scale: false,
    down: created.length > 0,
    // Volumes outlive their containers.
    downWithVolumes: isKnown && projectName !== undefined,
    downWithDataFolders: isKnown && projectName !== undefined && hasDataFolders,
    reset: hasGoodFiles && isKnown,
    resetWithDataFolders: hasGoodFiles && isKnown && hasDataFolders,
    finishAndRemove: isKnown && run === 'kept',
    removeLeftovers: isKnown && run === 'left',
    runTests: hasGoodFiles && (isEphemeral(environment.definition) || commandsOf(commands, 'test').length > 0),
    runEnvironmentCommand: hasGoodFiles && commands.length > 0,
    accept: hasGoodFiles && isKnown,
    cancelOperation: operation !== undefined,
    showCommand: isKnown && projectName !== undefined,
    logs: created.length > 0,
    logsWithChoices: created.length > 0,
    stats: active.length > 0,
    watch: hasGoodFiles && isKnown && services.some((service) => service.watched),
    openPort: active.some((service) => addresses(service).some((address) => address.isWeb)),
    copyAddress: active.some((service) => addresses(service).length > 0),
    copyConnectionString: active.some((service) => storeKindOf(service) !== undefined),
    copyName: projectName !== undefined,
    showConfiguration: hasGoodFiles,
    compareEnvironments: resolution.kind !== 'containers-only',
    // Where they are, only its containers tell: they may be of another machine.
    openFile: resolution.kind !== 'containers-only',
  });
}

/** What can be done with a service. An operation that runs already makes no difference: another one waits for it. */
export function serviceActions(service: ServiceSnapshot, { resolution }: EnvironmentSnapshot): ReadonlySet<Action> {
  if (resolution.kind === 'text-only' || service.health === 'unknown') return new Set();
  const created = service.containers.length > 0;
  const active = isActive(service.health);
  const running = service.containers.some((container) => container.state === 'running');
  const isDeclared = service.declared && resolution.kind === 'resolved';
  const store = storeKindOf(service);
  return actionSet({
    ...operationsOn([service], isDeclared),
    upWithChoices: false,
    down: created,
    showCommand: true,
    logs: created,
    logsWithChoices: created,
    shell: running,
    shellAs: running,
    runCommand: running || isDeclared,
    copyFromContainer: created,
    copyToContainer: created,
    databaseShell: running && store !== undefined,
    runSqlFile: running && (store === 'postgres' || store === 'mysql'),
    redisInfo: running && store === 'redis',
    redisFlush: running && store === 'redis',
    stats: active,
    watch: isDeclared && service.watched,
    openPort: active && addresses(service).some((address) => address.isWeb),
    copyAddress: active && addresses(service).length > 0,
    copyConnectionString: running && store !== undefined,
    copyName: created,
    inspectContainer: created,
    inspectImage: created,
    limit: isDeclared,
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
  // While something is under way, the button is to end that; what else there is stays in the menu.
  if (actions.has('cancelOperation')) return new Set(['cancelOperation']);
  const running = active > 0;
  const wanted: Action[] = ['stop', ...(running ? [] : (['down'] as const))];
  if (active < expected) wanted.push(actions.has('up') ? 'up' : 'start');
  if (running) wanted.push('down');
  return new Set(wanted.filter((action) => actions.has(action)));
}

/** The operations that fit the containers of some services, and that need the files only where these are good. */
function operationsOn(services: readonly ServiceSnapshot[], hasGoodFiles: boolean): Partial<Record<Action, boolean>> {
  const containers = services.flatMap((service) => service.containers);
  const created = services.filter((service) => service.containers.length > 0);
  const active = services.filter((service) => isActive(service.health));
  const isRunning = containers.some(({ state }) => state === 'running' || state === 'restarting');
  const isPaused = containers.some(({ state }) => state === 'paused');
  const canBuild = hasGoodFiles && services.some((service) => service.built);
  return {
    up: hasGoodFiles,
    upWithBuild: canBuild,
    upWithChoices: hasGoodFiles,
    upAttached: hasGoodFiles,
    start: created.length > active.length,
    restart: active.length > 0,
    stop: active.length > 0,
    pause: isRunning,
    unpause: isPaused,
    kill: active.length > 0,
    recreate: hasGoodFiles && created.length > 0,
    rebuild: canBuild,
    build: canBuild,
    buildWithoutCache: canBuild,
    pull: hasGoodFiles,
    scale: hasGoodFiles,
    remove: created.length > active.length,
  };
}

/** Where a service is reached; on which host makes no difference here. */
function addresses(service: ServiceSnapshot): readonly Address[] {
  return service.ports.flatMap((port) => addressOf(port, undefined) ?? []);
}

function actionSet(possible: Partial<Record<Action, boolean>>): ReadonlySet<Action> {
  return new Set(ACTIONS.filter((action) => possible[action]));
}
