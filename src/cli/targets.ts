import { UserError } from '../core/common/errors';
import { allCommands, commandNamed } from '../core/model/command';
import { environmentsNamed } from '../core/model/environment';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../core/model/snapshot';
import type { CommandContext } from './commands/command';
import {
  checkServices,
  chooseEnvironment,
  knownEnvironment,
  namedProject,
  nextCommand,
  noEnvironments,
  openProject,
} from './project';

/** What the operands of a command mean. */
export interface Targets {
  readonly environments: readonly EnvironmentSnapshot[];
  /** Names of services, which each of the environments is to have; not checked yet. */
  readonly services: readonly string[];
  /** Whether several environments were asked for, be it that there is only one. */
  readonly several: boolean;
}

/**
 * What `[ENV…] [SERVICE…]` means: the first operand names an environment, or several joined by commas, the others are
 * services. Where there is only one environment, and the first operand does not name it, all of them are services.
 * @param takesServices whether the command takes services at all.
 * @param takesCommands whether the name of a command of the environment may stand where services are named.
 * @throws UserError (usage) when it can't be told which environment is meant, or there is no such one.
 */
export function chooseTargets(
  environments: readonly EnvironmentSnapshot[],
  operands: readonly string[],
  {
    all = false,
    folder,
    takesServices = true,
    takesCommands = false,
  }: { all?: boolean; folder: string; takesServices?: boolean; takesCommands?: boolean },
): Targets {
  const [first, ...others] = operands;
  const isNamed = (name: string) => named(environments, name).length > 0;
  if (all) {
    if (environments.length === 0) throw noEnvironments(folder);
    if (first?.split(',').every(isNamed)) {
      throw new UserError('usage', `"${first}" is named, although --all means every environment.`, {
        remedy: 'Leave out the one or the other.',
      });
    }
    return { environments, services: operands, several: true };
  }
  if (first !== undefined && takesServices && environments.length === 1 && !first.includes(',') && !isNamed(first)) {
    return { environments, services: operands, several: false };
  }
  const parts = first === undefined || isNamed(first) ? [] : first.split(',').filter(Boolean);
  const names = parts.length > 0 ? parts : [first];
  const chosen = new Set(names.map((name) => chooseEnvironment(environments, name, folder)));
  checkNoEnvironment(environments, first ?? '', others, [...chosen], takesCommands);
  return { environments: [...chosen], services: others, several: parts.length > 1 };
}

/**
 * What a command is about: what its operands mean or, with `--project`, services of that project.
 * @returns that, and the absolute path of the folder whose environments were searched.
 * @throws UserError as {@link chooseTargets} and `namedProject` do.
 */
export async function targetsFor(
  context: CommandContext,
  { operands = context.operands, all = context.options.all ?? false, takesServices = true, takesCommands = false } = {},
): Promise<Targets & { readonly folder: string }> {
  const { berth, options } = context;
  // Connects while the files are searched.
  berth.feedFor(undefined).start();
  const folder = await openProject(context);
  const { project } = options;
  if (project === undefined) {
    return {
      folder,
      ...chooseTargets(berth.store.environments, operands, { all, folder, takesServices, takesCommands }),
    };
  }
  const [first] = operands;
  if (options.all || (first !== undefined && !takesServices)) {
    throw new UserError('usage', `Both --project and ${options.all ? '--all' : `"${first}"`} say what this is about.`, {
      remedy: 'Leave out the one or the other.',
    });
  }
  return { folder, environments: [await namedProject(project, context)], services: operands, several: false };
}

/** @throws UserError (usage) when what should be services are environments: people try that. */
function checkNoEnvironment(
  all: readonly EnvironmentSnapshot[],
  first: string,
  services: readonly string[],
  chosen: readonly EnvironmentSnapshot[],
  takesCommands: boolean,
): void {
  const has = (name: string) =>
    chosen.some(
      (one) =>
        one.services.some((service) => service.name === name) ||
        (takesCommands && commandNamed(one.definition, name) !== undefined),
    );
  const mistaken = services.find((name) => named(all, name).length > 0 && !has(name));
  if (mistaken === undefined) return;
  throw new UserError('usage', `"${mistaken}" is an environment, but stands where services are named.`, {
    remedy: `Several environments are joined by commas: ${first},${mistaken}`,
  });
}

function named(environments: readonly EnvironmentSnapshot[], name: string) {
  return environmentsNamed(
    environments.map((environment) => environment.definition),
    name,
  );
}

/** An environment of which everything is known, and services of it. */
export interface KnownTarget {
  readonly environment: EnvironmentSnapshot & { readonly projectName: string };
  /** Names of services that it has. */
  readonly services: readonly string[];
}

/**
 * Finds out all about the one environment that a command is for, and checks the services named.
 * @param operands those that name them, when that is not all of the command's.
 * @throws UserError as {@link chooseTargets} and `knownEnvironment` do; (usage) when several environments are named.
 */
export async function knownTarget(
  context: CommandContext,
  { operands = context.operands, mostServices = Number.POSITIVE_INFINITY } = {},
): Promise<KnownTarget> {
  return knownServices(context, await oneTarget(context, { operands }), { mostServices });
}

/** The one environment that a command is about, of which not all is known yet, and names that may be those of services. */
export interface OneTarget {
  readonly environment: EnvironmentSnapshot;
  readonly services: readonly string[];
}

/**
 * The one environment that a command is for, see {@link targetsFor}.
 * @throws UserError as {@link chooseTargets} does; (usage) when several environments are named.
 */
export async function oneTarget(
  context: CommandContext,
  options: { operands?: readonly string[]; takesServices?: boolean; takesCommands?: boolean } = {},
): Promise<OneTarget> {
  const { environments, services } = await targetsFor(context, options);
  const [environment, another] = environments;
  if (!environment || another) throw new UserError('usage', 'One environment at a time, for this command.');
  return { environment, services };
}

/**
 * Finds out all about the one environment that a command is for, and checks the services named.
 * @param takesCommands whether a command of the environment could have been named as well.
 * @throws UserError as `knownEnvironment` does; (usage) when it has no such services, or they are too many.
 */
export async function knownServices(
  context: CommandContext,
  { environment: found, services }: OneTarget,
  { mostServices = Number.POSITIVE_INFINITY, takesCommands = false } = {},
): Promise<KnownTarget> {
  const environment = await knownEnvironment(context, found);
  checkServices(environment, services, takesCommands ? allCommands(environment.definition) : []);
  const extra = services[mostServices];
  if (extra !== undefined)
    throw new UserError('usage', `One service at a time, for this command: "${extra}" is too many.`);
  return { environment, services };
}

/** The number of the container that was asked for with `--index`; undefined when none was. */
export function askedIndex({ options }: CommandContext): number | undefined {
  return options.index === undefined ? undefined : Number(options.index);
}

/** Whether a container of a service runs. */
export function runs({ containers }: ServiceSnapshot): boolean {
  return containers.some(({ state }) => state === 'running');
}

/**
 * The service with that name, which must run; when none is named, the only one that does. Where a command is only to be
 * shown, it need not run, if no other one does.
 * @param fits which services come into question when none is named.
 * @param none what to call it that there is no such service, as in "No database of dev runs."
 * @throws UserError (failed) when it does not run, (usage) when it can't be told which one is meant.
 */
export function chooseRunning(
  context: CommandContext,
  { definition, services }: EnvironmentSnapshot,
  name: string | undefined,
  { fits = () => true, none = 'Nothing' }: { fits?: (service: ServiceSnapshot) => boolean; none?: string } = {},
): ServiceSnapshot {
  const meant = services.filter((service) => (name === undefined ? fits(service) : service.name === name));
  const running = meant.filter(runs);
  const isShown = context.options['show-command'] && running.length === 0;
  const [first, ...more] = isShown ? meant : running;
  if (first && more.length === 0) return first;
  if (first) {
    throw new UserError('usage', 'In which service?', {
      remedy: `${isShown ? `${definition.name} has` : `Running in ${definition.name}`}: ${[first, ...more].map((service) => service.name).join(', ')}.`,
    });
  }
  const message =
    name === undefined ? `${none} of ${definition.name} runs.` : `"${name}" of ${definition.name} does not run.`;
  throw new UserError('failed', message, {
    remedy: `To start it: ${nextCommand(context, 'up', definition.name, ...(name === undefined ? [] : [name]))}`,
  });
}
