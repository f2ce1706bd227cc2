import { type Invocation, upOf } from './invocation';
import { keyOf } from './scriptCalls';
import { commandsIn } from './scriptCommands';
import type { WrittenCommand } from './shell';
import type { WrittenScript } from './sources';

/** A command that runs Compose, and what it tells that. */
interface Run extends Pick<Invocation, 'verb' | 'args' | 'files'> {
  readonly script: WrittenScript;
  readonly written: WrittenCommand;
}

/** What is written for people to read lists alternatives; on CI each job has a machine of its own. */
const IS_RUN_HERE: ReadonlySet<WrittenScript['source']> = new Set(['makefile', 'script', 'tasks', 'shell']);

const TAKES_DOWN = /(?:^|[^a-z])(?:down|stop|kill|rm|remove|prune|clean|destroy|teardown|reset)(?:$|[^a-z])/i;

/** Whether a command, or a part of it, speaks of taking something down, whichever way. */
export function mayTakeDown(shell: string): boolean {
  return TAKES_DOWN.test(shell);
}

/**
 * The environments that one list of commands (a target of a makefile, a script) brings up without taking one of them down before the other:
 * each with the moments at which it is up, those of one list and time called alike. None that is alone there at all times.
 * @param scripts all that is written, in its order. @param folders those that scripts are run in.
 * @param environments for each, the commands that run it.
 */
export async function upTogether<Runs extends readonly Run[]>(
  scripts: readonly WrittenScript[],
  folders: ReadonlyMap<WrittenScript, string>,
  environments: readonly Runs[],
): Promise<ReadonlyMap<Runs, readonly string[]>> {
  const known = environments.flatMap((runs) => runs.map((run) => [run.written, { runs, run }] as const));
  const byCommand = new Map(known);
  const running = environments.flatMap((runs) => [...new Set(runs.map(({ script }) => keyOf(script)))]);
  const once = new Set<string>();
  const several = new Set(running.filter((key) => once.has(key) || !once.add(key)));
  const lists = new Map<string, WrittenCommand[]>();
  for (const script of scripts) {
    const key = keyOf(script);
    if (!several.has(key) || !IS_RUN_HERE.has(script.source) || script.isOnOneWay) continue;
    lists.set(key, [...(lists.get(key) ?? []), ...(await commandsIn(script, folders.get(script)))]);
  }
  const found = new Map<Runs, readonly string[]>();
  for (const [list, commands] of lists) {
    for (const [index, all] of momentsOf(commands, byCommand).entries()) {
      if (all.size < 2) continue;
      for (const one of all) found.set(one, [...(found.get(one) ?? []), `${list} ${index}`]);
    }
  }
  return found;
}

/** What is up from when something was taken down to the next time, one after the other. */
function momentsOf<Runs>(
  commands: readonly WrittenCommand[],
  byCommand: ReadonlyMap<WrittenCommand, { readonly runs: Runs; readonly run: Run }>,
): readonly ReadonlySet<Runs>[] {
  let up = new Map<Runs, readonly string[]>();
  const moments = [new Set<Runs>()];
  const takeDown = (isMeant: (files: readonly string[]) => boolean) => {
    const left = new Map([...up].filter(([, files]) => !isMeant(files)));
    if (left.size < up.size) moments.push(new Set(left.keys()));
    up = left;
  };
  for (const command of commands) {
    const known = byCommand.get(command);
    if (!known) {
      if (command.words.some(mayTakeDown)) takeDown(() => true);
      continue;
    }
    const { runs, run } = known;
    const way = upOf(run);
    if (way && command.isOnEveryWay) {
      up.set(runs, run.files);
      moments.at(-1)?.add(runs);
    }
    // What runs in the foreground is stopped by whoever wants the next command.
    if (way === 'attached' || /^(?:down|stop|rm|kill)$/.test(run.verb ?? 'down'))
      takeDown((files) => files.some((file) => run.files.includes(file)));
  }
  return moments;
}
