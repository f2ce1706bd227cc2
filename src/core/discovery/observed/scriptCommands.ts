import { readShell, type WrittenCommand } from './shell';
import type { WrittenScript } from './sources';

/** What scripts say never changes: a file that does is read into new ones. */
const commandsOf = new WeakMap<WrittenScript, Map<string, Promise<readonly WrittenCommand[]>>>();

/** The commands in a script, read once. @param folder absolute path of the one that it is run in: the likeliest when left out. */
export function commandsIn(
  script: WrittenScript,
  folder = script.folders[0] ?? '',
): Promise<readonly WrittenCommand[]> {
  const known = commandsOf.get(script) ?? new Map<string, Promise<readonly WrittenCommand[]>>();
  commandsOf.set(script, known);
  const { file, shell, variables } = script;
  const root = script.folders[0] ?? folder;
  const commands = known.get(folder) ?? readShell(shell, { script: file, root, variables, folder });
  known.set(folder, commands);
  return commands;
}

/** Whether a command in a script can be one of Compose: its text says so, or a variable that it is given. */
export function speaksOfCompose({ shell, variables = {} }: WrittenScript): boolean {
  return [shell, ...Object.values(variables)].some((text) => /compose/i.test(text));
}
