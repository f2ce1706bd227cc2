import path from 'node:path';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import { storeKindOf } from '../../core/model/storeKind';
import { EXIT } from '../exitCodes';
import { secondsText } from '../rendering/progress';
import { isOnTerminal, runInherited } from '../runInherited';
import { askedIndex, chooseRunning, knownTarget, runs } from '../targets';
import { type Command, type CommandContext, LEFT_OUT } from './command';

/** `berth db`: ends with the exit code of the database's own shell. */
export const db: Command = {
  summary: 'open the shell of a database, or run an SQL file in it',
  operands: '[ENV] [SERVICE]',
  mostOperands: 2,
  options: ['index', 'file'],
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
  const { berth, options, output, signal, workingFolder } = context;
  const { environment, services } = await knownTarget(context, { mostServices: 1 });
  const service = chooseDatabase(context, environment, services[0]);
  const index = askedIndex(context);
  if (options.file === undefined) {
    const terminal = isOnTerminal();
    return runInherited(await berth.tools.storeShellCall(environment, service, { terminal, signal, index }), signal);
  }
  const began = performance.now();
  await berth.tools.runSqlFile(environment, service, path.resolve(workingFolder, options.file), {
    onLine: (line) => output.out.write(`${line}\n`),
    signal,
    index,
  });
  const done = `✔ ${options.file} has run in ${service.name} (${secondsText(performance.now() - began)}).`;
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
  const isThere = environment.services.some((service) => isDatabase(service) && runs(service));
  const fits = isThere ? isDatabase : (service: ServiceSnapshot) => storeKindOf(service) !== undefined;
  return chooseRunning(context, environment, name, { fits, none: 'No database' });
}
