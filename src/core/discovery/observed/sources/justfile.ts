import path from 'node:path';
import { UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';

/** Source: the manual of just, "Recipes", "Variables", "Substitutions". */
export function justfile({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const folder = path.dirname(file);
  const variables = new Map<string, string>([
    ['justfile_directory()', folder],
    ['invocation_directory()', folder],
  ]);
  const fill = (words: string) =>
    words.replace(/\{\{\{\{|\{\{(.*?)\}\}/g, (all, name: string | undefined) =>
      name === undefined ? all : justValue(name.trim(), variables),
    );
  const exported: Record<string, string> = {};
  const recipes: { label: string; line: number; body: string[] }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, exporting, name = '', value = ''] = /^(export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line) ?? [];
    const [, recipe = ''] = /^@?([\w-]+)(?:\s[^:=]*)?:(?!=)/.exec(line) ?? [];
    if (name) {
      variables.set(name, justValue(value, variables));
      if (exporting) exported[name] = variables.get(name) ?? '';
    } else if (recipe) recipes.push({ label: recipe, line: index + 2, body: [] });
    else if (/^\s/.test(line) || line === '') recipes.at(-1)?.body.push(line.trim().replace(/^@?-?@?/, ''));
  }
  return recipes.map(({ label, line, body }) => ({
    source: 'script',
    label,
    shell: fill(body.join('\n')),
    file,
    line,
    folders: [folder],
    variables: exported,
  }));
}

/** What an expression of a justfile is: texts, variables, and what `+` and `/` put together. */
function justValue(expression: string, variables: ReadonlyMap<string, string>): string {
  const parts = expression.replace(/\s+#.*$/, '').split(/\s*([+/])\s*(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/);
  return parts
    .map((part) => {
      const [, , quoted] = /^(["'])(.*)\1$/.exec(part.trim()) ?? [];
      if (part === '+') return '';
      if (part === '/') return '/';
      const [, otherwise] =
        /^env(?:_var_or_default)?\(\s*["'][^"']*["']\s*,\s*["']([^"']*)["']\s*\)$/.exec(part.trim()) ?? [];
      return quoted ?? otherwise ?? variables.get(part.trim()) ?? UNKNOWN;
    })
    .join('');
}
