import * as l10n from '@vscode/l10n';
import { UserError } from '../../core/common/errors';
import { needsFiles } from '../../core/compose/operationCalls';
import type { EngineState } from '../../core/engine/engineFeed';
import type { EnvironmentStore } from '../../core/environmentStore';
import { environmentsNamed } from '../../core/model/environment';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { OperationRequest } from '../../core/operations/operation';
import type { OperationRunner } from '../../core/operations/operationRunner';
import type { RunWatch } from '../../core/runs/runWatch';
import { underWay } from '../operationWords';
import { type Action, environmentActions, operationOf, serviceActions } from '../views/actions';
import { healthWord, runWords, targetName } from '../words';

/** What a command works on: an environment, or one service of it. */
export interface Target {
  readonly environment: EnvironmentSnapshot;
  readonly service?: ServiceSnapshot;
}

/** What goes on with environments. */
export interface Activity {
  readonly operations: Pick<OperationRunner, 'running'>;
  readonly runs: Pick<RunWatch, 'stateOf'>;
}

/** Everything that an action can be applied to now: the environments first, then their services. */
export function targetsOf(
  action: Action,
  environments: readonly EnvironmentSnapshot[],
  activity: Activity,
): readonly Target[] {
  const targets = [
    ...environments.map((environment): Target => ({ environment })),
    ...environments.flatMap((environment) => environment.services.map((service): Target => ({ environment, service }))),
  ];
  return targets.filter((target) => actionsOn(target, activity).has(action));
}

/** All that can be done with a target now. */
export function actionsOn({ environment, service }: Target, activity: Activity): ReadonlySet<Action> {
  if (service) return serviceActions(service, environment);
  return environmentActions(environment, requestsOn(environment, activity)[0], activity.runs.stateOf(environment));
}

/** What runs on an environment, and what waits to. */
function requestsOn({ definition }: EnvironmentSnapshot, { operations }: Activity) {
  return operations.running
    .map(({ request }) => request)
    .filter(({ environmentId }) => environmentId === definition.id);
}

/**
 * Why an action can't be applied to a target now; undefined when it can. Menus and pickers offer only what can, but a key
 * binding knows nothing of that, and what a menu offered may have passed meanwhile.
 */
export function refusal(
  action: Action,
  target: Target,
  activity: Activity,
  engine: EngineState,
): UserError | undefined {
  const { environment, service } = target;
  const { definition, resolution } = environment;
  const what = targetName(definition.name, service ? [service.name] : []);
  // Another operation waits for this one; the same once more is a slip.
  const twin = requestsOn(environment, activity).find((request) => isSame(request, action, service));
  if (twin) {
    return new UserError('usage', `${what}: ${underWay(twin.operation)}`, {
      remedy: l10n.t('Wait until that has ended, or cancel it.'),
    });
  }
  if (actionsOn(target, activity).has(action)) return undefined;
  const isOfRun = action === 'finishAndRemove' || action === 'removeLeftovers';
  const run = activity.runs.stateOf(environment);
  if (isOfRun && run === 'under-way') {
    return new UserError('usage', `${what}: ${runWords(run)}`, {
      remedy: l10n.t('Wait until that is over, or end it.'),
    });
  }
  if (resolution.kind === 'text-only') {
    return new UserError('usage', l10n.t('In restricted mode, Berth runs nothing of "{0}".', what), {
      remedy: l10n.t('Trust the workspace first.'),
    });
  }
  if (engine.kind === 'lost') return engine.error;
  const operation = operationOf(action)?.operation;
  if (resolution.kind === 'broken' && operation && needsFiles(operation)) return resolution.error;
  const { health } = service ?? environment;
  return new UserError('usage', l10n.t('"{0}" is {1}: this does not apply to it now.', what, healthWord(health)));
}

function isSame(request: OperationRequest, action: Action, service: ServiceSnapshot | undefined): boolean {
  const [name, ...others] = request.services;
  return request.operation === operationOf(action)?.operation && name === service?.name && others.length === 0;
}

/**
 * The targets that a command was given: the nodes selected in the view when it was chosen on one of those, else that one.
 * Of a service whose environment is selected, too, only the environment.
 */
export function targetsGiven(
  argument: unknown,
  selection: unknown,
  store: Pick<EnvironmentStore, 'environments' | 'find'>,
): readonly Target[] {
  const nodes = Array.isArray(selection) && selection.length > 1 ? selection : [argument];
  const targets = nodes.flatMap((node) => targetGiven(node, store) ?? []);
  const whole = new Set(targets.filter(({ service }) => !service).map(({ environment }) => environment));
  return targets.filter(({ environment, service }) => !service || !whole.has(environment));
}

/**
 * The target that a command was given: a node of the view, or from a key binding `{ "environment": "dev", "service": "web" }`.
 * Undefined when it was given none, or one that there is not.
 */
export function targetGiven(
  argument: unknown,
  store: Pick<EnvironmentStore, 'environments' | 'find'>,
): Target | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const {
    kind,
    environmentId,
    environment: name,
    service: serviceName,
  } = argument as Readonly<Record<string, unknown>>;
  // Other rows are below an environment, too: that a compose file has a mistake.
  if (kind !== undefined && kind !== 'environment' && kind !== 'service') return undefined;
  const environment = typeof name === 'string' ? byName(name, store.environments) : store.find(String(environmentId));
  if (!environment || typeof serviceName !== 'string') return environment && { environment };
  const service = environment.services.find((one) => one.name === serviceName);
  return service && { environment, service };
}

/** The targets by environment, each with the names of the services that are meant; none when it is the whole of it. */
export function byEnvironment(
  targets: readonly Target[],
): readonly { readonly environment: EnvironmentSnapshot; readonly services: readonly ServiceSnapshot[] }[] {
  const environments = [...new Set(targets.map(({ environment }) => environment))];
  return environments.map((environment) => ({
    environment,
    services: targets.flatMap((target) => (target.environment === environment ? (target.service ?? []) : [])),
  }));
}

function byName(name: string, environments: readonly EnvironmentSnapshot[]): EnvironmentSnapshot | undefined {
  const named = environmentsNamed(
    environments.map((environment) => ({ ...environment.definition, environment })),
    name,
  );
  return named.length === 1 ? named[0]?.environment : undefined;
}
