import { ASSIGNMENT, filledIn, stemOf, UNSET } from './makeTexts';
import type { MakeVariables, Scope, Variable } from './makeVariables';
import { isKnown, UNKNOWN } from './shellWords';

/** How many patterns targets are compared with: of more than anybody writes by hand, the first. */
const MOST_PATTERNS = 100;

/** Targets that only tell make something: `.PHONY`. Source: GNU Make manual, "Special Built-in Target Names". */
const TELLS_MAKE = /^\.[A-Z_]+$/;

/** A line of a recipe as it is written. */
export interface Recipe {
  /** What it makes: may have `%`. */
  readonly targets: readonly string[];
  /** The pattern of a static pattern rule: what `$*` is. */
  readonly pattern?: string;
  readonly text: string;
  /** Absolute path of the file that it stands in, and the line there, from 1. */
  readonly file: string;
  readonly line: number;
}

/** A target that a recipe is for, and what `%` stands for in it. */
export interface Made {
  readonly target: string;
  readonly stem: string;
}

/** The rules of a makefile: targets with their prerequisites, recipes and variables of their own. */
export class MakeRules {
  readonly recipes: Recipe[] = [];
  private readonly prerequisites = new Map<string, Set<string>>();
  private readonly ofTarget = new Map<string, Map<string, Variable>>();
  /** The variables of a target that its prerequisites do not have. */
  private readonly own = new Set<string>();
  private file = '';
  private targets: readonly string[] = [];
  private pattern: string | undefined;
  private index: RulesIndex | undefined;

  constructor(private readonly variables: MakeVariables) {}

  /** Whether there is a rule for a target, such as one that only tells make something. */
  has(target: string): boolean {
    return this.prerequisites.has(target);
  }

  /** Whether a line that begins with a tab belongs to a recipe. */
  get isInRule(): boolean {
    return this.targets.length > 0;
  }

  /** What follows stands in a file. @param file absolute path. */
  begin(file: string): void {
    this.file = file;
    this.end();
  }

  /** No recipe follows. */
  end(): void {
    this.targets = [];
    this.pattern = undefined;
  }

  addRecipe(text: string, line: number): void {
    this.recipes.push({ targets: this.targets, pattern: this.pattern, text, file: this.file, line });
  }

  /** Takes in a line with a rule, or the variables of a target. @returns the names of variables that it exports. */
  take(line: string, number: number): readonly string[] {
    const [, names, rest = ''] = /^([^:=]+)::?(?!=)(.*)$/.exec(this.variables.expand(line)) ?? [];
    if (names === undefined) return [];
    const all = wordsIn(names.trimEnd().replace(/&$/, ''));
    const targets = all.filter((name) => !TELLS_MAKE.test(name));
    const [, ofTarget = ''] = /^[^:=]+:\s*(.*)$/.exec(line) ?? [];
    const [, before = '', name = '', operator = '', value = ''] = ASSIGNMENT.exec(ofTarget) ?? [];
    this.end();
    if (name) {
      for (const target of targets) {
        const variables = this.ofTarget.get(target) ?? new Map<string, Variable>();
        this.ofTarget.set(target, variables);
        this.variables.assign(name, operator, value, variables);
        if (before.includes('private')) this.own.add(`${target} ${name}`);
      }
      return before.includes('export') ? [name] : [];
    }
    this.targets = targets;
    const [needed = '', ...recipe] = rest.split(';');
    const [, pattern, ofPattern = needed] = /^([^:%]*%[^:]*):(.*)$/.exec(needed) ?? [];
    this.pattern = pattern?.trim();
    for (const target of all) {
      const known = this.prerequisites.get(target) ?? new Set();
      this.prerequisites.set(target, known);
      const stem = this.pattern === undefined ? undefined : stemOf(target, this.pattern);
      for (const one of wordsIn(ofPattern)) known.add(stem === undefined ? one : filledIn(one, stem));
    }
    if (recipe.join(';').trim()) this.addRecipe(line.slice(line.indexOf(';') + 1).trim(), number);
    return [];
  }

  /** The targets that a recipe is for: those of a pattern that the makefile speaks of elsewhere. */
  madeBy({ targets, pattern }: Recipe): readonly Made[] {
    const { made } = this.indexed;
    // The lines of a rule share its targets.
    const found = made.get(targets) ?? targets.flatMap((target) => this.madeOf(target, pattern));
    made.set(targets, found);
    return found;
  }

  private madeOf(target: string, pattern: string | undefined): readonly Made[] {
    if (!target.includes('%')) return [{ target, stem: stemOf(target, pattern ?? '') ?? UNKNOWN }];
    const { named, patterns, withRecipe } = this.indexed;
    const found = (patterns.includes(target) ? named : []).flatMap((one) => {
      const stem = withRecipe.has(one) ? undefined : stemOf(one, target);
      return stem === undefined ? [] : [{ target: one, stem }];
    });
    return found.length > 0 ? found : [{ target, stem: UNKNOWN }];
  }

  /** All targets, but patterns that the makefile speaks of no target for. */
  get allTargets(): ReadonlySet<string> {
    return new Set(this.indexed.named);
  }

  /** What is made before a target. */
  neededBy(target: string): readonly string[] {
    const { patterns, withRecipe } = this.indexed;
    const ofPatterns = patterns.flatMap((pattern) => {
      const stem = withRecipe.has(target) ? undefined : stemOf(target, pattern);
      return stem === undefined ? [] : [...(this.prerequisites.get(pattern) ?? [])].map((one) => filledIn(one, stem));
    });
    return [...(this.prerequisites.get(target) ?? []), ...ofPatterns];
  }

  /** The variables of a target. @param isForNeeded only those that what is made before it has, too. */
  variablesOf(target: string, isForNeeded = false): Scope {
    const patterns = this.indexed.patternsWithVariables.filter((pattern) => stemOf(target, pattern) !== undefined);
    const all = [...patterns, target].flatMap((one) =>
      [...(this.ofTarget.get(one) ?? [])].filter(([name]) => !isForNeeded || !this.own.has(`${one} ${name}`)),
    );
    return new Map(all);
  }

  /** What is asked for often, put together when all is read. */
  private get indexed(): RulesIndex {
    const patternsOf = (all: ReadonlyMap<string, unknown>) =>
      [...all.keys()].filter((target) => target.includes('%')).slice(0, MOST_PATTERNS);
    this.index ??= {
      named: [...new Set([...this.prerequisites].flatMap(([target, needed]) => [target, ...needed]))].filter(
        (name) => !name.includes('%') && !name.startsWith('.'),
      ),
      withRecipe: new Set(
        [...new Set(this.recipes.map(({ targets }) => targets))].flat().filter((target) => !target.includes('%')),
      ),
      patterns: patternsOf(this.prerequisites),
      patternsWithVariables: patternsOf(this.ofTarget),
      made: new Map(),
    };
    return this.index;
  }
}

/** What is asked for often of rules. */
interface RulesIndex {
  /** All targets and prerequisites but patterns. */
  readonly named: readonly string[];
  /** The targets that need no pattern to be made. */
  readonly withRecipe: ReadonlySet<string>;
  readonly patterns: readonly string[];
  readonly patternsWithVariables: readonly string[];
  /** What {@link MakeRules.madeBy} gives, by the targets of a rule. */
  readonly made: Map<readonly string[], readonly Made[]>;
}

/** Words that are known; `|` only stands between prerequisites. */
function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => word && word !== '|' && isKnown(word) && !word.includes(UNSET));
}
