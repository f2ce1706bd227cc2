import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { Remembered } from '../remembered';
import { nameAmong } from '../words';
import { folderName } from './picker';

/**
 * Asks which environments are to be compared. Chosen already are those of the last time, or else all; and those given.
 * @returns none when the user left without choosing.
 */
export async function chooseCompared(
  environments: readonly EnvironmentSnapshot[],
  given: readonly EnvironmentSnapshot[],
  remembered: Remembered,
): Promise<readonly EnvironmentSnapshot[]> {
  if (environments.length < 2) return environments;
  const last = remembered.get('comparison');
  const isKnown = environments.some(({ definition }) => last?.includes(definition.id));
  const items = environments.map((environment) => ({
    label: nameAmong(environment, environments),
    detail: folderName(environment),
    picked: !isKnown || last?.includes(environment.definition.id) || given.includes(environment),
    environment,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: l10n.t('Which environments should be compared?'),
  });
  return chosen?.map(({ environment }) => environment) ?? [];
}
