import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import { EXIT } from '../exitCodes';
import { chooseEnvironment, engineErrors, enginesKnown, noEnvironments, openProject } from '../project';
import { renderStatuses } from '../rendering/environments';
import { engineJson, environmentJson, jsonDocument } from '../rendering/json';
import type { Command } from './command';
import { watch } from './watch';

/** `berth status`: the services of all environments, or of one; once, or until Ctrl-C. */
export const status: Command = async (context) => {
  const { berth, operands, options, output, signal, workingFolder } = context;
  const { store } = berth;
  if (!isDockerInstalled()) throw dockerMissing();
  berth.feedFor(undefined).start();
  const folder = await openProject(context);
  if (store.environments.length === 0) throw noEnvironments(folder);
  const [name] = operands;
  const only = name === undefined ? undefined : chooseEnvironment(store.environments, name, folder).definition.id;
  const shown = () => store.environments.filter(({ definition }) => only === undefined || definition.id === only);
  await unlessAborted(store.whenResolved(only), signal);
  await enginesKnown(store, shown(), signal);
  if (options.watch) return watch(context, shown);

  for (const error of engineErrors(store, shown())) throw error;
  if (options.json) {
    const engine = engineJson(store.engineState(shown()[0]?.definition.context));
    output.out.write(jsonDocument({ folder, engine, environments: shown().map(environmentJson) }));
  } else {
    output.out.write(`${renderStatuses(shown(), { from: workingFolder, style: output.out.style }).join('\n')}\n`);
  }
  return EXIT.done;
};
