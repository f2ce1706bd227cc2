import { record } from '../../../common/json';
import type { SourceFile, WrittenScript } from '../sources';
import { lineOf, texts, yaml } from './texts';

/** Source: GitLab's documentation, "CI/CD YAML syntax reference". */
export async function gitlabCi({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const top = record(await yaml(text));
  return Object.entries(top).flatMap(([label, value]) => {
    const job = record(value);
    const lines = [job.before_script ?? top.before_script, job.script]
      .flat(3)
      .filter((line) => typeof line === 'string');
    if (job.script === undefined || lines.length === 0) return [];
    const variables = { CI_PROJECT_DIR: root, ...texts(top.variables), ...texts(job.variables) };
    return [
      {
        source: 'workflow',
        label,
        shell: lines.join('\n'),
        file,
        line: lineOf(text, `${label}:`),
        folders: [root],
        variables,
      },
    ];
  });
}
