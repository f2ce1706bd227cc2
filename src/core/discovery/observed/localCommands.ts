import type { EnvironmentCommand } from '../../model/command';
import type { Invocation } from './invocation';
import { localTest, mayLeadToTests } from './localTest';
import { keyOf, type ScriptKey, scriptCallOf } from './scriptCalls';
import { speaksOfCompose } from './scriptCommands';
import type { WrittenCommand } from './shell';
import { isKnown, OPEN } from './shellWords';
import type { WrittenScript } from './sources';

/** What a command tells Compose to do. */
type Invoked = Pick<Invocation, 'verb' | 'args'>;

/** What runs nothing by itself. */
const ONLY_TELLS: ReadonlySet<WrittenScript['source']> = new Set(['docs', 'devcontainer', 'variables']);

/** How many scripts without Compose are read: of more than anybody writes by hand, the first. */
const MOST_SCRIPTS = 2_000;
/** How many commands and scripts are gone through, over and over where many scripts run the same ones. */
const MOST_STEPS = 100_000;
/** How deep scripts that run others are followed. */
const DEEPEST = 20;

/** A script, and what it runs. */
interface Reading {
  readonly script: WrittenScript;
  readonly commands: readonly WrittenCommand[];
}

/** A test on this machine, in the environment that was brought up before it. */
interface Finding {
  readonly up: WrittenCommand;
  readonly test: WrittenCommand;
  readonly command: EnvironmentCommand;
  /** How many scripts, each of which runs the next, lead to it. */
  readonly depth: number;
}

/** What somebody calls, on the way through all that it runs. */
interface Way {
  readonly root: ScriptKey;
  readonly found: Finding[];
  readonly visited: Set<string>;
  /** What was brought up last, and is still there. */
  up?: { readonly command: WrittenCommand; readonly script: WrittenScript };
}

/**
 * The tests that scripts run on this machine after they, or what they run before, have brought an environment up: `test: up` in a
 * makefile with the recipe `cargo test`, `npm run up && npm test`, a step of a job after `docker compose up -d`.
 * @param commandsIn gives what a script runs. @param invocations those of the commands that run Compose on files that are there.
 * @returns the test commands, by the command that brings up the environment which they belong to.
 */
export async function localCommands(
  scripts: readonly WrittenScript[],
  commandsIn: (script: WrittenScript) => Promise<readonly WrittenCommand[]>,
  invocations: ReadonlyMap<WrittenCommand, Invoked>,
): Promise<ReadonlyMap<WrittenCommand, readonly EnvironmentCommand[]>> {
  if (![...invocations.values()].some(bringsUp)) return new Map();
  let others = 0;
  const matters = (script: WrittenScript) => {
    if (ONLY_TELLS.has(script.source)) return false;
    return speaksOfCompose(script) || ((script.needs || mayLeadToTests(script.shell)) && ++others <= MOST_SCRIPTS);
  };
  const readings = await Promise.all(
    scripts.filter(matters).map(async (script): Promise<Reading> => ({ script, commands: await commandsIn(script) })),
  );
  const found = new LocalCommands(readings, invocations).all();
  const byUp = new Map<WrittenCommand, EnvironmentCommand[]>();
  for (const { up, command } of found) byUp.set(up, [...(byUp.get(up) ?? []), command]);
  return byUp;
}

/** Goes on in the background, or has come up when it ends. */
function bringsUp({ verb, args }: Invoked): boolean {
  return (
    verb === 'start' ||
    (verb === 'up' && args.some((word) => /^(?:-[a-ce-zA-Z]*d\w*|--detach|--wait)$/.test(word) || !isKnown(word)))
  );
}

class LocalCommands {
  private readonly scripts = new Map<ScriptKey, Reading[]>();
  private readonly leading = new Map<ScriptKey, boolean>();
  private steps = 0;

  constructor(
    readings: readonly Reading[],
    private readonly invocations: ReadonlyMap<WrittenCommand, Invoked>,
  ) {
    for (const reading of readings) {
      const key = keyOf(reading.script);
      const same = this.scripts.get(key) ?? [];
      this.scripts.set(key, same);
      same.push(reading);
    }
  }

  /** Each test by what leads to it most directly. */
  all(): readonly Finding[] {
    const found = [...this.scripts.keys()].flatMap((root) => {
      if (!this.leadsToCompose(root)) return [];
      const way: Way = { root, found: [], visited: new Set() };
      this.follow(root, way, 0);
      return way.found;
    });
    const nearest = new Map<WrittenCommand, number>();
    for (const { test, depth } of found) nearest.set(test, Math.min(depth, nearest.get(test) ?? DEEPEST));
    return found.filter(({ test, depth }) => depth === nearest.get(test));
  }

  /** Whether something of Compose is run by a script, or by what it runs. */
  private leadsToCompose(key: ScriptKey, depth = 0): boolean {
    const known = this.leading.get(key);
    if (known !== undefined || depth > DEEPEST) return known ?? false;
    // What runs itself leads nowhere by that.
    this.leading.set(key, false);
    const leads = (this.scripts.get(key) ?? []).some(
      ({ script, commands }) =>
        speaksOfCompose(script) ||
        (script.needs ?? []).some((label) => this.leadsToCompose(keyOf(script, label), depth + 1)) ||
        commands.some((command) => scriptCallOf(command)?.keys.some((one) => this.leadsToCompose(one, depth + 1))),
    );
    this.leading.set(key, leads);
    return leads;
  }

  private follow(key: ScriptKey, way: Way, depth: number, args?: readonly string[]): void {
    const visit = [key, ...(args ?? [])].join(' ');
    if (way.visited.has(visit) || depth > DEEPEST || ++this.steps > MOST_STEPS) return;
    way.visited.add(visit);
    const own = this.scripts.get(key) ?? [];
    const readings = key === way.root ? own : own.map((reading) => this.asFor(way.root, reading));
    for (const { script } of readings) {
      for (const label of script.needs ?? []) this.follow(keyOf(script, label), way, depth + 1);
    }
    for (const { script, commands } of readings) {
      for (const command of commands) {
        if (++this.steps > MOST_STEPS) return;
        if (isMeant(command, args)) this.step(command, script, way, depth);
      }
    }
  }

  /** A line of a makefile as it is for who has it run: with the variables that those give it. */
  private asFor(root: ScriptKey, { script, commands }: Reading): Reading {
    const { source, file, line } = script;
    const same = source === 'makefile' ? this.scripts.get(root) : undefined;
    return same?.find((one) => one.script.file === file && one.script.line === line) ?? { script, commands };
  }

  private step(command: WrittenCommand, script: WrittenScript, way: Way, depth: number): void {
    const invocation = this.invocations.get(command);
    if (invocation) {
      if (bringsUp(invocation)) way.up = { command, script };
      else if (/^(?:up|down|stop|rm|kill)$/.test(invocation.verb ?? '')) way.up = undefined;
      return;
    }
    const call = scriptCallOf(command);
    if (call?.keys.some((key) => this.leadsToCompose(key))) {
      for (const key of call.keys) this.follow(key, way, depth + 1, call.args);
      return;
    }
    const found =
      way.up && isAfter(command, script, way.up)
        ? testIn(command, script, this.nameIn(way, command, script))
        : undefined;
    if (found && way.up) way.found.push({ up: way.up.command, test: command, command: found, depth });
  }

  /** What somebody calls to have it run; in a shell script the function, if it is in one. */
  private nameIn({ root }: Way, command: WrittenCommand, script: WrittenScript): string {
    const called = this.scripts.get(root)?.[0]?.script.label ?? '';
    return script.source === 'shell' && keyOf(script) === root ? (command.labels[0] ?? called) : called;
  }
}

/** Whether a shell script that is given some words runs a command: one for other words, as a `case` has, is not meant. */
function isMeant({ labels }: WrittenCommand, args: readonly string[] | undefined): boolean {
  const [word] = args?.filter(isKnown) ?? [];
  return word === undefined || labels.length === 0 || labels.includes(word);
}

/** Of one script, what stands in one function, or branch, says nothing of another. */
function isAfter({ labels }: WrittenCommand, script: WrittenScript, up: NonNullable<Way['up']>): boolean {
  const before = up.command.labels;
  return up.script !== script || before.length === 0 || labels.every((label, index) => before[index] === label);
}

function testIn(
  { words, folder, variables }: WrittenCommand,
  script: WrittenScript,
  name: string,
): EnvironmentCommand | undefined {
  // What somebody may give is left out; what only a part of a word is of that kind can't be run without.
  const given = words.filter((word) => word !== OPEN);
  const isOfMake = script.source === 'makefile';
  const command = given.every(isKnown) ? localTest(given, /package\.json$/.test(script.file)) : undefined;
  if (!command || !isKnown(folder)) return undefined;
  // Those of a makefile may be all that an env file has, secrets too.
  const env = Object.entries(variables).filter(
    ([variable, value]) => isKnown(value) && !(isOfMake && script.variables?.[variable] === value),
  );
  return {
    name,
    kind: 'test',
    command,
    directory: folder,
    ...(env.length > 0 ? { env: Object.fromEntries(env) } : {}),
  };
}
