import * as l10n from '@vscode/l10n';
import { UserError } from '../../core/common/errors';
import type { EngineState } from '../../core/engine/engineFeed';
import { environmentsNamed } from '../../core/model/environment';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { RunningOperation } from '../../core/operations/operationRunner';
import { underWay } from '../operationWords';
import { type Action, environmentActions, serviceActions } from '../views/actions';
import { healthWord, targetName } from '../words';

/** What a command works on: an environment, or one service of it. */
export interface Target {
  readonly environment: EnvironmentSnapshot;
  readonly service?: ServiceSnapshot;
}

/** Everything that an action can be applied to now: the environments first, then their services. */
export function targetsOf(
  action: Action,
  environments: readonly EnvironmentSnapshot[],
  running: readonly RunningOperation[],
): readonly Target[] {
  const targets = [
    ...environments.map((environment): Target => ({ environment })),
    ...environments.flatMap((environment) => environment.services.map((service): Target => ({ environment, service }))),
  ];
  return targets.filter((target) => actionsOn(target, running).has(action));
}

function actionsOn({ environment, service }: Target, running: readonly RunningOperation[]): ReadonlySet<Action> {
  const operation = operationOn(environment, running);
  return service ? serviceActions(service, environment, operation) : environmentActions(environment, operation);
}

function operationOn({ definition }: EnvironmentSnapshot, running: readonly RunningOperation[]) {
  return running.find(({ request }) => request.environmentId === definition.id)?.request;
}

/**
 * Why an action can't be applied to a target now; undefined when it can. Menus and pickers offer only what can, but a key
 * binding knows nothing of that, and what a menu offered may have passed meanwhile.
 */
export function refusal(
  action: Action,
  target: Target,
  running: readonly RunningOperation[],
  engine: EngineState,
): UserError | undefined {
  if (actionsOn(target, running).has(action)) return undefined;
  const { environment, service } = target;
  const { definition, resolution } = environment;
  const what = targetName(definition.name, service ? [service.name] : []);
  if (resolution.kind === 'text-only') {
    return new UserError('usage', l10n.t('In restricted mode, Berth runs nothing of "{0}".', what), {
      remedy: l10n.t('Trust the workspace first.'),
    });
  }
  const operation = operationOn(environment, running);
  if (operation) {
    return new UserError('usage', `${definition.name}: ${underWay(operation.operation)}`, {
      remedy: l10n.t('Wait until that has ended, or cancel it.'),
    });
  }
  if (engine.kind === 'lost') return engine.error;
  if (action === 'up' && resolution.kind === 'broken') return resolution.error;
  const { health } = service ?? environment;
  return new UserError('usage', l10n.t('"{0}" is {1}: this does not apply to it now.', what, healthWord(health)));
}

/**
 * The target that a command was given: a node of the view, or from a key binding `{ "environment": "dev", "service": "web" }`.
 * Undefined when it was given none, or one that there is not.
 */
export function targetGiven(argument: unknown, environments: readonly EnvironmentSnapshot[]): Target | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { environmentId, environment: name, service: serviceName } = argument as Readonly<Record<string, unknown>>;
  const environment =
    typeof name === 'string'
      ? byName(name, environments)
      : environments.find(({ definition }) => definition.id === environmentId);
  if (!environment || typeof serviceName !== 'string') return environment && { environment };
  const service = environment.services.find((one) => one.name === serviceName);
  return service && { environment, service };
}

function byName(name: string, environments: readonly EnvironmentSnapshot[]): EnvironmentSnapshot | undefined {
  const named = environmentsNamed(
    environments.map((environment) => ({ ...environment.definition, environment })),
    name,
  );
  return named.length === 1 ? named[0]?.environment : undefined;
}
