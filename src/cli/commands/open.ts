import { UserError } from '../../core/common/errors';
import { addressOf } from '../../core/model/address';
import { webScheme } from '../../core/operations/webScheme';
import { openInBrowser } from '../browser';
import { EXIT } from '../exitCodes';
import { nextCommand } from '../project';
import { jsonDocument } from '../rendering/json';
import { renderTable } from '../rendering/table';
import { knownTarget, runs } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth open`: where the published ports answer. On a terminal a browser opens the only web address. */
export const open: Command = {
  summary: 'print the addresses of the published ports, and open the only one',
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['json'],
  details:
    'Of the services that run; a web address is tried, and is http or https as it answers. On a terminal, when there is ' +
    `just one web address, it is opened in the browser, too. ${LEFT_OUT}`,
  examples: [
    ['berth open dev web', 'the service "web" in the browser'],
    ['berth open dev', 'all addresses'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const [service] = services;
  const { definition } = environment;
  const running = environment.services.filter((one) => (service === undefined || one.name === service) && runs(one));
  const what = service === undefined ? definition.name : `"${service}" of ${definition.name}`;
  if (running.length === 0) {
    const up = nextCommand(context, 'up', definition.name, ...services);
    throw new UserError('failed', `Nothing of ${what} runs.`, { remedy: `To start it: ${up}` });
  }
  const engine = berth.store.engineState(definition.context);
  const engineAddress = engine.kind === 'connected' ? engine.address : undefined;
  const published = running.flatMap((one) =>
    one.ports.flatMap((port) => {
      const address = addressOf(port, engineAddress);
      return address ? [{ ...address, service: one.name, port, published: address.port }] : [];
    }),
  );
  if (published.length === 0) throw new UserError('failed', `Nothing that runs of ${what} publishes a TCP port.`);
  const addresses = await Promise.all(
    published.map(async ({ host, published: number, url, isWeb, ...one }) => {
      const scheme = isWeb ? await webScheme(host, number, signal) : undefined;
      return { ...one, isWeb, address: scheme === undefined ? url : `${scheme}://${host}:${number}` };
    }),
  );

  if (options.json) {
    const list = addresses.map(({ service, address, port }) => ({ service, address, port }));
    output.out.write(jsonDocument({ addresses: list }));
    return EXIT.done;
  }
  const rows = addresses.map((one) => [one.service, one.address]);
  const lines = service === undefined ? renderTable([['SERVICE', 'ADDRESS'], ...rows], output.out.style) : undefined;
  output.out.write(`${(lines ?? addresses.map(({ address }) => address)).join('\n')}\n`);
  const web = addresses.filter((one) => one.isWeb);
  const [only] = web;
  if (only && web.length === 1 && output.out.isTerminal && !(await openInBrowser(only.address))) {
    output.err.write('No browser could be started here: open the address yourself.\n');
  }
  return EXIT.done;
}
