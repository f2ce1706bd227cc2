import path from 'node:path';
import { readText } from '../../readText';
import { forShell } from '../forShell';
import { OPEN, UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { LONGEST_LINE } from './texts';

/** More files than anybody takes into a justfile: they could take in each other for ever. */
const MOST_FILES = 100;

interface Line {
  readonly text: string;
  /** Absolute path of the file that it stands in, and its number there, from 1. */
  readonly file: string;
  readonly number: number;
}

interface Recipe {
  readonly label: string;
  readonly file: string;
  readonly line: number;
  readonly parameters: readonly Parameter[];
  /** The recipes that are run before it. */
  readonly needs: readonly string[];
  /** Whether it is run where one is, and not where its file is. */
  readonly isHere: boolean;
  readonly body: string[];
}

interface Parameter {
  readonly name: string;
  /** What it is when nothing is given. */
  readonly value: string;
  readonly isExported: boolean;
}

/** Source: the manual of just, "Recipes", "Recipe Parameters", "Variables", "Substitutions", "Imports", "Modules". */
export async function justfile(source: SourceFile): Promise<readonly WrittenScript[]> {
  const files = new JustFiles(source);
  const top = path.dirname(source.path);
  const scripts: WrittenScript[] = [];
  for (const modules = [source.path]; modules.length > 0; ) {
    const file = modules.shift() ?? '';
    const lines = await files.linesOf(file);
    scripts.push(...scriptsIn(lines, path.dirname(file), top));
    modules.push(...(await files.modulesIn(lines)));
  }
  return scripts;
}

/** A justfile, and the files that it takes in: each is read once. */
class JustFiles {
  private readonly texts: Map<string, string>;

  constructor(private readonly source: SourceFile) {
    this.texts = new Map([[source.path, source.text]]);
  }

  /** The lines of a file, with those of its imports in their places. */
  async linesOf(file: string): Promise<readonly Line[]> {
    const lines: Line[] = [];
    for (const [index, text] of (this.texts.get(file) ?? '').split(/\r?\n/).entries()) {
      if (text.length > LONGEST_LINE) continue;
      const imported = /^import\??\s+(["'])(.+?)\1/.exec(text)?.[2];
      const taken = imported === undefined ? undefined : await this.take([path.resolve(path.dirname(file), imported)]);
      if (taken === undefined) lines.push({ text, file, number: index + 1 });
      else lines.push(...(await this.linesOf(taken)));
    }
    return lines;
  }

  /** The files of the modules that some lines name, of those that were not taken in yet. */
  async modulesIn(lines: readonly Line[]): Promise<readonly string[]> {
    const modules: string[] = [];
    for (const { text, file } of lines) {
      const { 1: name = '', 3: given } = /^mod\??\s+([\w-]+)(?:\s+(["'])(.+?)\2)?\s*(?:#.*)?$/.exec(text) ?? [];
      if (name === '') continue;
      const folder = path.resolve(path.dirname(file), given ?? name);
      const inFolder = ['mod.just', 'justfile', 'Justfile', '.justfile'].map((base) => path.join(folder, base));
      const taken = await this.take([given === undefined ? `${folder}.just` : folder, ...inFolder]);
      if (taken !== undefined) modules.push(taken);
    }
    return modules;
  }

  /** Reads the first of some files that is there; undefined when that was taken in already, or none is there. */
  private async take(files: readonly string[]): Promise<string | undefined> {
    for (const file of files) {
      if (this.texts.has(file) || this.texts.size >= MOST_FILES) return undefined;
      this.source.onFile?.(file);
      const text = await readText(file, this.source.root).catch(() => undefined);
      if (text === undefined) continue;
      this.texts.set(file, text);
      return file;
    }
    return undefined;
  }
}

/** @param folder that of the justfile or module. @param top that of the justfile whose module it is. */
function scriptsIn(lines: readonly Line[], folder: string, top: string): readonly WrittenScript[] {
  const variables = new Map<string, string>([
    ['justfile_directory()', forShell(top)],
    ['invocation_directory()', forShell(top)],
    ['source_directory()', forShell(folder)],
    ['module_directory()', forShell(folder)],
  ]);
  const exported: Record<string, string> = {};
  const recipes: Recipe[] = [];
  let attributes = '';
  let directory = folder;
  for (const { text: line, file, number } of lines) {
    const [, exporting, name = '', value = ''] = /^(export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line) ?? [];
    const [, setting] = /^set\s+working-directory\s*:=\s*(.*)$/.exec(line) ?? [];
    const header = name ? undefined : headerOf(line, variables);
    if (setting !== undefined) directory = path.resolve(folder, justValue(setting, variables));
    else if (name) {
      variables.set(name, justValue(value, variables));
      if (exporting) exported[name] = variables.get(name) ?? '';
    } else if (header) {
      recipes.push({ ...header, file, line: number + 1, isHere: /\bno-cd\b/.test(attributes), body: [] });
      attributes = '';
    } else if (line.startsWith('[')) attributes += line;
    else if (/^\s/.test(line) || line === '') recipes.at(-1)?.body.push(line.trim());
  }
  return recipes.flatMap(({ label, file, line, isHere, body, parameters, needs }) => {
    const own = new Map([...variables, ...parameters.map(({ name, value }) => [name, value] as const)]);
    const given = parameters.filter(({ isExported }) => isExported).map(({ name, value }) => [name, value] as const);
    const environment = { ...exported, ...Object.fromEntries(given) };
    const commands = commandsIn(body);
    const nothing = needs.length > 0 && commands.length === 0 ? [{ text: '', index: 0 }] : [];
    return [...commands, ...nothing].map(({ text: script, index }) => ({
      source: 'script' as const,
      label,
      shell: filled(script, own),
      file,
      line: line + index,
      folders: isHere ? [top, folder] : [directory],
      variables: environment,
      ...(needs.length > 0 ? { needs } : {}),
    }));
  });
}

/** What just runs of a recipe, each in a shell of its own, with its first line's place among those of the recipe. */
function commandsIn(body: readonly string[]): readonly { readonly text: string; readonly index: number }[] {
  if (body[0]?.startsWith('#!')) return [{ text: body.join('\n'), index: 0 }];
  const begins = body.flatMap((_, index) => (body[index - 1]?.endsWith('\\') ? [] : [index]));
  return begins.map((begin, at) => ({
    // What stands before the command is for just.
    text: body
      .slice(begin, begins[at + 1])
      .join('\n')
      .replace(/^@?-?@?/, ''),
    index: begin,
  }));
}

/** `up env="dev" *flags: build`: undefined when a line begins no recipe. */
function headerOf(
  line: string,
  variables: ReadonlyMap<string, string>,
): Pick<Recipe, 'label' | 'parameters' | 'needs'> | undefined {
  const [begin = '', label] = /^@?([A-Za-z_][\w-]*)/.exec(line) ?? [];
  if (label === undefined) return undefined;
  const parameters: Parameter[] = [];
  const parameter = /\s+[*+]?(\$?)([A-Za-z_][\w-]*)(?:\s*=\s*("[^"]*"|'[^']*'|`[^`]*`|\([^)]*\)|[^\s:'"`(]+))?/y;
  parameter.lastIndex = begin.length;
  for (let end = begin.length; ; end = parameter.lastIndex) {
    const [, dollar, name = '', otherwise] = parameter.exec(line) ?? [];
    if (!name) {
      const [, after] = /^\s*:(?!=)(.*)$/.exec(line.slice(end)) ?? [];
      return after === undefined ? undefined : { label, parameters, needs: recipesIn(after) };
    }
    const value = otherwise === undefined ? OPEN : justValue(otherwise, variables);
    parameters.push({ name, value, isExported: dollar === '$' });
  }
}

/** `up` and `seed` of `up (seed "test") && report`: what stands after `&&` is run afterwards. */
function recipesIn(needed: string): readonly string[] {
  const names: string[] = [];
  let isGiven = false;
  for (const [part] of needed.replace(/(?:&&|\s#).*$/, '').matchAll(/\(\s*[\w-]*|\)|[\w-]+/g)) {
    const name = part.replace(/^\(\s*/, '');
    if (!isGiven && name && name !== ')') names.push(name);
    // Up to the end of the brackets stands what it is given.
    isGiven = part.startsWith('(') || (isGiven && part !== ')');
  }
  return names;
}

/** A text with `{{…}}` filled in; `{{{{` is how one writes two brackets. */
function filled(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{\{\{|\{\{((?:(?!\{\{).)*?)\}\}/g, (all, expression: string | undefined) =>
    expression === undefined ? all : justValue(expression, variables),
  );
}

/** A part of an expression: a text, an operator or bracket, a variable with another value to be taken, a name; or anything else. */
const PART =
  /(["'])(.*?)\1|([+/()])|env(?:_var_or_default)?\(\s*["'][^"']*["']\s*,\s*["']([^"']*)["']\s*\)|([\w-]+(?:\(\))?)|(\S)/gs;

/** What an expression of a justfile is: texts, variables, and what `+` and `/` put together. */
function justValue(expression: string, variables: ReadonlyMap<string, string>): string {
  let value: string | undefined;
  for (const [, , quoted, operator, otherwise, name, other] of expression.matchAll(PART)) {
    if (other === '#') break;
    // A choice (`if … { … } else { … }`), or a function: which text it is, only running it would tell.
    if (other === '{' || other === ',') return UNKNOWN;
    const part = operator === undefined ? (quoted ?? otherwise ?? variables.get(name ?? '') ?? UNKNOWN) : operator;
    value = (value ?? '') + (/^[+()]$/.test(operator ?? '') ? '' : part);
    // One that doubles itself would not end.
    if (value.length > LONGEST_LINE) return UNKNOWN;
  }
  return value ?? UNKNOWN;
}
