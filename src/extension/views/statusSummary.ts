import * as l10n from '@vscode/l10n';
import { isActive, isFailing, SERVICE_HEALTHS } from '../../core/model/health';
import { type EnvironmentSnapshot, isBeingRead, serviceCounts } from '../../core/model/snapshot';
import { startsServices } from '../../core/operations/operation';
import type { RunningOperation } from '../../core/operations/operationRunner';
import { underWay } from '../operationWords';
import { counts, environmentHealthWord, filesWord, nameAmong } from '../words';
import { HEALTH_ICONS } from './icons';

/** How many failing services are named. */
const MOST_NAMES = 2;

/** What the status bar says of all environments together. */
export interface StatusSummary {
  /** With the icon in front, as the status bar writes it: `$(pass-filled) dev healthy`. */
  readonly text: string;
  /** The same for a screen reader. */
  readonly spoken: string;
  /** How much it wants to be seen. */
  readonly severity: 'normal' | 'warning' | 'error';
  /** The environment it is about, out of several. */
  readonly environment: EnvironmentSnapshot;
}

/**
 * Says how the environment is that matters most: one that an operation runs on, else the worst of those that run, else the
 * one for development. Undefined when there are no environments.
 */
export function statusSummary(
  environments: readonly EnvironmentSnapshot[],
  running: readonly RunningOperation[],
): StatusSummary | undefined {
  const [environment, ...others] = byImportance(environments, running);
  if (!environment) return undefined;
  const { definition, health } = environment;
  const operation = running.find(({ request }) => request.environmentId === definition.id)?.request.operation;
  const words = operation ? underWay(operation) : summaryWords(environment);
  const name = nameAmong(environment, environments);
  const { ready, expected } = serviceCounts(environment);
  // "healthy" alone would be a lie while a part of it is stopped; what fails is named, which says more than a count.
  const isPartial = isRunning(environment) && !isFailing(health) && ready < expected;
  const showsCounts = operation ? startsServices(operation) : isPartial;
  const icon = operation || health === 'starting' || isBeingRead(environment) ? 'sync~spin' : HEALTH_ICONS[health].id;
  const more = others.filter((other) => isRunning(other)).length;
  return {
    text: [
      `$(${icon})`,
      name,
      words,
      ...(showsCounts ? [counts(environment)] : []),
      ...(more > 0 ? [`+${more}`] : []),
    ].join(' '),
    spoken: [
      l10n.t('Berth: environment {0} {1}', name, words),
      ...(showsCounts ? [l10n.t('{0} of {1} services ready', ready, expected)] : []),
      ...(more > 0 ? [l10n.t('{0} more running', more)] : []),
    ].join(', '),
    severity: operation ? 'normal' : severityOf(environment),
    environment,
  };
}

/** The environments, the one that matters most first. */
export function byImportance(
  environments: readonly EnvironmentSnapshot[],
  running: readonly RunningOperation[],
): readonly EnvironmentSnapshot[] {
  const rank = (environment: EnvironmentSnapshot): number => {
    const { definition, health } = environment;
    if (running.some(({ request }) => request.environmentId === definition.id)) return 0;
    if (isRunning(environment) && health !== 'unknown') return 1 + SERVICE_HEALTHS.indexOf(health);
    return definition.purpose === 'development' ? 100 : 101;
  };
  return [...environments].sort((a, b) => rank(a) - rank(b));
}

/** Whether anything of an environment runs. */
export function isRunning(environment: EnvironmentSnapshot): boolean {
  return environment.services.some((service) => isActive(service.health));
}

/** `healthy`, `unhealthy: web`, `running · error in its files`. Warnings are no matter for here. */
function summaryWords(environment: EnvironmentSnapshot): string {
  const { resolution, services } = environment;
  const failing = services.filter((service) => isFailing(service.health)).map((service) => service.name);
  const names = failing.length > MOST_NAMES ? [...failing.slice(0, MOST_NAMES), '…'] : failing;
  const word = environmentHealthWord(environment);
  const words = names.length > 0 ? `${word}: ${names.join(', ')}` : word;
  const files = resolution.kind === 'broken' ? filesWord(environment) : undefined;
  return files ? `${words} · ${files}` : words;
}

function severityOf(environment: EnvironmentSnapshot): StatusSummary['severity'] {
  const { health, resolution } = environment;
  if (health === 'unhealthy' || (health === 'exited' && isRunning(environment))) return 'error';
  const warns = isFailing(health) || resolution.kind === 'broken';
  return warns ? 'warning' : 'normal';
}
