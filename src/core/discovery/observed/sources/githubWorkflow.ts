import path from 'node:path';
import { record } from '../../../common/json';
import { forShell } from '../forShell';
import { UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { MOST_SCRIPTS, texts, yaml } from './texts';

/** Source: GitHub's documentation, "Workflow syntax for GitHub Actions". */
export async function githubWorkflow({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const { value: workflow, lineOf } = await yaml(text);
  const top = record(workflow);
  const fill = (words: string) =>
    words.replace(/\$\{\{((?:(?!\{\{).)*?)\}\}/g, (_, name: string) =>
      name.trim() === 'github.workspace' ? forShell(root) : UNKNOWN,
    );
  const folderOf = (...holders: unknown[]) => {
    const own = holders.map((one) => record(one)['working-directory']).find((one) => typeof one === 'string');
    return path.resolve(root, fill(String(own ?? '.')));
  };
  return Object.entries(record(top.jobs)).flatMap(([job, value]) => {
    const steps = record(value).steps;
    const defaults = [record(record(value).defaults).run, record(top.defaults).run];
    return (Array.isArray(steps) ? steps : [])
      .slice(0, MOST_SCRIPTS)
      .map(record)
      .flatMap((step, index): WrittenScript[] => {
        if (typeof step.run !== 'string') return [];
        const variables = { ...texts(top.env), ...texts(record(value).env), ...texts(step.env) };
        const known = Object.entries(variables).map(([name, one]) => [name, fill(one)]);
        const path = ['jobs', job, 'steps', index, 'run'];
        return [
          {
            source: 'workflow',
            ...{ label: job, shell: fill(step.run), file, line: lineOf(path) },
            folders: [folderOf(step, ...defaults)],
            variables: Object.fromEntries(known),
          },
        ];
      });
  });
}
