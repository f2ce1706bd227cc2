import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import type { Container } from '../model/container';
import type { ServiceSnapshot } from '../model/snapshot';

/**
 * A container of a service.
 * @param index its number; the first one when left out.
 * @throws UserError (usage) when there is none of that number; (failed) when there is none at all.
 */
export function containerOf({ name, containers }: ServiceSnapshot, index?: number): Container {
  const [first] = containers;
  if (!first) throw nothingCreated(name);
  const found = index === undefined ? first : containers.find(({ number }) => number === index);
  if (found) return found;
  const numbers = containers.map(({ number }) => number).join(', ');
  throw new UserError('usage', l10n.t('Service "{0}" has no container {1}.', name, String(index)), {
    remedy: l10n.t('It has: {0}.', numbers),
  });
}

/**
 * A container of a service that runs.
 * @param index its number; the first one that runs when left out.
 * @throws UserError as {@link containerOf}; (failed) when it does not run.
 */
export function runningContainer(service: ServiceSnapshot, index?: number): Container {
  const { name, containers } = service;
  const running = containers.filter(({ state }) => state === 'running');
  if (index === undefined && running[0]) return running[0];
  if (index !== undefined && running.length > 0) {
    const meant = containerOf(service, index);
    if (meant.state === 'running') return meant;
    const numbers = running.map(({ number }) => number).join(', ');
    throw new UserError('failed', l10n.t('Container {0} of service "{1}" does not run.', String(index), name), {
      remedy: l10n.t('Those that run: {0}.', numbers),
    });
  }
  if (containers.some(({ state }) => state === 'paused')) {
    throw new UserError('failed', l10n.t('Service "{0}" is paused.', name), { remedy: l10n.t('Unpause it first.') });
  }
  throw new UserError('failed', l10n.t('Service "{0}" does not run.', name), { remedy: l10n.t('Bring it up first.') });
}

/**
 * A container of a service, running or not.
 * @param index its number; when left out, the first one that runs, else the first.
 * @throws UserError as {@link containerOf}.
 */
export function anyContainer(service: ServiceSnapshot, index?: number): Container {
  const running = service.containers.find(({ state }) => state === 'running');
  return index === undefined && running ? running : containerOf(service, index);
}

/** What tells Compose which container of a service is meant; undefined where there is only one. */
export function indexOf({ containers }: ServiceSnapshot, { number }: Container): number | undefined {
  return containers.length > 1 ? number : undefined;
}

/** That something can't be done with a service before it has been brought up. */
export function nothingCreated(service: string): UserError {
  return new UserError('failed', l10n.t('Service "{0}" has no container yet.', service), {
    remedy: l10n.t('Bring it up first: that creates and starts it.'),
  });
}
