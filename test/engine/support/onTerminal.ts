import path from 'node:path';
import type { ProgramCall } from '../../../src/core/common/program';
import { commandText } from '../../../src/core/compose/commandText';
import { BerthCommand } from './berthCommand';

/**
 * Runs a call on a terminal of its own, which is only on Linux so easily made, as its text would be typed; and types there.
 * @param typed what is typed, each as soon as what is shown matches.
 */
export async function onTerminal(
  call: ProgramCall,
  typed: readonly (readonly [awaited: RegExp, text: string])[],
): Promise<{ readonly shown: string; readonly exitCode: number | null }> {
  // Of a usual size: in one without, pagers wait after each line.
  const line = `stty rows 24 cols 80; ${commandText([call], 'linux')}`;
  const terminal = new BerthCommand([], { cwd: path.parse(process.cwd()).root, env: { ...call.env, TERM: 'xterm' } }, [
    'script',
    '--quiet',
    '--return',
    '--command',
    line,
    '/dev/null',
  ]);
  try {
    for (const [awaited, text] of typed) {
      await terminal.until(awaited);
      terminal.process.stdin?.write(text);
    }
    const { stdout, exitCode } = await terminal.ended;
    return { shown: stdout, exitCode };
  } finally {
    terminal.process.kill();
  }
}
