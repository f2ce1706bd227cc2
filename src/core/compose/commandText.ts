import type { ProgramCall } from '../common/program';
import { PLAIN_PROGRESS } from './composeCall';
import { MASK } from './secrets';
import { isSecretName } from './secretValue';

/** A call to be shown. */
export interface ShownCall extends ProgramCall {
  /** What it reads: a file, by its absolute path, and a text after it. */
  readonly input?: { readonly file: string; readonly ending: string };
}

/**
 * What to type for some calls, one after another, each only if the one before it succeeded: quoted for a POSIX shell (fish
 * takes it, too; what reads a file since 4.1), or for PowerShell on Windows. What only makes progress readable for Berth is left out.
 * Secrets among the variables of a call are masked, see {@link hidesSecrets}.
 * @param env the variables that the shell is taken to have: what is only cleared for a call, and is not there, needs no word.
 */
export function commandText(
  calls: readonly ShownCall[],
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const shell = platform === 'win32' ? POWERSHELL : POSIX;
  let folder: string | undefined;
  const steps = calls.flatMap((call) => {
    const command = shell.line(variablesOf(call, env), [call.command, ...call.args].map(shell.quote).join(' '));
    const line = call.input ? shell.reading(call.input, command) : command;
    if (call.cwd === folder) return [line];
    folder = call.cwd;
    return [shell.goTo(call.cwd), line];
  });
  return shell.join(steps);
}

/** Whether the text of some calls has masked secrets in it, so that it works only once they are put in their places. */
export function hidesSecrets(calls: readonly ProgramCall[]): boolean {
  return calls.some(({ env = {} }) => Object.entries(env).some(([name, value]) => isSecret(name, value)));
}

/** The words of a call, as one types them into a POSIX shell. */
export function posixText({ command, args }: Pick<ProgramCall, 'command' | 'args'>): string {
  return [command, ...args].map(POSIX.quote).join(' ');
}

/** A word, as one types it into a POSIX shell. */
export function posixQuoted(word: string): string {
  return POSIX.quote(word);
}

interface Shell {
  quote(word: string): string;
  goTo(folder: string): string;
  line(variables: readonly (readonly [name: string, value: string])[], command: string): string;
  /** A command that reads a file, and a text after it. */
  reading(input: NonNullable<ShownCall['input']>, command: string): string;
  join(steps: readonly string[]): string;
}

const POSIX: Shell = {
  quote: (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`),
  goTo: (folder) => `cd ${POSIX.quote(folder)}`,
  line: (variables, command) =>
    [...variables.map(([name, value]) => `${name}=${value && POSIX.quote(value)}`), command].join(' '),
  reading: ({ file, ending }, command) =>
    // Not the ending after half of a file.
    `{ cat ${POSIX.quote(file)} && printf %s ${POSIX.quote(ending)}; } | ${command}`,
  join: (steps) => steps.join(' && '),
};

const POWERSHELL: Shell = {
  quote: (word) => (/^[\w+=:./\\-]+$/.test(word) && word !== '--' ? word : `'${word.replace(/['‘’‚‛]/g, '$&$&')}'`),
  goTo: (folder) => `Set-Location ${POWERSHELL.quote(folder)}`,
  line: (variables, command) =>
    [...variables.map(([name, value]) => `$env:${name} = ${POWERSHELL.quote(value)}`), command].join('; '),
  // What it hands on, it would write in ASCII before PowerShell 6.
  reading: ({ file, ending }, command) =>
    '$OutputEncoding = [Text.UTF8Encoding]::new(); ' +
    `(Get-Content -Raw -Encoding UTF8 -ErrorAction Stop -LiteralPath ${POWERSHELL.quote(file)}), ` +
    `${POWERSHELL.quote(ending)} | ${command}`,
  // `&&` is only known since PowerShell 7.
  join: (steps) => steps.reduceRight((rest, step) => (rest ? `${step}; if ($?) { ${rest} }` : step), ''),
};

function variablesOf({ env: own = {} }: ProgramCall, env: Readonly<Record<string, string | undefined>>) {
  return Object.entries(own)
    .filter(([name, value]) => !(name in PLAIN_PROGRESS) && (value !== '' || Boolean(env[name])))
    .map(([name, value]) => [name, isSecret(name, value) ? MASK : value] as const);
}

/** `$REDIS_PASSWORD`, `"$(cat /run/secrets/redis)"`: says where a secret is, and is none. */
const NAMES_A_SECRET = /^"?\$(?:\w+|\{\w+\}|\(cat [\w./-]+\))"?$/;

function isSecret(name: string, value: string): boolean {
  if (!isSecretName(name) || value === '') return false;
  // Only what is a word for the container's shell can name one.
  return !(name.endsWith('_WORD') && NAMES_A_SECRET.test(value));
}
