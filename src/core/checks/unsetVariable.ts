import * as l10n from '@vscode/l10n';
import { groupBy } from '../common/lists';
import { perObject } from '../common/perObject';
import { type EnvFileSource, unquoted } from '../compose/envFileSource';
import type { FileEdit, Finding, Fix } from '../model/finding';
import type { ConfigurationWarning } from '../model/project';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf, type IsLeftOut } from './check';
import { copyOf } from './copyExample';
import { type LostPart, lostParts } from './dollarInEnvFile';
import { type MeantForContainer, meantForContainer, readerOf, usesWithoutDefault } from './dollarSigns';
import { filesNotRead } from './envFileNotRead';
import { exampleFor, namedEnvFiles, ownEnvFile, shown } from './environmentEnvFiles';
import { neededVariables } from './neededVariables';
import { firstFew } from './services';

/** Variables that nobody gives a value, and where to give them one. */
export const unsetVariable: Check = {
  codes: ['unset-variable'],
  paths: ({ environments }) => environments.map((one) => ownEnvFile(one).file),
  texts: ({ environments }) => environments.flatMap((one) => namedEnvFiles(one).map(({ file }) => file)),
  *find(facts, isLeftOut) {
    const lostOf = new Map(facts.environments.map((one) => [one, lostParts(one, facts)]));
    const lost = [...lostOf.values()].flat();
    yield* new Set(lost.map(({ finding }) => finding));
    yield* lostElsewhere(lostOf);
    // Told of by its value above, never by its name.
    const isLost = ({ warning: { place }, variable }: UnsetOne) =>
      lost.some(({ name, file, line }) => name === variable && file === place?.file && line === place.line);
    const together = new Map(facts.environments.map((one) => [one, toldTogether(one, facts, { isLost, isLeftOut })]));
    for (const one of unsetIn(facts, together)) {
      if (isLost(one)) continue;
      const { warning, variable, environments } = one;
      const [environment] = environments;
      if (!environment) continue;
      const dollar = meantForContainer(variable, environments);
      const givenBy = givenElsewhere(variable, environments, facts);
      const escaped = dollar ? [dollar.fix] : [];
      yield findingOf('unset-variable', environments, {
        ...(givenBy ? { severity: 'info' } : {}),
        message: warning.message,
        remedy: [
          ...(givenBy ? [l10n.t('{0} tells of it.', givenBy)] : []),
          remedyFor(variable, { environments, dollar, notRead: notReadWith(variable, environment, facts) }),
        ].join(' '),
        places: warning.place ? [warning.place] : [],
        fixes: [
          // Its own example is there to be filled in; another file is of use only with a value.
          ...copyWith(environment, facts, (example) =>
            example === exampleFor(environment, ownEnvFile(environment).file, facts)
              ? example.variable(variable) !== undefined
              : givesValue(example, variable),
          ),
          ...(dollar?.isLikely ? escaped : []),
          addTo([variable], environments),
          ...emptyDefault(variable, environments),
          ...(dollar?.isLikely ? [] : escaped),
        ],
      });
    }
    yield* unsetTogether(together, facts);
    for (const environment of facts.environments) {
      const needed = neededVariables(environment);
      if (!needed) continue;
      const { names, message, places } = needed;
      const command = commandGiving(names, environment, facts);
      const file = namesOf([environment]);
      const copies = copyWith(environment, facts, (example) => names.every((name) => givesValue(example, name)));
      yield findingOf('unset-variable', [environment], {
        message,
        remedy:
          command === undefined
            ? names.length === 1
              ? l10n.t('Give it a value in {0}.', file)
              : l10n.t('Give them values in {0}.', file)
            : l10n.t('"{0}" gives it. Give it in {1}, and it works without that, too.', command, file),
        places,
        fixes: copies,
      });
    }
  },
};

/** The command of the repository that runs these files, here or on another engine, and gives Compose some variables itself. */
function commandGiving(
  names: readonly string[],
  { sources }: CheckedEnvironment,
  { environments }: CheckFacts,
): string | undefined {
  const files = new Set(sources.map(({ file }) => file));
  const commands = environments
    .filter(({ definition }) => definition.files.some((file) => files.has(file)))
    .flatMap(({ definition: { knowledge } }) => [
      { label: knowledge?.evidence[0]?.label, givenVariables: knowledge?.givenVariables },
      ...(knowledge?.runElsewhere ?? []),
    ]);
  return commands.find(({ givenVariables }) => names.every((name) => givenVariables?.includes(name)))?.label;
}

/** What Compose leaves out of values that are not known here: those of other files, or where it is not told which. */
function* lostElsewhere(lostOf: ReadonlyMap<CheckedEnvironment, readonly LostPart[]>): Iterable<Finding> {
  const found = new Map<string, { warning: ConfigurationWarning; environments: CheckedEnvironment[] }>();
  for (const [environment, lost] of lostOf) {
    // Another one may have the same in a file of its own.
    const told = new Set(lost.map(({ name }) => name));
    for (const warning of environment.warnings) {
      if (warning.parts?.some((name) => !told.has(name)) !== true) continue;
      const key = JSON.stringify([warning.parts, warning.place]);
      const known = found.get(key);
      if (known) known.environments.push(environment);
      else found.set(key, { warning, environments: [environment] });
    }
  }
  for (const { warning, environments } of found.values()) {
    const { message, remedy, place } = warning;
    yield findingOf('unset-variable', environments, { message, remedy, places: place ? [place] : [] });
  }
}

interface UnsetOne {
  readonly warning: ConfigurationWarning;
  readonly variable: string;
}

interface Unset extends UnsetOne {
  readonly environments: readonly CheckedEnvironment[];
}

/** What Compose has found unset: once for all environments that have the same file. */
function unsetIn(
  { environments }: CheckFacts,
  together: ReadonlyMap<CheckedEnvironment, readonly UnsetOne[]>,
): Iterable<Unset> {
  const found = new Map<string, Unset & { environments: CheckedEnvironment[] }>();
  for (const environment of environments) {
    const others = new Set(together.get(environment)?.map(({ variable }) => variable));
    for (const { warning, variable } of unsetOf(environment)) {
      if (others.has(variable)) continue;
      const { place } = warning;
      const key = JSON.stringify([variable, place]);
      const known = found.get(key);
      if (known) known.environments.push(environment);
      else found.set(key, { warning, variable, environments: [environment] });
    }
  }
  return found.values();
}

/** What Compose has found unset of an environment, without what it refuses the files for, which is told as such, and what CI gives. */
const unsetOf = perObject((environment: CheckedEnvironment): readonly UnsetOne[] => {
  const needed = neededVariables(environment)?.names ?? [];
  const { isOnCiOnly, definition } = environment;
  // Of what only CI runs, all that its commands give is given.
  const known = [...needed, ...(isOnCiOnly ? (definition.knowledge?.givenVariables ?? []) : [])];
  const unset = environment.warnings.flatMap((warning) => {
    const { code, variable } = warning;
    const isOne = code === 'unset-variable' && variable !== undefined && !known.includes(variable);
    return isOne ? [{ warning, variable }] : [];
  });
  const order = environment.sources.map(({ file }) => file);
  const lineOf = ({ warning: { place } }: UnsetOne) => place?.line ?? 0;
  const fileOf = ({ warning: { place } }: UnsetOne) => order.indexOf(place?.file ?? '');
  // Compose tells them in any order.
  return unset.sort((a, b) => fileOf(a) - fileOf(b) || lineOf(a) - lineOf(b) || a.variable.localeCompare(b.variable));
});

/** More are told as one thing where there is no env file yet: that is what is missing. */
const MOST_ALONE = 5;

/** More places say no more. */
const MOST_PLACES = 20;

/**
 * Those that are missing for one reason, as there is no env file yet: the ones that its example has, or all where git ignores it, or they are
 * many. Neither what a comment leaves out is among them, nor what an env file does not mend.
 */
function toldTogether(
  environment: CheckedEnvironment,
  facts: CheckFacts,
  { isLost, isLeftOut }: { readonly isLost: (one: UnsetOne) => boolean; readonly isLeftOut: IsLeftOut },
): readonly UnsetOne[] {
  if (environment.envFiles.length > 0) return [];
  const unset = unsetOf(environment).filter(
    (one) =>
      !isLost(one) &&
      !meantForContainer(one.variable, [environment])?.isLikely &&
      !isLeftOut('unset-variable', environment, one.warning.place ? [one.warning.place] : []),
  );
  const { file } = ownEnvFile(environment);
  const example = exampleFor(environment, file, facts);
  const inExample = unset.filter(({ variable }) => example?.variable(variable));
  if (inExample.length > 1) return inExample;
  const isBrought = !example && facts.git(file)?.isIgnored === true;
  return unset.length > (isBrought ? 1 : MOST_ALONE) ? unset : [];
}

/** Whether the env file that Compose reads is told to be missing, as a service has to have the same: it is one thing to do. */
function isToldMissing(environment: CheckedEnvironment, facts: CheckFacts): boolean {
  const { file } = ownEnvFile(environment);
  const isRequired = namedEnvFiles(environment).some((one) => one.isRequired && one.file === file);
  return isRequired && facts.pathKind(file) === 'missing';
}

/** Once for each env file that is not there, which several environments may have. */
function* unsetTogether(
  together: ReadonlyMap<CheckedEnvironment, readonly UnsetOne[]>,
  facts: CheckFacts,
): Iterable<Finding> {
  const lacking = [...together].filter(([one, unset]) => unset.length > 0 && !isToldMissing(one, facts));
  for (const group of groupBy(lacking, ([one]) => ownEnvFile(one).file)) {
    const [[environment]] = group;
    const environments = group.map(([one]) => one);
    const unset = group.flatMap(([, one]) => one);
    const names = [...new Set(unset.map(({ variable }) => variable))];
    const places = new Map(unset.flatMap(({ warning: { place } }) => (place ? [[JSON.stringify(place), place]] : [])));
    const file = namesOf([environment]);
    const example = madeFrom(environment, facts);
    const copies = copyWith(environment, facts, (one) => names.some((name) => one.variable(name)));
    const isMeant = copies.length > 0 || facts.git(ownEnvFile(environment).file)?.isIgnored === true;
    const isGiven = group.every(([one, all]) => all.every(({ variable }) => givenElsewhere(variable, [one], facts)));
    yield findingOf('unset-variable', environments, {
      ...(isGiven ? { severity: 'info' } : {}),
      message: isMeant
        ? l10n.t('{0} variables have no value, since {1} is not there: {2}.', names.length, file, firstFew(names))
        : l10n.t('{0} variables have no value: {1}.', names.length, firstFew(names)),
      remedy:
        example && copies.length > 0
          ? l10n.t('Copy {0} to it, and fill that in.', shown(environment, example.file))
          : l10n.t('Give them values in {0}, or defaults.', file),
      places: [...places.values()].slice(0, MOST_PLACES),
      fixes: [...copies, ...(copies.length > 0 ? [] : [addTo(names, environments)])],
    });
  }
}

/**
 * What gives a variable a value in each of some environments, once somebody has set them up: the example of the env file, a workflow, or a text for
 * people. Undefined where one has none, and where it is a command that runs the environment here: Berth brings it up without that.
 */
function givenElsewhere(
  variable: string,
  environments: readonly CheckedEnvironment[],
  facts: CheckFacts,
): string | undefined {
  const all = environments.map((one) => {
    const { workspaceFolder, knowledge } = one.definition;
    if (!one.isOnCiOnly && knowledge?.givenVariables?.includes(variable)) return undefined;
    const example = one.envFiles.length > 0 ? undefined : exampleFor(one, ownEnvFile(one).file, facts);
    const file = example?.variable(variable) ? example.file : facts.givenBy(workspaceFolder, variable);
    return file && shown(one, file);
  });
  return all.every(Boolean) ? all[0] : undefined;
}

function ownEnvFiles(environments: readonly CheckedEnvironment[]): readonly EnvFileSource[] {
  return [...new Map(environments.map((one) => [ownEnvFile(one).file, ownEnvFile(one)])).values()];
}

function namesOf(environments: readonly CheckedEnvironment[]): string {
  return [...new Set(environments.map((one) => shown(one, ownEnvFile(one).file)))].join(', ');
}

function remedyFor(
  variable: string,
  {
    environments,
    dollar,
    notRead,
  }: {
    readonly environments: readonly CheckedEnvironment[];
    readonly dollar: MeantForContainer | undefined;
    readonly notRead: string | undefined;
  },
): string {
  const file = namesOf(environments);
  const withDefault = `\${${variable}:-…}`;
  if (notRead !== undefined)
    return l10n.t('Copy {0} to {1}: it has the variable, and Compose does not read it.', notRead, file);
  if (!dollar) return l10n.t('Give it a value in {0}, or a default: {1}.', file, withDefault);
  return dollar.isLikely
    ? l10n.t(
        'Write {0} if the container is to get the dollar sign; otherwise give it a value in {1}, or a default: {2}.',
        dollar.written,
        file,
        withDefault,
      )
    : l10n.t(
        'Give it a value in {0}, or a default: {1}; write {2} if the container is to get the dollar sign.',
        file,
        withDefault,
        dollar.written,
      );
}

/** What the env file is called that gives a variable a value, and that Compose does not look for. */
function notReadWith(variable: string, environment: CheckedEnvironment, facts: CheckFacts): string | undefined {
  const notRead = filesNotRead(facts).get(environment);
  return notRead && givesValue(notRead, variable) ? shown(environment, notRead.file) : undefined;
}

/** Whether an env file has more of a variable than its name. */
function givesValue(envFile: EnvFileSource, name: string): boolean {
  const written = envFile.variable(name)?.written ?? '';
  return (unquoted(written) ?? written) !== '';
}

/** The example of an env file that is not there, or else an env file from where Compose does not look for it. */
function madeFrom(environment: CheckedEnvironment, facts: CheckFacts): EnvFileSource | undefined {
  const { file } = ownEnvFile(environment);
  const isThere = environment.envFiles.some((one) => one.file === file);
  return isThere ? undefined : (exampleFor(environment, file, facts) ?? filesNotRead(facts).get(environment));
}

/** Copies that, if it has what is missing. */
function copyWith(
  environment: CheckedEnvironment,
  facts: CheckFacts,
  hasIt: (example: EnvFileSource) => boolean,
): readonly Fix[] {
  const { file } = ownEnvFile(environment);
  const example = madeFrom(environment, facts);
  return example && hasIt(example) ? copyOf({ file, example: example.file }) : [];
}

function addTo(variables: readonly string[], environments: readonly CheckedEnvironment[]): Fix {
  const values = variables.map((name): [string, string] => [name, '']);
  const edits = ownEnvFiles(environments).map((one): FileEdit => ({ ...one.add(values), isPrivate: true }));
  const [first] = variables;
  const file = namesOf(environments);
  const title =
    variables.length === 1
      ? l10n.t('Add {0} to {1}', `${first}=`, file)
      : l10n.t('Add {0} variables to {1}, without values', variables.length, file);
  return { kind: 'edit', title, edits, isSafe: false, isChoice: true };
}

/** Says of each use that nothing is meant where nobody says something. Of an image, a port or a path, something else would be left. */
function emptyDefault(variable: string, environments: readonly CheckedEnvironment[]): readonly Fix[] {
  const uses = usesWithoutDefault(variable, environments);
  if (uses.length === 0 || uses.some(({ scalar }) => readerOf(scalar) === undefined)) return [];
  const reference = `\${${variable}:-}`;
  const edits = uses.map(({ source, range }): FileEdit => ({ file: source.file, ...range, text: reference }));
  const title = l10n.t('Let it be empty by default: {0}', reference);
  return [{ kind: 'edit', title, edits, isSafe: false, isChoice: true }];
}
