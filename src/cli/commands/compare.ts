import { UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import { differences } from '../../core/model/comparison';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { EXIT, exitCodeOf } from '../exitCodes';
import { chooseEnvironment, noEnvironments, openProject } from '../project';
import { comparisonJson, comparisonMarkdown, renderComparison } from '../rendering/comparison';
import { renderError } from '../rendering/errors';
import { jsonDocument } from '../rendering/json';
import { ANY_NUMBER, type Command, type CommandContext } from './command';

/** `berth compare`: what distinguishes environments. */
export const compare: Command = {
  summary: 'show how environments differ',
  operands: '[ENV…]',
  mostOperands: ANY_NUMBER,
  options: ['differences', 'markdown', 'json'],
  details:
    'A table with a column for each environment: files, project, and of each service image, build target, ports, where data is ' +
    'kept, mounts, networks, restart, limits, and where credentials come from, but never what they are. A row that differs is ' +
    'marked with ≠. Of all environments, or of those named. Needs no running Docker engine. --json has all of it, and what ' +
    'differs.',
  examples: [
    ['berth compare', 'all environments'],
    ['berth compare dev test --differences', 'what differs between two'],
    ['berth compare --markdown > docs/environments.md', 'a page for the docs'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal, workingFolder } = context;
  const [format, other] = (['json', 'markdown'] as const).filter((name) => options[name]);
  if (other) throw new UserError('usage', 'Either --json or --markdown, not both.');
  if (format === 'json' && options.differences) {
    throw new UserError('usage', 'Either --json or --differences, not both.', {
      remedy: 'The JSON lists what differs under "differences".',
    });
  }
  if (!isDockerInstalled()) throw dockerMissing();
  const folder = await openProject(context);
  const all = await unlessAborted(berth.comparisons.compare(chosen(context, folder), signal), signal);
  const comparison = options.differences ? differences(all) : all;
  const { isTerminal, columns, style } = output.out;
  if (format === 'json') output.out.write(jsonDocument({ folder, ...comparisonJson(all) }));
  else if (format === 'markdown') output.out.write(comparisonMarkdown(comparison));
  else {
    const width = isTerminal ? columns : Number.POSITIVE_INFINITY;
    output.out.write(`${renderComparison(comparison, { width, style }).join('\n')}\n`);
  }
  const errors = all.environments.flatMap(({ error }) => error ?? []);
  for (const error of errors) output.err.write(renderError(error, { from: workingFolder, style: output.err.style }));
  return Math.max(EXIT.done, ...errors.map(({ kind }) => exitCodeOf(kind)));
}

/** The environments that are named, be it joined by commas, each once; when none is, all that have files. */
function chosen({ berth: { store }, operands }: CommandContext, folder: string): readonly EnvironmentSnapshot[] {
  const names = operands.flatMap((operand) => operand.split(',')).filter(Boolean);
  const { environments } = store;
  if (names.length > 0) return [...new Set(names.map((name) => chooseEnvironment(environments, name, folder)))];
  const withFiles = environments.filter(({ resolution }) => resolution.kind !== 'containers-only');
  if (withFiles.length === 0) throw noEnvironments(folder);
  return withFiles;
}
