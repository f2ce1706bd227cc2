import { UserError } from '../../core/common/errors';
import { storeKindOf } from '../../core/model/storeKind';
import { FLUSH, INFO, redisCall } from '../../core/operations/storeClient';
import { confirm } from '../confirm';
import { EXIT } from '../exitCodes';
import { jsonDocument } from '../rendering/json';
import { showStoreCommand } from '../showCommand';
import { chooseRunning, knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

export const REDIS_ACTIONS = ['info', 'flush'] as const;

/** `berth redis`: how a Redis does, and emptying it. */
export const redis: Command = {
  summary: 'show how a Redis does ("info"), or empty it ("flush")',
  operands: 'info|flush [ENV] [SERVICE]',
  mostOperands: 3,
  options: ['yes', 'show-command', 'json'],
  details:
    '"flush" removes the keys of all its databases; it says how many there are, and asks. Its shell is "berth db". The ' +
    `service can be left out where only one runs that is a Redis. ${LEFT_OUT}`,
  examples: [
    ['berth redis info dev', 'version, memory, keys and more'],
    ['berth redis flush dev --yes', 'without being asked'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, operands, options, output, signal } = context;
  const [action, ...named] = operands;
  if (action !== 'info' && action !== 'flush') {
    const message = action === undefined ? 'What about Redis?' : `"${action}" is nothing to do with a Redis.`;
    throw new UserError('usage', message, { remedy: 'Say "berth redis info" or "berth redis flush".' });
  }
  const { environment, services } = await knownTarget(context, { operands: named, mostServices: 1 });
  const fits = (service: Parameters<typeof storeKindOf>[0]) => storeKindOf(service) === 'redis';
  const service = chooseRunning(context, environment, services[0], { fits, none: 'No Redis' });
  if (options['show-command']) {
    const words = action === 'info' ? INFO : FLUSH;
    return showStoreCommand(environment, service, (store) => redisCall(store, words), context);
  }
  if (action === 'info') {
    const info = await berth.tools.redisInfo(environment, service, signal);
    output.out.write(options.json ? jsonDocument({ info: infoJson(info) }) : `${info.trimEnd()}\n`);
    return EXIT.done;
  }
  const keys = await berth.tools.redisKeys(environment, service, signal);
  const text = `${keys} ${keys === 1 ? 'key' : 'keys'}`;
  if (!options.yes && keys > 0) await confirm([`${text} of ${service.name} would be gone for good.`], context);
  await berth.tools.flushRedis(environment, service, signal);
  if (options.json) output.out.write(jsonDocument({ flushed: keys }));
  else output.out.write(`${output.out.style('green', `✔ ${service.name} is empty: ${text} removed.`)}\n`);
  return EXIT.done;
}

/** What `INFO` says, by name: `used_memory_human:1.04M`. */
function infoJson(info: string): Record<string, string> {
  return Object.fromEntries([...info.matchAll(/^([^#:\r\n]+):([^\r\n]*)/gm)].map(([, name, value]) => [name, value]));
}
