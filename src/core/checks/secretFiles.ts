import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { record, text } from '../common/json';
import { type EnvFileSource, unquoted } from '../compose/envFileSource';
import { membersIn, passwordsIn } from '../compose/secretsInText';
import { credentialIn, hasPrivateKey, isOpenValue, kindByName, type SecretKind } from '../compose/secretValue';
import { isWithin } from '../model/dataFolder';
import type { Finding, FindingPlace, Severity } from '../model/finding';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { isExample, readEnvFilesOf, shown } from './environmentEnvFiles';
import { gitIgnoreFiles, gitIgnoring } from './gitIgnore';

/** Files with secrets that git has, or would take with the next commit. */
export const secretFiles: Check = {
  codes: ['secret-file-tracked', 'secret-file-not-ignored'],
  paths: (facts) => candidates(facts).keys(),
  *texts(facts) {
    const files = [...candidates(facts).keys()];
    yield* files.filter((file) => isKeyFile(file) && facts.pathKind(file) === 'file' && isOpen(file, facts));
    yield* gitIgnoreFiles(files, facts.git);
  },
  *find(facts) {
    const envFiles = [...facts.envFiles, ...facts.environments.flatMap((one) => one.envFiles)];
    const known = new Map(envFiles.map((one) => [one.file, one]));
    for (const [file, environments] of candidates(facts)) {
      if (!isOpen(file, facts)) continue;
      const held = isKeyFile(file) ? heldKey(file, facts) : heldVariables(known.get(file));
      const finding = held && findingFor(file, held, environments, facts);
      if (finding) yield finding;
    }
  },
};

/** Whether git has a file, or takes it when somebody adds everything. */
function isOpen(file: string, { git }: Pick<CheckFacts, 'git'>): boolean {
  const state = git(file);
  return state !== undefined && (state.isTracked || !state.isIgnored);
}

/** The files that may hold secrets, with the environments that have them. Absolute paths, there or not. */
function candidates({ environments }: Pick<CheckFacts, 'environments'>): ReadonlyMap<string, CheckedEnvironment[]> {
  const found = new Map<string, CheckedEnvironment[]>();
  for (const environment of environments) {
    const envFiles = [...readEnvFilesOf(environment)].filter((file) => !isExample(file));
    for (const file of new Set([...envFiles, ...keyFilesOf(environment)])) {
      const known = found.get(file);
      if (known) known.push(environment);
      else found.set(file, [environment]);
    }
  }
  return found;
}

/** What private keys are called, by custom. Certificates are called alike: the text tells. */
const KEY_FILE = /\.(?:pem|key)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/i;
/** Folders that hold keys, and what the keys in them are mostly called. */
const KEY_FOLDER = /(?:^|[-_.])(?:certs?|certificates?|ssl|tls|keys?|pki|ssh)(?:$|[-_.])/i;
const USUAL_KEYS = ['key.pem', 'privkey.pem', 'server.key', 'tls.key', 'localhost-key.pem', 'localhost.key', 'id_rsa'];

function isKeyFile(file: string): boolean {
  return KEY_FILE.test(path.basename(file));
}

/** Keys that services have mounted, or that are secrets of the project. Those outside the workspace folder are in nobody's commit. */
function keyFilesOf({ project, definition }: CheckedEnvironment): readonly string[] {
  const mounted = project?.services.flatMap(({ binds = [] }) => binds.map(({ source }) => source)) ?? [];
  const declared = Object.values(record(project?.config.content.secrets)).flatMap(
    (one) => text(record(one).file) || [],
  );
  return [...new Set([...mounted, ...declared])]
    .flatMap((file) => {
      if (isKeyFile(file)) return [file];
      return KEY_FOLDER.test(path.basename(file)) ? USUAL_KEYS.map((name) => path.join(file, name)) : [];
    })
    .filter((file) => isWithin(definition.workspaceFolder, file));
}

/** What a file holds, the worst of it. */
interface Held {
  readonly kind: Exclude<SecretKind, 'placeholder'> | 'private-key';
  /** Names of the variables that are secrets; none of a key. */
  readonly names: readonly string[];
  readonly place: FindingPlace;
}

function heldKey(file: string, { textOf }: CheckFacts): Held | undefined {
  return hasPrivateKey(textOf(file) ?? '') ? { kind: 'private-key', names: [], place: { file } } : undefined;
}

function heldVariables(envFile: EnvFileSource | undefined): Held | undefined {
  if (!envFile) return undefined;
  const open = new Set(
    envFile.variables.flatMap(({ name, written }) => {
      const value = unquoted(written) ?? '';
      return isOpenValue(name, value) ? [value.toLowerCase()] : [];
    }),
  );
  const found = envFile.variables.map((variable) => ({
    variable,
    kind: kindOf(variable.name, unquoted(variable.written) ?? '', open),
  }));
  for (const kind of ['credential', 'random', 'plain'] as const) {
    const own = found.filter((one) => one.kind === kind).map(({ variable }) => variable);
    const [first] = own;
    if (first) return { kind, names: own.map(({ name }) => name), place: envFile.place(first) };
  }
  return undefined;
}

function kindOf(name: string, value: string, open: ReadonlySet<string>): SecretKind | undefined {
  if (credentialIn(value) !== undefined) return 'credential';
  const [part] = [...passwordsIn(value, open), ...membersIn(value, open)];
  return part ? part.kind : kindByName(name, value, open);
}

function findingFor(
  file: string,
  held: Held,
  environments: readonly CheckedEnvironment[],
  facts: CheckFacts,
): Finding | undefined {
  const [environment] = environments;
  const state = facts.git(file);
  if (!environment || !state) return undefined;
  const name = shown(environment, file);
  const edit = state.isIgnored ? undefined : gitIgnoring(file, facts);
  const title = l10n.t('Add {0} to {1}', name, edit ? shown(environment, edit.file) : '');
  const fixes = edit ? [{ kind: 'edit' as const, title, edits: [edit], isSafe: true }] : [];
  const rest = { places: [held.place], fixes };
  const what = held.names.length > 0 ? held.names.slice(0, MOST_NAMES).join(', ') : l10n.t('a private key');
  if (!state.isTracked) {
    return findingOf('secret-file-not-ignored', environments, {
      ...rest,
      severity: held.kind === 'plain' && !isOfProduction(environments) ? 'info' : 'warning',
      message: l10n.t('Git does not ignore {0}, which holds secrets: {1}.', name, what),
      remedy: l10n.t('Add it to .gitignore, before somebody commits it with everything else.'),
    });
  }
  const severity = severityOfTracked(held.kind, environments);
  if (!severity) return undefined;
  return findingOf('secret-file-tracked', environments, {
    ...rest,
    severity,
    message: state.isIgnored
      ? l10n.t('Git ignores {0}, but has it in the repository, with secrets: {1}.', name, what)
      : l10n.t('Git has {0} in the repository, with secrets: {1}.', name, what),
    remedy: l10n.t(
      'Take it out with "git rm --cached {0}", ignore it, and have new secrets made: the history keeps the old ones.',
      name,
    ),
  });
}

/** More say no more. */
const MOST_NAMES = 5;

/** Passwords that somebody thought of for development are mostly meant to be shared. */
function severityOfTracked(kind: Held['kind'], environments: readonly CheckedEnvironment[]): Severity | undefined {
  const isForTests = environments.every(
    ({ isOnCiOnly, definition: { purpose } }) => isOnCiOnly || ['test', 'ci'].includes(purpose),
  );
  switch (kind) {
    // Development mostly has one that is worth nothing.
    case 'private-key':
      return isOfProduction(environments) ? 'error' : 'warning';
    case 'credential':
      return isForTests ? 'warning' : 'error';
    case 'random':
      return isForTests ? 'info' : 'warning';
    case 'plain':
      return isOfProduction(environments) ? 'warning' : undefined;
  }
}

function isOfProduction(environments: readonly CheckedEnvironment[]): boolean {
  return environments.some(({ definition }) => definition.purpose === 'production');
}
