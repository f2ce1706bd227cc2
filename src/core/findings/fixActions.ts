import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Disposable } from '../common/disposable';
import { UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import type { MissingFile } from '../common/exampleFile';
import { record } from '../common/json';
import { runCompose } from '../compose/compose';
import { dockerCall } from '../compose/composeCall';
import type { EngineConnection } from '../engine/connection';
import { commandNamed } from '../model/command';
import type { EngineContainer } from '../model/engineContents';
import type { Fix } from '../model/finding';
import { containerLoss, memoryLoss, pathsInMemory } from './containerLoss';
import type { LiveFindingsOptions } from './liveFindings';
import { endProgram } from './programEnd';

/** A fix that changes no file by an edit: those are worked out, shown and written by `Fixing`. */
export type ActionFix = Exclude<Fix, { kind: 'edit' }>;
type FixOf<K extends Fix['kind']> = Extract<Fix, { kind: K }>;

export interface FixActionsOptions extends Pick<LiveFindingsOptions, 'store' | 'feedFor' | 'runCommand'> {
  /** Does an operation to its end. @throws UserError when it fails; the signal's reason when it is cancelled. */
  readonly operate: (fix: FixOf<'operation'>, signal: AbortSignal) => Promise<void>;
  /** Waits for the lock that operations on a project take. @param engine see `EngineConnection`. */
  readonly lock: (engine: string, project: string, signal: AbortSignal) => Promise<Disposable>;
}

/** How long the engine may take to tell what is lost with a container, in milliseconds: findings are shown without. */
const LOSSES_LIMIT = 3_000;
/** How long of that it may count the size of what a container has written. */
const SIZE_LIMIT = 2_000;

type ContainerFix = FixOf<'stop-container' | 'remove-container'>;

function isOfContainer(fix: Fix): fix is ContainerFix {
  return fix.kind === 'stop-container' || fix.kind === 'remove-container';
}

/** Whether a container is gone when a fix is done. @param details `GET /containers/{id}/json`. */
function goesWith({ kind }: ContainerFix, details: unknown): boolean {
  return kind === 'remove-container' || record(record(details).HostConfig).AutoRemove === true;
}

/** Whether a fix is to be confirmed by the user first: it ends what somebody has started, or loses what was written. */
export function isToBeConfirmed(fix: Fix): boolean {
  switch (fix.kind) {
    case 'stop-container':
    case 'remove-container':
    case 'end-program':
      return true;
    case 'operation':
      return fix.operation === 'down' || fix.operation === 'reset';
    default:
      return false;
  }
}

/** Does what mends a finding, where that is no change of a text. */
export class FixActions {
  constructor(private readonly options: FixActionsOptions) {}

  /**
   * What a user who is asked about a fix is to know before, one sentence each: what is lost, and what stays.
   * @throws UserError when what it is about is not there any more; the signal's reason when aborted.
   */
  async consequences(fix: ActionFix, signal: AbortSignal): Promise<readonly string[]> {
    if (!isOfContainer(fix)) return [l10n.t('It is asked to end. What watches over it may start it again.')];
    const details = await this.detailsOf(fix, signal);
    if (goesWith(fix, details)) return containerLoss(details);
    const inMemory = pathsInMemory(details).join(', ');
    return [
      inMemory
        ? l10n.t('It ends. What it has in memory goes: {0}. Its container stays, and so do its other data.', inMemory)
        : l10n.t('It ends. Its container stays, and so does its data.'),
    ];
  }

  /**
   * What is lost with a container that a fix would remove, or of one that it would end, one sentence each; nothing of others, or where that
   * can't be told in time.
   */
  async losses(fix: Fix, signal: AbortSignal): Promise<readonly string[]> {
    if (!isOfContainer(fix)) return [];
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LOSSES_LIMIT)]);
    const details = await unlessAborted(this.detailsOf(fix, limited), limited).catch(() => signal.throwIfAborted());
    if (details === undefined) return [];
    return goesWith(fix, details) ? containerLoss(details) : memoryLoss(details);
  }

  /** `GET /containers/{id}/json`; of a container that goes, with sizes, as far as the engine tells them in time. */
  private async detailsOf(fix: ContainerFix, signal: AbortSignal): Promise<unknown> {
    const connection = await this.options.feedFor(fix.context).whenConnected(signal);
    await foundAgain(fix, connection, signal);
    const details = await connection.inspect((engine) => engine.container(fix.id, signal));
    if (!goesWith(fix, details)) return details;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(SIZE_LIMIT)]);
    return connection
      .inspect((engine) => engine.container(fix.id, limited, true))
      .catch(() => {
        signal.throwIfAborted();
        return details;
      });
  }

  /**
   * Does a fix, to its end. Whether it may be done is for the caller to ask.
   * @throws UserError when it can't be done, or what it is about is not there any more; the signal's reason when aborted.
   */
  run(fix: ActionFix, signal: AbortSignal): Promise<void> {
    switch (fix.kind) {
      case 'copy-example':
        return copyExample(fix.missing);
      case 'create-network':
        return docker(fix, ['network', 'create', '--', fix.name], signal);
      case 'create-volume':
        return docker(fix, ['volume', 'create', '--', fix.name], signal);
      case 'stop-container':
        return this.onContainer(fix, ['stop', '--', fix.id], signal);
      case 'remove-container':
        return this.onContainer(fix, ['rm', '--force', '--', fix.id], signal);
      case 'end-program':
        return endProgram(fix, signal);
      case 'operation':
        return this.options.operate(fix, signal);
      case 'run-command':
        return this.runCommand(fix, signal);
    }
  }

  private async runCommand({ environmentId, command: name }: FixOf<'run-command'>, signal: AbortSignal): Promise<void> {
    const environment = this.options.store.find(environmentId);
    const command = environment && commandNamed(environment.definition, name);
    if (!command) throw changedMeanwhile(l10n.t('The command "{0}" is not there any more.', name));
    const { exitCode } = await this.options.runCommand(environment, command, signal);
    if (exitCode === 0) return;
    throw new UserError('failed', l10n.t('The command "{0}" ended with exit code {1}.', name, exitCode), {
      remedy: l10n.t('Run it in a terminal to see what it says.'),
    });
  }

  /** Works on the container only if it is still what was found: it may have been made anew under its name. Operations on its project wait. */
  private async onContainer(fix: ContainerFix, args: readonly string[], signal: AbortSignal): Promise<void> {
    const connection = await this.options.feedFor(fix.context).whenConnected(signal);
    const { project } = await foundAgain(fix, connection, signal);
    const lock = project === undefined ? undefined : await this.options.lock(connection.engine, project, signal);
    try {
      await foundAgain(fix, connection, signal);
      await docker({ context: fix.context ?? connection.context }, args, signal);
    } finally {
      lock?.dispose();
    }
  }
}

async function foundAgain(
  fix: ContainerFix,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<EngineContainer> {
  const containers = await connection.inspect((engine) => engine.containers(signal));
  const found = containers.find(({ id, name }) => id === fix.id && name === fix.name);
  if (!found) throw changedMeanwhile(l10n.t('The container "{0}" is not there any more.', fix.name));
  return found;
}

async function copyExample({ example, file }: MissingFile): Promise<void> {
  try {
    await fs.copyFile(example, file, constants.COPYFILE_EXCL);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (isThere) throw changedMeanwhile(l10n.t('{0} is there by now.', path.basename(file)));
    throw new UserError('failed', l10n.t('{0} could not be copied.', path.basename(example)), {
      place: { file: example },
      cause: error,
    });
  }
}

/** @throws UserError with what Docker says when it refuses. */
async function docker(
  { context }: { readonly context: string | undefined },
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { exitCode, stderr } = await runCompose(dockerCall(context, args), { signal });
  if (exitCode === 0) return;
  throw new UserError('failed', (stderr.trim().split('\n').at(-1) ?? '').replace(/^Error response from daemon: /, ''), {
    remedy: l10n.t('See what is there now: something may have changed meanwhile.'),
  });
}

function changedMeanwhile(message: string): UserError {
  return new UserError('failed', message, { remedy: l10n.t('Nothing was done. Check again.') });
}
