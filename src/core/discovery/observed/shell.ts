import type { AndOr, CommandNode, CompoundList, PipelineNode, Redirection, Script } from 'unbash';
import { filesProvidedBy } from './shellFiles';
import { afterMove, turnedPath } from './shellFolders';
import {
  assign,
  changed,
  exportedOf,
  fewer,
  MOST_STATES,
  Named,
  type ShellState as State,
  withOptions,
  withoutIdleLabels,
  withParameters,
} from './shellStates';
import { answered, isTest, questionsIn, variableAskedFor } from './shellTests';
import { scriptsOf, untilTooDeep } from './shellTexts';
import { OPEN, ShellWords, UNKNOWN } from './shellWords';

/** A command that stands in a shell script, as far as its text alone tells it. */
export interface WrittenCommand {
  /** The program and its arguments, with {@link UNKNOWN} and {@link OPEN} for what is not known. */
  readonly words: readonly string[];
  /** The environment variables that the script gives it, as far as they are known. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute path of the folder it runs in; may contain {@link UNKNOWN}. */
  readonly folder: string;
  /** What leads to it, outermost first: names of functions, patterns of `case`. */
  readonly labels: readonly string[];
  /** Whether every way through the script comes by it, unless it ends before. */
  readonly isOnEveryWay: boolean;
  /** The files that the script makes, or whose presence it asks for (`[ -f … ]`): absolute paths. */
  readonly provided: ReadonlySet<string>;
  /** Where it begins, as an offset into the script. */
  readonly offset: number;
}

export interface ShellSurroundings {
  /** Absolute path of the folder that the script is run in. */
  readonly folder: string;
  /** Absolute path of the file that the script is in: what `$0` is. */
  readonly script?: string;
  /** Absolute path of the repository. */
  readonly root: string;
  /** Environment variables that are known. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How far to go where a script does much, or calls itself. */
const MOST_COMMANDS = 2_000;
const MOST_STEPS = 50_000;
const DEEPEST = 8;

/**
 * The commands in a shell script, on all ways through it, without running anything: variables, arrays, functions, `cd`,
 * `case` and `if` are followed as text. What can't be known that way is
 * {@link UNKNOWN}, and what somebody may give is {@link OPEN}.
 */
export async function readShell(script: string, surroundings: ShellSurroundings): Promise<readonly WrittenCommand[]> {
  const { parse } = await import('unbash');
  return new ShellReader(parse, surroundings).read(untilTooDeep(script));
}

type FunctionBody = Extract<CommandNode, { type: 'Function' }>['body'];
type Loop = Extract<CommandNode, { type: 'For' | 'Select' }>;

class ShellReader {
  private readonly found: (WrittenCommand & { offset: number })[] = [];
  private readonly functions = new Map<string, FunctionBody>();
  private readonly called = new Set<string>();
  private readonly provided = new Set<string>();
  private readonly words: ShellWords;
  private depth = 0;
  private steps = 0;
  /** How many choices lead to where it is read. */
  private choosing = 0;

  constructor(
    private readonly parse: (source: string) => Script,
    private readonly surroundings: ShellSurroundings,
  ) {
    this.words = new ShellWords(surroundings.script, (script, state) => this.substitution(script, state));
  }

  read(script: string): readonly WrittenCommand[] {
    const { folder, variables = {} } = this.surroundings;
    const start: State = {
      folder,
      variables: Named.of(Object.entries(variables)),
      exported: Named.of(Object.keys(variables).map((name) => [name, true])),
      labels: [],
    };
    let states: readonly State[] = [start];
    for (const { command } of this.commandsOf(script)) {
      const after = this.node(command, states);
      // What follows an `exit` is what is left of the script on other ways, or its functions.
      if (after.length > 0) states = after;
    }
    // Those that are called by a word which is not known: each may be.
    for (const [name, body] of this.functions) {
      if (this.called.has(name)) continue;
      for (const state of states)
        this.chosen(() => this.body(body, [{ ...state, labels: [name], parameters: undefined }]));
    }
    return this.found;
  }

  /** None where functions and the like stand in each other deeper than the parser can go. */
  private commandsOf(script: string): Script['commands'] {
    try {
      return this.parse(script).commands;
    } catch (error) {
      if (error instanceof RangeError) return [];
      throw error;
    }
  }

  private list(statements: CompoundList['commands'], states: readonly State[]): readonly State[] {
    return statements.reduce((before, { command }) => this.node(command, before), states);
  }

  private body(body: FunctionBody, states: readonly State[]): readonly State[] {
    return body.type === 'CompoundList' ? this.list(body.commands, states) : this.node(body, states);
  }

  /** Reads what only some ways come by. */
  private chosen(read: () => readonly State[]): readonly State[] {
    this.choosing++;
    const after = read();
    this.choosing--;
    return after;
  }

  private node(node: PipelineNode | AndOr, states: readonly State[]): readonly State[] {
    const isChoice = states.length > 1 || /^(?:If|Case|Select|While)$/.test(node.type);
    return isChoice ? this.chosen(() => this.parts(node, states)) : this.parts(node, states);
  }

  private parts(node: PipelineNode | AndOr, states: readonly State[]): readonly State[] {
    this.steps += states.length;
    if (this.found.length > MOST_COMMANDS || this.steps > MOST_STEPS || this.depth > DEEPEST) return states;
    switch (node.type) {
      case 'Command':
        return changed(
          states,
          states.flatMap((state) => this.command(node, state)),
        );
      case 'AndOr':
        return (
          this.choice(node, states) ??
          node.commands.reduce<readonly State[]>((before, one, index) => {
            const operator = node.operators[index - 1];
            const test = node.commands[index - 1];
            if (operator !== undefined && isTest(test)) {
              const { yes, no } = answered(test, before);
              const [through, past] = operator === '||' ? [no, yes] : [yes, no];
              return fewer(past.concat(this.chosen(() => this.node(one, through))));
            }
            const isChosen = node.operators.slice(0, index).includes('||');
            const after = isChosen ? this.chosen(() => this.node(one, before)) : this.node(one, before);
            if (operator === undefined || after.length === 0) return after.length === 0 ? before : after;
            // The second part of `cd folder || exit` is not what usually happens.
            return operator === '||' ? before : after;
          }, states)
        );
      case 'Pipeline':
        // Each runs in a shell of its own.
        for (const one of node.commands) this.node(one, states);
        return states;
      case 'Subshell':
        this.list(node.body.commands, states);
        return states;
      case 'BraceGroup':
        return this.list(node.body.commands, states);
      case 'Redirected':
        for (const state of states) this.redirect(node.redirects, state);
        return this.node(node.command, states);
      case 'TestCommand':
        for (const { operator, operand } of questionsIn(node.expression))
          for (const state of states) this.provide(['test', operator, this.words.text(operand, state)], state);
        return states;
      case 'Function':
        this.functions.set(node.name.value, node.body);
        return states;
      case 'If':
        return this.branches(node, states);
      case 'Case':
        return this.choices(node, states);
      case 'For':
        return fewer(states.flatMap((state) => this.loop(node, state)));
      case 'Select':
        return fewer(states.flatMap((state) => this.selected(node, state)));
      case 'While': {
        const asked = this.list(node.clause.commands, states);
        // A loop over arguments is left at once where there are none.
        return fewer([...asked, ...this.list(node.body.commands, asked)]);
      }
      case 'ArithmeticFor':
        return this.list(node.body.commands, states);
      default:
        return states;
    }
  }

  private branches(node: Extract<CommandNode, { type: 'If' }>, states: readonly State[]): readonly State[] {
    let left = states;
    const ways = [node, ...node.elif].flatMap(({ clause, then }) => {
      left = this.list(clause.commands, left);
      const [test, ...more] = clause.commands;
      const { yes, no } = answered(more.length > 0 ? undefined : test?.command, left);
      left = no;
      return this.list(then.commands, yes);
    });
    return fewer([...ways, ...(node.else ? this.list(node.else.commands, left) : left)]);
  }

  private choices(node: Extract<CommandNode, { type: 'Case' }>, states: readonly State[]): readonly State[] {
    const ways = node.items.flatMap(({ pattern, body }) => {
      const names = pattern.map(({ value }) => value).filter((value) => /^[\w:./-]+$/.test(value));
      const labelled = states.map((state) => ({ ...state, labels: [...state.labels, ...names] }));
      return this.list(body.commands, labelled);
    });
    const isSure = node.items.some(({ pattern }) => pattern.some(({ value }) => value === '*'));
    return fewer(withoutIdleLabels([...ways, ...(isSure ? [] : states)], states[0]?.labels ?? []));
  }

  /** `test && one || other`, which is how one writes an `if`; undefined for other chains. */
  private choice({ commands, operators }: AndOr, states: readonly State[]): readonly State[] | undefined {
    const [test, one, other, ...more] = commands;
    if (!isTest(test) || !test || !one || !other || more.length > 0 || operators.join() !== '&&,||') return undefined;
    const { yes, no } = answered(test, this.node(test, states));
    return this.chosen(() => fewer([...this.node(one, yes), ...this.node(other, no)]));
  }

  /** What one time through the body leaves, the next begins with. */
  private loop(node: Loop, state: State): readonly State[] {
    return this.values(node, state).reduce<readonly State[]>(
      (before, value) => {
        const after = before.flatMap((one) => this.list(node.body.commands, [assign(one, node.name.value, value)]));
        // Last is the way on which nothing that is asked for is so, each time.
        return after.length > 0 ? fewer(after, true) : before;
      },
      [state],
    );
  }

  /** Somebody selects one of the values. */
  private selected(node: Loop, state: State): readonly State[] {
    return this.values(node, state).flatMap((value) =>
      this.list(node.body.commands, [assign(state, node.name.value, value)]),
    );
  }

  /** What the variable of a loop is, one time after the other. */
  private values({ wordlist }: Loop, state: State): readonly string[] {
    const values = wordlist?.flatMap((word) => this.words.fields(word, state)) ?? state.parameters ?? [OPEN];
    return values.slice(0, MOST_STATES);
  }

  private command(node: Extract<CommandNode, { type: 'Command' }>, state: State): readonly State[] {
    const assigned = node.prefix.filter((one) => one.type === 'Assignment');
    const after = assigned.reduce((before, one) => this.assignment(one, before), state);
    if (!node.name) return [after];
    const given = assigned.map(({ name }) => name);
    this.redirect(node.redirects, state);
    const args = node.suffix.flatMap((one) =>
      one.type === 'Word'
        ? this.words.fields(one, state)
        : one.type === 'Assignment'
          ? [this.assignedText(one, state)]
          : [],
    );
    const [name = '', ...rest] = [...this.words.fields(node.name, state), ...args];
    this.provide([name, ...rest], state);
    switch (name) {
      case 'cd':
      case 'pushd':
      case 'popd':
        return [afterMove(name, rest, state)];
      case 'shift':
        return [withParameters(state, state.parameters?.slice(Number(rest[0] ?? 1)))];
      case 'export':
      case 'local':
      case 'declare':
      case 'readonly':
      case 'typeset':
        return [this.declaration(name, node, state)];
      case 'set':
        return [withOptions(rest, state)];
      case ':':
        return [this.withDefaults(node, state)];
      case 'eval':
        return this.nested(rest.join(' '), node.pos, [state]);
      case 'exit':
      case 'return':
        return [];
    }
    const scripts = scriptsOf([name, ...rest]);
    if (scripts.length > 0) {
      for (const script of scripts) this.nested(script, node.pos, [after]);
      return [state];
    }
    const body = this.functions.get(name);
    if (body) return this.call(name, body, rest, state);
    this.found.push({
      words: [name, ...rest],
      // Asked for of few commands.
      get variables() {
        return exportedOf(after, given);
      },
      folder: state.folder,
      labels: state.labels,
      isOnEveryWay: this.choosing === 0,
      provided: this.provided,
      offset: node.pos,
    });
    return [state];
  }

  private provide(words: readonly string[], { folder }: State): void {
    for (const file of filesProvidedBy(words, folder)) this.provided.add(file);
  }

  private redirect(redirections: readonly Redirection[], state: State): void {
    for (const one of redirections) {
      if (one.type !== 'Redirect' || !one.target || !one.operator.includes('>')) continue;
      this.provide(['tee', this.words.text(one.target, state)], state);
    }
  }

  /** After `: "${NAME:=value}"`. */
  private withDefaults({ args }: Extract<CommandNode, { type: 'Command' }>, state: State): State {
    return args.reduce((before, word) => {
      const name = word.type === 'Word' ? /^"?\$\{(\w+):?=/.exec(word.text)?.[1] : undefined;
      return name === undefined || word.type !== 'Word' ? before : assign(before, name, this.words.text(word, before));
    }, state);
  }

  private call(name: string, body: FunctionBody, args: readonly string[], state: State): readonly State[] {
    if (this.depth >= DEEPEST) return [state];
    this.called.add(name);
    this.depth++;
    const states = this.body(body, [{ ...state, parameters: args, labels: [...state.labels, name] }]);
    this.depth--;
    const { parameters, labels } = state;
    // A function that ends the script on all its ways, as for usage, says nothing of what follows.
    return states.length === 0 ? [state] : fewer(states.map((one) => ({ ...one, parameters, labels })));
  }

  /** A script inside a word of this one. */
  private nested(script: string, offset: number, states: readonly State[]): readonly State[] {
    const before = this.found.length;
    this.depth++;
    const after = this.depth > DEEPEST ? states : this.list(this.commandsOf(untilTooDeep(script)), states);
    this.depth--;
    for (const command of this.found.slice(before)) command.offset = offset;
    return after;
  }

  private declaration(keyword: string, node: Extract<CommandNode, { type: 'Command' }>, state: State): State {
    return node.args.reduce((before, one) => {
      const after = one.type === 'Assignment' ? this.assignment(one, before) : before;
      const name = one.type === 'Assignment' ? one.name : one.value;
      return keyword === 'export' ? { ...after, exported: after.exported.with(name, true) } : after;
    }, state);
  }

  private assignment(node: Extract<WordOrAssignment, { type: 'Assignment' }>, state: State): State {
    const { name, value, append, index } = node;
    // Which one is meant by a name in a list is not known.
    if (index) return assign(state, name, UNKNOWN);
    if (value.type === 'ArrayValue') {
      if (value.elements.some(({ text }) => text.startsWith('['))) return assign(state, name, UNKNOWN);
      const before = append ? [state.variables.get(name) ?? []].flat() : [];
      return assign(state, name, [...before, ...value.elements.flatMap((word) => this.words.fields(word, state))]);
    }
    const before = append ? [state.variables.get(name) ?? ''].flat().join(' ') : '';
    return assign(state, name, before + this.words.text(value, state));
  }

  private assignedText(node: Extract<WordOrAssignment, { type: 'Assignment' }>, state: State): string {
    return node.value.type === 'ArrayValue' ? UNKNOWN : `${node.name}=${this.words.text(node.value, state)}`;
  }

  /** What `$(…)` is, where it only turns paths around. */
  private substitution(script: Script, state: State): string {
    const asked = variableAskedFor(script);
    // What the script does not set is taken for empty, as in `${FLAG:-}`.
    if (asked !== undefined && (state.variables.get(asked) ?? '') === '') return '';
    const inner = new ShellReader(this.parse, { ...this.surroundings, folder: state.folder });
    const states = inner.list(script.commands, [state]);
    const [only, ...more] = inner.found;
    if (!only || more.length > 0) return UNKNOWN;
    return turnedPath(only.words, state, states[0]?.folder ?? only.folder, this.surroundings.root);
  }
}

type WordOrAssignment = Extract<CommandNode, { type: 'Command' }>['args'][number];
