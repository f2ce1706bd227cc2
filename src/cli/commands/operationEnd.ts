import type { OperationName } from '../../core/compose/operationCalls';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Belongings } from '../../core/model/belongings';
import { limitText } from '../../core/model/limits';
import { type EnvironmentSnapshot, projectOf } from '../../core/model/snapshot';
import { describeRemoval, type Removal } from '../../core/operations/removal';
import { EXIT, exitCodeOf } from '../exitCodes';
import { fixCommands } from '../fixCommands';
import { nextCommand } from '../project';
import { renderError } from '../rendering/errors';
import { findingJson } from '../rendering/findings';
import { environmentJson, errorJson, jsonDocument, secondsJson } from '../rendering/json';
import { doneText, keptLines } from '../rendering/progress';
import type { CommandContext } from './command';
import type { Outcome } from './operate';

/** Tells how an operation ended, for people. @returns the exit code. */
export function endInWords(operation: OperationName, outcomes: readonly Outcome[], context: CommandContext): number {
  for (const outcome of outcomes) tellEnd(operation, outcome, outcomes.length > 1, context);
  return exitCodeOfAll(outcomes);
}

function tellEnd(
  operation: OperationName,
  { task, result, ms }: Outcome,
  isOneOfSeveral: boolean,
  context: CommandContext,
): void {
  const { output, workingFolder } = context;
  const { name } = task.environment.definition;
  const said = isOneOfSeveral ? `${name}: ` : '';
  switch (result.kind) {
    case 'done': {
      const named = task.request.services;
      output.out.write(`${output.out.style('green', doneText(operation, result.environment, named, ms))}\n`);
      const kept = result.kept ? keptLines(result.kept) : [];
      if (kept.length > 0) output.out.write(`${kept.join('\n')}\n`);
      if (result.kept && result.kept.volumes.length > 0) {
        output.err.write(`To remove the data, too: ${nextCommand(context, 'down', name, '--volumes')}\n`);
      }
      return;
    }
    case 'cancelled': {
      const { running } = result;
      const state =
        running === undefined
          ? 'What runs is not known: the Docker engine is not reachable.'
          : running.length > 0
            ? `What runs goes on: ${running.join(', ')}. To end it: ${nextCommand(context, 'down', name)}`
            : 'Nothing runs.';
      output.err.write(`${said}Cancelled. ${state}\n`);
      for (const line of result.removal ? describeRemoval(result.removal) : []) output.err.write(`${said}${line}\n`);
      return;
    }
    case 'failed': {
      const { error } = result;
      const place = { from: workingFolder, style: output.err.style, next: nextAfter(operation, task, result, context) };
      output.err.write(said && `${output.err.style('bold', said.trimEnd())}\n`);
      output.err.write(renderError(error, place));
    }
  }
}

/** What to try next: of use where the environment itself is at fault, or another one that has to make room. */
function nextAfter(
  operation: OperationName,
  { environment, services }: Outcome['task'],
  { error, service, finding, environment: after }: Extract<Outcome['result'], { kind: 'failed' }>,
  context: CommandContext,
): readonly string[] {
  const { name } = environment.definition;
  const { takeDownFirst } = error.details;
  if (takeDownFirst !== undefined) return [nextCommand(context, 'down', takeDownFirst)];
  const check = (...options: readonly string[]) => nextCommand(context, 'check', name, ...options);
  const fixes = finding ? fixCommands(finding, context, check) : [];
  // What is another checkout's is refused again.
  if (error.kind !== 'failed' || after?.definition.otherFolder !== undefined) return fixes;
  // Of what was refused before anything was made, there are no logs, and nothing is to be taken down.
  const made = after?.services.filter(({ containers }) => containers.length > 0);
  const hasLogs = service !== undefined && (made?.some((one) => one.name === service) ?? true);
  const next = [
    ...fixes,
    ...(finding?.code === 'out-of-memory' ? moreMemory(after, service, context) : []),
    ...(hasLogs ? [nextCommand(context, 'logs', name, service)] : []),
    nextCommand(context, operation, name, ...services),
    ...(made?.length === 0 ? [] : [nextCommand(context, 'down', name)]),
  ];
  return [...new Set(next)];
}

/** What gives a service twice the memory that it may use; nothing where the files do not limit it. */
function moreMemory(
  environment: EnvironmentSnapshot | undefined,
  name: string | undefined,
  context: CommandContext,
): readonly string[] {
  const service = environment && projectOf(environment.resolution)?.services.find((one) => one.name === name);
  const memory = service?.limits?.memory;
  if (!environment || !service || memory === undefined) return [];
  const more = limitText({ memory: memory * 2 }, 'memory') ?? '';
  return [nextCommand(context, 'limit', environment.definition.name, service.name, '--memory', more)];
}

/**
 * Tells how an operation ended, as JSON: one result, or a list of them.
 * @param asList whether several environments were asked for.
 * @returns the exit code.
 */
export function endInJson(
  operation: OperationName,
  outcomes: readonly Outcome[],
  asList: boolean,
  { output, berth: { store } }: CommandContext,
): number {
  const results = outcomes.map((outcome) => outcomeJson(operation, outcome, store));
  output.out.write(jsonDocument(asList ? { results } : { ...results[0] }));
  return exitCodeOfAll(outcomes);
}

function outcomeJson(
  operation: OperationName,
  { result, ms }: Outcome,
  store: Pick<EnvironmentStore, 'find'>,
): Record<string, unknown> {
  const environment = result.environment && environmentJson(result.environment);
  const common = { operation, result: result.kind, seconds: secondsJson(ms) };
  switch (result.kind) {
    case 'done':
      return { ...common, kept: result.kept && keptJson(result.kept), environment };
    case 'cancelled':
      return { ...common, running: result.running ?? null, ...removalJson(result.removal), environment };
    case 'failed':
      return {
        ...common,
        error: errorJson(result.error),
        finding: result.finding && findingJson(result.finding, store),
        service: result.service,
        ...removalJson(result.removal),
        environment,
      };
  }
}

/** What has gone by the time that an operation ended half-way; nothing where none was to go. Whether volumes have is left out where that is not known. */
function removalJson(removal: Removal | undefined): Record<string, unknown> {
  if (!removal) return {};
  const { volumesGone, emptied, partlyEmptied, untouched } = removal;
  return { volumesGone: volumesGone === 'yes' || undefined, emptied, partlyEmptied, untouched };
}

function keptJson({ containers, networks, volumes }: Belongings): Record<string, unknown> {
  return { containers: containers.map(({ name }) => name), networks, volumes: volumes.map(({ name }) => name) };
}

/** The gravest of several ends: cancelled, then no engine, then wrong usage, then failed. */
function exitCodeOfAll(outcomes: readonly Outcome[]): number {
  const codes = outcomes.map(({ result }) =>
    result.kind === 'done' ? EXIT.done : result.kind === 'cancelled' ? EXIT.cancelled : exitCodeOf(result.error.kind),
  );
  return Math.max(EXIT.done, ...codes);
}
