import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import { ciSurroundings } from '../../core/runs/ciSurroundings';
import { ciWorkflowFile, ciWorkflowText } from '../../core/runs/ciWorkflow';
import { chosenCommand } from '../../core/runs/testRuns';
import { confirm } from '../confirm';
import { EXIT } from '../exitCodes';
import { currentEnvironment, openProject, typedWith } from '../project';
import { jsonDocument } from '../rendering/json';
import { ciTestTarget } from '../testTarget';
import type { Command, CommandContext } from './command';

/** `berth ci-workflow`: a GitHub workflow that runs tests as `berth test` does. */
export const ciWorkflow: Command = {
  summary: 'write a GitHub workflow that runs tests in the same environment',
  operands: '[ENV] [COMMAND]',
  mostOperands: 2,
  options: ['compose', 'output', 'yes', 'json'],
  details:
    'Prints it, or writes it to a file with --output. It runs "berth test", with a copy of Berth in the repository; with ' +
    '--compose it needs Docker Compose alone. The environment can be left out where only one has tests, or one is for CI or for ' +
    'tests; the command, for the main one. Looks at files only: nothing is run.',
  examples: [
    ['berth ci-workflow ci --compose', 'what it would be, without Berth on the CI machine'],
    ['berth ci-workflow test unit --output .github/workflows/unit.yml', 'one command, into a file'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  await openProject(context);
  if (!isDockerInstalled()) throw dockerMissing();
  const { environment: meant, command: name } = ciTestTarget(context);
  await unlessAborted(berth.store.whenResolved(meant.definition.id), signal);
  const environment = currentEnvironment(berth.store, meant);
  if (environment.resolution.kind === 'broken') throw environment.resolution.error;
  const command = chosenCommand(environment, name);
  const surroundings = await ciSurroundings(environment);
  const way = options.compose ? 'compose' : 'berth';
  const text = await ciWorkflowText({ environment, command, way, ...surroundings });
  if (options.output !== undefined) return write(options.output, text, context);
  const suggested = ciWorkflowFile(environment.definition);
  if (options.json) {
    const { name } = environment.definition;
    output.out.write(
      jsonDocument({ environment: name, command: command.name, workflow: text, suggestedFile: suggested }),
    );
    return EXIT.done;
  }
  output.out.write(text);
  const file = path.relative(context.workingFolder, path.join(surroundings.repository, suggested));
  output.err.write(`To write it: ${typedWith(context, `--output=${file}`)}\n`);
  return EXIT.done;
}

async function write(operand: string, text: string, context: CommandContext): Promise<number> {
  const { options, output, workingFolder } = context;
  const file = path.resolve(workingFolder, operand);
  const isThere = await fs.stat(file).then(
    () => true,
    () => false,
  );
  if (isThere && !options.yes) await confirm([`${operand} is there, and would be replaced.`], context);
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, text);
  } catch (cause) {
    throw new UserError('failed', `${operand} can't be written: ${(cause as Error).message}.`, { cause });
  }
  if (options.json) output.out.write(jsonDocument({ file }));
  else output.out.write(`✔ Wrote ${operand}.\n`);
  return EXIT.done;
}
