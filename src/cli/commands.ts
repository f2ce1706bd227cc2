import { accept } from './commands/accept';
import { check } from './commands/check';
import { ciWorkflow } from './commands/ciWorkflow';
import { clean } from './commands/clean';
import type { Command } from './commands/command';
import { compare } from './commands/compare';
import { completion } from './commands/completion';
import { cp } from './commands/cp';
import { db } from './commands/db';
import { declare } from './commands/declare';
import { envs } from './commands/envs';
import { exec } from './commands/exec';
import { init } from './commands/init';
import { inspect } from './commands/inspect';
import { limit } from './commands/limit';
import { logs } from './commands/logs';
import { open } from './commands/open';
import { operations } from './commands/operations';
import { redis } from './commands/redis';
import { run } from './commands/run';
import { shell } from './commands/shell';
import { stats } from './commands/stats';
import { status } from './commands/status';
import { test } from './commands/test';
import { url } from './commands/url';
import { watch } from './commands/watch';

/** All commands. */
export const COMMANDS = {
  envs,
  status,
  stats,
  ...operations,
  test,
  accept,
  clean,
  logs,
  shell,
  exec,
  run,
  cp,
  watch,
  open,
  db,
  url,
  redis,
  inspect,
  compare,
  check,
  limit,
  init,
  declare,
  'ci-workflow': ciWorkflow,
  completion,
} as const satisfies Record<string, Command>;
export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** The same, in the order and under the headings that `--help` lists them by. */
export const COMMAND_GROUPS: readonly (readonly [title: string, commands: readonly CommandName[]])[] = [
  ['See', ['envs', 'status', 'stats', 'logs', 'inspect', 'compare', 'check']],
  ['Bring up and take down', ['up', 'start', 'restart', 'stop', 'pause', 'unpause', 'kill', 'down', 'reset']],
  ['Test', ['test', 'accept', 'clean']],
  ['Images and containers', ['build', 'rebuild', 'pull', 'recreate', 'scale', 'remove']],
  ['Work with a service', ['shell', 'exec', 'run', 'cp', 'watch', 'open', 'db', 'url', 'redis']],
  ['Set up', ['init', 'declare', 'ci-workflow', 'limit', 'completion']],
];

/** A command by its name. */
export function commandNamed(name: CommandName): Command {
  return COMMANDS[name];
}
