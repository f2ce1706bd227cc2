import { UserError } from '../../core/common/errors';
import { describeBelongings } from '../../core/operations/consequences';
import type { Leftover } from '../../core/runs/leftovers';
import { confirm } from '../confirm';
import { EXIT, exitCodeOf } from '../exitCodes';
import { openProject } from '../project';
import { renderError } from '../rendering/errors';
import { errorJson, jsonDocument } from '../rendering/json';
import type { Command, CommandContext } from './command';

/** `berth clean`: removes what test runs have left. */
export const clean: Command = {
  summary: 'remove what test runs that were killed have left',
  operands: '',
  mostOperands: 0,
  options: ['kept', 'yes', 'json'],
  details:
    'Looks for containers, networks and volumes of test runs in the environments here that no longer go on, says what would go, and asks. ' +
    'What "berth test --keep" has left on purpose stays, unless --kept is given, and so does what runs on other machines have made.',
  examples: [
    ['berth clean', 'shows what is left, and asks'],
    ['berth clean --kept --yes', 'also what was kept, without asking'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  await openProject(context);
  await berth.store.lookAtEngines();
  const errors: UserError[] = [];
  const onError = (error: UserError) => {
    errors.push(error);
    output.err.write(renderError(error, { from: context.workingFolder, style: output.err.style }));
  };
  const found = await berth.leftovers.find({ kept: options.kept, onUnreachable: onError, signal });
  if (found.length > 0 && !options.yes) await confirm(found.flatMap(linesOf), context);
  const removed: Leftover[] = [];
  for (const leftover of found) {
    output.err.write(`Removing what is left of "${leftover.environment}" …\n`);
    try {
      await berth.leftovers.remove(leftover, signal);
      removed.push(leftover);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onError(error);
    }
  }
  if (options.json)
    output.out.write(jsonDocument({ removed: removed.map(leftoverJson), errors: errors.map(errorJson) }));
  else if (removed.length > 0) output.out.write(doneLine(removed, context));
  else if (errors.length === 0) output.out.write('Nothing is left of test runs.\n');
  const [first] = errors;
  return first ? exitCodeOf(first.kind) : EXIT.done;
}

function linesOf({ environment, project, kept, belongings }: Leftover): readonly string[] {
  const what = kept ? `A test run has kept "${environment}"` : `A test run was killed in "${environment}"`;
  return [
    `${what}, project ${project}. Gone for good would be:`,
    ...describeBelongings(belongings).map((one) => `  ${one}`),
  ];
}

function leftoverJson({ context, engine, belongings, ...leftover }: Leftover): Record<string, unknown> {
  const { containers, networks, volumes } = belongings;
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  return {
    ...leftover,
    ...(context === undefined ? {} : { context }),
    containers: names(containers),
    networks,
    volumes: names(volumes),
  };
}

function doneLine(found: readonly Leftover[], { output }: CommandContext): string {
  const names = found.map(({ environment }) => environment).join(', ');
  return `${output.out.style('green', `✔ Removed what was left of ${names}.`)}\n`;
}
