import type { Given } from './makeVariables';
import { readShell } from './shell';
import { isKnown } from './shellWords';

/** A run of make by a recipe. */
export interface MakeCall extends Pick<Given, 'command' | 'environment'> {
  readonly targets: readonly string[];
}

/**
 * The runs of make in the same folder that a line of a recipe has, with what each is given: `ENV=test make up A=b`.
 * @param folder absolute path of the folder that it is run in. @param variables the environment variables that make gives it.
 */
export async function makeCallsIn(
  shell: string,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<readonly MakeCall[]> {
  const commands = await readShell(shell, { folder, root: folder, variables });
  return commands.flatMap((command) => {
    const at = command.words.findIndex((word) => !/^(?:[A-Za-z_]\w*=.*|env|exec|time)$/s.test(word));
    const [program = '', ...args] = command.words.slice(at);
    const isElsewhere = args.some((word) => /^(?:-\w*[Cf]|--(?:directory|file|makefile))/.test(word));
    if (at < 0 || !/^g?make$/.test(program) || command.folder !== folder || isElsewhere) return [];
    return {
      targets: args.filter((word) => /^[^-=]/.test(word) && !word.includes('=') && isKnown(word)),
      command: assigned(args),
      environment: { ...command.variables, ...assigned(command.words.slice(0, at)) },
    };
  });
}

function assigned(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, name, value] = /^([A-Za-z_]\w*):?=(.*)$/s.exec(word) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
