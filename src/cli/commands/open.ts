import { UserError } from '../../core/common/errors';
import { addressOf } from '../../core/model/address';
import { openInBrowser } from '../browser';
import { EXIT } from '../exitCodes';
import { checkServices, chooseEnvironment, knownEnvironment, nextCommand, openProject } from '../project';
import { jsonDocument } from '../rendering/json';
import { renderTable } from '../rendering/table';
import type { Command } from './command';

/** `berth open`: where the published ports answer. On a terminal a browser opens the only web address. */
export const open: Command = async (context) => {
  const { berth, operands, options, output } = context;
  berth.feedFor(undefined).start();
  const folder = await openProject(context);
  const [name, service] = operands;
  const environment = await knownEnvironment(context, chooseEnvironment(berth.store.environments, name, folder));
  if (service !== undefined) checkServices(environment, [service]);
  const { definition } = environment;
  const wanted = environment.services.filter((one) => service === undefined || one.name === service);
  const running = wanted.filter((one) => one.containers.some((container) => container.state === 'running'));
  const what = service === undefined ? definition.name : `"${service}" of ${definition.name}`;
  if (running.length === 0) {
    const up = nextCommand(context, 'up', definition.name, ...(service === undefined ? [] : [service]));
    throw new UserError('failed', `Nothing of ${what} runs.`, { remedy: `To start it: ${up}` });
  }
  const engine = berth.store.engineState(definition.context);
  const engineAddress = engine.kind === 'connected' ? engine.address : undefined;
  const addresses = running.flatMap((one) =>
    one.ports.flatMap((port) => {
      const address = addressOf(port, engineAddress);
      return address ? [{ service: one.name, address: address.url, isWeb: address.isWeb, port }] : [];
    }),
  );
  if (addresses.length === 0) throw new UserError('failed', `Nothing that runs of ${what} publishes a TCP port.`);

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
};
