import path from 'node:path';
import { mayLeadToTests } from './localTest';
import { makeCallsIn } from './makeCalls';
import type { Makefile } from './makefile';
import type { Made, Recipe } from './makeRules';
import { toOpen } from './makeTexts';
import type { Given, Scope } from './makeVariables';
import { readShell } from './shell';
import { isKnown } from './shellWords';
import { mayTakeDown } from './upTogether';

/** A line of a recipe, as the shell gets it. */
export interface RecipeLine {
  /** What somebody calls to have it run. */
  readonly target: string;
  readonly shell: string;
  /** Absolute path of the file that it stands in, and the line there, from 1. */
  readonly file: string;
  readonly line: number;
  /** The environment variables that make gives it. */
  readonly variables: Readonly<Record<string, string>>;
  /** The targets that are made before its own. */
  readonly needs?: readonly string[];
  /** Set where it is run only if what nobody can tell without running anything holds. */
  readonly isOnOneWay?: true;
  /** Where it gives Compose an env file: the files that make has made by then, or other lines have, or ask for. Absolute paths. */
  readonly provided?: readonly string[];
}

/** How many lines of recipes are looked at, counted for each of their targets, and as many again for those who call them. */
const MOST_LINES = 20_000;
/** How many variables of a target make its line count twice. */
const USUAL_VARIABLES = 20;
/** How deep recipes that run make are followed. */
const DEEPEST = 5;
/** How long a chain of targets is followed, each of which needs the next. */
const LONGEST_CHAIN = 100;
/** How many targets are looked through for the files that are there by then. */
const MOST_NEEDED = 20;
/** How many lines are filled in to look through them for files that they make; to read one counts as some, to compare many as one. */
const MOST_LINES_BEFORE = 100_000;
const LINES_READ = 20;
const LINES_COMPARED = 100;
/** An env file that a line gives Compose, without quotes. */
const ENV_FILE = /--env-file[= ]+["']?([^\s"']+)/g;

const NOTHING: Given = { command: {}, environment: {}, isUndecidedHeld: false };

/** One target, made for another one. */
interface Visit {
  readonly makefile: Makefile;
  readonly given: Given;
  readonly target: string;
  /** What somebody calls. */
  readonly caller: string;
  /** The variables of those that it is made for. */
  readonly inherited: Scope;
  /** How many runs of make lead here. */
  readonly depth: number;
  /** How many targets lead here, each of which needs the next. */
  readonly chain: number;
  /** What the caller has made already. */
  readonly visited: Set<string>;
}

/** What there is before a line. */
interface Before {
  readonly lines: readonly string[];
  /** Absolute paths. */
  readonly made: readonly string[];
}

/** The lines of recipes that run Compose, or may run tests or take something down; of more than anybody writes by hand, the first. */
export class RecipeLines {
  private readonly found: RecipeLine[] = [];
  private readonly seen = new Set<string>();
  private readonly recipesOf = new WeakMap<Makefile, ReadonlyMap<string, readonly (readonly [Recipe, Made])[]>>();
  private readonly providedByLine = new Map<string, readonly string[]>();
  private looked = 0;
  private lookedBefore = 0;

  /** @param file absolute path of the makefile. @param reading gives what the makefile says when make is given something; undefined when it was read too often. */
  constructor(
    private readonly file: string,
    private readonly reading: (given: Given) => Promise<Makefile | undefined>,
  ) {}

  /** Those on both ways that what only running something would decide may go. */
  async all(): Promise<readonly RecipeLine[]> {
    const hasUndecided = await this.read(NOTHING);
    const ofOneWay = this.found.length;
    if (hasUndecided) await this.read({ ...NOTHING, isUndecidedHeld: true });
    return this.found.map((line, index) => (index < ofOneWay ? line : { ...line, isOnOneWay: true }));
  }

  /** Finds what targets run when make is given something. @returns whether only running something would decide a condition. */
  private async read(given: Given): Promise<boolean> {
    const makefile = await this.reading(given);
    if (!makefile) return false;
    this.looked = 0;
    const targets = await this.plain(makefile);
    this.looked = 0;
    for (const target of targets) {
      const from = { makefile, given, target, caller: target, inherited: new Map(), depth: 0, chain: 0 };
      await this.visit({ ...from, visited: new Set() });
    }
    this.addNeeds(makefile, targets);
    return makefile.variables.hasUndecided;
  }

  /** Finds what each target runs by its own recipe. @returns all targets. */
  private async plain(makefile: Makefile): Promise<ReadonlySet<string>> {
    const environments = new Map<string, Readonly<Record<string, string>>>();
    const befores = new Map<string, ReturnType<RecipeLines['beforeIn']>>();
    for (const recipe of makefile.rules.recipes) {
      for (const made of makefile.rules.madeBy(recipe)) {
        const { target } = made;
        const scope = makefile.rules.variablesOf(target);
        if (this.isTooMuch(scope)) return makefile.rules.allTargets;
        for (const shell of shellsOf(makefile, recipe, made, { scope, goal: target })) {
          if (!/compose/i.test(shell) && !mayLeadToTests(shell) && !mayTakeDown(shell)) continue;
          const variables = environments.get(target) ?? makefile.environment(scope);
          environments.set(target, variables);
          const before = befores.get(target) ?? this.beforeIn(makefile, [target], scope);
          befores.set(target, before);
          const line = { target, shell, file: recipe.file, line: recipe.line, variables, ...(await before(shell)) };
          const key = keyOf(line);
          if (!this.seen.has(`${target} ${key}`)) this.found.push(line);
          this.seen.add(key).add(`${target} ${key}`);
        }
      }
    }
    return makefile.rules.allTargets;
  }

  /** Finds what is run otherwise than it is by itself, as a variable of the caller, or one given to make, reaches it. */
  private async visit(visit: Visit): Promise<void> {
    const { makefile, given, target, caller, inherited, depth, chain, visited } = visit;
    const key = `${JSON.stringify(given)} ${target}`;
    if (visited.has(key) || this.isTooMuch(inherited)) return;
    visited.add(key);
    const forNeeded = new Map([...inherited, ...makefile.rules.variablesOf(target, true)]);
    if (chain < LONGEST_CHAIN && (forNeeded.size > 0 || depth > 0)) {
      for (const needed of makefile.rules.neededBy(target)) {
        await this.visit({ ...visit, target: needed, inherited: forNeeded, chain: chain + 1 });
      }
    }
    const scope = new Map([...inherited, ...makefile.rules.variablesOf(target)]);
    let environment: Readonly<Record<string, string>> | undefined;
    const before = this.beforeIn(makefile, [caller, target], scope);
    const isItself = target === caller && depth === 0;
    for (const [recipe, made] of this.recipesIn(makefile).get(target) ?? []) {
      if (this.isTooMuch(scope)) return;
      for (const shell of shellsOf(makefile, recipe, made, { scope, goal: depth === 0 ? caller : target })) {
        if (!isItself && /compose/i.test(shell)) {
          environment ??= makefile.environment(scope);
          const { file, line } = recipe;
          this.add({ target: caller, shell, file, line, variables: environment, ...(await before(shell)) });
        }
        if (depth >= DEEPEST || !/\bg?make\s/.test(shell)) continue;
        environment ??= makefile.environment(scope);
        for (const call of await makeCallsIn(shell, makefile.folder, environment)) {
          const next: Given = {
            ...given,
            command: { ...given.command, ...call.command },
            environment: call.environment,
          };
          const read = await this.reading(next);
          for (const one of read ? call.targets : []) {
            const there = { target: one, inherited: new Map(), depth: depth + 1 };
            await this.visit({ ...visit, ...there, makefile: read ?? makefile, given: next });
          }
        }
      }
    }
  }

  /** Adds what is made before each target, as lines that run nothing: a target may have no others. */
  private addNeeds(makefile: Makefile, targets: ReadonlySet<string>): void {
    if (!this.found.some(({ shell }) => /compose/i.test(shell))) return;
    this.looked = 0;
    for (const target of targets) {
      const needs = makefile.rules.neededBy(target);
      this.looked += 1 + needs.length;
      if (this.looked > MOST_LINES) return;
      if (needs.length > 0) this.found.push({ target, needs, shell: '', file: this.file, line: 1, variables: {} });
    }
  }

  /**
   * Gives what there is before a line of some targets' recipes, if it gives Compose an env file; nothing where too much is before.
   * @param scope the variables of those lines.
   */
  private beforeIn(makefile: Makefile, targets: readonly string[], scope: Scope) {
    const known = new Map<string, Pick<RecipeLine, 'provided'>>();
    let before: Before | undefined;
    return async (shell: string): Promise<Pick<RecipeLine, 'provided'>> => {
      const names = [...shell.matchAll(ENV_FILE)].map(([, file = '']) => path.basename(file));
      const found = known.get(names.join(' '));
      if (found || names.length === 0 || this.lookedBefore > MOST_LINES_BEFORE) return found ?? {};
      before ??= this.before(makefile, targets, scope);
      this.lookedBefore += before.lines.length / LINES_COMPARED;
      const speaking = before.lines.filter((line) => names.some((name) => line.includes(name)));
      const provided = await Promise.all(speaking.map((line) => this.providedBy(line, makefile.folder)));
      const told = { provided: [...new Set([...before.made, ...provided.flat()])] };
      known.set(names.join(' '), told);
      return told;
    };
  }

  private before(makefile: Makefile, targets: readonly string[], scope: Scope): Before {
    const { rules, folder } = makefile;
    const all = new Set(targets);
    // What is added is looked through, too.
    for (const target of all) {
      for (const needed of all.size < MOST_NEEDED ? rules.neededBy(target) : []) all.add(needed);
    }
    const lines = [...all].flatMap((target) =>
      (this.recipesIn(makefile).get(target) ?? []).flatMap(([recipe, made]) =>
        shellsOf(makefile, recipe, made, {
          scope: new Map([...scope, ...rules.variablesOf(target)]),
          goal: targets[0] ?? target,
        }),
      ),
    );
    this.lookedBefore += lines.length;
    return { lines, made: [...all].filter((one) => rules.has(one)).map((one) => path.resolve(folder, one)) };
  }

  /** What a line makes, or asks for: many come after the same. */
  private async providedBy(line: string, folder: string): Promise<readonly string[]> {
    const known = this.providedByLine.get(line);
    if (known) return known;
    this.lookedBefore += LINES_READ;
    const [first] = await readShell(line, { folder, root: folder });
    const provided = [...(first?.provided ?? [])];
    this.providedByLine.set(line, provided);
    return provided;
  }

  /** Counts a line, or a target, that is looked at with some variables. @returns whether no more are. */
  private isTooMuch(scope: Scope): boolean {
    this.looked += 1 + scope.size / USUAL_VARIABLES;
    return this.looked > MOST_LINES;
  }

  private add(line: RecipeLine): void {
    const key = keyOf(line);
    if (this.seen.has(key) || this.seen.has(`${line.target} ${key}`)) return;
    this.seen.add(`${line.target} ${key}`);
    this.found.push(line);
  }

  private recipesIn(makefile: Makefile): ReadonlyMap<string, readonly (readonly [Recipe, Made])[]> {
    const known = this.recipesOf.get(makefile);
    if (known) return known;
    const recipes = new Map<string, (readonly [Recipe, Made])[]>();
    this.recipesOf.set(makefile, recipes);
    let looked = 0;
    for (const recipe of makefile.rules.recipes) {
      for (const made of makefile.rules.madeBy(recipe)) {
        if (++looked > MOST_LINES) return recipes;
        const own = recipes.get(made.target) ?? [];
        recipes.set(made.target, own);
        own.push([recipe, made]);
      }
    }
    return recipes;
  }
}

/** What the shell gets of a line: several where a variable has several lines. @param goal the target that make is called for. */
function shellsOf(
  { variables }: Makefile,
  { text }: Recipe,
  { target, stem }: Made,
  { scope, goal }: { readonly scope: Scope; readonly goal: string },
): readonly string[] {
  const ofRecipe = { '@': target, '*': stem, MAKECMDGOALS: goal };
  const automatic = new Map([...scope, ...Object.entries(ofRecipe).map(([name, one]) => [name, fixed(one)] as const)]);
  return toOpen(variables.expand(text, automatic))
    .split('\n')
    .map((line) => line.replace(/^[@+\s-]+/, ''));
}

function fixed(text: string) {
  return { text, isRecursive: false };
}

/** What makes a line another one: only those of its variables count that Compose or the line itself asks for. */
function keyOf({ shell, file, line, variables }: RecipeLine): string {
  const asked = Object.entries(variables).filter(
    ([name]) => /^(?:COMPOSE|DOCKER)_/.test(name) || shell.includes(`$${name}`) || shell.includes(`\${${name}`),
  );
  return JSON.stringify([file, line, shell, asked.filter(([, value]) => isKnown(value)).sort()]);
}
