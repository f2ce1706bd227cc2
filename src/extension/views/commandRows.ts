import * as l10n from '@vscode/l10n';
import type { EnvironmentCommand } from '../../core/model/command';
import { commandDetail } from '../words';
import { COMMAND_ICONS } from './icons';
import type { Row } from './row';

/** The row that holds the commands of an environment. */
export function commandsRow(count: number): Row {
  const label = l10n.t('Commands');
  const text = l10n.t('What runs in this environment, as berth.yaml declares it, or the repository does it by itself.');
  return {
    label,
    description: String(count),
    icon: { id: 'list-unordered' },
    tooltip: { title: label, text, facts: [] },
    contextValue: 'commands',
    accessibleLabel: [label, count === 1 ? l10n.t('1 command') : l10n.t('{0} commands', count)].join(', '),
    expanded: false,
  };
}

/** A command of an environment. */
export function commandRow(command: EnvironmentCommand): Row {
  const { name, kind, background } = command;
  const isTest = kind === 'test';
  const lasting = background ? l10n.t('goes on until it is ended') : undefined;
  const description = [commandDetail(command), lasting].filter(Boolean).join(' · ');
  const text = isTest
    ? l10n.t('Runs in an environment of its own, which is removed afterwards.')
    : l10n.t('Runs in the environment as it is up.');
  return {
    label: name,
    description,
    icon: { id: COMMAND_ICONS[kind] },
    tooltip: { title: name, text, facts: [] },
    contextValue: 'command inline-runEnvironmentCommand',
    accessibleLabel: [name, l10n.t('command'), description].join(', '),
  };
}
