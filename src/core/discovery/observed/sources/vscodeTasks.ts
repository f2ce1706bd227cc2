import path from 'node:path';
import { record } from '../../../common/json';
import { UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { lineOf, quoted, texts } from './texts';

/** Source: VS Code's documentation, "Tasks". */
export async function vscodeTasks({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const { parse } = await import('jsonc-parser');
  const tasks = record(parse(text)).tasks;
  const fill = (words: unknown) =>
    (typeof words === 'string' ? words : String(record(words).value ?? ''))
      .replace(/\$\{workspaceFolder(?::[^}]*)?\}/g, root)
      .replace(/\$\{[^}]*\}/g, UNKNOWN);
  return (Array.isArray(tasks) ? tasks : []).map(record).flatMap((task) => {
    if (task.command === undefined) return [];
    const args = (Array.isArray(task.args) ? task.args : []).map(fill);
    const options = record(task.options);
    return [
      {
        source: 'tasks' as const,
        label: String(task.label ?? task.taskName ?? ''),
        shell: [fill(task.command), ...args.map(quoted)].join(' '),
        file,
        line: lineOf(text, JSON.stringify(task.label ?? '')),
        folders: [typeof options.cwd === 'string' ? path.resolve(root, fill(options.cwd)) : root],
        variables: texts(options.env),
      },
    ];
  });
}
