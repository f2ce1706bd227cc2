import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import type { EnvFileSource } from '../compose/envFileSource';
import { usesByName } from '../compose/variableUses';
import type { FileEdit, Fix } from '../model/finding';
import type { ConfigurationWarning } from '../model/project';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { copyOf } from './copyExample';
import { exampleOf, givenByCommand, givenRemedy, ownEnvFile, shown } from './environmentEnvFiles';

/** Variables that nobody gives a value, and where to give them one. */
export const unsetVariable: Check = {
  codes: ['unset-variable'],
  *find(facts) {
    for (const { warning, variable, environments } of unsetIn(facts)) {
      const [environment] = environments;
      if (!environment) continue;
      yield findingOf('unset-variable', environments, {
        message: warning.message,
        remedy: l10n.t('Give it a value in {0}, or a default: {1}.', namesOf(environments), `\${${variable}:-…}`),
        places: warning.place ? [warning.place] : [],
        fixes: [
          ...copyWith(variable, environment, facts),
          addTo(variable, environments),
          ...emptyDefault(variable, environments),
        ],
      });
    }
    for (const environment of facts.environments) {
      const variable = environment.error && requiredVariable(environment.error);
      if (!environment.error || variable === undefined) continue;
      const { place } = environment.error.details;
      const isGiven = givenByCommand(environment).includes(variable);
      yield findingOf('unset-variable', [environment], {
        severity: isGiven ? 'warning' : 'error',
        message: l10n.t('The variable {0} is not set, and Compose refuses to go on without it.', variable),
        remedy: isGiven
          ? givenRemedy(environment, [variable])
          : l10n.t('Give it a value in {0}.', namesOf([environment])),
        places: place ? [place] : [],
        fixes: copyWith(variable, environment, facts),
      });
    }
  },
};

/** The variable without which Compose does not accept the files: `${NAME:?…}`. Undefined when that is not what it says. */
export function requiredVariable({ message }: UserError): string | undefined {
  return /required variable (\w+) is missing a value/.exec(message)?.[1];
}

interface Unset {
  readonly warning: ConfigurationWarning;
  readonly variable: string;
  readonly environments: readonly CheckedEnvironment[];
}

/** What Compose has found unset: once for all environments that have the same file. */
function unsetIn({ environments }: CheckFacts): Iterable<Unset> {
  const found = new Map<string, Unset & { environments: CheckedEnvironment[] }>();
  for (const environment of environments) {
    for (const warning of environment.warnings) {
      const { code, variable, place } = warning;
      if (code !== 'unset-variable' || variable === undefined) continue;
      const key = JSON.stringify([variable, place]);
      const known = found.get(key);
      if (known) known.environments.push(environment);
      else found.set(key, { warning, variable, environments: [environment] });
    }
  }
  return found.values();
}

function ownEnvFiles(environments: readonly CheckedEnvironment[]): readonly EnvFileSource[] {
  return [...new Map(environments.map((one) => [ownEnvFile(one).file, ownEnvFile(one)])).values()];
}

function namesOf(environments: readonly CheckedEnvironment[]): string {
  return [...new Set(environments.map((one) => shown(one, ownEnvFile(one).file)))].join(', ');
}

/** Copies the example of an env file that is not there, where the example has the variable. */
function copyWith(variable: string, environment: CheckedEnvironment, facts: CheckFacts): readonly Fix[] {
  const { file } = ownEnvFile(environment);
  const isThere = environment.envFiles.some((one) => one.file === file);
  const example = isThere ? undefined : exampleOf(file, facts);
  return example?.variable(variable) ? copyOf({ file, example: example.file }) : [];
}

function addTo(variable: string, environments: readonly CheckedEnvironment[]): Fix {
  const edits = ownEnvFiles(environments).map((one): FileEdit => ({ ...one.add([[variable, '']]), isPrivate: true }));
  const title = l10n.t('Add {0} to {1}', `${variable}=`, namesOf(environments));
  return { kind: 'edit', title, edits, isSafe: false };
}

/** Says of each use that nothing is meant where nobody says something. */
function emptyDefault(variable: string, environments: readonly CheckedEnvironment[]): readonly Fix[] {
  const reference = `\${${variable}:-}`;
  const sources = new Set(environments.flatMap((one) => one.sources));
  const edits = [...sources].flatMap((source) =>
    (usesByName(source).get(variable) ?? [])
      .filter(({ operator }) => operator === '')
      .map(({ range }): FileEdit => ({ file: source.file, ...range, text: reference })),
  );
  const title = l10n.t('Let it be empty by default: {0}', reference);
  return edits.length > 0 ? [{ kind: 'edit', title, edits, isSafe: false }] : [];
}
