import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import type { OperationName } from '../../core/compose/operationCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { OperationResult } from '../../core/operations/operation';
import { EXIT, exitCodeOf } from '../exitCodes';
import { chooseEnvironment, nextCommand, openProject } from '../project';
import { renderError } from '../rendering/errors';
import { environmentJson, errorJson, jsonDocument } from '../rendering/json';
import { doneText } from '../rendering/progress';
import type { Command, CommandContext } from './command';
import { showProgress } from './showProgress';

/** `berth up`, `down`, `stop`, `start` and `restart`. */
export function operate(operation: OperationName): Command {
  return async (context) => {
    const { berth, operands, signal } = context;
    if (!isDockerInstalled()) throw dockerMissing();
    // Connects while the files are searched.
    berth.feedFor(undefined).start();
    const folder = await openProject(context);
    const [name, ...services] = operands;
    const environment = chooseEnvironment(berth.store.environments, name, folder);

    const began = performance.now();
    const progress = showProgress(operation, environment, services, context);
    let result: OperationResult;
    try {
      const request = { operation, environmentId: environment.definition.id, services };
      result = await berth.operations.run(request, progress.tell, signal);
    } finally {
      progress.end();
    }
    const ms = performance.now() - began;
    return context.options.json
      ? endInJson(operation, result, ms, context)
      : endInWords(operation, environment, services, result, ms, context);
  };
}

function endInWords(
  operation: OperationName,
  { definition: { name } }: EnvironmentSnapshot,
  services: readonly string[],
  result: OperationResult,
  ms: number,
  context: CommandContext,
): number {
  const { output, workingFolder } = context;
  switch (result.kind) {
    case 'done':
      output.out.write(`${output.out.style('green', doneText(operation, result.environment, services, ms))}\n`);
      return EXIT.done;
    case 'cancelled': {
      const { running } = result;
      const state =
        running === undefined
          ? 'What runs is not known: the Docker engine is not reachable.'
          : running.length > 0
            ? `What runs goes on: ${running.join(', ')}. To end it: ${nextCommand(context, 'down', name)}`
            : 'Nothing runs.';
      output.err.write(`Cancelled. ${state}\n`);
      return EXIT.cancelled;
    }
    case 'failed': {
      const { error } = result;
      // What to try next is of use where the environment itself is at fault.
      const logs = result.service === undefined ? [] : [nextCommand(context, 'logs', name, result.service)];
      const next =
        error.kind === 'failed'
          ? [...logs, nextCommand(context, operation, name, ...services), nextCommand(context, 'down', name)]
          : [];
      const place = { from: workingFolder, style: output.err.style, next: [...new Set(next)] };
      output.err.write(renderError(error, place));
      return exitCodeOf(error.kind);
    }
  }
}

function endInJson(operation: OperationName, result: OperationResult, ms: number, { output }: CommandContext): number {
  const environment = result.environment && environmentJson(result.environment);
  const common = { operation, result: result.kind, seconds: Number((ms / 1000).toFixed(3)) };
  switch (result.kind) {
    case 'done':
      output.out.write(jsonDocument({ ...common, environment }));
      return EXIT.done;
    case 'cancelled':
      output.out.write(jsonDocument({ ...common, running: result.running ?? null, environment }));
      return EXIT.cancelled;
    case 'failed':
      output.out.write(
        jsonDocument({ ...common, error: errorJson(result.error), service: result.service, environment }),
      );
      return exitCodeOf(result.error.kind);
  }
}
