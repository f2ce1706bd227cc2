import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { UserError } from '../core/common/errors';
import type { Belongings } from '../core/model/belongings';
import { confirmationFor, describeBelongings, isNothing, lossesOf } from '../core/operations/consequences';
import type { OperationRequest } from '../core/operations/operation';
import type { CommandContext } from './commands/command';
import { currentEnvironment, knownEnvironment, typedWith } from './project';

/** How long finding out what would go may take before that is said, in milliseconds: sizes of volumes take the engine seconds. */
const SILENCE = 1_000;

/**
 * Says what operations would end or remove, with sizes, and asks whether to go on, when it is more than plain `down` does.
 * @returns the operations, with what was confirmed.
 * @throws UserError (usage) when there is no terminal to ask on; an abort when the answer is no.
 */
export async function confirmLosses(
  requests: readonly OperationRequest[],
  context: CommandContext,
): Promise<readonly OperationRequest[]> {
  if (context.options.yes) return requests;
  const lines: string[] = [];
  const confirmed: OperationRequest[] = [];
  for (const request of requests) {
    const losses = await lossesFor(request, context);
    confirmed.push(losses ? { ...request, confirmed: losses.losses, engine: losses.engine } : request);
    lines.push(...(losses?.lines ?? []));
  }
  if (lines.length > 0) await confirm(lines, context);
  return confirmed;
}

/** What an operation would end or remove, on which engine, also as lines for people; undefined when that needs no confirmation. */
async function lossesFor(
  request: OperationRequest,
  context: CommandContext,
): Promise<{ readonly losses: Belongings; readonly engine: string; readonly lines: readonly string[] } | undefined> {
  const { berth, output, signal } = context;
  const kind = confirmationFor(request);
  const found = berth.store.find(request.environmentId);
  if (kind === undefined || kind === 'down' || !found) return undefined;
  const slow = setTimeout(() => output.err.write('Looking at what would go …\n'), SILENCE);
  try {
    await knownEnvironment(context, found);
    const connection = await berth.feedFor(found.definition.context).whenConnected(signal);
    const losses = await lossesOf(request, currentEnvironment(berth.store, found), connection, { sizes: true, signal });
    const { engine } = connection;
    if (isNothing(losses)) return { losses, engine, lines: [] };
    const { name } = found.definition;
    const what = kind === 'kill' ? `Of ${name} would be ended at once:` : `Of ${name} would be gone for good:`;
    return { losses, engine, lines: [what, ...describeBelongings(losses).map((line) => `  ${line}`)] };
  } finally {
    clearTimeout(slow);
  }
}

/**
 * Shows what is at stake, and asks whether to go on.
 * @throws UserError (usage) when there is no terminal to ask on; an abort when the answer is no.
 */
export async function confirm(lines: readonly string[], context: CommandContext): Promise<void> {
  const { output, signal } = context;
  // Not `process.stdin`: looking at it there would begin to read.
  if (!isatty(0) || !output.err.isTerminal) {
    throw new UserError('usage', 'This is not done without being confirmed, and there is no terminal to ask on.', {
      output: lines.join('\n'),
      remedy: `To do it: ${typedWith(context, '--yes')}`,
    });
  }
  output.err.write(`${lines.join('\n')}\n`);
  if (/^y(?:es)?$/i.test((await ask('Go on? [y/N] ', signal)).trim())) return;
  throw new DOMException('The answer was no.', 'AbortError');
}

/** @returns what was typed; nothing when the input ended. @throws the signal's reason when aborted. */
function ask(question: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // The terminal's own line editing, in which Ctrl-C is a signal.
    const reader = createInterface({ input: process.stdin, terminal: false });
    process.stderr.write(question);
    const onAbort = () => {
      process.stderr.write('\n');
      reject(signal.reason);
      reader.close();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    reader.once('line', (line) => {
      resolve(line);
      reader.close();
    });
    reader.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      process.stdin.pause();
      resolve('');
    });
    if (signal.aborted) onAbort();
  });
}
