import net from 'node:net';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import { DisposableStore } from '../common/disposable';
import { list, record, text } from '../common/json';
import { type Address, addressOf } from '../model/address';
import { STORE_PORTS } from '../model/connectionString';
import type { Port } from '../model/project';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { storeKindOf } from '../model/storeKind';
import { webScheme } from '../operations/webScheme';
import type { OwnStep, StepResult } from './acceptance';
import { type AcceptanceContext, currentEnvironment, expectedServices, startTime } from './acceptanceContext';
import { pingStore } from './storeMarker';

/** How long a connection must stay, in milliseconds: Docker takes one also where nobody in the container does, and ends it then. */
const HOLD = 500;
/** How long a connection may take to come about, in milliseconds. */
const CONNECT_LIMIT = 2_000;
/** How long to wait before a port is tried again, in milliseconds: nothing else tells that it answers. */
const PAUSE = 500;

/** Ports inside a container that mostly speak HTTP. */
const HTTP_PORTS = [80, 443, 3000, 5000, 5173, 8000, 8080, 8443];

/**
 * Tries the published ports of what is up: what its health check asks by HTTP is to answer a request, a store its own client, anything else
 * to hold a connection.
 */
export async function answeringPorts(context: AcceptanceContext): Promise<readonly OwnStep[]> {
  const { clock } = context.surroundings;
  const environment = currentEnvironment(context);
  const published = expectedServices(environment).flatMap((service) =>
    service.ports.filter((port) => port.published !== undefined).map((port) => ({ service, port })),
  );
  if (published.length === 0) {
    const message = l10n.t('No service publishes a port.');
    return [{ subject: environment.definition.name, ms: 0, outcome: 'skipped', message }];
  }
  return Promise.all(
    published.map(async ({ service, port }): Promise<OwnStep> => {
      const began = clock.now();
      const found = await answer(service, port, environment, context);
      return { subject: `${service.name} ${port.published}`, ms: clock.now() - began, ...found };
    }),
  );
}

async function answer(
  service: ServiceSnapshot,
  port: Port,
  environment: EnvironmentSnapshot,
  context: AcceptanceContext,
): Promise<StepResult> {
  const { surroundings, request, connection, signal } = context;
  const { store, clock } = surroundings;
  const container = service.containers.find(({ state }) => state === 'running');
  if (!container || (service.health !== 'healthy' && service.health !== 'running')) {
    return { outcome: 'skipped', message: l10n.t('The service is not up.') };
  }
  const engine = store.engineState(environment.definition.context);
  const address = addressOf(port, engine.kind === 'connected' ? engine.address : undefined);
  if (!address) {
    return {
      outcome: 'skipped',
      message: l10n.t("Whether a port of {0} answers can't be told.", port.protocol.toUpperCase()),
    };
  }
  const details = await connection.inspect((one) => one.container(container.id, signal));
  const kind = storeKindOf(service);
  const isStore = kind !== undefined && port.target === STORE_PORTS[kind];
  const isHttp = address.isWeb && isAskedByHttp(port, details);
  const mayBeHttp = address.isWeb && HTTP_PORTS.includes(port.target);
  const look = async (): Promise<StepResult> => {
    const held = isHttp ? undefined : await heldConnection(address, clock, signal);
    const asked = isHttp || (mayBeHttp && held !== undefined) ? await httpAnswer(address, signal) : undefined;
    const found = asked ?? held;
    if (found === undefined) return noAnswer(address, port, isHttp);
    return isStore ? pingStore(kind, environment, service, context) : { outcome: 'passed', message: found };
  };
  // The health check of a store may have been content with the server that sets it up, and which it starts anew then.
  const hasTime = service.health === 'running' || isStore;
  return untilPassed(look, hasTime ? startTime(details) + request.timeout : 0, clock, signal);
}

/** Looks until it is well, or the time is up; once at least. @param deadline milliseconds since the epoch. */
async function untilPassed(
  look: () => Promise<StepResult>,
  deadline: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<StepResult> {
  for (;;) {
    const found = await look();
    signal.throwIfAborted();
    if (found.outcome === 'passed' || clock.now() >= deadline) return found;
    await new Promise<void>((resolve) => clock.after(PAUSE, resolve));
  }
}

function noAnswer({ host, port: published }: Address, { target }: Port, isHttp: boolean): StepResult {
  const at = `${host}:${published}`;
  return {
    outcome: 'failed',
    message: isHttp ? l10n.t('Nothing answers HTTP at {0}.', at) : l10n.t('Nothing answers at {0}.', at),
    remedy: l10n.t(
      'See that the program in the container listens at port {0}, and at 0.0.0.0 instead of 127.0.0.1.',
      target,
    ),
  };
}

/** Whether the health check of a container asks it by HTTP at a port. */
function isAskedByHttp({ target }: Port, details: unknown): boolean {
  const check = list(record(record(record(details).Config).Healthcheck).Test)
    .map(text)
    .join(' ');
  return new RegExp(`https?://[^\\s/]+:${target}(?!\\d)`).test(check);
}

async function httpAnswer({ host, port }: Address, signal: AbortSignal): Promise<string | undefined> {
  const scheme = await webScheme(host, port, signal);
  return scheme && l10n.t('answers over {0}', scheme);
}

/** That a connection comes about and says something, or stays; undefined when it does not. */
function heldConnection({ host, port }: Address, clock: Clock, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port });
    const timers = new DisposableStore();
    const end = (isHeld: boolean) => {
      timers.dispose();
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(isHeld ? l10n.t('takes connections') : undefined);
    };
    const onAbort = () => end(false);
    signal.addEventListener('abort', onAbort);
    timers.add(clock.after(CONNECT_LIMIT, () => end(false)));
    socket.once('connect', () => timers.add(clock.after(HOLD, () => end(true))));
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
