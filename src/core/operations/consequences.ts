import * as l10n from '@vscode/l10n';
import type { EngineConnection } from '../engine/connection';
import { type Belongings, sizeText } from '../model/belongings';
import type { EnvironmentSnapshot } from '../model/snapshot';
import type { OperationRequest } from './operation';

/** The kinds of operations that end or remove something that does not come back by itself. A user is asked before them. */
export const CONFIRMATIONS = ['kill', 'remove', 'down', 'removeVolumes', 'reset'] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** Which confirmation an operation needs; undefined when it ends nothing. */
export function confirmationFor({ operation, options }: OperationRequest): Confirmation | undefined {
  switch (operation) {
    case 'kill':
    case 'remove':
    case 'reset':
      return operation;
    case 'down':
      return options?.volumes ? 'removeVolumes' : 'down';
    default:
      return undefined;
  }
}

const NOTHING: Belongings = { containers: [], networks: [], volumes: [] };

/**
 * What an operation that needs a confirmation would end or remove, as the engine has it now.
 * @throws UserError (engine-unreachable); the signal's reason when aborted.
 */
export async function lossesOf(
  request: OperationRequest,
  { projectName, services }: EnvironmentSnapshot,
  connection: EngineConnection,
  signal: AbortSignal,
): Promise<Belongings> {
  const kind = confirmationFor(request);
  if (kind === undefined || projectName === undefined) return NOTHING;
  const all = await connection.inspect((engine) => engine.belongings(projectName, { sizes: kind !== 'kill', signal }));
  const named = request.services.length > 0 ? request.services : services.map((service) => service.name);
  const concerned = all.containers.filter(({ service }) => named.includes(service));
  switch (kind) {
    case 'kill':
      return { ...NOTHING, containers: concerned.filter(({ isRunning }) => isRunning) };
    case 'remove':
      return { ...NOTHING, containers: concerned.filter(({ isRunning }) => !isRunning) };
    case 'down':
      // Of single services, their containers are what goes.
      return request.services.length > 0 ? { ...NOTHING, containers: concerned } : { ...all, volumes: [] };
    case 'removeVolumes':
    case 'reset':
      return all;
  }
}

/** Whether nothing would be lost, so that there is nothing to ask. */
export function isNothing({ containers, networks, volumes }: Belongings): boolean {
  return containers.length === 0 && networks.length === 0 && volumes.length === 0;
}

/** {@link Belongings} for people, a line for each kind: `2 volumes with 48 MB: app_data (48 MB), app_cache (12 kB)`. */
export function describeBelongings({ containers, networks, volumes }: Belongings): readonly string[] {
  const lines: string[] = [];
  if (volumes.length > 0) {
    const known = volumes.flatMap(({ size }) => (size === undefined ? [] : [size]));
    const total = known.length > 0 ? sizeText(known.reduce((sum, size) => sum + size, 0)) : undefined;
    const names = volumes.map(({ name, anonymous, size }) => {
      const shown = anonymous ? l10n.t('{0} (without a name of its own)', name.slice(0, 12)) : name;
      return size === undefined ? shown : l10n.t('{0} ({1})', shown, sizeText(size));
    });
    lines.push(
      total === undefined
        ? l10n.t('Volumes: {0}', names.join(', '))
        : l10n.t('Volumes with {0} of data: {1}', total, names.join(', ')),
    );
  }
  if (containers.length > 0) {
    const names = containers.map(({ name, size }) => (size ? l10n.t('{0} ({1})', name, sizeText(size)) : name));
    lines.push(l10n.t('Containers: {0}', names.join(', ')));
  }
  if (networks.length > 0) lines.push(l10n.t('Networks: {0}', networks.join(', ')));
  return lines;
}
