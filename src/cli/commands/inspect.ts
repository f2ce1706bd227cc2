import { UserError } from '../../core/common/errors';
import { EXIT } from '../exitCodes';
import { nextCommand } from '../project';
import { askedIndex, knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth inspect`: everything there is to know. */
export const inspect: Command = {
  summary: 'show all about a container, an image, or the configuration',
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['index', 'image', 'config', 'show-secrets'],
  details:
    'A container or an image as JSON, as the engine has it; with --config what Compose makes of all files and variables of ' +
    `the environment, as YAML. Secrets are shown as ***. The service can be left out where there is only one. ${LEFT_OUT}`,
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
  const { environment, services } = await knownTarget(context, { mostServices: options.config ? 0 : 1 });
  const show = (text: string) => output.out.write(`${text.trimEnd()}\n`);
  const how = { secrets: options['show-secrets'] ?? false, signal, index: askedIndex(context) };
  if (options.config) {
    show(await berth.tools.configDocument(environment, how));
    return EXIT.done;
  }
  const { definition } = environment;
  const name = services[0];
  const there = environment.services.filter((one) =>
    name === undefined ? one.containers.length > 0 : one.name === name,
  );
  const [service, another] = there;
  if (another) {
    const names = there.map((one) => one.name).join(', ');
    throw new UserError('usage', 'Which service?', { remedy: `${definition.name} has: ${names}.` });
  }
  if (!service || (service.containers.length === 0 && !options.image)) {
    throw new UserError(
      'failed',
      `There is no container of ${name === undefined ? '' : `"${name}" of `}${definition.name}.`,
      {
        remedy: `To create it: ${nextCommand(context, 'up', definition.name, ...services)}`,
      },
    );
  }
  show(
    options.image
      ? await berth.tools.imageDocument(environment, service, how)
      : await berth.tools.containerDocument(environment, service, how),
  );
  return EXIT.done;
}
