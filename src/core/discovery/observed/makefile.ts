import path from 'node:path';
import { readText } from '../readText';
import { FolderNames } from './folderNames';
import { forShell } from './forShell';
import { MakeConditions } from './makeConditions';
import { type RecipeLine, RecipeLines } from './makeRecipes';
import { MakeRules } from './makeRules';
import { ASSIGNMENT, set, splitArguments, toOpen } from './makeTexts';
import { type Given, LONGEST, MakeVariables, type Scope } from './makeVariables';
import { isKnown } from './shellWords';

/** How deep included files may stand in each other, and how many of them a makefile takes in: they could do so for ever. */
const DEEPEST = 20;
const MOST_INCLUDED = 100;
/** How often a makefile is read as its parts ask for names in folders. */
const MOST_LOOKS = 4;
/** How often it is read as its recipes run make, each time given something else, and how many lines may be read before the last time. */
const MOST_READINGS = 50;
const MOST_LINES_READ = 50_000;

/** Where a makefile is read. */
interface Around {
  /** Absolute path of the folder that make is run in; its own when left out. */
  readonly folder?: string;
  /** Absolute path of the workspace folder; where make is run when left out. */
  readonly root?: string;
  /** Is told each file that is taken in or looked for, there or not: absolute paths, in the last part of which may be `*` and `?`. */
  readonly onFile?: (file: string) => void;
}

/**
 * The recipe lines of a makefile with their variables filled in, without running anything. What only running would tell
 * is UNKNOWN.
 * @param file absolute path.
 */
export async function readMakefile(
  file: string,
  text: string,
  { folder = path.dirname(file), root = folder, onFile }: Around = {},
): Promise<readonly RecipeLine[]> {
  const names = new FolderNames(root, onFile);
  const texts = new Map([[file, Promise.resolve<string | undefined>(text)]]);
  for (let looks = 1; ; looks++) {
    const readings = new Map<string, Promise<Makefile>>();
    let read = 0;
    const reading = async (given: Given) => {
      const key = JSON.stringify(given);
      if (!readings.has(key) && (readings.size >= MOST_READINGS || read > MOST_LINES_READ)) return undefined;
      const makefile =
        readings.get(key) ??
        Makefile.of(file, text, given, { folder, names, texts, onFile }).then((one) => {
          read += one.linesRead;
          return one;
        });
      readings.set(key, makefile);
      return makefile;
    };
    const lines = await new RecipeLines(file, reading).all();
    if (looks >= MOST_LOOKS || !(await names.look())) return lines;
  }
}

interface Surroundings {
  readonly folder: string;
  readonly names: FolderNames;
  /** The texts of files, by their paths: undefined for those that can't be read. */
  readonly texts: Map<string, Promise<string | undefined>>;
  readonly onFile?: (file: string) => void;
}

/** What a makefile says, for what make is given. */
export class Makefile {
  readonly variables: MakeVariables;
  readonly rules: MakeRules;
  private readonly exported: Set<string>;
  private exportsAll = false;
  linesRead = 0;
  private included = 0;

  private constructor(
    given: Given,
    private readonly surroundings: Surroundings,
  ) {
    this.variables = new MakeVariables(surroundings.folder, given, surroundings.names);
    this.rules = new MakeRules(this.variables);
    // What make is given it gives to what it runs.
    this.exported = new Set([...Object.keys(given.environment), ...Object.keys(given.command)]);
  }

  static async of(file: string, text: string, given: Given, surroundings: Surroundings): Promise<Makefile> {
    const makefile = new Makefile(given, surroundings);
    await makefile.read(file, text);
    return makefile;
  }

  /** Absolute path of the folder that make is run in. */
  get folder(): string {
    return this.surroundings.folder;
  }

  /** The environment variables that make gives a recipe, as far as they are known. @param own the variables of its target. */
  environment(own: Scope): Record<string, string> {
    const isAll = this.exportsAll || this.rules.has('.EXPORT_ALL_VARIABLES');
    const names = isAll ? [...this.variables.allNames(), ...own.keys()] : [...this.exported];
    const entries = names.map((name) => [name, toOpen(this.variables.expand(`$(${name})`, own))] as const);
    return Object.fromEntries(entries.filter(([, value]) => isKnown(value)));
  }

  private async read(file: string, text: string, depth = 0): Promise<void> {
    this.variables.fix('MAKEFILE_LIST', forShell(file));
    this.rules.begin(file);
    const conditions = new MakeConditions((condition) => this.holds(condition));
    let defined: { readonly name: string; readonly operator: string; readonly lines: string[] } | undefined;
    for (const { text: line, number } of logicalLines(text)) {
      this.linesRead++;
      const words = line.trim();
      if (defined) {
        if (!/^endef\s*(?:#|$)/.test(words)) defined.lines.push(line);
        else {
          if (!conditions.isOff) this.variables.assign(defined.name, defined.operator, defined.lines.join('\n'));
          defined = undefined;
        }
        continue;
      }
      if (line.startsWith('\t') && this.rules.isInRule) {
        if (!conditions.isOff) this.rules.addRecipe(words, number);
        continue;
      }
      const plain = withoutComment(line).trim();
      if (plain === '' || conditions.take(plain)) continue;
      const [, name, operator = '='] =
        /^(?:(?:override|export)\s+)*define\s+([\w.-]+)\s*(:{0,3}=|\+=|\?=)?$/.exec(plain) ?? [];
      if (name !== undefined) {
        defined = { name, operator, lines: [] };
        continue;
      }
      if (conditions.isOff) continue;
      const [, included] = /^(?:-|s)?include\s+(.+)$/.exec(plain) ?? [];
      if (included !== undefined) {
        await this.include(this.variables.expand(included), depth);
        this.variables.fix('MAKEFILE_LIST', forShell(file));
        this.rules.begin(file);
      } else if (this.assignment(plain)) this.rules.end();
      else for (const exported of this.rules.take(plain, number)) this.exported.add(exported);
    }
  }

  private async include(names: string, depth: number): Promise<void> {
    const { folder, texts, onFile, names: looked } = this.surroundings;
    const found = names
      .split(/\s+/)
      .filter((one) => one && isKnown(one))
      .flatMap((one) => (/[*?]/.test(one) ? (looked.matching(one, folder)?.split(' ') ?? []) : [one]));
    for (const name of found.filter(Boolean)) {
      const file = path.resolve(folder, name);
      onFile?.(file);
      if (depth >= DEEPEST || ++this.included > MOST_INCLUDED) return;
      const asked = texts.get(file) ?? readText(file, folder).catch(() => undefined);
      texts.set(file, asked);
      const text = await asked;
      if (text !== undefined) await this.read(file, text, depth + 1);
    }
  }

  private holds(condition: string): boolean {
    const [, keyword = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(condition) ?? [];
    const isNegated = keyword.startsWith('ifn');
    if (keyword.endsWith('def')) return this.variables.holds(rest.trim()) !== isNegated;
    const [, inBrackets] = /^\((.*)\)$/.exec(rest.trim()) ?? [];
    const [left = '', ...right] = inBrackets === undefined ? quotedTwo(rest.trim()) : splitArguments(inBrackets);
    const [a, b] = [left, right.join(',')].map((text) => set(this.variables.expand(text)).trim());
    return isKnown(a ?? '') && isKnown(b ?? '') ? (a === b) !== isNegated : this.variables.undecided();
  }

  /** @returns whether the line is an assignment. */
  private assignment(line: string): boolean {
    if (/^export\s*$/.test(line)) {
      this.exportsAll = true;
      return true;
    }
    const [, exporting, listed] = /^(export|unexport)\s+(\$.*|[\w\s]+)$/.exec(line) ?? [];
    if (listed !== undefined) {
      const names = this.variables.expand(listed);
      // `export $(shell sed 's/=.*//' .env)`: those that are asked for are among all.
      if (exporting === 'export' && !isKnown(names)) this.exportsAll = true;
      for (const name of names.split(/\s+/)) if (exporting === 'export' && name) this.exported.add(name);
      return true;
    }
    const [, before = '', name = '', operator = '', value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (!name) return false;
    if (before.includes('export')) this.exported.add(name);
    this.variables.assign(name, operator, value);
    return true;
  }
}

function quotedTwo(text: string): readonly string[] {
  return /^["']([^"']*)["']\s+["']([^"']*)["']$/.exec(text)?.slice(1) ?? [];
}

/** The lines of a text, those joined that end with a backslash, each with the number of its first one, from 1. */
function* logicalLines(text: string): Generator<{ readonly text: string; readonly number: number }> {
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    const parts = [lines[index] ?? ''];
    while (isContinued(parts.at(-1) ?? '') && index + 1 < lines.length) {
      parts.push(parts.pop()?.slice(0, -1).trimEnd() ?? '', (lines[++index] ?? '').trim());
    }
    const line = parts.join(' ');
    // Nobody writes such a line: it would be read for long.
    if (line.length <= LONGEST) yield { text: line, number };
  }
}

function isContinued(line: string): boolean {
  let at = line.length;
  while (line[at - 1] === '\\') at--;
  return (line.length - at) % 2 === 1;
}

function withoutComment(line: string): string {
  return line.replace(/(^|[^\\])#.*$/, '$1');
}
