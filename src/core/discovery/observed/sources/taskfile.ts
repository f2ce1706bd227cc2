import path from 'node:path';
import { record } from '../../../common/json';
import { forShell } from '../forShell';
import { OPEN, UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { MOST_SCRIPTS, texts, yaml } from './texts';

/** Source: the guide of Task, "Taskfile" (`tasks`, `cmds`, `vars`, `env`, `dir`). */
export async function taskfile({ path: file, text }: SourceFile): Promise<readonly WrittenScript[]> {
  const { value: all, lineOf } = await yaml(text);
  const top = record(all);
  const folder = path.dirname(file);
  const globals = texts(top.vars);
  return Object.entries(record(top.tasks))
    .slice(0, MOST_SCRIPTS)
    .flatMap(([label, value]) => {
      const task = Array.isArray(value) || typeof value === 'string' ? { cmds: value } : record(value);
      const variables = {
        ROOT_DIR: forShell(folder),
        TASKFILE_DIR: forShell(folder),
        TASK: label,
        ...globals,
        ...texts(task.vars),
      };
      const fill = (words: string) => filled(words, variables);
      const needs = [task.deps].flat().flatMap((one) => {
        const name = typeof one === 'string' ? one : record(one).task;
        return typeof name === 'string' ? [fill(name)] : [];
      });
      const own = [task.cmds ?? task.cmd].flat().flatMap((one) => {
        const { cmd, task: other } = record(one);
        const command =
          typeof one === 'string' ? one : (cmd ?? (typeof other === 'string' ? `task ${other}` : undefined));
        return typeof command === 'string' ? [fill(command)] : [];
      });
      const commands = own.length === 0 && needs.length > 0 ? [''] : own;
      const directory = typeof task.dir === 'string' ? path.resolve(folder, fill(task.dir)) : folder;
      const environment = Object.entries({ ...texts(top.env), ...texts(task.env) }).map(([name, one]) => [
        name,
        fill(one),
      ]);
      return commands.map(
        (shell): WrittenScript => ({
          source: 'script',
          ...{ label, shell, file, line: lineOf(['tasks', label]), folders: [directory] },
          variables: Object.fromEntries(environment),
          ...(needs.length > 0 ? { needs } : {}),
        }),
      );
    });
}

/** `{{.NAME}}` filled in, deeply. */
function filled(text: string, variables: Readonly<Record<string, string>>, depth = 0): string {
  return text.replace(/\{\{((?:(?!\{\{).)*?)\}\}/g, (_, expression: string) => {
    const [, name = ''] = /^-?\s*\.(\w+)\s*-?$/.exec(expression) ?? [];
    const [, otherwise] = /default\s+"([^"]*)"/.exec(expression) ?? [];
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (name === 'CLI_ARGS') return OPEN;
    return value === undefined || depth > 5 ? (otherwise ?? UNKNOWN) : filled(value, variables, depth + 1);
  });
}
