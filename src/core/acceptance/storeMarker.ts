import { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { runCompose } from '../compose/compose';
import { inContext } from '../compose/composeCall';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import type { StoreKind } from '../model/storeKind';
import { clientFailure } from '../operations/storeClient';
import type { StepResult } from './acceptance';
import { type AcceptanceContext, failedBy } from './acceptanceContext';

/** What is written into a store to be found there again, as its own client reads commands from standard input. */
export interface StoreMarker {
  readonly write: string;
  readonly read: string;
  readonly remove: string;
  /** What `read` has the client print while the marker is there. */
  readonly shown: string;
}

/** What the names of all markers begin with. */
export const MARKER = 'berth_acceptance_';

/**
 * The marker of an acceptance, of its own name, so that nothing else in the store is touched: a table, a collection or a key.
 * @param id letters and digits, of this acceptance alone.
 */
export function markerFor(kind: StoreKind, id: string): StoreMarker {
  const name = `${MARKER}${id}`;
  const shown = `kept_${id}`;
  switch (kind) {
    case 'postgres':
    case 'mysql': {
      const stop = kind === 'postgres' ? '\\set ON_ERROR_STOP on\n' : '';
      return {
        write: `${stop}create table ${name} (marker varchar(100));\ninsert into ${name} values ('${shown}');\n`,
        read: `${stop}select marker from ${name};\n`,
        remove: `${stop}drop table if exists ${name};\n`,
        shown,
      };
    }
    case 'mongo':
      return {
        write: `db.${name}.insertOne({ marker: "${shown}" })\n`,
        read: `db.${name}.find().forEach((one) => print(one.marker))\n`,
        remove: `db.${name}.drop()\n`,
        shown,
      };
    case 'redis':
      return { write: `SET ${name} ${shown}\n`, read: `GET ${name}\n`, remove: `DEL ${name}\n`, shown };
  }
}

/** What asks a store whether it is there, and what its client prints then. */
const PING: Readonly<Record<StoreKind, readonly [command: string, shown: RegExp]>> = {
  postgres: ['\\set ON_ERROR_STOP on\nselect 6 * 7;\n', /\b42\b/],
  mysql: ['select 6 * 7;\n', /\b42\b/],
  mongo: ['print(6 * 7)\n', /\b42\b/],
  redis: ['PING\n', /PONG/],
};

/** Whether a store answers its own client. */
export async function pingStore(
  kind: StoreKind,
  environment: EnvironmentSnapshot,
  service: ServiceSnapshot,
  context: AcceptanceContext,
): Promise<StepResult> {
  const [command, shown] = PING[kind];
  const answer = await askStore(environment, service, command, context, context.signal);
  if (typeof answer === 'string' && shown.test(answer)) {
    return { outcome: 'passed', message: l10n.t('takes connections, and answers its client') };
  }
  const error = answered(service.name, answer);
  return whyNotAsked(error) === undefined
    ? failedBy(error)
    : { outcome: 'passed', message: l10n.t('takes connections; its image has no client that could ask more') };
}

/** Why a store could not be asked, through no fault of its own; undefined when it is its fault. @param error what its client ended with. */
export function whyNotAsked({ message }: UserError): string | undefined {
  // What the script says that looks for a client, and the engine where there is no shell for that.
  if (/has none of: |executable file not found/.test(message)) return l10n.t('Its image has no client.');
  // What MySQL and MariaDB say where none was made with them.
  if (/No database selected/.test(message)) return l10n.t('It has no database of its own that a marker could be in.');
  return undefined;
}

/**
 * Has the store's own client run commands, with the service's own credentials.
 * @param commands as the client reads them from standard input.
 * @returns what it printed, or why it failed; without secrets.
 * @throws the signal's reason when aborted.
 */
export async function askStore(
  environment: EnvironmentSnapshot,
  service: ServiceSnapshot,
  commands: string,
  { surroundings, connection }: AcceptanceContext,
  signal: AbortSignal,
): Promise<string | UserError> {
  try {
    const call = await surroundings.tools.storeShellCall(environment, service, { terminal: false, signal });
    const input = Readable.from([commands]);
    const result = await runCompose(inContext(call, connection.context), { input, signal });
    return result.exitCode === 0
      ? surroundings.secrets.mask(result.stdout)
      : surroundings.secrets.maskError(clientFailure({ service: service.name }, result));
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/**
 * Why a store's client did not print what it should have.
 * @param answer what it did print, and ended well, as that of Redis does with an error for an answer; or why it failed.
 */
export function answered(service: string, answer: string | UserError): UserError {
  if (typeof answer !== 'string') return answer;
  const said = answer.trim().split('\n').at(-1) || l10n.t('nothing');
  return new UserError('failed', l10n.t('"{0}" says: {1}', service, said), {
    remedy: l10n.t('See in its logs why, and whether its user may write.'),
  });
}
