import { UserError } from '../../core/common/errors';
import { storeKindOf } from '../../core/model/storeKind';
import { EXIT } from '../exitCodes';
import { jsonDocument } from '../rendering/json';
import { renderTable } from '../rendering/table';
import { chooseRunning, knownTarget, runs } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth url`: what an application needs to reach the stores. */
export const url: Command = {
  summary: 'print the connection strings of databases and Redis',
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['inside', 'show-secrets', 'json'],
  details:
    "With the service's own user, database and port, as seen from this machine, or with --inside from the other services. " +
    `Of one service the string alone, for a script. Passwords are shown as *** unless --show-secrets is given. ${LEFT_OUT}`,
  examples: [
    ['berth url dev', 'all of them, without passwords'],
    ['export DATABASE_URL=$(berth url dev postgres --show-secrets)', 'for a program on this machine'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const { name } = environment.definition;
  const [wanted] = services;
  const stores =
    wanted === undefined
      ? environment.services.filter((service) => storeKindOf(service) !== undefined && runs(service))
      : [chooseRunning(context, environment, wanted)];
  if (stores.length === 0) throw chooseRunningNone(name);
  const found = await Promise.all(
    stores.map(async (service) => {
      const strings = await berth.tools.connectionStrings(environment, service, signal);
      const shown = options.inside ? strings.inside : strings.host;
      return { service: service.name, text: options['show-secrets'] ? shown?.text : shown?.masked };
    }),
  );
  if (options.json) {
    output.out.write(jsonDocument({ urls: found.map(({ service, text }) => ({ service, url: text ?? null })) }));
    return EXIT.done;
  }
  const [only] = found;
  if (wanted !== undefined && only) {
    if (only.text === undefined) throw notPublished(only.service);
    output.out.write(`${only.text}\n`);
    return EXIT.done;
  }
  const rows = found.map(({ service, text }) => [
    service,
    text ?? '- (publishes no port; --inside tells its address there)',
  ]);
  output.out.write(`${renderTable([['SERVICE', 'URL'], ...rows], output.out.style).join('\n')}\n`);
  return EXIT.done;
}

function chooseRunningNone(name: string): UserError {
  return new UserError('failed', `Nothing that runs of ${name} is a database or a Redis.`);
}

function notPublished(service: string): UserError {
  return new UserError('failed', `"${service}" publishes no port, so that it can't be reached from this machine.`, {
    remedy: 'Other services reach it: --inside tells how.',
  });
}
