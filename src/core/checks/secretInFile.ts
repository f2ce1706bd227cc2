import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { record } from '../common/json';
import type { ComposeSource } from '../compose/composeSource';
import { saysNotReal } from '../compose/secretValue';
import { purposeIn, purposeOfName } from '../model/environment';
import { type Finding, type Fix, SEVERITIES, type Severity } from '../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { ownEnvFile, shown } from './environmentEnvFiles';
import { gitIgnoreFiles } from './gitIgnore';
import { moveToEnvFile, type Obstacle, obstacleAt, type SecretTarget, secretTarget } from './moveSecret';
import { type WrittenKind, type WrittenSecret, writtenSecrets } from './writtenSecrets';

/** Passwords, tokens and keys that stand in compose files, where everybody has them who has the repository. */
export const secretInFile: Check = {
  codes: ['secret-in-file'],
  paths: ({ environments }) => environments.map((one) => ownEnvFile(one).file),
  texts: ({ environments, git }) =>
    gitIgnoreFiles(
      environments.map((one) => ownEnvFile(one).file),
      git,
    ),
  *find(facts) {
    for (const [source, environments] of environmentsBySource(facts)) {
      const found = writtenSecrets(source);
      if (found.length === 0) continue;
      const target = secretTarget(source, environments, facts);
      for (const secrets of bySecret(source, found)) {
        const finding = findingFor(source, secrets, environments, target);
        if (finding) yield finding;
      }
    }
  },
};

function environmentsBySource({ environments }: CheckFacts): ReadonlyMap<ComposeSource, readonly CheckedEnvironment[]> {
  const found = new Map<ComposeSource, CheckedEnvironment[]>();
  for (const environment of environments) {
    for (const source of new Set([...environment.sources, ...environment.takenIn])) {
      const known = found.get(source);
      if (known) known.push(environment);
      else found.set(source, [environment]);
    }
  }
  return found;
}

/**
 * The places of each secret together; the default of a variable is that variable's alone, and what can't be moved from its place keeps no
 * other from being moved.
 */
function bySecret(source: ComposeSource, secrets: readonly WrittenSecret[]): readonly (readonly WrittenSecret[])[] {
  const groups = new Map<string, WrittenSecret[]>();
  for (const secret of secrets) {
    const { value, form, name } = secret;
    const key = JSON.stringify([value, form === 'default' ? name : undefined, obstacleAt(source, secret)]);
    groups.set(key, [...(groups.get(key) ?? []), secret]);
  }
  return [...groups.values()];
}

function findingFor(
  source: ComposeSource,
  secrets: readonly WrittenSecret[],
  environments: readonly CheckedEnvironment[],
  target: SecretTarget | Obstacle,
): Finding | undefined {
  const severities = environments.flatMap((one) => secrets.map((secret) => severityOf(secret, source.file, one)));
  const severity = SEVERITIES.find((one) => severities.includes(one));
  const [environment] = environments;
  // What names it best is told.
  const first = secrets.find(({ form }) => form === 'value') ?? secrets[0];
  if (!severity || !environment || !first) return undefined;
  const move = moveOf(source, first, secrets, target);
  const remedy = remedyFor(first.kind, shown(environment, ownEnvFile(environment).file));
  return findingOf('secret-in-file', environments, {
    severity,
    message: messageFor(first, path.basename(source.file)),
    remedy: 'obstacle' in move ? [remedy, ...byHand(move)].join(' ') : remedy,
    ...(first.service === undefined ? {} : { service: first.service }),
    places: [first, ...secrets.filter((one) => one !== first)].map(({ range }) => source.place(range)),
    fixes: 'obstacle' in move ? [] : [move],
  });
}

function moveOf(
  source: ComposeSource,
  first: WrittenSecret,
  secrets: readonly WrittenSecret[],
  target: SecretTarget | Obstacle,
): Fix | Obstacle {
  if ('obstacle' in target) return target;
  const obstacle = obstacleAt(source, first);
  return obstacle === undefined ? moveToEnvFile(source, first, secrets, target) : { obstacle };
}

function byHand({ obstacle }: Obstacle): readonly string[] {
  return obstacle === undefined ? [] : [l10n.t('Berth does not do it: {0}.', obstacle)];
}

/** How much it matters that a secret stands in a file, for one of the environments that have the file; undefined where it does not. */
function severityOf(secret: WrittenSecret, file: string, environment: CheckedEnvironment): Severity | undefined {
  const { kind, isDefault } = secret;
  const { isOnCiOnly, definition } = environment;
  const purpose = isOnCiOnly ? 'ci' : definition.purpose;
  const levels = isDefault ? OF_DEFAULTS[kind] : OF_VALUES[kind];
  if (purpose === 'production') {
    if (kind === 'placeholder' && saysNotReal(secret.value))
      return isForProduction(file, definition) ? 'info' : undefined;
    const isOfProduction = isForProduction(file, definition) || (kind === 'placeholder' && isUsed(secret, environment));
    return isOfProduction ? levels.production : levels.otherwise;
  }
  return purpose === 'test' || purpose === 'ci' ? levels.test : levels.otherwise;
}

/** Whether an environment with a file that says it is for production really gives a service a value that another one of its files has. */
function isUsed(
  { name, service, value, isDefault }: WrittenSecret,
  { definition, project }: CheckedEnvironment,
): boolean {
  const isNamed = definition.files.some((file) => isForProduction(file, definition));
  if (!isNamed || isDefault || name === undefined || service === undefined) return false;
  const services = record(project?.config.content.services);
  return record(record(services[service]).environment)[name] === value;
}

/** Whether somebody says that it is for production. Others may be taken for it only because there is one for development beside. */
function isForProduction(file: string, { origin }: CheckedEnvironment['definition']): boolean {
  return origin === 'declared' || purposeOfName(purposeIn(path.basename(file)) ?? '') === 'production';
}

interface Levels {
  readonly production?: Severity;
  /** Where nothing is kept, and nobody else gets in. */
  readonly test?: Severity;
  readonly otherwise?: Severity;
}

const OF_VALUES: Readonly<Record<WrittenKind, Levels>> = {
  credential: { production: 'error', test: 'warning', otherwise: 'error' },
  random: { production: 'error', test: 'info', otherwise: 'warning' },
  plain: { production: 'warning', test: 'info', otherwise: 'info' },
  placeholder: { production: 'warning' },
  unclear: { production: 'info', otherwise: 'info' },
};
const OF_DEFAULTS: Readonly<Record<WrittenKind, Levels>> = {
  credential: { production: 'error', test: 'warning', otherwise: 'error' },
  random: { production: 'warning', otherwise: 'info' },
  plain: { production: 'info' },
  placeholder: { production: 'info' },
  unclear: {},
};

function messageFor({ kind, form, name, service, scalar }: WrittenSecret, file: string): string {
  if (form === 'default') return l10n.t('The default of {0} in {1} is a secret in clear text.', name ?? '', file);
  // A config or the like is named by its own key.
  const owner = name ?? service ?? scalar.keys[1] ?? scalar.keys[0] ?? '';
  if (form === 'address') return l10n.t('The address in "{0}" has a password in clear text in {1}.', owner, file);
  if (form === 'hash') return l10n.t('The hash of a password stands in {0}, from which it can be guessed.', file);
  if (form === 'part' || name === undefined) {
    return l10n.t('A secret of "{0}" stands in clear text in {1}.', owner, file);
  }
  if (kind === 'unclear') return l10n.t('The value of {0} in {1} is made at random, as secrets are.', name, file);
  return service === undefined
    ? l10n.t('The value of {0} stands in clear text in {1}.', name, file)
    : l10n.t('The value of {0} of "{1}" stands in clear text in {2}.', name, service, file);
}

function remedyFor(kind: WrittenKind, envFile: string): string {
  return kind === 'credential'
    ? l10n.t('Move it to {0}, and have a new one made: whoever has seen the file knows it.', envFile)
    : l10n.t('Move it to {0}, and keep that out of the repository.', envFile);
}
