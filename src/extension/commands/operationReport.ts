import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { UserError } from '../../core/common/errors';
import type { ProgramCall } from '../../core/common/program';
import { commandText } from '../../core/compose/commandText';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { OperationRequest } from '../../core/operations/operation';
import { planOperation } from '../../core/operations/plan';
import { failureReport } from '../../core/operations/report';
import { EXTENSION } from '../contributions';
import { waitVisibly } from '../waiting';

/** What is run for an operation; nothing when that can't be told any more, or would be refused. */
export function callsOf(
  { operation, services, options }: Pick<OperationRequest, 'operation' | 'services' | 'options'>,
  environment: EnvironmentSnapshot | undefined,
  environments: readonly EnvironmentSnapshot[],
): readonly ProgramCall[] {
  if (!environment) return [];
  const request = { operation, services, options, environmentId: environment.definition.id };
  try {
    return planOperation(request, environment, environments).calls;
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** A report of an operation that failed, to hand to somebody else: without secrets. */
export async function reportOf(
  request: OperationRequest,
  environment: EnvironmentSnapshot | undefined,
  error: UserError,
  berth: Pick<Berth, 'tools' | 'store'>,
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
    command: commandText(callsOf(request, environment, berth.store.environments)),
    versions,
  });
}
