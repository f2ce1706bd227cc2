import { UserError } from '../../core/common/errors';
import { configCall } from '../../core/compose/serviceCalls';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { EXIT } from '../exitCodes';
import { nextCommand } from '../project';
import { jsonDocument } from '../rendering/json';
import { showCommand } from '../showCommand';
import { askedIndex, knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth inspect`: everything there is to know. */
export const inspect: Command = {
  summary: 'show all about a container, an image, or the configuration',
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['index', 'image', 'config', 'show-secrets', 'project', 'show-command', 'json'],
  details:
    'A container or an image as JSON, as the engine has it; with --config what Compose makes of all files and variables of ' +
    'the environment, as YAML. With --json it tells the environment and the service, too, and the configuration is JSON. ' +
    'Secrets are shown as ***. --show-command goes with --config: the others are asked of the engine without a docker ' +
    `command. The service can be left out where there is only one. ${LEFT_OUT}`,
  examples: [
    ['berth inspect dev web', 'the container of "web"'],
    ['berth inspect dev web --image', 'its image'],
    ['berth inspect dev --config', 'the environment, as Compose resolves it'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  if (options.image && options.config) throw new UserError('usage', 'Either --image or --config, not both.');
  if (options.index && options.config) throw new UserError('usage', 'Either --index or --config, not both.');
  if (options['show-command'] && !options.config) throw noCommand(options.image ? 'image' : 'container');
  const { environment, services } = await knownTarget(context, { mostServices: options.config ? 0 : 1 });
  const how = { secrets: options['show-secrets'] ?? false, signal, index: askedIndex(context) };
  const show = (text: string, names: Record<string, string>, kind: 'container' | 'image' | 'config') => {
    const json = () => jsonDocument({ environment: environment.definition.name, ...names, [kind]: JSON.parse(text) });
    output.out.write(options.json ? json() : `${text.trimEnd()}\n`);
    return EXIT.done;
  };
  if (options.config) {
    if (options['show-command']) return showCommand(environment, configCall(environment.definition), context);
    const format = options.json ? 'json' : 'yaml';
    return show(await berth.tools.configDocument(environment, { ...how, format }), {}, 'config');
  }
  const service = chooseService(context, environment, services[0]);
  return options.image
    ? show(await berth.tools.imageDocument(environment, service, how), { service: service.name }, 'image')
    : show(await berth.tools.containerDocument(environment, service, how), { service: service.name }, 'container');
}

/**
 * The service with that name; when none is named, the only one that has a container.
 * @throws UserError (usage) when it can't be told which one is meant, (failed) when the container is missing.
 */
function chooseService(
  context: CommandContext,
  { definition, services }: EnvironmentSnapshot,
  name: string | undefined,
): ServiceSnapshot {
  const there = services.filter((one) => (name === undefined ? one.containers.length > 0 : one.name === name));
  const [service, another] = there;
  if (another) {
    const names = there.map((one) => one.name).join(', ');
    throw new UserError('usage', 'Which service?', { remedy: `${definition.name} has: ${names}.` });
  }
  if (service && (service.containers.length > 0 || context.options.image)) return service;
  const what = `${name === undefined ? '' : `"${name}" of `}${definition.name}`;
  throw new UserError('failed', `There is no container of ${what}.`, {
    remedy: `To create it: ${nextCommand(context, 'up', definition.name, ...(name === undefined ? [] : [name]))}`,
  });
}

function noCommand(what: 'container' | 'image'): UserError {
  return new UserError('usage', `There is no docker command behind it: the engine itself is asked about the ${what}.`, {
    remedy: `Docker shows the same with "docker ${what} inspect".`,
  });
}
