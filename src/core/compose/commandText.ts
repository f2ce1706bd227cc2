import type { ProgramCall } from '../common/program';
import { PLAIN_PROGRESS } from './composeCall';
import { isSecretName, MASK } from './secrets';

/**
 * What to type for some calls, one after another, each only if the one before it succeeded: quoted for a POSIX shell (fish
 * takes it, too), or for PowerShell on Windows. What only makes progress readable for Berth is left out.
 * @param env the variables that the shell is taken to have: what is only cleared for a call, and is not there, needs no word.
 */
export function commandText(
  calls: readonly ProgramCall[],
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const shell = platform === 'win32' ? POWERSHELL : POSIX;
  let folder: string | undefined;
  const steps = calls.flatMap((call) => {
    const line = shell.line(variablesOf(call, env), [call.command, ...call.args].map(shell.quote).join(' '));
    if (call.cwd === folder) return [line];
    folder = call.cwd;
    return [shell.goTo(call.cwd), line];
  });
  return shell.join(steps);
}

interface Shell {
  quote(word: string): string;
  goTo(folder: string): string;
  line(variables: readonly (readonly [name: string, value: string])[], command: string): string;
  join(steps: readonly string[]): string;
}

const POSIX: Shell = {
  quote: (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`),
  goTo: (folder) => `cd ${POSIX.quote(folder)}`,
  line: (variables, command) =>
    [...variables.map(([name, value]) => `${name}=${value && POSIX.quote(value)}`), command].join(' '),
  join: (steps) => steps.join(' && '),
};

const POWERSHELL: Shell = {
  quote: (word) => (/^[\w+=:./\\-]+$/.test(word) && word !== '--' ? word : `'${word.replace(/['‘’‚‛]/g, '$&$&')}'`),
  goTo: (folder) => `Set-Location ${POWERSHELL.quote(folder)}`,
  line: (variables, command) =>
    [...variables.map(([name, value]) => `$env:${name} = ${POWERSHELL.quote(value)}`), command].join('; '),
  // `&&` is only known since PowerShell 7.
  join: (steps) => steps.reduceRight((rest, step) => (rest ? `${step}; if ($?) { ${rest} }` : step), ''),
};

function variablesOf({ env: own = {} }: ProgramCall, env: Readonly<Record<string, string | undefined>>) {
  return Object.entries(own)
    .filter(([name, value]) => !(name in PLAIN_PROGRESS) && (value !== '' || Boolean(env[name])))
    .map(([name, value]) => [name, isSecretName(name) ? MASK : value] as const);
}
