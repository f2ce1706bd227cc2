import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { nameOfExampled } from '../common/exampleFile';
import type { EnvFileSource, EnvFileVariable } from '../compose/envFileSource';
import { usesByName } from '../compose/variableUses';
import { isWithin } from '../model/dataFolder';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { copyOf } from './copyExample';
import { exampleFor, isExample, isExampleFor, ownEnvFile, readEnvFilesOf, shown } from './environmentEnvFiles';

/** Env files in folders where Compose does not look for them: `backend/.env` of what `docker-compose.yml` uses. */
export const envFileNotRead: Check = {
  codes: ['env-file-not-read'],
  *find(facts) {
    for (const [environment, envFile] of filesNotRead(facts)) {
      const { file } = ownEnvFile(environment);
      const used = usedOf(envFile, environment);
      const [name, own] = [shown(environment, envFile.file), shown(environment, file)];
      const [first] = used;
      yield findingOf('env-file-not-read', [environment], {
        message: l10n.t(
          'The compose files use {0} variables of {1}, which Compose does not read: it looks for {2}.',
          used.length,
          name,
          own,
        ),
        remedy: l10n.t('Copy it to {0}, or name it in the "envFiles" of the environment in berth.yaml.', own),
        places: first ? [envFile.place(first)] : [],
        fixes: copyOf({ file, example: envFile.file }),
      });
    }
  },
};

/** What tells which env files are not read. */
type EnvFileFacts = Pick<CheckFacts, 'environments' | 'envFiles'>;

const filesOfFacts = new WeakMap<EnvFileFacts, ReadonlyMap<CheckedEnvironment, EnvFileSource>>();

/** The env file in another place that was made for the compose files of an environment, of those environments that have one. */
export function filesNotRead(facts: EnvFileFacts): ReadonlyMap<CheckedEnvironment, EnvFileSource> {
  const known = filesOfFacts.get(facts) ?? new Map(lookForFiles(facts));
  filesOfFacts.set(facts, known);
  return known;
}

function* lookForFiles(facts: EnvFileFacts): Iterable<readonly [CheckedEnvironment, EnvFileSource]> {
  const { environments, envFiles } = facts;
  const read = new Set(environments.flatMap((one) => [...readEnvFilesOf(one)]));
  const projects = new Set(environments.map(({ definition }) => definition.projectDirectory));
  const elsewhere = envFiles.filter(
    ({ file }) => !read.has(file) && !read.has(meantFile(file)) && !projects.has(path.dirname(file)),
  );
  if (elsewhere.length === 0) return;
  for (const environment of environments) {
    const envFile = fittingFile(environment, elsewhere, facts);
    if (envFile) yield [environment, envFile];
  }
}

/** The variables of an env file that the compose files of an environment use. */
function usedOf(envFile: EnvFileSource, { sources, takenIn }: CheckedEnvironment): readonly EnvFileVariable[] {
  const all = [...sources, ...takenIn].map(usesByName);
  return envFile.variables.filter(({ name }) => all.some((uses) => uses.has(name)));
}

/** The file that an example is of; a file that is no example itself. */
function meantFile(file: string): string {
  return path.join(path.dirname(file), nameOfExampled(path.basename(file)) ?? path.basename(file));
}

/** The env file that was made for what an environment uses. None where it has an env file, or the example of one, in the right place. */
function fittingFile(
  environment: CheckedEnvironment,
  envFiles: readonly EnvFileSource[],
  facts: EnvFileFacts,
): EnvFileSource | undefined {
  const { definition, envFiles: own } = environment;
  const { file } = ownEnvFile(environment);
  if (definition.envFiles.length > 0 || own.length > 0 || exampleFor(environment, file, facts)) return undefined;
  const fitting = envFiles.filter(
    (one) =>
      // Those in other places mostly are another program's.
      isWithin(definition.projectDirectory, one.file) &&
      (path.basename(meantFile(one.file)) === path.basename(file) || isExampleFor(environment, one.file, file)) &&
      isMadeFor(one, usedOf(one, environment)),
  );
  // The file itself says more than its example.
  return (
    fitting.find((one) => !isExample(one.file)) ??
    fitting.find((one) => isExampleFor(environment, one.file, file)) ??
    fitting[0]
  );
}

/** By chance, a program has a variable of the same name. */
const FEWEST = 2;

function isMadeFor(envFile: EnvFileSource, used: readonly EnvFileVariable[]): boolean {
  return used.length >= FEWEST && used.length * 2 >= envFile.variables.length;
}
