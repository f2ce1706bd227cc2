import path from 'node:path';
import type { Fix } from '../core/model/finding';
import type { CommandContext } from './commands/command';
import { nextCommand, quoted } from './project';

/** The command that does a fix, for the user to type; undefined of one that changes files, which no command does by itself. */
export function fixCommand(fix: Fix, context: CommandContext): string | undefined {
  const docker = (onContext: string | undefined, ...words: readonly string[]) =>
    ['docker', ...(onContext === undefined ? [] : ['--context', onContext]), ...words].map(quoted).join(' ');
  const ofEnvironment = (id: string, ...words: readonly string[]) => {
    const name = context.berth.store.find(id)?.definition.name;
    const [operation = '', ...rest] = words;
    return name === undefined ? undefined : nextCommand(context, operation, name, ...rest);
  };
  switch (fix.kind) {
    case 'edit':
      return undefined;
    case 'copy-example': {
      const [from, to] = [fix.missing.example, fix.missing.file].map((file) =>
        path.relative(context.workingFolder, file),
      );
      return ['cp', from ?? '', to ?? ''].map(quoted).join(' ');
    }
    case 'create-network':
      return docker(fix.context, 'network', 'create', fix.name);
    case 'create-volume':
      return docker(fix.context, 'volume', 'create', fix.name);
    case 'stop-container':
      return docker(fix.context, 'stop', fix.name);
    case 'remove-container':
      return docker(fix.context, 'rm', '--force', fix.name);
    case 'end-program':
      return `kill ${fix.pid}`;
    case 'operation':
      return ofEnvironment(fix.environmentId, fix.operation, ...fix.services);
    case 'run-command':
      return ofEnvironment(fix.environmentId, 'run', fix.command);
  }
}
