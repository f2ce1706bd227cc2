import type { FolderNames } from './folderNames';
import { forShell } from './forShell';
import { closing, FUNCTIONS, patsubst, set, splitArguments, UNSET } from './makeTexts';
import { isKnown, UNKNOWN } from './shellWords';

/** A variable of a makefile. */
export interface Variable {
  readonly text: string;
  /** Whether its own variables are filled in each time that it is used (`=`), and not once (`:=`). */
  readonly isRecursive: boolean;
}

/** The variables that hold in some place only: those of a target, the parameters of a `call`. */
export type Scope = ReadonlyMap<string, Variable>;

/** What make is given by whoever runs it. */
export interface Given {
  /** `make NAME=value`: stronger than what the makefile says. */
  readonly command: Readonly<Record<string, string>>;
  /** `NAME=value make`: weaker than that. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether conditions hold that only running something would decide. */
  readonly isUndecidedHeld: boolean;
}

/** How deep variables may stand in each other. */
const DEEPEST = 20;
/** More text than any variable or line is long: a variable that doubles itself would be. */
export const LONGEST = 20_000;
/** How much text variables are looked for in, in characters: those that take in each other would never end. */
const MOST_WORK = 20_000_000;

/** How long the result of a function may get, at most, by the lengths of its arguments. */
const MOST_PRODUCT = 10_000_000;

const NOWHERE: Scope = new Map();

/** The variables of a makefile, and what texts with them become. What only running something would tell is UNKNOWN. */
export class MakeVariables {
  private readonly all = new Map<string, Variable>();
  private readonly fixed: ReadonlySet<string>;
  private readonly isUndecidedHeld: boolean;
  private work = 0;
  /** Whether there was a condition that only running something would decide. */
  hasUndecided = false;

  /** @param folder absolute path of the folder that make is run in. @param names what `wildcard` finds. */
  constructor(
    private readonly folder: string,
    given: Given,
    private readonly names: FolderNames,
  ) {
    const folders = { CURDIR: forShell(folder), PWD: forShell(folder) };
    // The targets that make is called for are known only in the recipe of each.
    const ofMake = { ...folders, MAKE: 'make', SHELL: '/bin/sh', MAKECMDGOALS: UNKNOWN };
    for (const [name, text] of Object.entries({ ...given.environment, ...ofMake, ...given.command }))
      this.fix(name, text);
    this.fixed = new Set(Object.keys(given.command));
    this.isUndecidedHeld = given.isUndecidedHeld;
  }

  /** Whether a variable holds anything. */
  holds(name: string): boolean {
    return (this.all.get(name)?.text ?? '') !== '';
  }

  allNames(): Iterable<string> {
    return this.all.keys();
  }

  /** Whether a condition is taken to hold that only running something would decide. */
  undecided(): boolean {
    this.hasUndecided = true;
    return this.isUndecidedHeld;
  }

  /** Sets a variable to a text as it is. */
  fix(name: string, text: string): void {
    this.all.set(name, { text, isRecursive: false });
  }

  /** Takes in an assignment. @param operator `=`, `:=`, `?=` … @param own where it only holds there. */
  assign(name: string, operator: string, value: string, own?: Map<string, Variable>): void {
    if (this.fixed.has(name)) return;
    const variables = own ?? this.all;
    const old = variables.get(name) ?? this.all.get(name);
    if (operator === '?=' && old) return;
    if (operator === '+=') {
      const { text: before, isRecursive } = old ?? { text: '', isRecursive: true };
      variables.set(name, { text: `${before} ${isRecursive ? value : this.expand(value)}`.trim(), isRecursive });
    } else if (operator === '!=') variables.set(name, { text: this.shell(value), isRecursive: false });
    else if (operator.startsWith(':')) variables.set(name, { text: this.expand(value), isRecursive: false });
    else variables.set(name, { text: value, isRecursive: true });
  }

  /** A text with its variables and functions filled in. @param own the variables of a target. */
  expand(text: string, own: Scope = NOWHERE, depth = 0): string {
    this.work += text.length;
    if (this.work > MOST_WORK) return UNKNOWN;
    let result = '';
    for (let at = 0; at < text.length && result.length < LONGEST; ) {
      const dollar = text.indexOf('$', at);
      if (dollar < 0 || dollar === text.length - 1) return result + text.slice(at);
      result += text.slice(at, dollar);
      const next = text[dollar + 1] ?? '';
      if (next === '$') {
        result += '$';
        at = dollar + 2;
      } else if (next === '(' || next === '{') {
        const end = closing(text, dollar + 1);
        this.work += end - dollar;
        result += this.reference(text.slice(dollar + 2, end), own, depth);
        at = end + 1;
      } else {
        result += this.value(next, own, depth);
        at = dollar + 2;
      }
    }
    return result;
  }

  private reference(inner: string, own: Scope, depth: number): string {
    if (depth > DEEPEST || this.work > MOST_WORK) return UNKNOWN;
    const [, name, rest = ''] = /^([a-z-]+)\s+(.*)$/s.exec(inner) ?? [];
    if (name !== undefined) return this.callFunction(name, splitArguments(rest), own, depth + 1);
    const whole = this.expand(inner, own, depth + 1);
    const [, base, from, to] = /^([^:=\s]+):([^=]*)=(.*)$/.exec(whole) ?? [];
    if (base === undefined || from === undefined || to === undefined) return this.value(whole, own, depth + 1);
    const words = this.value(base, own, depth + 1);
    return isKnown(whole + words)
      ? patsubst([from.includes('%') ? from : `%${from}`, to.includes('%') ? to : `%${to}`, words])
      : UNKNOWN;
  }

  private value(name: string, own: Scope, depth: number): string {
    const variable = own.get(name) ?? this.all.get(name);
    // It may come from the environment of whoever runs make, or be an automatic one.
    if (!variable) return /^(?:[@<^+?*%|]|[@<^*?][DF])$/.test(name) ? UNKNOWN : UNSET;
    if (!variable.isRecursive) return variable.text;
    return depth > DEEPEST ? UNKNOWN : this.expand(variable.text, own, depth + 1);
  }

  private callFunction(name: string, args: readonly string[], own: Scope, depth: number): string {
    const expanded = (index: number) => this.expand(args[index] ?? '', own, depth);
    switch (name) {
      case 'shell':
        return this.shell(args.join(','));
      case 'eval':
      case 'info':
      case 'warning':
      case 'error':
        return '';
      case 'if': {
        const asked = set(expanded(0)).trim();
        const holds = isKnown(asked) ? asked !== '' : this.undecided();
        return expanded(holds ? 1 : 2);
      }
      case 'foreach': {
        const variable = expanded(0).trim();
        const each = expanded(1).split(/\s+/).filter(Boolean);
        const found: string[] = [];
        for (let length = 0; length < LONGEST && found.length < each.length; length += found.at(-1)?.length ?? 0) {
          const text = each[found.length] ?? '';
          found.push(this.expand(args[2] ?? '', new Map([...own, [variable, { text, isRecursive: false }]]), depth));
        }
        return found.join(' ');
      }
      case 'call': {
        const parameters = args.slice(1).map((_, index) => [String(index + 1), expanded(index + 1)] as const);
        const scope = new Map([
          ...own,
          ...parameters.map(([key, text]) => [key, { text, isRecursive: false }] as const),
        ]);
        return this.expand(`$(${expanded(0).trim()})`, scope, depth);
      }
    }
    const values = args.map((_, index) => expanded(index));
    if (!values.every(isKnown) && name !== 'or') return UNKNOWN;
    if (values.reduce((product, { length }) => product * (length + 1), 1) > MOST_PRODUCT) return UNKNOWN;
    if (name === 'wildcard') return this.names.matching(set(values.join(',')), this.folder) ?? UNKNOWN;
    // What is not known here may give anything.
    const result = Object.hasOwn(FUNCTIONS, name) ? (FUNCTIONS[name]?.(values, this.folder) ?? UNKNOWN) : UNKNOWN;
    return result.length > LONGEST ? UNKNOWN : result;
  }

  private shell(command: string): string {
    return /^\s*pwd\s*(?:-P\s*)?$/.test(command) ? forShell(this.folder) : UNKNOWN;
  }
}
