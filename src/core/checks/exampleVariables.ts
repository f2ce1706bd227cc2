import * as l10n from '@vscode/l10n';
import { type EnvFileSource, type EnvFileVariable, unquoted } from '../compose/envFileSource';
import { isPlaceholder } from '../compose/secretValue';
import { usesByName } from '../compose/variableUses';
import { SecretEdit } from '../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { exampleOf, isExample, isGivenToService, readEnvFilesOf, shown } from './environmentEnvFiles';
import { firstFew } from './services';

/** Env files and the examples that they are made from, of which one has variables that the other lacks. */
export const exampleVariables: Check = {
  codes: ['env-variable-missing', 'env-variable-not-in-example'],
  *find(facts) {
    for (const [envFile, environments] of readBy(facts)) {
      const example = exampleOf(envFile.file, facts);
      if (!example) continue;
      const [environment] = environments;
      if (!environment) continue;
      const [name, exampleName] = [shown(environment, envFile.file), shown(environment, example.file)];
      const lacked = lackedBy(envFile, example);
      if (lacked.length > 0) {
        const added = lacked.map((one) => [one.name, startValue(one)] as const);
        yield findingOf('env-variable-missing', environments, {
          severity: lacked.some((one) => isNeeded(one.name, envFile, environments)) ? 'warning' : 'info',
          message: l10n.t('{0} lacks what {1} has: {2}.', name, exampleName, namesOf(lacked)),
          remedy: l10n.t('Add it to {0}, with a value of your own where there has to be one.', name),
          places: [{ file: envFile.file, line: 1, column: 1 }, ...lacked.map((one) => example.place(one))],
          fixes: [
            {
              kind: 'edit',
              title: l10n.t('Add it to {0}', name),
              edits: [new SecretEdit(envFile.add(added))],
              isSafe: false,
              ...(added.some(([, value]) => value === '') ? { isChoice: true } : {}),
            },
          ],
        });
      }
      const unknown = lackedBy(example, envFile);
      if (unknown.length > 0) {
        yield findingOf('env-variable-not-in-example', environments, {
          message: l10n.t('{0} has what {1} lacks: {2}.', name, exampleName, namesOf(unknown)),
          remedy: l10n.t('Add the names to {0}, so that others know of them.', exampleName),
          places: unknown.map((one) => envFile.place(one)),
          fixes: [
            {
              kind: 'edit',
              title: l10n.t('Add the names to {0}', exampleName),
              edits: [example.add(unknown.map((one) => [one.name, '']))],
              isSafe: false,
            },
          ],
        });
      }
    }
  },
};

/** The env files that Compose reads, with the environments that it reads them of. */
function readBy({ environments, envFiles }: CheckFacts): ReadonlyMap<EnvFileSource, readonly CheckedEnvironment[]> {
  const all = [...environments.flatMap((one) => one.envFiles), ...envFiles];
  const known = new Map(all.map((one) => [one.file, one]));
  const found = new Map<EnvFileSource, CheckedEnvironment[]>();
  for (const environment of environments) {
    for (const file of readEnvFilesOf(environment)) {
      const envFile = known.get(file);
      if (envFile && !isExample(file)) found.set(envFile, [...(found.get(envFile) ?? []), environment]);
    }
  }
  return found;
}

/**
 * The variables of another file that a file lacks, each once. What it has commented out, somebody knows of. What Compose and Docker take for
 * themselves is a matter of each machine.
 */
function lackedBy(file: EnvFileSource, other: EnvFileSource): readonly EnvFileVariable[] {
  const has = new Set([...file.variables.map(({ name }) => name), ...file.commentedOut]);
  const lacked = other.variables.filter(({ name }) => !has.has(name) && !/^(?:COMPOSE|DOCKER)_/.test(name));
  return [...new Map(lacked.map((one) => [one.name, one])).values()];
}

/** Whether something is empty without a variable: Compose has no default or other env file for it, or a service is given the file itself. */
function isNeeded(name: string, { file }: EnvFileSource, environments: readonly CheckedEnvironment[]): boolean {
  return environments.some((one) => isGivenToService(one, file) || isEmptyWithout(name, one));
}

function isEmptyWithout(name: string, { envFiles, sources, takenIn }: CheckedEnvironment): boolean {
  if (envFiles.some((one) => one.variable(name))) return false;
  return [...sources, ...takenIn].some((source) =>
    usesByName(source)
      .get(name)
      ?.some(({ operator }) => /^(?::?\?)?$/.test(operator)),
  );
}

function namesOf(variables: readonly EnvFileVariable[]): string {
  return firstFew(variables.map(({ name }) => name));
}

/** What an example has a variable begin with: nothing where that is only to be replaced. */
function startValue({ name, written }: EnvFileVariable): string {
  const value = unquoted(written);
  return value === undefined || isPlaceholder(name, value) ? '' : written;
}
