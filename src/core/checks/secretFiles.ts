import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { nameOfExampled } from '../common/exampleFile';
import { record, text } from '../common/json';
import { EnvFileSource, unquoted } from '../compose/envFileSource';
import { membersIn, passwordsIn } from '../compose/secretsInText';
import {
  credentialIn,
  hasPrivateKey,
  isOpenValue,
  kindByName,
  type SecretKind,
  secretKind,
} from '../compose/secretValue';
import { isWithin } from '../model/dataFolder';
import { type Purpose, purposeIn, purposeOfName } from '../model/environment';
import type { Finding, FindingPlace, Severity } from '../model/finding';
import { writtenSources } from './binds';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { filesNotRead } from './envFileNotRead';
import { isExample, readEnvFilesOf, shown } from './environmentEnvFiles';
import { gitIgnoreFiles, gitIgnoring } from './gitIgnore';

/** Files with secrets that git has, or would take with the next commit. */
export const secretFiles: Check = {
  codes: ['secret-file-tracked', 'secret-file-not-ignored'],
  paths: (facts) => candidates(facts).keys(),
  *texts(facts) {
    const files = [...candidates(facts).keys()];
    yield* files.filter((file) => facts.pathKind(file) === 'file' && isOpen(file, facts));
    yield* gitIgnoreFiles(files, facts.git);
  },
  *find(facts) {
    for (const [file, { environments, secret }] of candidates(facts)) {
      const text = isOpen(file, facts) ? facts.textOf(file) : undefined;
      if (text === undefined) continue;
      const held = heldBy(file, text, secret);
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

/** A file that may hold secrets. */
interface Candidate {
  readonly environments: CheckedEnvironment[];
  /** The secret of the project that it is the whole value of. */
  readonly secret: string | undefined;
}

/** The files that may hold secrets, by absolute path, there or not. */
function candidates(facts: Pick<CheckFacts, 'environments' | 'envFiles'>): ReadonlyMap<string, Candidate> {
  const found = new Map<string, Candidate>();
  const filesOfPrograms = envFilesOfPrograms(facts);
  for (const environment of facts.environments) {
    const secrets = declaredSecrets(environment);
    const envFiles = [
      ...readEnvFilesOf(environment),
      ...(environment.named ?? []),
      ...envFilesBeside(environment, facts),
      ...filesOfPrograms(environment),
    ];
    const files = [...envFiles, ...keyFilesOf(environment), ...secrets.keys()];
    for (const file of new Set(files.filter((one) => !isExample(one)))) {
      const known = found.get(file);
      if (known) known.environments.push(environment);
      else
        found.set(file, {
          environments: [environment],
          secret: envFiles.includes(file) ? undefined : secrets.get(file),
        });
    }
  }
  return found;
}

/** The env files in the folders of the project and of its compose files: also those that only the programs themselves read. */
function envFilesBeside(
  { definition: { projectDirectory, files } }: CheckedEnvironment,
  { envFiles }: Pick<CheckFacts, 'envFiles'>,
): readonly string[] {
  const folders = new Set([projectDirectory, ...files.map((file) => path.dirname(file))]);
  return envFiles.map(({ file }) => file).filter((file) => folders.has(path.dirname(file)));
}

/**
 * The env files elsewhere that programs read by themselves, by environment: those that were made for it in another place, and those of which
 * there is an example, of the environments in whose project directory they are, or else of all.
 */
function envFilesOfPrograms(
  facts: Pick<CheckFacts, 'environments' | 'envFiles'>,
): (environment: CheckedEnvironment) => readonly string[] {
  const { environments, envFiles } = facts;
  const exampled = new Set(
    envFiles.flatMap(({ file }) => path.join(path.dirname(file), nameOfExampled(path.basename(file)) ?? '.')),
  );
  const files = envFiles.map(({ file }) => file).filter((file) => exampled.has(file));
  const ofAll = new Set(
    files.filter((file) => !environments.some(({ definition }) => isWithin(definition.projectDirectory, file))),
  );
  const notRead = filesNotRead(facts);
  return (environment) => {
    const { projectDirectory, workspaceFolder } = environment.definition;
    const own = files.filter((file) => isWithin(ofAll.has(file) ? workspaceFolder : projectDirectory, file));
    const made = notRead.get(environment);
    return made ? [...own, made.file] : own;
  };
}

/**
 * The files whose texts are secrets of the project, with the names of those. Those outside the workspace folder are in nobody's commit. Compose
 * leaves out those that no service uses, and only it knows what variables in their paths are.
 */
function declaredSecrets({ project, definition, sources, takenIn }: CheckedEnvironment): ReadonlyMap<string, string> {
  const { projectDirectory, workspaceFolder } = definition;
  const written = [
    ...takenIn.flatMap((source) => secretsOf(source.value(['secrets']), path.dirname(source.file))),
    ...sources.flatMap((source) => secretsOf(source.value(['secrets']), projectDirectory)),
  ].filter(({ file }) => !file.includes('$'));
  // Of two files that are merged, the later one says which it is.
  const byName = new Map(written.map((one) => [one.name, one]));
  const files = [...byName.values(), ...secretsOf(project?.config.content.secrets, projectDirectory)];
  return new Map(files.filter(({ file }) => isWithin(workspaceFolder, file)).map(({ file, name }) => [file, name]));
}

function secretsOf(secrets: unknown, folder: string) {
  return Object.entries(record(secrets)).flatMap(([name, one]) => {
    const file = text(record(one).file);
    return file === '' ? [] : [{ name, file: path.resolve(folder, file) }];
  });
}

/** What private keys are called, by custom. Certificates are called alike: the text tells. */
const KEY_FILE = /\.(?:pem|key)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/i;
/** Folders that hold keys, and what the keys in them are mostly called. */
const KEY_FOLDER = /(?:^|[-_.])(?:certs?|certificates?|ssl|tls|keys?|pki|ssh)(?:$|[-_.])/i;
const USUAL_KEYS = ['key.pem', 'privkey.pem', 'server.key', 'tls.key', 'localhost-key.pem', 'localhost.key', 'id_rsa'];

function isKeyFile(file: string): boolean {
  return KEY_FILE.test(path.basename(file));
}

/** Keys that services have mounted, within the workspace folder. */
function keyFilesOf(environment: CheckedEnvironment): readonly string[] {
  const { project, definition } = environment;
  const mounted = project
    ? project.services.flatMap(({ binds = [] }) => binds.map(({ source }) => source))
    : writtenSources(environment);
  return [...new Set(mounted)]
    .flatMap((file) => {
      if (isKeyFile(file)) return [file];
      return KEY_FOLDER.test(path.basename(file)) ? USUAL_KEYS.map((name) => path.join(file, name)) : [];
    })
    .filter((file) => isWithin(definition.workspaceFolder, file));
}

/** What a file holds, the worst of it. */
interface Held {
  readonly kind: Exclude<SecretKind, 'placeholder'> | 'private-key';
  /** Names of the variables that are secrets, or of the secret that the file is; none of a key. */
  readonly names: readonly string[];
  readonly place: FindingPlace;
  /** Whether a recipe of Symfony has written all of them, for a file that is to be committed. */
  readonly isOfRecipe?: boolean;
}

function heldBy(file: string, text: string, secret: string | undefined): Held | undefined {
  if (isKeyFile(file) || hasPrivateKey(text)) {
    return hasPrivateKey(text) ? { kind: 'private-key', names: [], place: { file } } : undefined;
  }
  return secret === undefined ? heldVariables(new EnvFileSource(file, text)) : heldValue(file, text.trim(), secret);
}

/** What a file is, all of which is a secret. Of several lines, it is a certificate, a configuration or the like. */
function heldValue(file: string, value: string, secret: string): Held | undefined {
  const kind = value.includes('\n') ? undefined : secretKind('', value, new Set());
  return kind && kind !== 'placeholder' ? { kind, names: [secret], place: { file } } : undefined;
}

function heldVariables(envFile: EnvFileSource): Held | undefined {
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
    if (!first) continue;
    const isOfRecipe = own.every(({ start }) => isInRecipe(envFile.text, start));
    return { kind, names: own.map(({ name }) => name), place: envFile.place(first), isOfRecipe };
  }
  return undefined;
}

/**
 * Whether a place in an env file is between the marks of one of Symfony's recipes: `###> symfony/framework-bundle ###`. Source: Symfony's
 * documentation, "Configuring Symfony", by which `.env`, `.env.dev` and `.env.test` are to be committed.
 */
function isInRecipe(text: string, offset: number): boolean {
  return text.lastIndexOf('###> ', offset) > text.lastIndexOf('###< ', offset);
}

/** What is put into programs for browsers, where everybody has it. Sources: the manuals of Vite, Create React App, Next.js, Nuxt, Vue CLI, Expo. */
const FOR_BROWSERS = /^(?:VITE|REACT_APP|VUE_APP|GATSBY|(?:NEXT|NUXT|EXPO)_PUBLIC)_/;

function kindOf(name: string, value: string, open: ReadonlySet<string>): SecretKind | undefined {
  if (FOR_BROWSERS.test(name)) return undefined;
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
  const purposes = purposesOf(file, environments);
  const edit = state.isIgnored ? undefined : gitIgnoring(file, facts);
  const title = l10n.t('Add {0} to {1}', name, edit ? shown(environment, edit.file) : '');
  const fixes = edit ? [{ kind: 'edit' as const, title, edits: [edit], isSafe: true }] : [];
  const rest = { places: [held.place], fixes };
  const what = held.names.length > 0 ? held.names.slice(0, MOST_NAMES).join(', ') : l10n.t('a private key');
  if (!state.isTracked) {
    return findingOf('secret-file-not-ignored', environments, {
      ...rest,
      severity: held.kind === 'plain' && !purposes.includes('production') ? 'info' : 'warning',
      message: l10n.t('Git does not ignore {0}, which holds secrets: {1}.', name, what),
      remedy: l10n.t('Add it to .gitignore, before somebody commits it with everything else.'),
    });
  }
  const severity = severityOfTracked(held, purposes);
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

/** What a file is for: what its name says, or else what the environments are for that have it. */
function purposesOf(file: string, environments: readonly CheckedEnvironment[]): readonly Purpose[] {
  const named = purposeOfName(purposeIn(path.basename(file)) ?? '');
  if (named !== 'other') return [named];
  return environments.map(({ isOnCiOnly, definition: { purpose } }) => (isOnCiOnly ? 'ci' : purpose));
}

/** Passwords that somebody thought of for development are mostly meant to be shared. */
function severityOfTracked({ kind, isOfRecipe }: Held, purposes: readonly Purpose[]): Severity | undefined {
  const isOfProduction = purposes.includes('production');
  const isForTests = purposes.every((one) => one === 'test' || one === 'ci');
  switch (kind) {
    // Development mostly has one that is worth nothing.
    case 'private-key':
      return isOfProduction ? 'error' : 'warning';
    case 'credential':
      return isForTests ? 'warning' : 'error';
    case 'random':
      return isForTests || (isOfRecipe && !isOfProduction) ? 'info' : 'warning';
    case 'plain':
      return isOfProduction ? 'warning' : undefined;
  }
}
