import type { ProgramCall } from '../common/program';
import type { ContainerState } from '../model/container';
import { withDependencies } from '../model/project';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../model/snapshot';
import { ALL_PROFILES, composeCall, dockerCall, PLAIN_PROGRESS, projectCall } from './composeCall';

/** The operations, in the order in which they are listed to people. */
export const OPERATION_NAMES = [
  'up',
  'start',
  'restart',
  'stop',
  'pause',
  'unpause',
  'kill',
  'recreate',
  'rebuild',
  'build',
  'pull',
  'scale',
  'remove',
  'down',
  'reset',
] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

/** How an operation is to be done. What one does not know, it does not heed. */
export interface OperationOptions {
  /** The profiles to activate instead of the environment's own; for operations that read the files. */
  readonly profiles?: readonly string[];
  /** `up`, `recreate`, `scale`, `reset`: build the images first. */
  readonly build?: boolean;
  /** `build`: take nothing from the cache. `rebuild` never does. */
  readonly noCache?: boolean;
  /** `build`, `rebuild`: look for newer base images. */
  readonly pullBase?: boolean;
  /** `down`: remove the volumes, too. `reset` always does. */
  readonly volumes?: boolean;
  /** `reset`, and `down` with volumes: empty the data folders, too. */
  readonly dataFolders?: boolean;
  /** `up`, `recreate`, `rebuild`: end once what was started is healthy: for whoever goes on then, and can't see that. */
  readonly wait?: boolean;
  /** `scale`, `up`: how many containers each of the services is to have, by their names; of others, `up` goes by the files. */
  readonly replicas?: Readonly<Record<string, number>>;
}

/** Whether an operation takes the compose files as they are, and so can't be done while they are broken. */
export function needsFiles(operation: OperationName): boolean {
  return ['up', 'recreate', 'rebuild', 'build', 'pull', 'scale', 'reset'].includes(operation);
}

/**
 * The Compose calls behind an operation, one after another.
 * What makes containers or images needs the files; the others work on what exists, by the project's name, so that they
 * reach the services of all profiles, and go on working while the files are broken. Some want the files when they are good:
 * `down` of everything, as they tell which networks are Compose's to remove (it also removes what no longer stands in them);
 * `start` and `stop`, as without them Compose gives up where something depends on a service that has no container.
 * What is paused is unpaused before it is started, which the engine refuses otherwise.
 * @param projectName the environment's project, which must be known for all but those that need the files.
 * @param services the services to work on; all that is in the project when empty. `down` of some removes their containers.
 */
export function operationCalls(
  operation: OperationName,
  environment: EnvironmentSnapshot,
  projectName: string,
  services: readonly string[],
  options: OperationOptions = {},
): readonly ProgramCall[] {
  const { definition, resolution } = environment;
  // A service's name may begin with a dash.
  const operands = services.length > 0 ? ['--', ...services] : [];
  const withFiles = (args: readonly string[], profiles = options.profiles) =>
    withPlainProgress(composeCall(definition, args, { profiles }));
  const byName = (...args: string[]) =>
    withPlainProgress(projectCall(projectName, definition.context, [...args, ...operands]));
  const inOrder = (...args: string[]) => {
    const existing = environment.services.filter(({ containers }) => containers.length > 0).map(({ name }) => name);
    const names = services.length > 0 ? services : existing;
    const isDeclared = (name: string) => environment.services.some((one) => one.name === name && one.declared);
    return resolution.kind === 'resolved' && names.length > 0 && names.every(isDeclared)
      ? withFiles([...args, '--', ...names], [ALL_PROFILES])
      : byName(...args);
  };
  const meant = environment.services.filter(({ name }) => services.length === 0 || services.includes(name));
  const unpause = () => toggleCalls('unpause', definition.context, projectName, meant);
  // Compose takes back to one what is depended on and has more containers, unless it is told how many there are; of what is
  // not concerned it must not be told.
  const started = resolution.kind === 'resolved' ? withDependencies(services, resolution.project) : new Set();
  const counts = new Map([
    ...environment.services.flatMap(({ name, containers }) =>
      containers.length > 1 && started.has(name) ? [[name, containers.length] as const] : [],
    ),
    ...Object.entries(options.replicas ?? {}),
  ]);
  // Of what is asked for, the files say how many there are to be; what it depends on is nobody's concern.
  const keptCounts = services.length > 0 ? [...counts].filter(([name]) => !services.includes(name)) : [];
  const ofConcerned = (replicas: Readonly<Record<string, number>>) =>
    Object.entries(replicas).filter(([name]) => services.length === 0 || started.has(name));
  const scale = (numbers: Iterable<readonly [string, number]>) =>
    [...numbers].flatMap(([name, count]) => ['--scale', `${name}=${count}`]);
  const up = (...args: string[]) =>
    withFiles([
      'up',
      '--detach',
      ...(options.wait ? ['--wait'] : []),
      ...args,
      ...(options.build ? ['--build'] : []),
      ...operands,
    ]);
  const build = (...args: string[]) =>
    withFiles(['build', ...args, ...(options.pullBase ? ['--pull'] : []), ...operands]);
  const down = (volumes: boolean) => {
    const args = ['down', '--remove-orphans', ...(volumes ? ['--volumes'] : [])];
    return resolution.kind === 'resolved'
      ? withFiles(args, [ALL_PROFILES])
      : withPlainProgress(projectCall(projectName, definition.context, args));
  };
  switch (operation) {
    case 'up':
      return [...unpause(), up(...scale(options.replicas ? ofConcerned(options.replicas) : keptCounts))];
    case 'recreate':
      return [up('--force-recreate', ...scale(keptCounts))];
    case 'rebuild':
      return [build('--no-cache'), up('--force-recreate')];
    case 'build':
      return [build(...(options.noCache ? ['--no-cache'] : []))];
    case 'pull':
      return [withFiles(['pull', '--ignore-buildable', ...operands])];
    case 'scale':
      return [...unpause(), up('--no-recreate', ...scale(counts))];
    case 'reset':
      return [down(true), up()];
    case 'down':
      return services.length > 0 ? [inOrder('rm', '--stop', '--force')] : [down(options.volumes ?? false)];
    case 'remove':
      return [byName('rm', '--force')];
    case 'start':
      return [...unpause(), inOrder('start')];
    case 'pause':
      return meant.some((service) => hasState(service, 'paused'))
        ? toggleCalls('pause', definition.context, projectName, meant)
        : [byName('pause')];
    case 'unpause':
      return unpause();
    case 'stop':
      return [inOrder('stop')];
    case 'restart':
    case 'kill':
      return [byName(operation)];
  }
}

/**
 * Pauses what runs, or unpauses what is paused. Compose does either to all containers of a service, and fails on those that
 * are so already; of a service that has both, only those that are meant are named, to the engine.
 */
function toggleCalls(
  verb: 'pause' | 'unpause',
  context: string | undefined,
  projectName: string,
  services: readonly ServiceSnapshot[],
): readonly ProgramCall[] {
  const [from, to] = verb === 'pause' ? (['running', 'paused'] as const) : (['paused', 'running'] as const);
  const concerned = services.filter((service) => hasState(service, from));
  const whole = concerned.filter((service) => !hasState(service, to)).map(({ name }) => name);
  const single = concerned
    .filter((service) => hasState(service, to))
    .flatMap(({ containers }) => containers.filter(({ state }) => state === from).map(({ name }) => name));
  return [
    ...(whole.length > 0 ? [withPlainProgress(projectCall(projectName, context, [verb, '--', ...whole]))] : []),
    ...(single.length > 0 ? [dockerCall(context, [verb, ...single])] : []),
  ];
}

function hasState({ containers }: ServiceSnapshot, state: ContainerState): boolean {
  return containers.some((container) => container.state === state);
}

function withPlainProgress(call: ProgramCall): ProgramCall {
  return { ...call, env: { ...call.env, ...PLAIN_PROGRESS } };
}
