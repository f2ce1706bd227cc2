import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import { EXIT } from '../exitCodes';
import { engineErrors, enginesKnown } from '../project';
import { renderStatuses } from '../rendering/environments';
import { engineJson, environmentJson, jsonDocument } from '../rendering/json';
import { targetsFor } from '../targets';
import type { Command, CommandContext } from './command';
import { watchStatus } from './watchStatus';

/** `berth status`: the services of all environments, or of some; once, or until Ctrl-C. */
export const status: Command = {
  summary: 'show the services with health, ports and containers',
  operands: '[ENV]',
  mostOperands: 1,
  options: ['watch', 'project', 'json'],
  details:
    'Of all environments, or of those named. With --watch it goes on showing changes as they happen, whoever makes them, ' +
    'until Ctrl-C (exit code 0); with --watch --json each change is one JSON object in a line.',
  examples: [
    ['berth status', 'all environments'],
    ['berth status dev --watch', 'one environment, live'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, operands, options, output, signal, workingFolder } = context;
  const { store } = berth;
  if (!isDockerInstalled()) throw dockerMissing();
  const { environments, folder } = await targetsFor(context, {
    all: operands.length === 0 && options.project === undefined,
    takesServices: false,
  });
  const ids = environments.map(({ definition }) => definition.id);
  const shown = () => ids.flatMap((id) => store.find(id) ?? []);
  await unlessAborted(Promise.all(ids.map((id) => store.whenResolved(id))), signal);
  await enginesKnown(store, shown(), signal);
  if (options.watch) return watchStatus(context, shown);

  for (const error of engineErrors(store, shown())) throw error;
  if (options.json) {
    const engine = engineJson(store.engineState(shown()[0]?.definition.context));
    output.out.write(jsonDocument({ folder, engine, environments: shown().map(environmentJson) }));
  } else {
    output.out.write(`${renderStatuses(shown(), { from: workingFolder, style: output.out.style }).join('\n')}\n`);
  }
  return EXIT.done;
}
