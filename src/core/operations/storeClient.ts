import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { isCancellation, messageOf, UserError } from '../common/errors';
import type { ProgramCall, ProgramResult } from '../common/program';
import type { ShownCall } from '../compose/commandText';
import { runCompose } from '../compose/compose';
import { execCall } from '../compose/serviceCalls';
import type { StoreAccess } from '../model/connectionString';
import type { StoreKind } from '../model/storeKind';
import { complaintOf } from './failure';
import {
  accessScript,
  clientScript,
  redisScript,
  SQL_END,
  SQL_ENDED,
  SQL_LEFT_OPEN,
  type SqlKind,
  sqlScript,
} from './storeScripts';
import type { StoreVariables } from './storeStart';

/** A data store, and how to reach into its container while that runs. */
export interface RunningStore {
  readonly kind: StoreKind;
  readonly service: string;
  /** The number of the container, where the service has several. */
  readonly index?: number;
  readonly projectName: string;
  readonly context: string | undefined;
  readonly variables: StoreVariables;
}

/** How long a client that was told to end may take, in milliseconds, before its connection is cut. */
const END_LIMIT = 5_000;

/** The store's own client, in its container. What it must not read on a command line is among the call's variables. */
export function storeClientCall(store: RunningStore, { terminal }: { readonly terminal: boolean }): ProgramCall {
  return scriptCall(store, clientScript(store.kind), { terminal });
}

/**
 * What {@link runSql} runs, to be shown.
 * @param file absolute path.
 * @throws UserError (usage) when the store knows no SQL.
 */
export function sqlCall(store: RunningStore, file: string): ShownCall {
  const known = sqlStore(store);
  return { ...scriptCall(known, sqlScript(known.kind)), input: { file, ending: SQL_END } };
}

/** The command of Redis that tells how it does. */
export const INFO = ['INFO'] as const;
/** The command of Redis that removes all keys from all of its databases. */
export const FLUSH = ['FLUSHALL'] as const;

/** What {@link askRedis} runs. @throws UserError (usage) when the store is no Redis. */
export function redisCall(store: RunningStore, command: readonly string[]): ProgramCall {
  if (store.kind === 'redis') return scriptCall(store, redisScript(), { args: command });
  throw new UserError('usage', l10n.t('"{0}" is no Redis: it is {1}.', store.service, store.kind));
}

function sqlStore(store: RunningStore): RunningStore & { readonly kind: SqlKind } {
  const { kind, service } = store;
  if (kind === 'postgres' || kind === 'mysql') return { ...store, kind };
  throw new UserError('usage', l10n.t('"{0}" runs no SQL: it is {1}.', service, kind));
}

/**
 * User, password and database of a store, as its container has them.
 * @throws UserError (failed) with what its shell says; the signal's reason when aborted.
 */
export async function storeAccess(
  store: RunningStore,
  signal: AbortSignal,
): Promise<Pick<StoreAccess, 'user' | 'password' | 'database'>> {
  const result = await runCompose(scriptCall(store, accessScript(store.kind)), { signal });
  if (result.exitCode !== 0) throw clientFailure(store, result);
  const values = result.stdout.split('\0');
  if (values.length < 4) throw connectionLost(store);
  const [user, password, database] = values.map((value) => value || undefined);
  return { user, password, database };
}

/**
 * Sends one command to Redis. @returns the answer.
 * @throws UserError (usage) when the store is no Redis, (failed) with the answer when it is an error; the signal's reason when aborted.
 */
export async function askRedis(store: RunningStore, command: readonly string[], signal: AbortSignal): Promise<string> {
  const result = await runCompose(redisCall(store, command), { signal });
  const answer = result.stdout.trim();
  // Its client ends well also with an error for an answer.
  const error = /^(?:\(error\) )?((?:NOAUTH|WRONGPASS|NOPERM|READONLY|LOADING|MISCONF|ERR) .*)/.exec(answer)?.[1];
  if (error !== undefined) {
    throw new UserError('failed', l10n.t('"{0}" says: {1}', store.service, error), {
      remedy: /^(?:NOAUTH|WRONGPASS)/.test(error)
        ? l10n.t('Its password was found neither in its command nor in a variable REDIS_PASSWORD.')
        : undefined,
    });
  }
  if (result.exitCode !== 0) throw clientFailure(store, result);
  if (answer === '') throw connectionLost(store);
  return answer;
}

/** How many keys there are in all of Redis's databases, by its `INFO keyspace`: `db0:keys=12,expires=0,avg_ttl=0`. */
export function keysIn(info: string): number {
  return [...info.matchAll(/^db\d+:keys=(\d+)/gm)].reduce((sum, [, keys]) => sum + Number(keys), 0);
}

/**
 * Runs a file with SQL, streamed into the container, up to the first error.
 * When the signal is aborted, the client ends in the container, too, and takes back the statement that runs.
 * @param onLine hears what the client prints.
 * @throws UserError (usage) when the store knows no SQL, (failed) with the place in the file, where the client tells it; the
 *   signal's reason when aborted.
 */
export async function runSql(
  store: RunningStore,
  file: string,
  { onLine, signal }: { readonly onLine: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const call = sqlCall(store, file);
  const handle = await fs.open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  let readError: unknown;
  const source = handle.createReadStream({ autoClose: false }).once('error', (error) => {
    // One when the client ends before it has read everything is none of the file.
    if (!isCancellation(error)) readError = error;
  });
  const input = Readable.from(withEnd(source));
  const cut = new AbortController();
  let client: string | undefined;
  let ended: string | undefined;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending = endClient(store, client).finally(() => cut.abort(signal.reason));
  };
  signal.addEventListener('abort', end);
  try {
    signal.throwIfAborted();
    const result = await runCompose(call, {
      input,
      signal: cut.signal,
      onLine: (line, stream) => {
        if (stream === 'stderr') return onLine(line);
        ended = SQL_ENDED.exec(line)?.[1];
        if (client === undefined) client = line;
        else if (ended === undefined) onLine(line);
      },
    });
    signal.throwIfAborted();
    if (readError !== undefined) throw unreadable(file, readError);
    if (ended === undefined && result.exitCode === 0) throw connectionLost(store);
    if (ended !== '0') throw sqlFailure(store, file, result);
  } finally {
    signal.removeEventListener('abort', end);
    await ending;
    input.destroy();
    await handle.close();
  }
}

async function* withEnd(source: Readable): AsyncGenerator<Buffer | string> {
  for await (const chunk of source) yield chunk;
  yield SQL_END;
}

/**
 * Interrupts a client in its container, as Ctrl-C would, so that it takes its statement back; and kills it if that does not
 * help. To end the command that it was started with would not reach it.
 */
async function endClient(store: RunningStore, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const script = 'kill -INT "$1"; for wait in 0 1 1; do sleep "$wait"; kill -0 "$1" || exit 0; done; kill -KILL "$1"';
  const call = execCall(store.projectName, store.context, store.service, ['sh', '-c', script, 'sh', id], {
    terminal: false,
    index: store.index,
  });
  await runCompose(call, { signal: AbortSignal.timeout(END_LIMIT) }).catch(() => {});
}

/** `psql:<stdin>:12: ERROR:  no` of PostgreSQL; `ERROR 1064 (42000) at line 12: no` of MySQL, or without a number. */
const SQL_ERROR = /^(?:psql:<stdin>:(\d+): (.*)|(ERROR(?: \d+ .*?)?) at line (\d+)(: .*))$/m;

function sqlFailure(store: RunningStore, file: string, result: ProgramResult): UserError {
  const [, line, said, code = '', mysqlLine, rest = ''] =
    [...result.stderr.matchAll(new RegExp(SQL_ERROR, 'gm'))].findLast(
      ([text]) => !/: (?:NOTICE|WARNING|INFO): /.test(text),
    ) ?? [];
  const place = line ?? mysqlLine;
  if (place === undefined) return clientFailure(store, result);
  if (SQL_LEFT_OPEN.test(said ?? rest)) {
    return new UserError(
      'failed',
      l10n.t('The file ends within something that begins in it: a comment or a condition.'),
      {
        place: { file },
        remedy: l10n.t('What stands before that has been done, except in a transaction that had not ended.'),
      },
    );
  }
  return new UserError('failed', (said ?? code + rest).replace(/\s+/g, ' '), {
    place: { file, line: Number(place) },
    output: result.stderr.trim().split('\n').slice(-10).join('\n'),
    remedy: l10n.t('What stands before it in the file has been done, except in a transaction that had not ended.'),
  });
}

function unreadable(file: string, error: unknown): UserError {
  return new UserError('failed', l10n.t("The file can't be read: {0}.", messageOf(error)), {
    place: { file },
    cause: error,
  });
}

/** Compose ends well when its connection to the container breaks: what was to come is missing then. */
function connectionLost({ service }: RunningStore): UserError {
  return new UserError('failed', l10n.t('The connection to "{0}" was lost before it had answered.', service), {
    remedy: l10n.t('See what has been done, and try again.'),
  });
}

/** What a client, or the shell that should have become one, complains of: clients say first what is wrong, and then more of it. */
export function clientFailure({ service }: Pick<RunningStore, 'service'>, result: ProgramResult): UserError {
  const complaint = complaintOf(result);
  if (complaint === undefined) {
    return new UserError('failed', l10n.t('The client in "{0}" ended with exit code {1}.', service, result.exitCode));
  }
  const first = /^(?:\S+: error: |ERROR(?: \d+|:) ).*/m.exec(result.stderr)?.[0];
  if (first === undefined) return new UserError('failed', complaint.message, { output: complaint.output });
  return new UserError('failed', first, { output: result.stderr.trim() });
}

function scriptCall(
  { projectName, context, service, index, variables }: RunningStore,
  script: string,
  { terminal = false, args = [] }: { readonly terminal?: boolean; readonly args?: readonly string[] } = {},
): ProgramCall {
  const set = variables as Readonly<Record<string, string>>;
  const names = Object.keys(set);
  const call = execCall(projectName, context, service, ['sh', '-c', script, 'sh', ...args], {
    terminal,
    index,
    variables: names,
  });
  return { ...call, env: { ...call.env, ...set } };
}
