import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { HEALTH_ICONS, PURPOSE_ICONS } from '../views/icons';
import { environmentState } from '../views/rows';
import { themeIcon } from '../views/treeItem';
import { healthWord, portWords, targetName } from '../words';
import type { Target } from './targets';

/** An entry of a picker with what it stands for. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

/**
 * Lets the user choose. With one entry only, there is nothing to choose.
 * @param always whether to show that one entry, too: it says something that the user is to see.
 * @returns undefined when the user left without choosing.
 */
export async function pick<T>(
  choices: readonly Choice<T>[],
  placeHolder: string,
  { always = false } = {},
): Promise<T | undefined> {
  const real = choices.filter((choice) => choice.value !== undefined);
  if (real.length === 1 && !always) return real[0]?.value;
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick([...choices], options))?.value;
}

/** Lets the user choose one of some environments and services. */
export function pickTarget(
  targets: readonly Target[],
  placeHolder: string,
  options?: { readonly always: boolean },
): Promise<Target | undefined> {
  const environments = targets.filter((target) => !target.service).map(environmentChoice);
  const services = targets.flatMap((target) => serviceChoice(target) ?? []);
  const both = environments.length > 0 && services.length > 0;
  return pick(
    [...environments, ...(both ? [separator<Target>(l10n.t('single services'))] : []), ...services],
    placeHolder,
    options,
  );
}

/** A line between entries, with a title. */
export function separator<T>(label: string): Choice<T> {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function environmentChoice(target: Target): Choice<Target> {
  const { definition, health } = target.environment;
  return {
    label: definition.name,
    description: environmentState(target.environment, undefined),
    detail: folderName(target.environment),
    iconPath: themeIcon({ id: PURPOSE_ICONS[definition.purpose], colour: HEALTH_ICONS[health].colour }),
    value: target,
  };
}

function serviceChoice(target: Target): Choice<Target> | undefined {
  const { environment, service } = target;
  if (!service) return undefined;
  return {
    label: targetName(environment.definition.name, [service.name]),
    description: [healthWord(service.health), ...portWords(service.ports)].join(' · '),
    detail: folderName(environment),
    iconPath: themeIcon(HEALTH_ICONS[service.health]),
    value: target,
  };
}

/** The workspace folder of an environment; undefined when there is only one. */
export function folderName({ definition }: EnvironmentSnapshot): string | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return undefined;
  return folders.find((folder) => folder.uri.fsPath === definition.workspaceFolder)?.name;
}
