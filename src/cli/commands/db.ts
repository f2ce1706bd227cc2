import path from 'node:path';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { storeKindOf } from '../../core/model/storeKind';
import { type RunningStore, sqlCall, storeClientCall } from '../../core/operations/storeClient';
import { EXIT } from '../exitCodes';
import { jsonDocument, secondsJson } from '../rendering/json';
import { secondsText } from '../rendering/progress';
import { isOnTerminal, runInherited } from '../runInherited';
import { isForTerminal, showStoreCommand } from '../showCommand';
import { askedIndex, chooseRunning, knownTarget, runs } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth db`: ends with the exit code of the database's own shell. */
export const db: Command = {
  summary: 'open the shell of a database, or run an SQL file in it',
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['index', 'file', 'show-command', 'json'],
  jsonOnlyWith: ['file', 'show-command'],
  details:
    'psql, mysql, mongosh or redis-cli, in the container and with its own credentials. Without a terminal it runs what it ' +
    "reads from standard input. Ends with the shell's own exit code. With --file it runs an SQL file of any size, and stops " +
    `at the first error. The service can be left out where only one is a database; Redis does not count then. ${LEFT_OUT}`,
  examples: [
    ['berth db dev', 'the shell of the only database'],
    ['berth db dev postgres --file seed.sql', 'an SQL file'],
    ["echo 'select count(*) from users' | berth db dev", 'a query'],
    ['berth db dev redis', 'redis-cli'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, signal, workingFolder } = context;
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const service = chooseDatabase(context, environment, services[0]);
  const file = options.file === undefined ? undefined : path.resolve(workingFolder, options.file);
  if (options['show-command']) {
    const how = { terminal: isForTerminal(context) };
    const call = (store: RunningStore) => (file === undefined ? storeClientCall(store, how) : sqlCall(store, file));
    return showStoreCommand(environment, service, call, context);
  }
  if (file === undefined) {
    const terminal = isOnTerminal();
    return runInherited(
      await berth.tools.storeShellCall(environment, service, { terminal, signal, index: askedIndex(context) }),
      signal,
    );
  }
  return runFile(file, environment, service, context);
}

async function runFile(
  file: string,
  environment: EnvironmentSnapshot,
  service: ServiceSnapshot,
  context: CommandContext,
): Promise<number> {
  const { berth, options, output, signal } = context;
  const began = performance.now();
  const lines: string[] = [];
  const onLine = (line: string) => (options.json ? void lines.push(line) : output.out.write(`${line}\n`));
  await berth.tools.runSqlFile(environment, service, file, { onLine, signal, index: askedIndex(context) });
  const ms = performance.now() - began;
  if (options.json) {
    const seconds = secondsJson(ms);
    output.out.write(jsonDocument({ file, service: service.name, seconds, output: lines.join('\n') }));
    return EXIT.done;
  }
  const done = `✔ ${options.file} has run in ${service.name} (${secondsText(ms)}).`;
  output.err.write(`${output.err.style('green', done)}\n`);
  return EXIT.done;
}

/** The database that is meant: beside a database proper, Redis is none, unless it is named. */
function chooseDatabase(
  context: CommandContext,
  environment: EnvironmentSnapshot,
  name: string | undefined,
): ServiceSnapshot {
  const isDatabase = (service: ServiceSnapshot) => ![undefined, 'redis'].includes(storeKindOf(service));
  const isShown = context.options['show-command'];
  const isThere = environment.services.some((service) => isDatabase(service) && (isShown || runs(service)));
  const fits = isThere ? isDatabase : (service: ServiceSnapshot) => storeKindOf(service) !== undefined;
  return chooseRunning(context, environment, name, { fits, none: 'No database' });
}
