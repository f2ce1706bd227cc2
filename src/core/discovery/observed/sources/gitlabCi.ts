import { record } from '../../../common/json';
import { forShell } from '../forShell';
import { UNKNOWN } from '../shellWords';
import type { SourceFile, WrittenScript } from '../sources';
import { LONGEST_LINE, MOST_SCRIPTS, texts, yaml } from './texts';

/** How many jobs may extend each other in a row, and variables have each other in them: GitLab itself takes fewer. */
const DEEPEST = 100;

type Job = Readonly<Record<string, unknown>>;

/** Source: GitLab's documentation, "CI/CD YAML syntax reference" (`extends`, `default`, `variables`). */
export async function gitlabCi({ path: file, text, root }: SourceFile): Promise<readonly WrittenScript[]> {
  const { value, lineOf } = await yaml(text);
  const top = record(value);
  const before = record(top.default).before_script ?? top.before_script;
  const extended = new Set(Object.values(top).flatMap((job) => parentsOf(record(job))));
  const known = new Map<string, Job>();
  return Object.keys(top)
    .slice(0, MOST_SCRIPTS)
    .flatMap((label): WrittenScript[] => {
      const { script, before_script = before, variables } = withParents(top, label, known);
      const lines = [before_script, script].flat(3).filter((line) => typeof line === 'string');
      // What is only there for others to extend is never run.
      if ((label.startsWith('.') && extended.has(label)) || script === undefined || lines.length === 0) return [];
      return [
        {
          source: 'workflow',
          label,
          shell: lines.join('\n'),
          file,
          line: lineOf([label]),
          folders: [root],
          variables: expanded({ CI_PROJECT_DIR: forShell(root), ...texts(top.variables), ...texts(variables) }),
        },
      ];
    });
}

/**
 * Variables with those that are in their values put in. Of others, which GitLab or its settings give, nothing is known. Source: GitLab's
 * documentation, "Where variables can be used".
 */
function expanded(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = new Map<string, string>();
  const expandedValue = (name: string, within: readonly string[]): string => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (!Object.hasOwn(variables, name) || within.includes(name) || within.length > DEEPEST) return UNKNOWN;
    const value = (variables[name] ?? '').replace(REFERENCE, (written, braced?: string, plain?: string) =>
      written === '$$' ? '$' : expandedValue(braced ?? plain ?? '', [...within, name]),
    );
    const text = value.length > LONGEST_LINE ? UNKNOWN : value;
    known.set(name, text);
    return text;
  };
  return Object.fromEntries(Object.keys(variables).map((name) => [name, expandedValue(name, [])]));
}

const REFERENCE = /\$\$|\$(?:\{(\w+)\}|(\w+))/g;

function parentsOf(job: Job): readonly string[] {
  return [job.extends].flat().filter((one) => typeof one === 'string');
}

/**
 * A job with what it has of those that it extends, the last of them strongest; what is not in the file gives nothing.
 * @param known is filled with those that were asked for: one that extends itself gives nothing, either.
 */
function withParents(top: Job, label: string, known: Map<string, Job>, depth = 0): Job {
  const found = known.get(label);
  if (found) return found;
  known.set(label, {});
  const own = Object.hasOwn(top, label) ? record(top[label]) : {};
  const parents = depth < DEEPEST ? parentsOf(own).map((parent) => withParents(top, parent, known, depth + 1)) : [];
  const all = [...parents, own];
  const variables = Object.assign({}, ...all.map((one) => record(one.variables)));
  const job: Job = Object.assign({}, ...all, { variables });
  known.set(label, job);
  return job;
}
