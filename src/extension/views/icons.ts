import type { CommandKind } from '../../core/model/command';
import type { Purpose } from '../../core/model/environment';
import type { Health } from '../../core/model/health';
import type { RunState } from '../../core/runs/runWatch';
import type { Icon } from './row';

/** The codicon and theme colour of a health. The shapes differ, too: colour alone would not tell everybody. */
export const HEALTH_ICONS: Readonly<Record<Health, Icon>> = {
  healthy: { id: 'pass-filled', colour: 'testing.iconPassed' },
  running: { id: 'play-circle', colour: 'testing.iconPassed' },
  completed: { id: 'check', colour: 'testing.iconPassed' },
  starting: { id: 'loading~spin', colour: 'list.warningForeground' },
  restarting: { id: 'debug-restart', colour: 'list.warningForeground' },
  paused: { id: 'debug-pause', colour: 'list.warningForeground' },
  unhealthy: { id: 'error', colour: 'list.errorForeground' },
  exited: { id: 'circle-slash', colour: 'list.errorForeground' },
  stopped: { id: 'circle-outline', colour: 'disabledForeground' },
  unknown: { id: 'question', colour: 'disabledForeground' },
};

/** The codicon of a purpose. */
export const PURPOSE_ICONS: Readonly<Record<Purpose, string>> = {
  development: 'code',
  test: 'beaker',
  ci: 'server-process',
  production: 'rocket',
  other: 'layers',
};

/** The codicon of an environment that a test run has made. */
export const RUN_ICONS: Readonly<Record<RunState, string>> = {
  'under-way': 'loading~spin',
  kept: 'pinned',
  left: 'debug-disconnect',
};

/** The codicon of a command by what it is for. */
export const COMMAND_ICONS: Readonly<Record<CommandKind, string>> = {
  test: 'beaker',
  setup: 'tools',
  task: 'terminal',
};

/** Something is under way. */
export const BUSY_ICON: Icon = { id: 'loading~spin' };
export const ERROR_ICON: Icon = { id: 'error', colour: 'list.errorForeground' };
export const WARNING_ICON: Icon = { id: 'warning', colour: 'list.warningForeground' };
export const INFO_ICON: Icon = { id: 'info', colour: 'editorInfo.foreground' };
