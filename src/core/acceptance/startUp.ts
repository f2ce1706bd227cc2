import * as l10n from '@vscode/l10n';
import { withinTime } from '../common/clock';
import { UserError } from '../common/errors';
import { list, record, text } from '../common/json';
import { isFailing } from '../model/health';
import type { ServiceSnapshot } from '../model/snapshot';
import { serviceFailure } from '../operations/failure';
import type { OperationRequest } from '../operations/operation';
import { ReadinessByService } from '../operations/readiness';
import { waitUntilSettled } from '../operations/settling';
import type { AcceptanceRequest, OwnStep, StepResult } from './acceptance';
import {
  type AcceptanceContext,
  currentEnvironment,
  expectedServices,
  failedBy,
  isUp,
  startTime,
} from './acceptanceContext';

/** So many of its last health checks the engine tells of. Source: moby, `daemon/health.go` (maxLogEntries). */
const CHECKS_KEPT = 5;

/** Brings an environment up, within the time that is given for that. How long each service took is counted from the beginning. */
export async function bringUp(context: AcceptanceContext): Promise<readonly OwnStep[]> {
  const { surroundings, request, hooks, signal } = context;
  const { store, clock } = surroundings;
  const began = clock.now();
  const reached = new Map<string, number>();
  const look = () => {
    for (const { name, health } of store.find(request.environmentId)?.services ?? []) {
      if (!isUp(health)) reached.delete(name);
      else if (!reached.has(name)) reached.set(name, clock.now() - began);
    }
  };
  const watch = store.onDidChange(look);
  const limit = new AbortController();
  const timer = clock.after(request.timeout, () => {
    hooks.onNote(l10n.t('The time for start-up has passed.'));
    limit.abort();
  });
  try {
    const result = await hooks.operate(upRequest(context), AbortSignal.any([signal, limit.signal]));
    signal.throwIfAborted();
    look();
    const failure = result.kind === 'failed' ? result : undefined;
    const steps = await eachService(context, async (service) => {
      const ms = reached.get(service.name) ?? clock.now() - began;
      if (failure?.service === service.name) return { ms, ...failedBy(failure.error) };
      return { ms, ...(isUp(service.health) ? isUpNow(service, ms, request) : await isNotUp(service, ms, context)) };
    });
    if (!failure || failure.service !== undefined) return steps;
    const { name } = currentEnvironment(context).definition;
    return [{ subject: name, ms: clock.now() - began, ...failedBy(failure.error) }, ...steps];
  } finally {
    timer.dispose();
    watch.dispose();
  }
}

/**
 * Waits until an environment that was brought up by somebody else is up, within the time that is given for that. How long a service
 * took is what the engine tells, which it does for a while only.
 */
export async function awaitUp(context: AcceptanceContext): Promise<readonly OwnStep[]> {
  const { surroundings, request, signal } = context;
  const { store, clock } = surroundings;
  const began = clock.now();
  const current = () => currentEnvironment(context);
  const wasUp = new Set(current().services.flatMap(({ name, health }) => (isUp(health) ? name : [])));
  const late = new UserError('failed', l10n.t('The time for start-up has passed.'));
  await withinTime(
    (limited) => {
      const readiness = new ReadinessByService(clock.now);
      return waitUntilSettled(upRequest(context), { store, current, readiness, clock, signal: limited });
    },
    { clock, ms: request.timeout, signal, late: () => late },
  ).catch((error: unknown) => {
    // How each service is then tells more.
    if (error !== late) throw error;
  });
  return eachService(context, async (service) => {
    const waited = clock.now() - began;
    if (!isUp(service.health)) return { ms: waited, ...(await isNotUp(service, waited, context)) };
    const took = await startUpTime(service, { isWhole: !wasUp.has(service.name) }, context);
    return { ms: took ?? waited, ...isUpNow(service, took, request) };
  });
}

function upRequest({ request, connection }: AcceptanceContext): OperationRequest {
  return { operation: 'up', environmentId: request.environmentId, services: [], engine: connection.engine };
}

function eachService(
  context: AcceptanceContext,
  find: (service: ServiceSnapshot) => Promise<Omit<OwnStep, 'subject'>>,
): Promise<readonly OwnStep[]> {
  const services = expectedServices(currentEnvironment(context));
  return Promise.all(services.map(async (service) => ({ ...(await find(service)), subject: service.name }) as OwnStep));
}

/**
 * How long the containers of a service took from their start to being healthy, in milliseconds; undefined when that is not known any more,
 * or never was, without a health check.
 * @param isWhole whether it is known to be healthy for the first time since: else only what the engine tells of all checks does.
 */
async function startUpTime(
  { containers, health }: ServiceSnapshot,
  { isWhole }: { readonly isWhole: boolean },
  { connection, signal }: AcceptanceContext,
): Promise<number | undefined> {
  if (health !== 'healthy') return undefined;
  const times = await Promise.all(
    containers.map(async ({ id }) =>
      healthyAfter(await connection.inspect((engine) => engine.container(id, signal)), isWhole),
    ),
  );
  return times.every((time) => time !== undefined) ? Math.max(...times) : undefined;
}

/** @param container `GET /containers/{id}/json`. */
function healthyAfter(container: unknown, isWhole: boolean): number | undefined {
  const started = startTime(container);
  const checks = list(record(record(record(container).State).Health).Log)
    .map(record)
    .filter(({ Start }) => Date.parse(text(Start)) >= started);
  const first = checks.find(({ ExitCode }) => ExitCode === 0);
  return first && (isWhole || checks.length < CHECKS_KEPT) ? Date.parse(text(first.End)) - started : undefined;
}

/** That a service is up. @param ms how long it took; undefined when that is not known. */
function isUpNow(
  { name, health }: ServiceSnapshot,
  ms: number | undefined,
  { timeout }: AcceptanceRequest,
): StepResult {
  if (ms !== undefined && ms > timeout) {
    return {
      outcome: 'failed',
      message: l10n.t('Service "{0}" took {1} s to be up.', name, seconds(ms)),
      remedy: l10n.t('See in its logs what it did meanwhile, or give it more time ("--timeout").'),
    };
  }
  if (health === 'completed') return { outcome: 'passed', message: l10n.t('has run to its end') };
  if (health === 'running') return { outcome: 'passed', message: l10n.t('runs; it has no health check') };
  return {
    outcome: 'passed',
    message:
      ms === undefined
        ? l10n.t('healthy; how long it took to start is not known any more')
        : l10n.t('healthy after {0} s', seconds(ms)),
  };
}

/** That a service is not up. @param ms how long it has been waited for. */
async function isNotUp(service: ServiceSnapshot, ms: number, context: AcceptanceContext): Promise<StepResult> {
  const { surroundings, connection, signal } = context;
  const { clock, secrets } = surroundings;
  const { name, health } = service;
  if (isFailing(health) || health === 'paused') {
    const { error } = await serviceFailure(service, currentEnvironment(context), { connection, clock, signal });
    return failedBy(secrets.maskError(error));
  }
  if (health === 'starting') {
    const output = await connection.lastHealthOutput(service.containers[0]?.id ?? '', signal).catch(() => undefined);
    return {
      outcome: 'failed',
      message: l10n.t('Service "{0}" is still starting after {1} s.', name, seconds(ms)),
      remedy: l10n.t('See in its logs what it waits for, or give it more time ("--timeout").'),
      details: output && l10n.t('Its health check last printed:\n{0}', secrets.mask(output)),
    };
  }
  return {
    outcome: 'failed',
    message: l10n.t('Service "{0}" does not run.', name),
    remedy: l10n.t('Bring it up, and see what that says.'),
  };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
