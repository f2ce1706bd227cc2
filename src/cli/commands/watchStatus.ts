import { once } from 'node:events';
import type { Disposable } from '../../core/common/disposable';
import { watchContexts } from '../../core/engine/contextWatch';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { EXIT } from '../exitCodes';
import { engineErrors } from '../project';
import { changeLines } from '../rendering/changes';
import { renderStatuses } from '../rendering/environments';
import { engineJson, environmentJson, jsonDocument } from '../rendering/json';
import { LiveRegion } from '../rendering/liveRegion';
import type { CommandContext } from './command';

/**
 * Shows environments and every change of them until aborted, which is the way to end it and no failure. On a terminal
 * in place, else a line for each change, or with `--json` a JSON object.
 * @param shown gives the environments as they are now.
 */
export async function watchStatus(
  context: CommandContext,
  shown: () => readonly EnvironmentSnapshot[],
): Promise<number> {
  const { options, output, signal } = context;
  if (signal.aborted) return EXIT.done;
  const show = options.json ? watchJson : output.out.isTerminal ? watchInPlace : watchLines;
  const { store } = context.berth;
  const following = watchContexts(() => void store.lookAtEngines());
  const watching = show(context, shown);
  await once(signal, 'abort');
  watching.dispose();
  following.dispose();
  return EXIT.done;
}

function watchInPlace(context: CommandContext, shown: () => readonly EnvironmentSnapshot[]): Disposable {
  const { berth, output, workingFolder } = context;
  const { style } = output.out;
  const region = new LiveRegion(output.out);
  const draw = () =>
    region.draw([
      ...renderStatuses(shown(), { from: workingFolder, style }),
      '',
      ...lostEngines(berth.store, shown()).map((line) => style('red', line)),
      style('dim', 'Ctrl-C ends the watch.'),
    ]);
  draw();
  return onChange(context, draw);
}

function watchLines(context: CommandContext, shown: () => readonly EnvironmentSnapshot[]): Disposable {
  const { output, workingFolder } = context;
  const noteEngines = engineNotes(context, shown);
  noteEngines();
  output.out.write(`${renderStatuses(shown(), { from: workingFolder, style: output.out.style }).join('\n')}\n`);
  let before = shown();
  return onChange(context, () => {
    noteEngines();
    const after = shown();
    for (const line of changeLines(before, after)) output.out.write(`${line}\n`);
    before = after;
  });
}

/** Tells, each time that it is called, whether engines came or went, as lines on standard error. */
export function engineNotes(
  { berth, output }: CommandContext,
  shown: () => readonly EnvironmentSnapshot[],
): () => void {
  let lost = '';
  return () => {
    const errors = lostEngines(berth.store, shown()).join(' ');
    if (errors === lost) return;
    output.err.write(errors ? `${errors}\n` : '✔ The Docker engine answers again.\n');
    lost = errors;
  };
}

/** The engines that can't be reached, while they are waited for: a line for each. */
export function lostEngines(store: EnvironmentStore, shown: readonly EnvironmentSnapshot[]): readonly string[] {
  return engineErrors(store, shown).map((error) => `✖ ${error.message} Waiting for it.`);
}

function watchJson(context: CommandContext, shown: () => readonly EnvironmentSnapshot[]): Disposable {
  const { berth, output } = context;
  const print = (content: Record<string, unknown>) => output.out.write(jsonDocument(content, { oneLine: true }));
  let before: readonly EnvironmentSnapshot[] = [];
  let engine: unknown;
  const tell = () => {
    const state = berth.store.engineState(shown()[0]?.definition.context);
    // Each new try sets a new state; whether the engine answers is what counts.
    if (state.kind !== engine) print({ engine: engineJson(state) });
    engine = state.kind;
    for (const environment of shown()) {
      if (!before.includes(environment)) print({ environment: environmentJson(environment) });
    }
    before = shown();
  };
  tell();
  return onChange(context, tell);
}

function onChange({ berth }: CommandContext, action: () => void): Disposable {
  return berth.store.onDidChange(action);
}
