import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/common/errors';
import {
  LIMIT_NAMES,
  type LimitName,
  type LimitsChange,
  limitText,
  NO_LIMIT,
  type ServiceLimits,
} from '../../core/model/limits';
import { EXIT } from '../exitCodes';
import type { OptionName } from '../options';
import { nextCommand } from '../project';
import { jsonDocument } from '../rendering/json';
import { renderTable } from '../rendering/table';
import { knownTarget } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

const OPTION_OF = {
  memory: 'memory',
  cpus: 'cpus',
  logSize: 'log-size',
  logFiles: 'log-files',
} as const satisfies Record<LimitName, OptionName>;

/** `berth limit`: what a service may use, and how its logs are rotated. */
export const limit: Command = {
  summary: 'limit what a service may use, and rotate its logs',
  operands: '[ENV] SERVICE',
  mostOperands: 2,
  options: [...Object.values(OPTION_OF), 'show', 'json'],
  details:
    'Writes into the last compose file of the environment that has the service, and keeps its comments and order. Compose ' +
    'judges the change first: what it refuses is not written. It applies with the next "berth up". Without one of the ' +
    `limits, or with --show, prints what the files say now. "${NO_LIMIT}" takes a limit away. ${LEFT_OUT}`,
  examples: [
    ['berth limit dev db', 'what "db" is limited to'],
    ['berth limit dev db --memory 512M --cpus 0.5', 'half a gibibyte, half a processor'],
    ['berth limit dev db --log-size 10m --log-files 3', 'at most 30 MB of logs'],
    ['berth limit dev db --memory none', 'as much memory as there is'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal } = context;
  const change = changeIn(context);
  if (options.show && Object.keys(change).length > 0) {
    throw new UserError('usage', 'Either --show, or limits to set.');
  }
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const { name } = environment.definition;
  const [service] = services;
  if (service === undefined) {
    const names = environment.services.map((one) => one.name).join(', ');
    throw new UserError('usage', 'Which service?', { remedy: `${name} has: ${names}.` });
  }
  const about = { environment: name, service };
  if (Object.keys(change).length === 0) {
    show({ ...about, limits: berth.limits.inForce(environment, service) }, context);
    return EXIT.done;
  }
  const read = (file: string) => fs.readFile(file, 'utf8');
  const proposed = await berth.limits.propose(environment, service, change, { read, signal });
  const { file, before, after, limits, others } = proposed;
  const changed = before !== after;
  if (changed) await berth.limits.write(proposed);
  show({ ...about, limits, file, changed, ...(others.length > 0 ? { others } : {}) }, context);
  const shownFile = path.relative(context.workingFolder, file) || file;
  if (!changed) output.err.write(`${shownFile} says so already.\n`);
  if (others.length > 0) output.err.write(`These take it over from ${service}: ${others.join(', ')}.\n`);
  if (changed) output.err.write(`Written to ${shownFile}. It applies with: ${nextCommand(context, 'up', name)}\n`);
  return EXIT.done;
}

function changeIn({ options }: CommandContext): LimitsChange {
  const given = LIMIT_NAMES.map((name) => [name, options[OPTION_OF[name]]] as const);
  return Object.fromEntries(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value === NO_LIMIT ? null : value]])),
  );
}

function show(
  facts: { readonly limits: ServiceLimits } & Readonly<Record<string, unknown>>,
  { options, output }: CommandContext,
): void {
  const rows = LIMIT_NAMES.map((name) => [OPTION_OF[name], limitText(facts.limits, name) ?? NO_LIMIT]);
  const table = renderTable([['LIMIT', 'VALUE'], ...rows], output.out.style);
  output.out.write(options.json ? jsonDocument(facts) : `${table.join('\n')}\n`);
}
