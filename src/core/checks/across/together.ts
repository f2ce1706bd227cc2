import type { EnvironmentDefinition, Purpose } from '../../model/environment';
import { sameEngine } from '../../model/environment';
import type { FindingPlace, Severity } from '../../model/finding';
import type { FindingCode } from '../../model/findingCodes';
import { type InProject, isSameEnvironment } from '../../model/sharing';
import type { CheckedEnvironment, IsLeftOut } from '../check';

/** What the rule goes by. */
export type Together = Pick<CheckedEnvironment, 'definition' | 'isOnCiOnly' | 'project'>;

/**
 * Whether two environments can be up at the same time on one machine, so that what both take (ports, names, data) is in the way.
 *
 * - They are on one engine, and two: on CI, each has a machine of its own.
 * - They are in two projects. What is in one project replaces each other; that this is so, `same-project` tells.
 * - Who declares environments in `berth.yaml` knows what runs where. What others are for is only guessed from names, and so: production
 *   mostly runs elsewhere; of what a name does not tell (`gpu`, an example), nobody knows whether it is run beside the rest; and a CI that
 *   only the name of a file tells of is on CI.
 * - Two of one purpose are variants, of which one is run instead of the other (`dev`, `dev-debug`), unless they are declared and either
 *   have no service in common, or each was given a project of its own, by somebody and not by Berth.
 * - Tests and a CI that lays a file over those of the tests are the same tests, here and on CI.
 * - Environments in several folders of a repository, that nothing but names tell of, have nothing to do with each other: examples, parts.
 */
export function canRunTogether(a: Together, b: Together): boolean {
  const [one, other] = [inProject(a), inProject(b)];
  if (a.isOnCiOnly || b.isOnCiOnly || !sameEngine(a.definition, b.definition)) return false;
  if (isSameEnvironment(one, other) || one.projectName === other.projectName) return false;
  const areDeclared = isDeclared(a) && isDeclared(b);
  if (a.definition.purpose === b.definition.purpose) {
    return areDeclared && ([a, b].every(hasOwnProject) || !haveServiceInCommon(a, b));
  }
  if (areDeclared) return true;
  return isRunHere(a) && isRunHere(b) && !areSameTests(a.definition, b.definition) && areRelated(a, b);
}

/** Whether two want what only one gets: they can be up at the same time, or somebody's commands bring them up so. */
export function compete(a: Together, b: Together): boolean {
  return canRunTogether(a, b) || areBroughtUpTogether(a, b);
}

/**
 * Whether one list of commands brings both up, each in a project of its own, so that of what both take the second one gets nothing. Of what
 * can be shared (a network, a volume), this says nothing: they may be meant to have it in common.
 */
function areBroughtUpTogether(a: Together, b: Together): boolean {
  const [one, other] = [a.definition, b.definition];
  return (
    (one.knowledge?.upTogether ?? []).some((moment) => other.knowledge?.upTogether?.includes(moment)) &&
    !one.files.some((file) => other.files.includes(file)) &&
    one.usualProject !== other.usualProject &&
    sameEngine(one, other)
  );
}

/**
 * Whether the repository's own commands put two into one project, where one takes the place of the other: what they have in common is in
 * the way only once each has a project of its own.
 */
function takeTurns({ definition: a }: Together, { definition: b }: Together): boolean {
  const areCommanded = a.origin === 'observed' && b.origin === 'observed';
  return areCommanded && a.usualProject !== undefined && a.usualProject === b.usualProject;
}

/** Who keeps what it has when two want the same, first to last: what others rely on most. */
const KEEPING: readonly Purpose[] = ['production', 'development', 'other', 'test', 'ci'];

/** Environments, those first that rather keep what they have; the others in the order that they had. */
export function byKeeping<T extends Together>(environments: readonly T[]): readonly T[] {
  const rank = ({ definition }: T) => KEEPING.indexOf(definition.purpose);
  return [...environments].sort((a, b) => rank(a) - rank(b));
}

/** Something that an environment has, and others may have as well. */
export interface Holding<T> {
  readonly environment: CheckedEnvironment;
  readonly thing: T;
}

/** How much it matters that some things of environments are in each other's way. */
export function severityOf({ environment, others }: Clash<unknown>): Severity {
  return others.every((other) => takeTurns(other.environment, environment)) ? 'info' : 'warning';
}

/** What one environment has, with what others have of the same that can be up beside it, and that rather keep it. */
export interface Clash<T> extends Holding<T> {
  readonly others: readonly [Holding<T>, ...Holding<T>[]];
}

/**
 * What several environments have that can be up together: for each that has to give way, once for each thing that it has.
 * @param keyOf what must be equal for two to be the same at all.
 * @param isSame whether two with equal keys are the same; always, when left out.
 * @param areTogether which environments are looked at.
 */
export function clashesOf<T>(
  environments: readonly CheckedEnvironment[],
  thingsOf: (environment: CheckedEnvironment) => Iterable<T>,
  keyOf: (thing: T) => string,
  isSame: (a: T, b: T) => boolean = () => true,
  areTogether = canRunTogether,
): readonly Clash<T>[] {
  const byKey = new Map<string, Holding<T>[]>();
  const clashes: Clash<T>[] = [];
  for (const environment of byKeeping(environments)) {
    for (const thing of thingsOf(environment)) {
      const key = keyOf(thing);
      const before = byKey.get(key) ?? [];
      byKey.set(key, before);
      const [first, ...rest] = before.filter(
        (other) =>
          other.environment !== environment &&
          isSame(other.thing, thing) &&
          areTogether(other.environment, environment),
      );
      if (first) clashes.push({ environment, thing, others: [first, ...rest] });
      before.push({ environment, thing });
    }
  }
  return clashes;
}

/**
 * Clashes without the environments that they are left out for: they stay between the others, where there are two.
 * @param placesOf where an environment has a thing.
 */
export function withoutLeftOut<T>(
  clashes: readonly Clash<T>[],
  code: FindingCode,
  isLeftOut: IsLeftOut,
  placesOf: (holding: Holding<T>) => readonly FindingPlace[],
): readonly Clash<T>[] {
  const stays = (one: Holding<T>) => !isLeftOut(code, one.environment, placesOf(one));
  return clashes.flatMap((clash) => {
    const [first, ...rest] = clash.others.filter(stays);
    return first && stays(clash) ? [{ ...clash, others: [first, ...rest] }] : [];
  });
}

/** An environment in its project, for comparing. */
function inProject({ definition, project }: Together): InProject {
  return { definition, projectName: definition.projectName ?? project?.name };
}

function isDeclared({ definition }: Together): boolean {
  return definition.origin === 'declared';
}

/** Whether somebody has named its project. */
function hasOwnProject({ definition: { projectName, usualProject } }: Together): boolean {
  return projectName !== undefined && projectName === usualProject;
}

function isRunHere({ definition: { purpose, origin } }: Together): boolean {
  if (purpose === 'ci') return origin !== 'inferred';
  return purpose === 'development' || purpose === 'test';
}

function haveServiceInCommon(a: Together, b: Together): boolean {
  const names = new Set(a.project?.services.map(({ name }) => name));
  return b.project?.services.some(({ name }) => names.has(name)) ?? false;
}

function areSameTests(a: EnvironmentDefinition, b: EnvironmentDefinition): boolean {
  const [ci, other] = a.purpose === 'ci' ? [a, b] : [b, a];
  return ci.purpose === 'ci' && other.purpose === 'test' && other.files.every((file) => ci.files.includes(file));
}

/** Whether two belong to one set-up: by their files, or by commands of the same team. */
function areRelated(a: Together, b: Together): boolean {
  const areTold = [a, b].every(({ definition }) => definition.origin !== 'inferred');
  return (
    areTold ||
    a.definition.projectDirectory === b.definition.projectDirectory ||
    a.definition.files.some((file) => b.definition.files.includes(file))
  );
}
