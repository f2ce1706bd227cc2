import path from 'node:path';
import { LIVE_CODES } from '../core/checks/live/liveChecks';
import type { Finding, Fix } from '../core/model/finding';
import type { CommandContext } from './commands/command';
import { nextCommand, quoted } from './project';

/**
 * The commands that do the fixes of a finding, for the user to type, those left out that what to do names already.
 * @param check makes the `berth check` with some options that is to be typed; without it, fixes that change files are left out.
 */
export function fixCommands(
  { code, remedy, fixes }: Finding,
  context: CommandContext,
  check?: (...options: readonly string[]) => string,
): readonly string[] {
  const edits = fixes.filter((fix) => fix.kind === 'edit').filter(({ isChoice }) => !isChoice);
  // Which one it would be, were it done: only that is to be had by a command.
  const edit = edits.find(({ isSafe }) => isSafe) ?? edits[0];
  return fixes
    .flatMap((fix) => {
      if (fix.kind !== 'edit') return commandOf(fix, context) ?? [];
      if (fix !== edit || !check) return [];
      const live = LIVE_CODES.includes(code) ? ['--live'] : [];
      // The shell takes what follows for a comment.
      return `${check(...live, '--fix', ...(fix.isSafe ? [] : ['--code', code]))}  # ${fix.title}`;
    })
    .filter((command) => !remedy.includes(command));
}

/** What is said beside the command for a name that is taken: nothing is lost by it. */
const RENAMED = 'keeps it; to remove it would lose what it has written outside of volumes';

function commandOf(fix: Exclude<Fix, { kind: 'edit' }>, context: CommandContext): string | undefined {
  const docker = (onContext: string | undefined, ...words: readonly string[]) =>
    ['docker', ...(onContext === undefined ? [] : ['--context', onContext]), ...words].map(quoted).join(' ');
  const ofEnvironment = (id: string, ...words: readonly string[]) => {
    const name = context.berth.store.find(id)?.definition.name;
    const [operation = '', ...rest] = words;
    return name === undefined ? undefined : nextCommand(context, operation, name, ...rest);
  };
  switch (fix.kind) {
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
      return `${docker(fix.context, 'stop', fix.name)}  # ${fix.title}`;
    case 'remove-container':
      // What removing it loses is for the user to weigh.
      return `${docker(fix.context, 'rename', fix.name, `${fix.name}-before`)}  # ${RENAMED}`;
    case 'end-program':
      return `kill ${fix.pid}`;
    case 'operation':
      return ofEnvironment(fix.environmentId, fix.operation, ...fix.services);
    case 'run-command':
      return ofEnvironment(fix.environmentId, 'run', fix.command);
  }
}
