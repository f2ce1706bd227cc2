import { once } from 'node:events';
import { UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import { watchContexts } from '../../core/engine/contextWatch';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { EXIT } from '../exitCodes';
import { checkServices, engineErrors, enginesKnown } from '../project';
import { jsonDocument } from '../rendering/json';
import { LiveRegion } from '../rendering/liveRegion';
import { renderStats, statsJson, statsLine } from '../rendering/stats';
import { type Measured, Sampler } from '../sampler';
import { targetsFor } from '../targets';
import { ANY_NUMBER, type Command, type CommandContext } from './command';
import { engineNotes, lostEngines } from './watchStatus';

/** `berth stats`: from the engine's own streams. */
export const stats: Command = {
  summary: 'show use of processor, memory, network and disk, live',
  operands: '[ENV] [SERVICE…]',
  mostOperands: ANY_NUMBER,
  options: ['no-stream', 'project', 'json'],
  details:
    'Of all environments when none is named. About once a second, until Ctrl-C (exit code 0): on a terminal as a table in ' +
    'place, else a line for each container; with --json an object in each line.',
  examples: [
    ['berth stats dev', 'everything of "dev", live'],
    ['berth stats dev --no-stream --json', 'once, for a script'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, operands, options, output, signal } = context;
  const { store } = berth;
  if (!isDockerInstalled()) throw dockerMissing();
  const { environments, services } = await targetsFor(context, { all: operands.length === 0 });
  const ids = environments.map(({ definition }) => definition.id);
  const current = () => ids.flatMap((id) => store.find(id) ?? []);
  await unlessAborted(Promise.all(ids.map((id) => store.whenResolved(id))), signal);
  await enginesKnown(store, current(), signal);
  for (const error of engineErrors(store, current())) throw error;
  for (const environment of current()) checkServices(environment, services);

  const sampler = new Sampler(berth, current, services);
  try {
    if (sampler.wanted.length === 0) throw nothingRuns(services, current());
    if (options['no-stream']) {
      const measured = await sampler.once(signal);
      output.out.write(
        options.json
          ? jsonDocument({ containers: measured.map(statsJson) })
          : `${renderStats(measured, output.out.style).join('\n')}\n`,
      );
      return EXIT.done;
    }
    if (signal.aborted) return EXIT.done;
    show(sampler, context, current);
    const following = watchContexts(() => void store.lookAtEngines());
    await once(signal, 'abort');
    following.dispose();
    return EXIT.done;
  } finally {
    sampler.dispose();
  }
}

/** Shows each measurement as it comes, and when the engine is lost. */
function show(sampler: Sampler, context: CommandContext, current: () => readonly EnvironmentSnapshot[]): void {
  const { berth, options, output } = context;
  const { out } = output;
  if (options.json || !out.isTerminal) {
    const text = (one: Measured) =>
      options.json ? jsonDocument(statsJson(one), { oneLine: true }) : `${statsLine(one)}\n`;
    sampler.onMeasured((one) => out.write(text(one)));
    sampler.onRound(engineNotes(context, current));
    return;
  }
  const region = new LiveRegion(out);
  region.draw(['Measuring …']);
  sampler.onRound(() => {
    const { measured } = sampler;
    const lost = lostEngines(berth.store, current()).map((line) => out.style('red', line));
    // Before the first measurements, and when the engine is back.
    if (measured.length === 0 && lost.length === 0 && sampler.wanted.length > 0) return;
    const table = measured.length > 0 ? renderStats(measured, out.style) : lost.length > 0 ? [] : ['Nothing runs.'];
    region.draw([...table, ...lost, out.style('dim', 'Ctrl-C ends it.')]);
  });
}

function nothingRuns(services: readonly string[], environments: readonly EnvironmentSnapshot[]): UserError {
  const names = environments.map(({ definition }) => definition.name).join(', ');
  return new UserError('failed', `Nothing of ${services.length > 0 ? `${services.join(', ')} of ` : ''}${names} runs.`);
}
