import path from 'node:path';
import { UserError } from '../../core/common/errors';
import type { CopyPath } from '../../core/compose/serviceCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { replacedHere, shownCopyCall } from '../../core/operations/copying';
import { confirm } from '../confirm';
import { EXIT } from '../exitCodes';
import { checkServices } from '../project';
import { jsonDocument } from '../rendering/json';
import { showCommand } from '../showCommand';
import { askedIndex, knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

const REMEDY = 'As in: berth cp dev web:/app/app.log . — or: berth cp dev ./seed.sql db:/tmp/';

/** `berth cp`: between this machine and a container. */
export const cp: Command = {
  summary: 'copy files and folders into a container, or out of it',
  operands: '[ENV] FROM TO',
  mostOperands: 3,
  options: ['index', 'yes', 'show-command', 'json'],
  details:
    'FROM or TO is SERVICE:PATH, in a container, which need not run; the other one is a path on this machine. A file there ' +
    'whose name has a colon is written ./a:b. Asks before it replaces something. Where the service has several containers, it ' +
    `copies out of the first, and into all of them; --index says which one. ${LEFT_OUT}`,
  examples: [
    ['berth cp dev web:/app/app.log .', 'out of the container of "web"'],
    ['berth cp dev ./seed.sql db:/tmp/', 'into the one of "db"'],
    ['berth cp dev worker:/tmp/heap . --index 2', 'out of the second of "worker"'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, operands, options, output, signal, workingFolder } = context;
  const [to, from, ...named] = [...operands].reverse();
  if (to === undefined || from === undefined) throw new UserError('usage', 'Copy what, where to?', { remedy: REMEDY });
  const index = askedIndex(context);
  const source = copyPath(from, workingFolder, index);
  const target = copyPath(to, workingFolder, index);
  const service = source.service ?? target.service;
  if (service === undefined) throw new UserError('usage', 'Neither of the two is in a container.', { remedy: REMEDY });
  if (source.service !== undefined && target.service !== undefined) {
    throw new UserError('usage', 'One of the two has to be on this machine.', { remedy: REMEDY });
  }
  const { environment } = await knownTarget(context, { operands: named, mostServices: 0 });
  checkServices(environment, [service]);
  if (options['show-command']) return showCommand(environment, shownCopyCall(environment, source, target), context);
  if (!options.yes) await confirmReplacing(environment, source, target, context);
  // What Compose says on the way is that it copies; what it complains of is in the error.
  await berth.tools.copyFiles(environment, source, target, { onLine: () => {}, signal });
  if (options.json) output.out.write(jsonDocument({ copied: { from, to } }));
  else output.out.write(`${output.out.style('green', `✔ Copied: ${from} → ${to}`)}\n`);
  return EXIT.done;
}

/**
 * What an operand means: as the docker command line reads it, so that `./a:b` and `/a:b` are files here.
 * @param index the number of the container that is meant, if it is in one.
 */
export function copyPath(operand: string, workingFolder: string, index?: number): CopyPath {
  const [, service, inside] = /^([\w][\w.-]+):(.*)$/s.exec(operand) ?? [];
  if (service !== undefined && inside !== undefined) return { service, path: inside, index };
  // What a folder's name ends with decides how it is copied.
  const [ending = ''] = /[\\/]\.?$/.exec(operand) ?? [];
  const absolute = path.resolve(workingFolder, operand);
  return { path: absolute.endsWith(path.sep) ? absolute : absolute + ending };
}

/** Asks before something is replaced. */
async function confirmReplacing(
  environment: EnvironmentSnapshot,
  from: CopyPath,
  to: CopyPath,
  context: CommandContext,
): Promise<void> {
  const { berth, signal } = context;
  const replaced =
    to.service === undefined
      ? [await replacedHere(from.path, to.path)].filter((one) => one !== undefined)
      : (await berth.tools.replacedByCopy(environment, from, to, signal)).map((one) => `${one.container}:${one.path}`);
  if (replaced.length === 0) return;
  await confirm(
    replaced.map((what) => `${what} is there already, and would be replaced.`),
    context,
  );
}
