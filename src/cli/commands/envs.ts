import { UserError } from '../../core/common/errors';
import { unlessAborted, waitFor } from '../../core/common/event';
import { EXIT } from '../exitCodes';
import { engineErrors, enginesKnown, noEnvironments, openProject } from '../project';
import { renderEnvironments } from '../rendering/environments';
import { renderError } from '../rendering/errors';
import { engineJson, environmentJson, jsonDocument } from '../rendering/json';
import type { Command, CommandContext } from './command';

/** `berth envs`: all environments. */
export const envs: Command = {
  summary: 'list the environments',
  operands: '',
  mostOperands: 0,
  options: ['elsewhere', 'json'],
  details:
    'Shows purpose, origin, project, health, how many services are ready, and the compose files; for an environment ' +
    'whose files Compose does not accept, the error with file and line. With --elsewhere also the projects on the ' +
    'engine that are of no environment here. Works without a running Docker engine, too: the health is then unknown.',
  examples: [
    ['berth envs', 'the environments of this project'],
    ['berth envs --elsewhere', 'also what else is on the engine'],
    ['berth envs --json', 'the same for a script'],
  ],
  run,
};

/** That no engine answers is no failure here: it is told, and health is unknown. */
async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal, workingFolder } = context;
  const { store } = berth;
  berth.feedFor(undefined).start();
  const folder = await openProject(context);
  await unlessAborted(store.whenResolved(), signal);
  await enginesKnown(store, store.environments, signal);
  if (options.elsewhere) await currentEngineKnown(context);

  const { environments } = store;
  const elsewhere = options.elsewhere ? store.elsewhere : [];
  const note = (error: Parameters<typeof renderError>[0]) =>
    output.err.write(renderError(error, { from: workingFolder, style: output.err.style }));
  if (environments.length === 0 && !options.elsewhere) note(noEnvironments(folder));
  for (const error of engineErrors(store, environments)) note(error);
  const missing = environments
    .map(({ resolution }) => (resolution.kind === 'broken' ? resolution.error : undefined))
    .find((error) => error?.kind === 'docker-missing');
  if (missing) note(missing);
  for (const { message, remedy, place } of store.problems)
    note(new UserError('configuration', message, { remedy, place }));

  if (options.json) {
    const engine = engineJson(store.engineState());
    output.out.write(
      jsonDocument({
        folder,
        engine,
        environments: environments.map(environmentJson),
        elsewhere: options.elsewhere ? elsewhere.map(environmentJson) : undefined,
        problems: store.problems,
      }),
    );
  } else if (environments.length + elsewhere.length > 0) {
    const lines = renderEnvironments([...environments, ...elsewhere], { from: workingFolder, style: output.out.style });
    output.out.write(`${lines.join('\n')}\n`);
  }
  return EXIT.done;
}

/** Waits until the engine of the current context has answered, or it is clear that it does not. */
async function currentEngineKnown({ berth: { store }, signal }: CommandContext): Promise<void> {
  await waitFor(store.onDidChange, () => store.engineState().kind !== 'connecting' || undefined, signal);
}
