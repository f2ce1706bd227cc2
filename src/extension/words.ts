import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { EnvironmentStore } from '../core/environmentStore';
import type { EnvironmentCommand } from '../core/model/command';
import type { EnvironmentDefinition } from '../core/model/environment';
import type { Health } from '../core/model/health';
import type { Port } from '../core/model/project';
import {
  type EnvironmentSnapshot,
  isBeingRead,
  type ServiceSnapshot,
  serviceCounts,
  warningsOf,
} from '../core/model/snapshot';
import type { OperationRequest } from '../core/operations/operation';
import type { RunState } from '../core/runs/runWatch';

/*
 * What things are called wherever the extension shows them, in the user's language. These are plain functions that know
 * nothing of VS Code, which is why they take their translations from the library that VS Code makes for such code:
 * `activate` hands it the bundle that VS Code loaded.
 */

/** Health, as Docker Compose calls it. */
export function healthWord(health: Health): string {
  switch (health) {
    case 'unhealthy':
      return l10n.t('unhealthy');
    case 'exited':
      return l10n.t('exited');
    case 'restarting':
      return l10n.t('restarting');
    case 'starting':
      return l10n.t('starting');
    case 'paused':
      return l10n.t('paused');
    case 'running':
      return l10n.t('running');
    case 'healthy':
      return l10n.t('healthy');
    case 'completed':
      return l10n.t('completed');
    case 'stopped':
      return l10n.t('stopped');
    case 'unknown':
      return l10n.t('unknown');
  }
}

/** The health of an environment; while its files are still read, that. */
export function environmentHealthWord(environment: EnvironmentSnapshot): string {
  return isBeingRead(environment) ? l10n.t('reading its files…') : healthWord(environment.health);
}

/** `context remote`, for an environment that is not on the engine that the docker command line uses by itself. */
export function contextWords({ context }: EnvironmentDefinition): string | undefined {
  return context === undefined ? undefined : l10n.t('context {0}', context);
}

/** `dev`, or `dev/postgres` for a service of it. */
export function targetName(environment: string, services: readonly string[]): string {
  return services.length === 0 ? environment : `${environment}/${services.join(', ')}`;
}

/** An environment's name; with its workspace folder's where another one has the same: `shop: dev`. */
export function nameAmong(
  { definition }: Pick<EnvironmentSnapshot, 'definition'>,
  environments: readonly EnvironmentSnapshot[],
): string {
  const isShared = environments.some(
    (other) => other.definition.id !== definition.id && other.definition.name === definition.name,
  );
  const folder = path.basename(definition.workspaceFolder) || l10n.t('elsewhere');
  return isShared ? `${folder}: ${definition.name}` : definition.name;
}

/** {@link targetName} of what an operation is about. */
export function requestedName(
  { environmentId, services }: OperationRequest,
  store: Pick<EnvironmentStore, 'environments' | 'find'>,
): string {
  const environment = store.find(environmentId);
  return targetName(environment ? nameAmong(environment, store.environments) : l10n.t('environment'), services);
}

/** `healthy · 2/2`; the health alone where counting says nothing: when stopped, and while nothing is known. */
export function healthAndCounts(environment: EnvironmentSnapshot): string {
  const { health } = environment;
  const word = environmentHealthWord(environment);
  return health === 'stopped' || health === 'unknown' ? word : `${word} · ${counts(environment)}`;
}

/**
 * How an environment is: {@link healthAndCounts}, then whether something is wrong with its files: `healthy · 2/2 · error in
 * its files`. That it is stopped goes without saying beside an error.
 */
export function stateWords(environment: EnvironmentSnapshot): string {
  const files = filesWord(environment);
  const isErrorAlone = environment.resolution.kind === 'broken' && environment.health === 'stopped' && files;
  return [isErrorAlone ? undefined : healthAndCounts(environment), files].filter(Boolean).join(' · ');
}

/** What is wrong with an environment's files, in two or three words; undefined when nothing is. */
export function filesWord(environment: EnvironmentSnapshot): string | undefined {
  const { resolution } = environment;
  if (resolution.kind === 'broken') {
    const { kind } = resolution.error;
    // What is wrong with the engine is said once for all.
    if (kind === 'engine-unreachable') return undefined;
    return kind === 'configuration' ? l10n.t('error in its files') : l10n.t('error');
  }
  if (warningsOf(environment).length === 0) return undefined;
  const isInFiles = resolution.kind === 'resolved' && (resolution.project.warnings ?? []).length > 0;
  // What its own commands do wrong, such as to share another one's project, is in none of its files.
  return isInFiles ? l10n.t('warning in its files') : l10n.t('warning');
}

/** `1/2`: services that are ready, of those that `up` starts. */
export function counts(environment: EnvironmentSnapshot): string {
  const { ready, expected } = serviceCounts(environment);
  return `${ready}/${expected}`;
}

/** The published ports, each once: `5432`, or `53/udp`. */
export function portWords(ports: readonly Port[]): readonly string[] {
  return portsAs(ports, ({ published }) => `${published}`);
}

/** The published ports with what they lead to, each once: `5433 → 5432`. */
export function portMappings(ports: readonly Port[]): readonly string[] {
  return portsAs(ports, ({ published, target }) => `${published} → ${target}`);
}

function portsAs(ports: readonly Port[], numbers: (port: Port) => string): readonly string[] {
  const words = ports
    .filter((port) => port.published !== undefined)
    .map((port) => (port.protocol === 'tcp' ? numbers(port) : `${numbers(port)}/${port.protocol}`));
  return [...new Set(words)];
}

/** `profile tools`, or `profiles tools, debug`. */
export function profileWords(service: ServiceSnapshot): string | undefined {
  const { profiles } = service;
  if (profiles.length === 0) return undefined;
  return profiles.length === 1 ? l10n.t('profile {0}', profiles[0] ?? '') : l10n.t('profiles {0}', profiles.join(', '));
}

/** What a test run has to do with an environment. */
export function runWords(run: RunState): string {
  switch (run) {
    case 'under-way':
      return l10n.t('test run under way');
    case 'kept':
      return l10n.t('kept by a test run');
    case 'left':
      return l10n.t('left by a test run');
  }
}

/** A command of an environment beside its name: `tests · in web`. Its words are not shown: secrets may be among them. */
export function commandDetail(command: EnvironmentCommand): string {
  return [commandPurpose(command), commandPlace(command)].filter(Boolean).join(' · ');
}

/** Where a command of an environment runs, in a few words: `in web`. */
function commandPlace({ service, inNewContainer }: EnvironmentCommand): string {
  if (service === undefined) return l10n.t('on this machine');
  return inNewContainer ? l10n.t('in a new container of {0}', service) : l10n.t('in {0}', service);
}

/** What a command of an environment is for; undefined where nothing says so. */
function commandPurpose({ kind }: EnvironmentCommand): string | undefined {
  switch (kind) {
    case 'test':
      return l10n.t('tests');
    case 'setup':
      return l10n.t('sets up');
    case 'task':
      return undefined;
  }
}
