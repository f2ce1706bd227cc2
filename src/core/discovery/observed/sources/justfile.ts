import path from 'node:path';
import { forShell } from '../forShell';
import { UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { LONGEST_LINE } from './texts';

interface Recipe {
  readonly label: string;
  readonly line: number;
  readonly parameters: readonly Parameter[];
  readonly body: string[];
}

interface Parameter {
  readonly name: string;
  /** What it is when nothing is given. */
  readonly value: string;
  readonly isExported: boolean;
}

/** Source: the manual of just, "Recipes", "Recipe Parameters", "Variables", "Substitutions". */
export function justfile({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const folder = path.dirname(file);
  const variables = new Map<string, string>([
    ['justfile_directory()', forShell(folder)],
    ['invocation_directory()', forShell(folder)],
  ]);
  const exported: Record<string, string> = {};
  const recipes: Recipe[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.length > LONGEST_LINE) continue;
    const [, exporting, name = '', value = ''] = /^(export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line) ?? [];
    const header = name ? undefined : headerOf(line, variables);
    if (name) {
      variables.set(name, justValue(value, variables));
      if (exporting) exported[name] = variables.get(name) ?? '';
    } else if (header) recipes.push({ ...header, line: index + 2, body: [] });
    else if (/^\s/.test(line) || line === '') recipes.at(-1)?.body.push(line.trim().replace(/^@?-?@?/, ''));
  }
  return recipes.map(({ label, line, body, parameters }) => {
    const own = new Map([...variables, ...parameters.map(({ name, value }) => [name, value] as const)]);
    const given = parameters.filter(({ isExported }) => isExported).map(({ name, value }) => [name, value] as const);
    return {
      source: 'script',
      label,
      shell: filled(body.join('\n'), own),
      file,
      line,
      folders: [folder],
      variables: { ...exported, ...Object.fromEntries(given) },
    };
  });
}

/** `up env="dev" *flags: build`: undefined when a line begins no recipe. */
function headerOf(
  line: string,
  variables: ReadonlyMap<string, string>,
): Pick<Recipe, 'label' | 'parameters'> | undefined {
  const [begin = '', label] = /^@?([A-Za-z_][\w-]*)/.exec(line) ?? [];
  if (label === undefined) return undefined;
  const parameters: Parameter[] = [];
  const parameter = /\s+([*+]?)(\$?)([A-Za-z_][\w-]*)(?:\s*=\s*("[^"]*"|'[^']*'|`[^`]*`|\([^)]*\)|[^\s:'"`(]+))?/y;
  parameter.lastIndex = begin.length;
  for (let end = begin.length; ; end = parameter.lastIndex) {
    const [, many, dollar, name = '', otherwise] = parameter.exec(line) ?? [];
    if (!name) return /^\s*:(?!=)/.test(line.slice(end)) ? { label, parameters } : undefined;
    const value = otherwise === undefined ? (many === '*' ? '' : UNKNOWN) : justValue(otherwise, variables);
    parameters.push({ name, value, isExported: dollar === '$' });
  }
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
    const part = operator === undefined ? (quoted ?? otherwise ?? variables.get(name ?? '') ?? UNKNOWN) : operator;
    value = (value ?? '') + (/^[+()]$/.test(operator ?? '') ? '' : part);
    // One that doubles itself would not end.
    if (value.length > LONGEST_LINE) return UNKNOWN;
  }
  return value ?? UNKNOWN;
}
