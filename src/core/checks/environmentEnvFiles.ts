import path from 'node:path';
import { nameOfExampled, ownExampleNames } from '../common/exampleFile';
import { record, text } from '../common/json';
import { shownPath } from '../common/paths';
import type { ComposeSource } from '../compose/composeSource';
import { EnvFileSource } from '../compose/envFileSource';
import { usesIn } from '../compose/variableUses';
import { purposeOfName } from '../model/environment';
import type { CheckedEnvironment, CheckFacts } from './check';

const ownFiles = new WeakMap<CheckedEnvironment, EnvFileSource>();
const namedFiles = new WeakMap<CheckedEnvironment, readonly NamedEnvFile[]>();

/** The env file in which an environment's variables are to be given values: the one that wins. It may have yet to be made. */
export function ownEnvFile(environment: CheckedEnvironment): EnvFileSource {
  const known = ownFiles.get(environment);
  if (known) return known;
  const { definition, envFiles } = environment;
  const file = definition.envFiles.at(-1) ?? path.join(definition.projectDirectory, '.env');
  const own = envFiles.find((one) => one.file === file) ?? new EnvFileSource(file, '');
  ownFiles.set(environment, own);
  return own;
}

/** What a file of an environment is called in a sentence. */
export function shown({ definition }: CheckedEnvironment, file: string): string {
  return shownPath(definition.workspaceFolder, file);
}

/** An env file that a service is given (`env_file`), where a compose file names it. */
export interface NamedEnvFile {
  readonly source: ComposeSource;
  readonly service: string;
  /** Absolute path. */
  readonly file: string;
  /** Where its path is: keys of a text. */
  readonly keys: readonly (string | number)[];
  /** Whether Compose refuses to go on without it. */
  readonly isRequired: boolean;
}

/** The env files of services, as the compose files name them. Those that take in others name them from their own folder. */
export function namedEnvFiles(environment: CheckedEnvironment): readonly NamedEnvFile[] {
  const known = namedFiles.get(environment);
  if (known) return known;
  const { definition, sources, takenIn } = environment;
  const found = [
    ...sources.flatMap((source) => named(source, definition.projectDirectory)),
    ...takenIn.flatMap((source) => named(source, path.dirname(source.file))),
  ];
  namedFiles.set(environment, found);
  return found;
}

/** Whether a service of an environment is given an env file. @param file absolute path. */
export function isGivenToService(environment: CheckedEnvironment, file: string): boolean {
  return namedEnvFiles(environment).some((one) => one.file === file);
}

/** The absolute path of each env file that Compose reads of an environment, for itself and for services. */
export function readEnvFilesOf(environment: CheckedEnvironment): ReadonlySet<string> {
  const ofServices = namedEnvFiles(environment).map(({ file }) => file);
  return new Set([...environment.envFiles.map(({ file }) => file), ...environment.definition.envFiles, ...ofServices]);
}

/** The example that an env file is made from, going by its own name; undefined where there is none beside it. */
export function exampleOf(file: string, facts: Pick<CheckFacts, 'envFiles'>): EnvFileSource | undefined {
  const names = ownExampleNames(file);
  const present = facts.envFiles.filter((one) => names.includes(one.file));
  return present.sort((a, b) => names.indexOf(a.file) - names.indexOf(b.file))[0];
}

/**
 * The same, or rather one for an environment: `.env.prod.example` of the `.env` that production alone has. None that is of another file which is
 * there.
 */
export function exampleFor(
  environment: CheckedEnvironment,
  file: string,
  facts: Pick<CheckFacts, 'environments' | 'envFiles'>,
): EnvFileSource | undefined {
  const { purpose } = environment.definition;
  const isShared = facts.environments.some(
    (one) => one.definition.purpose !== purpose && (ownEnvFile(one).file === file || isGivenToService(one, file)),
  );
  if (isShared) return exampleOf(file, facts);
  const isThere = (name: string) => facts.envFiles.some((one) => one.file === path.join(path.dirname(file), name));
  const own = facts.envFiles.find(
    (one) =>
      path.dirname(one.file) === path.dirname(file) &&
      isExampleFor(environment, one.file, file) &&
      !isThere(nameOfExampled(path.basename(one.file)) ?? ''),
  );
  return own ?? exampleOf(file, facts);
}

/** Whether a file is the example of what an env file is called in one environment: of `.env`, of `.env.prod` for production. */
export function isExampleFor({ definition }: CheckedEnvironment, example: string, file: string): boolean {
  const exampled = nameOfExampled(path.basename(example));
  const start = `${path.basename(file)}.`;
  if (!exampled?.startsWith(start)) return false;
  const word = exampled.slice(start.length);
  if (word === definition.name) return true;
  const purpose = purposeOfName(word);
  // `.env.local` is mostly what a framework reads.
  return purpose !== 'other' && purpose !== 'development' && purpose === definition.purpose;
}

/** Whether a file is an example by its name. */
export function isExample(file: string): boolean {
  return nameOfExampled(path.basename(file)) !== undefined;
}

function named(source: ComposeSource, folder: string): readonly NamedEnvFile[] {
  return source.entries(['services']).flatMap(({ key }) => {
    const service = String(key.value);
    const keys = ['services', service, 'env_file'];
    const value = source.value(keys);
    if (value === undefined || value === null) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index) => {
      const own = Array.isArray(value) ? [...keys, index] : keys;
      const { path: long, required } = record(item);
      const written = text(item) || text(long);
      if (written === '') return [];
      const file = path.resolve(folder, withDefaults(written));
      return [{ source, service, file, keys: text(item) ? own : [...own, 'path'], isRequired: required !== false }];
    });
  });
}

/** A text as it is where nobody gives its variables values. */
export function withDefaults(written: string): string {
  const all = { start: 0, end: written.length };
  return usesIn(written, all).reduce(
    (resolved, { range, operator, operand }) =>
      resolved.replace(written.slice(range.start, range.end), () => (operator.endsWith('-') ? operand : '')),
    written,
  );
}
