import * as l10n from '@vscode/l10n';
import type { Container } from '../../core/model/container';
import { containerHealth } from '../../core/model/health';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { Remembered } from '../remembered';
import { HEALTH_ICONS } from '../views/icons';
import { themeIcon } from '../views/treeItem';
import { healthWord, targetName } from '../words';
import { type Choice, pick } from './picker';

/** Which of a service's containers is meant: by its number; left out where nothing had to be asked. */
export interface ChosenContainer {
  readonly index?: number;
}

/**
 * Asks which container of a service is meant, where it has several: the one that was chosen the last time comes first.
 * @param running whether only those that run come into question.
 * @param all whether all of them at once can be chosen, too: that is what leaves the number out then.
 * @returns undefined when the user left.
 */
export async function chooseContainer(
  { definition }: EnvironmentSnapshot,
  service: ServiceSnapshot,
  remembered: Remembered,
  { running = false, all = false } = {},
): Promise<ChosenContainer | undefined> {
  const { containers, name } = service;
  if (containers.length < 2) return {};
  const last = remembered.get('container', definition.id, name);
  const possible = containers.filter((container) => !running || container.state === 'running').map(containerChoice);
  const choices = [...(all ? [{ label: l10n.t('All containers'), value: {} }] : []), ...possible];
  const chosen = await pick<ChosenContainer>(
    choices.sort((a, b) => Number(b.value?.index === last) - Number(a.value?.index === last)),
    l10n.t('Which container of {0}?', targetName(definition.name, [name])),
  );
  if (chosen) await remembered.set('container', chosen.index, definition.id, name);
  return chosen;
}

function containerChoice(container: Container): Choice<ChosenContainer> {
  const health = containerHealth(container, false);
  return {
    label: container.name,
    description: healthWord(health),
    iconPath: themeIcon(HEALTH_ICONS[health]),
    value: { index: container.number },
  };
}

/** How a terminal for a service is called: `dev/web`, and with one of several containers `dev/web 2`. */
export function terminalName(environment: string, service: string, { index }: ChosenContainer): string {
  const name = targetName(environment, [service]);
  return index === undefined ? name : `${name} ${index}`;
}
