import path from 'node:path';
import { record } from '../../../common/json';
import { forShell, withSlashes } from '../forShell';
import { UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { jsonWithComments, MOST_SCRIPTS, quoted, texts } from './texts';

/**
 * Source: VS Code's documentation, "Tasks"; for the type `docker-compose`, the task definitions in the package.json of
 * microsoft/vscode-docker.
 */
export async function vscodeTasks({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const { value, lineOf } = await jsonWithComments(text);
  const tasks = record(value).tasks;
  const fill = (words: unknown) =>
    (typeof words === 'string' ? words : String(record(words).value ?? ''))
      .replace(/\$\{workspaceFolder(?::[^{}]*)?\}/g, () => forShell(root))
      .replace(/\$\{[^{}]*\}/g, UNKNOWN);
  return (Array.isArray(tasks) ? tasks : [])
    .slice(0, MOST_SCRIPTS)
    .map(record)
    .flatMap((task, index) => {
      const words = task.type === 'docker-compose' ? composeWords(task.dockerCompose) : commandWords(task);
      if (words === undefined) return [];
      const [command, ...args] = words.map(fill);
      const options = record(task.options);
      return [
        {
          source: 'tasks' as const,
          label: String(task.label ?? task.taskName ?? ''),
          shell: withSlashes([command, ...args.map(quoted)].join(' ')),
          file,
          line: lineOf(['tasks', index, 'label']),
          folders: [typeof options.cwd === 'string' ? path.resolve(root, fill(options.cwd)) : root],
          variables: texts(options.env),
        },
      ];
    });
}

/** What a task runs; undefined in one of an extension, as Berth's own: there `command` is a word of that extension. */
function commandWords({ type, command, args }: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  const isOfExtension = type !== undefined && type !== 'shell' && type !== 'process';
  return command === undefined || isOfExtension ? undefined : [command, ...(Array.isArray(args) ? args : [])];
}

/** What the Docker extension runs; undefined when it brings nothing up. */
function composeWords(task: unknown): readonly unknown[] | undefined {
  const { up, files, projectName, envFile, envFiles, profiles } = record(task);
  if (up === undefined) return undefined;
  const each = (option: string, values: unknown) =>
    [values].flat().flatMap((value) => (typeof value === 'string' ? [option, value] : []));
  return [
    ...['docker', 'compose'],
    ...each('--file', files),
    ...each('--project-name', projectName),
    ...each('--env-file', envFile ?? envFiles),
    ...each('--profile', profiles),
    'up',
  ];
}
