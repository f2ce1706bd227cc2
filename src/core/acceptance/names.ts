import * as l10n from '@vscode/l10n';
import { runCompose } from '../compose/compose';
import { dockerCall, inContext } from '../compose/composeCall';
import { execCall } from '../compose/serviceCalls';
import { LABEL } from '../engine/messages';
import type { ServiceFacts } from '../model/facts';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { knownProject } from '../operations/operation';
import { indexOf, runningContainer } from '../operations/serviceContainers';
import type { OwnStep, StepResult } from './acceptance';
import { type AcceptanceContext, currentEnvironment, runningServices } from './acceptanceContext';

/**
 * Asks for each name that it is given, by the first program there is that can, and prints those that have an address; then `done`.
 * The answer of `nslookup` begins with the server's own address. A file of hosts is not enough: Docker's names are not in it. All at
 * once, and with less patience than usual, as far as a program heeds that: a container that is in no network waits for each answer.
 */
const SCRIPT = `
has() { command -v "$1" >/dev/null 2>&1; }
if has getent; then resolves() { getent hosts "$1"; }
elif has nslookup; then resolves() { nslookup "$1" 2>/dev/null | sed '1,/^$/d' | grep Address; }
elif has python3; then resolves() { python3 -c 'import socket, sys; socket.gethostbyname(sys.argv[1])' "$1" 2>/dev/null; }
elif has node; then resolves() { node -e 'require("dns").lookup(process.argv[1], (e) => process.exit(e ? 1 : 0))' "$1"; }
elif has perl; then resolves() { perl -e 'exit !gethostbyname(shift)' "$1"; }
else exit 127
fi
export RES_OPTIONS='timeout:2 attempts:2'
for name; do { resolves "$name" >/dev/null 2>&1 && echo "$name"; } & done
wait
echo done`;

/** Looks whether each service that runs finds those by their names that it shares a network with. */
export async function foundNames(context: AcceptanceContext): Promise<readonly OwnStep[]> {
  const { clock } = context.surroundings;
  const environment = currentEnvironment(context);
  const neighbours = neighboursIn(context, environment);
  if (neighbours.length === 0) {
    const message = l10n.t('No two services that run share a network.');
    return [{ subject: environment.definition.name, ms: 0, outcome: 'skipped', message }];
  }
  // Those without a program that can ask take the image of another one, that has.
  const able = new Set<string>();
  const own = await Promise.all(
    neighbours.map(async ({ service, names }) => {
      const began = clock.now();
      const found = await askedInside(environment, service, names, context);
      if (found) able.add(runningContainer(service).image);
      return { service, names, found, ms: clock.now() - began };
    }),
  );
  const [image] = able;
  return Promise.all(
    own.map(async ({ service, names, found, ms }): Promise<OwnStep> => {
      const began = clock.now();
      const resolved =
        found ?? (image === undefined ? undefined : await askedBeside(environment, service, names, image, context));
      return { subject: service.name, ms: ms + clock.now() - began, ...judged(service.name, names, resolved) };
    }),
  );
}

interface Neighbours {
  readonly service: ServiceSnapshot;
  /** The services that share a network with it. */
  readonly names: readonly string[];
}

function neighboursIn({ facts }: AcceptanceContext, environment: EnvironmentSnapshot): readonly Neighbours[] {
  const running = runningServices(environment);
  const networks = ({ name }: ServiceSnapshot) => networksOf(facts.services?.find((one) => one.name === name));
  return running
    .map((service) => {
      const own = networks(service);
      const shared = running.filter((one) => one !== service && networks(one).some((network) => own.includes(network)));
      return { service, names: shared.map(({ name }) => name) };
    })
    .filter(({ names }) => names.length > 0);
}

function networksOf(service: ServiceFacts | undefined): readonly string[] {
  return service?.networks.map(({ name }) => name) ?? [];
}

function judged(service: string, names: readonly string[], resolved: readonly string[] | undefined): StepResult {
  if (!resolved) {
    return { outcome: 'skipped', message: l10n.t('Nothing in the images of the environment can ask for names.') };
  }
  const missing = names.filter((name) => !resolved.includes(name));
  if (missing.length === 0) return { outcome: 'passed', message: l10n.t('finds {0}', names.join(', ')) };
  return {
    outcome: 'failed',
    message: l10n.t('"{0}" finds no address of: {1}.', service, missing.join(', ')),
    remedy: l10n.t(
      'See that they run, and are in a network that both are connected to ("networks" in the compose files).',
    ),
  };
}

/** @returns the names that a service's container finds; undefined where nothing in it can ask. */
async function askedInside(
  environment: EnvironmentSnapshot,
  service: ServiceSnapshot,
  names: readonly string[],
  { connection, signal }: AcceptanceContext,
): Promise<readonly string[] | undefined> {
  const index = indexOf(service, runningContainer(service));
  const command = ['sh', '-c', SCRIPT, 'sh', ...names];
  const { context } = environment.definition;
  const call = execCall(knownProject(environment), context, service.name, command, { terminal: false, index });
  const { stdout } = await runCompose(inContext(call, connection.context), { signal });
  return printed(stdout);
}

/** The same, in a container of another image that has the service's network: its names are found there as they are in it. */
async function askedBeside(
  { definition }: EnvironmentSnapshot,
  service: ServiceSnapshot,
  names: readonly string[],
  image: string,
  { connection, signal }: AcceptanceContext,
): Promise<readonly string[] | undefined> {
  const call = dockerCall(definition.context, [
    ...['run', '--rm', '--pull', 'never', '--network', `container:${runningContainer(service).id}`],
    // An image that Compose has built would make it one of the project's containers.
    ...['--label', `${LABEL.project}=`, '--entrypoint', 'sh'],
    ...[image, '-c', SCRIPT, 'sh', ...names],
  ]);
  const { stdout } = await runCompose(inContext(call, connection.context), { signal });
  return printed(stdout);
}

function printed(stdout: string): readonly string[] | undefined {
  const lines = stdout.split(/\r?\n/).filter(Boolean);
  return lines.at(-1) === 'done' ? lines.slice(0, -1) : undefined;
}
