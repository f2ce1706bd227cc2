import fs from 'node:fs/promises';
import path from 'node:path';
import { isatty } from 'node:tty';
import {
  type AcceptanceHooks,
  type AcceptanceReport,
  criterionTitle,
  isAccepted,
} from '../../core/acceptance/acceptance';
import { junitReport, refusalReport } from '../../core/acceptance/junitReport';
import { isCancellation, messageOf, UserError } from '../../core/common/errors';
import { withTextBeside } from '../../core/common/replaceFile';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { confirm } from '../confirm';
import { EXIT } from '../exitCodes';
import { knownEnvironment, nextCommand } from '../project';
import { acceptanceJson, acceptanceLines, type ShownSecrets, verdictText } from '../rendering/acceptance';
import { renderError } from '../rendering/errors';
import { jsonDocument } from '../rendering/json';
import { oneTarget } from '../targets';
import { millisecondsOf } from '../time';
import { type Command, type CommandContext, LEFT_OUT } from './command';
import { operateVisibly } from './operate';

/** How long services may take to be up, unless told otherwise. */
const TIMEOUT = '60s';

/** `berth accept`: ends well when nothing failed. */
export const accept: Command = {
  summary: 'find out whether an environment is as it is to be',
  operands: '[ENV]',
  mostOperands: 1,
  options: ['timeout', 'yes', 'build', 'keep', 'junit', 'show-secrets', 'json', 'verbose'],
  details:
    'Looks whether every service is up and healthy in time (--timeout, 60s unless given), published ports answer, services find each ' +
    'other by name, data survives down and up, the logs have no errors, and no secrets stand in the compose files; and tells the ' +
    'connection strings. An environment that is down is brought up, and taken down again afterwards, its volumes left, unless --keep is ' +
    'given; --build builds its images first, which does not count as start-up. That data survives is tried with a marker in each ' +
    'database, which is removed again: an environment that is up is taken down and brought up for that, once that is agreed to, be it ' +
    `with --yes; it is skipped otherwise. ${LEFT_OUT}`,
  examples: [
    ['berth accept dev', 'asks before it takes dev down and brings it up again'],
    ['berth accept ci --yes --build --junit accept.xml', 'in CI'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { options, output, workingFolder } = context;
  const { environment: chosen } = await oneTarget(context, { takesServices: false });
  const file = options.junit === undefined ? undefined : path.resolve(workingFolder, options.junit);
  // All that it takes would be in vain.
  if (file !== undefined) await seeFolderOf(file);
  const report = await reportOn(chosen, context).catch(async (error: unknown) => {
    if (file !== undefined && error instanceof UserError) {
      await writeReport(file, refusalReport(chosen.definition.name, error));
    }
    throw error;
  });
  const secrets: ShownSecrets = options['show-secrets'] ? 'text' : 'masked';
  if (options.json) output.out.write(jsonDocument(acceptanceJson(report, secrets)));
  else
    output.out.write(
      acceptanceLines(report, secrets, output.out.style)
        .map((line) => `${line}\n`)
        .join(''),
    );
  tellEnd(report, context);
  if (file !== undefined) await writeReport(file, junitReport(report));
  if (report.cancelled) return EXIT.cancelled;
  return isAccepted(report) ? EXIT.done : EXIT.failed;
}

async function reportOn(chosen: EnvironmentSnapshot, context: CommandContext): Promise<AcceptanceReport> {
  const { berth, options, signal } = context;
  const environment = await knownEnvironment(context, chosen);
  const request = {
    environmentId: environment.definition.id,
    timeout: millisecondsOf(options.timeout ?? TIMEOUT),
    build: options.build,
    keep: options.keep,
  };
  return berth.acceptances.run(request, hooksOf(environment, context), signal);
}

function hooksOf({ definition }: EnvironmentSnapshot, context: CommandContext): AcceptanceHooks {
  const { err } = context.output;
  return {
    operate: operateVisibly(context),
    mayInterrupt: () => mayInterrupt(definition.name, context),
    onCriterion: (criterion) => err.write(`${err.style('bold', `${criterionTitle(criterion)} …`)}\n`),
    onNote: (text) => err.write(`${text}\n`),
  };
}

async function mayInterrupt(name: string, context: CommandContext): Promise<boolean | string> {
  if (context.options.yes) return true;
  // Not `process.stdin`: looking at it there would begin to read.
  if (!isatty(0) || !context.output.err.isTerminal) {
    return `Whether "${name}" may be taken down and brought up again, nobody could be asked: --yes says so.`;
  }
  try {
    await confirm(
      [
        `To see that data survives, ${name} is taken down and brought up again.`,
        'Named volumes and folders stay. What is in its containers alone goes, and so does the data of stores without either.',
      ],
      context,
    );
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    if (isCancellation(error)) return false;
    throw error;
  }
}

/** Sees that there is a folder that a file can be written into. @throws UserError (failed). */
async function seeFolderOf(file: string): Promise<void> {
  await fs.access(path.dirname(file), fs.constants.W_OK).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
}

/** Writes a report as a whole or not at all. @throws UserError (failed). */
async function writeReport(file: string, report: string): Promise<void> {
  await withTextBeside(file, report, 0o644, (written) => fs.rename(written, file)).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
}

function unwritable(file: string, cause: unknown): UserError {
  return new UserError('failed', `The report can't be written: ${messageOf(cause)}.`, {
    place: { file },
    remedy: 'Give --junit a file in a folder that is there, and that you may write into.',
    cause,
  });
}

/** Tells on standard error what has become of it; the verdict is a result. */
function tellEnd(report: AcceptanceReport, context: CommandContext): void {
  const { options, output, workingFolder } = context;
  const { out, err } = output;
  const { environment, cancelled, after, error } = report;
  if (error) err.write(renderError(error, { from: workingFolder, style: err.style }));
  const removal = nextCommand(context, 'down', environment);
  if (after === 'kept' || (after === 'left' && !error))
    err.write(`"${environment}" stays up. To take it down: ${removal}\n`);
  if (after === 'left' && error) {
    err.write(`"${environment}" is not as it was before. How it is: ${nextCommand(context, 'status', environment)}\n`);
  }
  if (cancelled) err.write('Cancelled.\n');
  else if (!options.json) out.write(`${out.style(isAccepted(report) ? 'green' : 'red', verdictText(report))}\n`);
}
