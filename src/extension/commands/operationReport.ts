import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { UserError } from '../../core/common/errors';
import type { ProgramCall } from '../../core/common/program';
import { commandText } from '../../core/compose/commandText';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { checkDataFolders } from '../../core/operations/dataFolderChecks';
import type { OperationRequest } from '../../core/operations/operation';
import { planWhole } from '../../core/operations/plan';
import { failureReport } from '../../core/operations/report';
import { EXTENSION } from '../contributions';
import { waitVisibly } from '../waiting';

/** How long asking who has data folders mounted may take, in milliseconds: without that, emptying them is not shown. */
const MOUNTS_LIMIT = 5_000;

/** What is run for an operation; nothing when that can't be told any more, or would be refused. */
export async function callsOf(
  { operation, services, options }: Pick<OperationRequest, 'operation' | 'services' | 'options'>,
  environment: EnvironmentSnapshot | undefined,
  { store, feedFor }: Pick<Berth, 'store' | 'feedFor'>,
): Promise<readonly ProgramCall[]> {
  if (!environment) return [];
  const { id, context } = environment.definition;
  const signal = AbortSignal.timeout(MOUNTS_LIMIT);
  try {
    const request = { operation, services, options, environmentId: id };
    const { calls, emptying } = planWhole(request, environment, store.environments);
    if (emptying.size > 0) {
      const connection = await feedFor(context).whenConnected(signal);
      await checkDataFolders(environment, store.environments, connection, signal);
    }
    return calls;
  } catch (error) {
    if (error instanceof UserError || signal.aborted) return [];
    throw error;
  }
}

/** A report of an operation that failed, to hand to somebody else: without secrets. */
export async function reportOf(
  request: OperationRequest,
  environment: EnvironmentSnapshot | undefined,
  error: UserError,
  berth: Pick<Berth, 'tools' | 'store' | 'feedFor'>,
): Promise<string> {
  const found =
    environment &&
    (await waitVisibly(l10n.t('Asking for versions'), (signal) => berth.tools.versions(environment, signal)));
  const versions = {
    Berth: vscode.extensions.getExtension(EXTENSION)?.packageJSON.version,
    [vscode.env.appName]: vscode.version,
    ...found,
  };
  return failureReport({
    request,
    environment,
    error,
    command: commandText(await callsOf(request, environment, berth)),
    versions,
  });
}
