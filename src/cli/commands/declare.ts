import path from 'node:path';
import { writeDeclaration } from '../../core/discovery/writeDeclaration';
import { EXIT } from '../exitCodes';
import { nextCommand, openProject } from '../project';
import { jsonDocument } from '../rendering/json';
import type { Command, CommandContext } from './command';

/** `berth declare`: writes a `berth.yaml`. */
export const declare: Command = {
  summary: 'write a berth.yaml that declares the environments as they were found',
  operands: '',
  mostOperands: 0,
  options: ['json'],
  details:
    'For whoever wants to change what Berth found: names, purposes, files. Comments say where each environment comes from. ' +
    'Never overwrites a file.',
  examples: [
    ['berth declare', 'for this project'],
    ['berth declare -C shop', 'for the one in the folder "shop"'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, workingFolder } = context;
  const folder = await openProject(context);
  const definitions = berth.store.environments.map(({ definition }) => definition);
  const file = await writeDeclaration(folder, definitions);
  if (options.json) {
    output.out.write(jsonDocument({ folder, file }));
    return EXIT.done;
  }
  const shown = path.relative(workingFolder, file);
  output.out.write(`✔ Made ${shown}.\n\nNext: ${nextCommand(context, 'envs')} shows what it says.\n`);
  return EXIT.done;
}
