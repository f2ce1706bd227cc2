import path from 'node:path';
import { readText } from '../readText';
import { closing, FUNCTIONS, patsubst, set, splitArguments, toUnknown, UNSET } from './makeTexts';
import { isKnown, UNKNOWN } from './shellWords';

/** A line of a recipe, as the shell gets it. */
export interface RecipeLine {
  readonly target: string;
  /** The targets that are made before this one. */
  readonly shell: string;
  /** Absolute path of the file that it stands in, and the line there, from 1. */
  readonly file: string;
  readonly line: number;
  /** The environment variables that make gives it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How many lines of recipes are looked at, counted for each of their targets. */
const MOST_LINES = 20_000;

/** How deep variables and included files may stand in each other. */
const DEEPEST = 20;
/** More text than any variable is long: a variable that doubles itself would be. */
const LONGEST = 20_000;
/** How many files, and how many variables, a makefile takes in: those that take in each other would never end. */
const MOST_INCLUDED = 100;
const MOST_REFERENCES = 100_000;

/**
 * The recipe lines of a makefile with their variables filled in, without running anything. What only running would tell
 * is UNKNOWN.
 * @param file absolute path. @param folder absolute path of the folder that make is run in.
 * @param onFile is told each file that is taken in, there or not: absolute paths.
 */
export async function readMakefile(
  file: string,
  text: string,
  { folder = path.dirname(file), onFile }: { readonly folder?: string; readonly onFile?: (file: string) => void } = {},
): Promise<readonly RecipeLine[]> {
  const makefile = new Makefile(folder, onFile);
  await makefile.read(file, text);
  return makefile.lines();
}

interface Variable {
  readonly text: string;
  /** Whether its own variables are filled in each time that it is used (`=`), and not once (`:=`). */
  readonly isRecursive: boolean;
}

interface Recipe {
  readonly targets: readonly string[];
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

class Makefile {
  private readonly variables = new Map<string, Variable>();
  private readonly exported = new Set<string>();
  /** Variables that only hold for one target. */
  private readonly ofTarget = new Map<string, Map<string, Variable>>();
  private readonly recipes: Recipe[] = [];
  private exportsAll = false;
  private included = 0;
  private references = 0;

  constructor(
    private readonly folder: string,
    private readonly onFile: ((file: string) => void) | undefined,
  ) {
    for (const [name, text] of Object.entries({ CURDIR: folder, PWD: folder, MAKE: 'make', SHELL: '/bin/sh' })) {
      this.variables.set(name, { text, isRecursive: false });
    }
  }

  async read(file: string, text: string, depth = 0): Promise<void> {
    this.variables.set('MAKEFILE_LIST', { text: file, isRecursive: false });
    let targets: readonly string[] = [];
    /** For each `if…` around: whether what stands in it now holds; undefined when that can't be known. */
    const conditions: (boolean | undefined)[] = [];
    let isInDefine = false;
    for (const { text: line, number } of logicalLines(text)) {
      const words = line.trim();
      if (isInDefine) {
        isInDefine = words !== 'endef';
        continue;
      }
      if (line.startsWith('\t') && targets.length > 0) {
        if (conditions.every((holds) => holds !== false)) {
          this.recipes.push({ targets, text: words, file, line: number });
        }
        continue;
      }
      const plain = withoutComment(line).trim();
      if (plain === '') continue;
      if (this.condition(plain, conditions)) continue;
      if (conditions.some((holds) => holds === false)) continue;
      if (/^(?:override\s+)?define\b/.test(plain)) {
        isInDefine = true;
        continue;
      }
      const [, included] = /^(?:-|s)?include\s+(.+)$/.exec(plain) ?? [];
      if (included !== undefined) {
        await this.include(this.expand(included), depth);
        this.variables.set('MAKEFILE_LIST', { text: file, isRecursive: false });
        continue;
      }
      if (this.assignment(plain)) {
        targets = [];
        continue;
      }
      targets = this.rule(plain, file, number) ?? targets;
    }
  }

  /** Those that run Compose; of more than anybody writes by hand, the first. */
  lines(): readonly RecipeLine[] {
    const found: RecipeLine[] = [];
    const environments = new Map<string, Readonly<Record<string, string>>>();
    let looked = 0;
    for (const { targets, text, file, line } of this.recipes) {
      for (const target of targets) {
        if (++looked > MOST_LINES) return found;
        const automatic = new Map([...(this.ofTarget.get(target) ?? []), ['@', { text: target, isRecursive: false }]]);
        const shell = toUnknown(this.expand(text, automatic)).replace(/^[@+\s-]+/, '');
        if (!/compose/i.test(shell)) continue;
        const variables = environments.get(target) ?? this.environment(automatic);
        environments.set(target, variables);
        found.push({ target, shell, file, line, variables });
      }
    }
    return found;
  }

  private environment(own: ReadonlyMap<string, Variable>): Record<string, string> {
    const names = this.exportsAll ? [...this.variables.keys(), ...own.keys()] : [...this.exported];
    const entries = names.map((name) => [name, toUnknown(this.expand(`$(${name})`, own))] as const);
    return Object.fromEntries(entries.filter(([, value]) => isKnown(value)));
  }

  private async include(names: string, depth: number): Promise<void> {
    for (const name of names.split(/\s+/).filter((one) => one && isKnown(one))) {
      const file = path.resolve(this.folder, name);
      this.onFile?.(file);
      if (depth >= DEEPEST || ++this.included > MOST_INCLUDED) return;
      const text = await readText(file, this.folder).catch(() => undefined);
      if (text !== undefined) await this.read(file, text, depth + 1);
    }
  }

  /** Takes in `ifeq …`, `else`, `endif`. @returns whether the line is such a one. */
  private condition(line: string, conditions: (boolean | undefined)[]): boolean {
    const [, keyword = '', rest = ''] = /^(else\s+)?((?:ifeq|ifneq|ifdef|ifndef)\b.*)$/.exec(line) ?? [];
    if (rest) {
      const holds = this.holds(rest);
      if (keyword) {
        const before = conditions.pop();
        conditions.push(before === undefined ? undefined : before ? false : holds);
      } else conditions.push(holds);
      return true;
    }
    if (line === 'else') {
      const before = conditions.pop();
      conditions.push(before === undefined ? undefined : !before);
      return true;
    }
    if (line !== 'endif') return false;
    conditions.pop();
    return true;
  }

  private holds(condition: string): boolean | undefined {
    const [, keyword = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(condition) ?? [];
    const isNegated = keyword.startsWith('ifn');
    if (keyword.endsWith('def')) {
      const holds = (this.variables.get(rest.trim())?.text ?? '') !== '';
      return holds !== isNegated;
    }
    const [, left = '', right = ''] =
      /^\(([^,]*),(.*)\)$/.exec(rest.trim()) ?? /^["']([^"']*)["']\s+["']([^"']*)["']$/.exec(rest.trim()) ?? [];
    const [a, b] = [set(this.expand(left)).trim(), set(this.expand(right)).trim()];
    return isKnown(a) && isKnown(b) ? (a === b) !== isNegated : undefined;
  }

  /** @returns whether the line is an assignment. */
  private assignment(line: string): boolean {
    if (/^export\s*$/.test(line)) {
      this.exportsAll = true;
      return true;
    }
    const [, exporting, names] = /^(export|unexport)\s+([\w\s]+)$/.exec(line) ?? [];
    if (names !== undefined) {
      for (const name of names.split(/\s+/)) if (exporting === 'export') this.exported.add(name);
      return true;
    }
    const [, before = '', name = '', operator = '', value = ''] =
      /^((?:(?:export|override|private)\s+)*)([\w.-]+)\s*(:{1,3}=|\?=|\+=|!=|=)\s*(.*)$/.exec(line) ?? [];
    if (!name) return false;
    if (before.includes('export')) this.exported.add(name);
    this.set(this.variables, name, operator, value);
    return true;
  }

  private set(variables: Map<string, Variable>, name: string, operator: string, value: string): void {
    const old = variables.get(name) ?? this.variables.get(name);
    if (operator === '?=' && old) return;
    if (operator === '+=') {
      variables.set(name, { text: `${old?.text ?? ''} ${value}`.trim(), isRecursive: old?.isRecursive ?? true });
    } else if (operator === '!=') variables.set(name, { text: this.shell(value), isRecursive: false });
    else if (operator.startsWith(':')) variables.set(name, { text: this.expand(value), isRecursive: false });
    else variables.set(name, { text: value, isRecursive: true });
  }

  /** @returns the targets of a rule; undefined when the line is none. */
  private rule(line: string, file: string, number: number): readonly string[] | undefined {
    const [, names, rest = ''] = /^([^:=]+?)\s*(?:&?::?)(?!=)(.*)$/.exec(this.expand(line)) ?? [];
    if (names === undefined) return undefined;
    const targets = names.split(/\s+/).filter((name) => name && isKnown(name) && !name.startsWith('.'));
    const [, ofTarget] = /^[^:=]+?\s*:\s*(.*)$/.exec(line) ?? [];
    const [, name = '', operator = '', value = ''] =
      /^(?:(?:export|override|private)\s+)*([\w.-]+)\s*(:{1,3}=|\?=|\+=|!=|=)\s*(.*)$/.exec(ofTarget ?? '') ?? [];
    if (name) {
      for (const target of targets) {
        const own = this.ofTarget.get(target) ?? new Map<string, Variable>();
        this.ofTarget.set(target, own);
        this.set(own, name, operator, value);
        if (/^export\s/.test(ofTarget ?? '')) this.exported.add(name);
      }
      return [];
    }
    const [, recipe] = /;(.*)$/.exec(rest) ?? [];
    if (recipe?.trim()) this.recipes.push({ targets, text: recipe.trim(), file, line: number });
    return targets;
  }

  /** A text with its variables and functions filled in. @param own the variables of a target. */
  private expand(text: string, own: ReadonlyMap<string, Variable> = new Map(), depth = 0): string {
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
        result += this.reference(text.slice(dollar + 2, end), own, depth);
        at = end + 1;
      } else {
        result += this.value(next, own, depth);
        at = dollar + 2;
      }
    }
    return result;
  }

  private reference(inner: string, own: ReadonlyMap<string, Variable>, depth: number): string {
    if (depth > DEEPEST || ++this.references > MOST_REFERENCES) return UNKNOWN;
    const [, name = '', rest = ''] = /^([a-z]+)\s+(.*)$/s.exec(inner) ?? [];
    if (Object.hasOwn(FUNCTIONS, name) || OF_VARIABLES.has(name)) {
      return this.callFunction(name, splitArguments(rest), own, depth + 1);
    }
    const [, base, from, to] = /^([^:=\s]+):([^=]*)=(.*)$/.exec(inner) ?? [];
    if (base !== undefined && from !== undefined && to !== undefined) {
      const words = this.value(base, own, depth + 1);
      return isKnown(words)
        ? patsubst([from.includes('%') ? from : `%${from}`, to.includes('%') ? to : `%${to}`, words])
        : UNKNOWN;
    }
    return this.value(this.expand(inner, own, depth + 1), own, depth + 1);
  }

  private value(name: string, own: ReadonlyMap<string, Variable>, depth: number): string {
    const variable = own.get(name) ?? this.variables.get(name);
    // It may come from the environment of whoever runs make, or be an automatic one.
    if (!variable) return /^(?:[@<^+?*%|]|[@<^*?][DF])$/.test(name) ? UNKNOWN : UNSET;
    if (!variable.isRecursive) return variable.text;
    return depth > DEEPEST ? UNKNOWN : this.expand(variable.text, own, depth + 1);
  }

  private callFunction(
    name: string,
    args: readonly string[],
    own: ReadonlyMap<string, Variable>,
    depth: number,
  ): string {
    const expanded = (index: number) => this.expand(args[index] ?? '', own, depth);
    if (name === 'shell') return this.shell(args.join(','));
    if (name === 'eval') return '';
    if (name === 'if') return set(expanded(0)).trim() === '' ? expanded(2) : expanded(1);
    if (name === 'foreach') {
      const variable = expanded(0).trim();
      const each = expanded(1).split(/\s+/).filter(Boolean);
      return each
        .map((text) => this.expand(args[2] ?? '', new Map([...own, [variable, { text, isRecursive: false }]]), depth))
        .join(' ');
    }
    if (name === 'call') {
      const parameters = args.slice(1).map((_, index) => [String(index + 1), expanded(index + 1)] as const);
      const scope = new Map([...own, ...parameters.map(([key, text]) => [key, { text, isRecursive: false }] as const)]);
      return this.expand(`$(${expanded(0).trim()})`, scope, depth);
    }
    const values = args.map((_, index) => expanded(index));
    return values.every(isKnown) || name === 'or' ? (FUNCTIONS[name]?.(values, this.folder) ?? UNKNOWN) : UNKNOWN;
  }

  private shell(command: string): string {
    return /^\s*pwd\s*(?:-P\s*)?$/.test(command) ? this.folder : UNKNOWN;
  }
}

/** Functions that do more than that. */
const OF_VARIABLES = new Set(['if', 'foreach', 'call', 'shell', 'eval']);

/** The lines of a text, those joined that end with a backslash, each with the number of its first one, from 1. */
function* logicalLines(text: string): Generator<{ readonly text: string; readonly number: number }> {
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let line = lines[index] ?? '';
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) && index + 1 < lines.length) {
      line = `${line.slice(0, -1).trimEnd()} ${(lines[++index] ?? '').trim()}`;
    }
    yield { text: line, number };
  }
}

function withoutComment(line: string): string {
  return line.replace(/(^|[^\\])#.*$/, '$1');
}
