import { UNKNOWN } from './shellWords';

/** How many states of a shell are followed: those of as many ways through a script. */
export const MOST_STATES = 12;
/** More than anybody's variable holds, in characters or fields: one that doubles itself would. */
const LONGEST = 20_000;
/** How many changes are kept beside the variables that they change. */
const MOST_CHANGES = 64;

/** Values by their names, which never change: those after an assignment share with these what it leaves as it is. */
export class Named<Value> {
  private constructor(
    private readonly before: ReadonlyMap<string, Value>,
    private readonly changes: ReadonlyMap<string, Value>,
  ) {}

  static of<Value>(entries: Iterable<readonly [string, Value]>): Named<Value> {
    return new Named(new Map(entries), new Map());
  }

  get(name: string): Value | undefined {
    return this.changes.get(name) ?? this.before.get(name);
  }

  /** These, and one that is set or set anew. */
  with(name: string, value: Value): Named<Value> {
    const changes = new Map(this.changes).set(name, value);
    return changes.size > MOST_CHANGES ? Named.of([...this.before, ...changes]) : new Named(this.before, changes);
  }

  /** Each once, with its value. */
  entries(): ReadonlyMap<string, Value> {
    return new Map([...this.before, ...this.changes]);
  }
}

/** What a shell knows at some point of a script. */
export interface ShellState {
  readonly folder: string;
  readonly variables: Named<string | readonly string[]>;
  /** The names of variables that programs are given. */
  readonly exported: Named<true>;
  /** `$1` and so on; undefined where they are the caller's. */
  readonly parameters?: readonly string[];
  readonly labels: readonly string[];
  /** Where `cd -` goes. */
  readonly left?: string;
  /** Where `popd` goes. */
  readonly pushed?: PushedFolder;
}

interface PushedFolder {
  readonly folder: string;
  readonly below?: PushedFolder;
}

/** Stands for "every variable": after `set -a`. */
const ALL_EXPORTED: Named<true> = Object.assign(Named.of<true>([]), {
  get: () => true,
  with: () => ALL_EXPORTED,
});

/** A state after a variable is set, or set anew. */
export function assign(state: ShellState, name: string, value: string | readonly string[]): ShellState {
  const size =
    typeof value === 'string' ? value.length : value.length + value.reduce((sum, one) => sum + one.length, 0);
  return { ...state, variables: state.variables.with(name, size > LONGEST ? UNKNOWN : value) };
}

/** A state with other `$1` and so on; undefined where they are the caller's, or longer than anybody's. */
export function withParameters(state: ShellState, parameters: readonly string[] | undefined): ShellState {
  return { ...state, parameters: parameters && parameters.join().length > LONGEST ? undefined : parameters };
}

/** A state after `set` with some words: `set -a`, `set -- a b`. */
export function withOptions(words: readonly string[], state: ShellState): ShellState {
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? state : withParameters(state, words.slice(end + 1));
  return options.some((word) => /^-\w*a/.test(word)) ? { ...after, exported: ALL_EXPORTED } : after;
}

/** The environment variables that a program is given. @param given the names of those that its command sets for it. */
export function exportedOf({ variables, exported }: ShellState, given: readonly string[]): Record<string, string> {
  const known = [...variables.entries()].flatMap(([name, value]) =>
    typeof value === 'string' && (exported.get(name) || given.includes(name)) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(known);
}

/** A way that leaves everything as it was says nothing: its labels are forgotten. */
export function withoutIdleLabels(states: readonly ShellState[], labels: readonly string[]): readonly ShellState[] {
  const keys = states.map(keyOf);
  return states.map((state, index) =>
    keys.indexOf(keys[index] ?? '') === keys.lastIndexOf(keys[index] ?? '') ? state : { ...state, labels },
  );
}

/** Variables never change, an assignment makes new ones: each is written out once. */
const textsOfVariables = new WeakMap<ShellState['variables'], string>();

function keyOf({ folder, variables, parameters }: ShellState): string {
  const text = textsOfVariables.get(variables) ?? JSON.stringify([...variables.entries()]);
  textsOfVariables.set(variables, text);
  return `${folder}\n${text}\n${JSON.stringify(parameters)}`;
}

/** Most commands change nothing. */
export function changed(before: readonly ShellState[], after: readonly ShellState[]): readonly ShellState[] {
  const isSame = after.length === before.length && after.every((state, index) => state === before[index]);
  return isSame ? before : fewer(after);
}

/** One of each, and not more than can be followed. @param last whether the last is to be among them in any case. */
export function fewer(states: readonly ShellState[], last = false): readonly ShellState[] {
  if (states.length < 2) return states;
  const different = new Map(states.map((state) => [`${keyOf(state)}${state.labels.join(' ')}`, state]));
  const all = [...different.values()];
  return last && all.length > MOST_STATES
    ? [...all.slice(0, MOST_STATES - 1), ...all.slice(-1)]
    : all.slice(0, MOST_STATES);
}
