import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isWithin } from './dataFolder';
import { type EnvironmentDefinition, purposeWord, sameEngine } from './environment';
import type { Credential, DataPlace, EnvironmentFacts, MountedPath, ServiceFacts, ServiceNetwork } from './facts';
import { LIMIT_NAMES, type LimitName, limitText, type ServiceLimits } from './limits';
import type { Port } from './project';

/** What is compared of environments, and of each of their services, in the order in which it is shown. */
export const ENVIRONMENT_FACTS = ['purpose', 'files', 'envFiles', 'project', 'profiles', 'context'] as const;
export const SERVICE_FACTS = [
  'present',
  'image',
  'target',
  'ports',
  'data',
  'sources',
  'mounts',
  'networks',
  'restart',
  'limits',
  'credentials',
  'profiles',
] as const;
export type FactName = (typeof ENVIRONMENT_FACTS)[number] | (typeof SERVICE_FACTS)[number];

/** The lines of a cell, none where there is nothing; or that the environment lacks the service, or that it is not known. */
export type ComparisonCell = readonly string[] | 'absent' | 'unknown';

/** One fact, with a cell for each environment. */
export interface ComparisonRow {
  readonly fact: FactName;
  readonly cells: readonly ComparisonCell[];
  /** Whether environments that have the service, and of which it is known, differ in it. */
  readonly differs: boolean;
}

/** Rows about the environments themselves, or about one of their services. */
export interface ComparisonSection {
  /** Undefined for the environments themselves. */
  readonly service?: string;
  readonly rows: readonly ComparisonRow[];
}

/** Environments beside each other, as a table. What none of them has is left out. */
export interface Comparison {
  /** In the order of the cells. */
  readonly environments: readonly EnvironmentFacts[];
  readonly sections: readonly ComparisonSection[];
}

/** Puts environments beside each other. @param home the user's home folder, for which `~` is shown. */
export function compare(environments: readonly EnvironmentFacts[], home = os.homedir()): Comparison {
  const names = new Set(environments.flatMap(({ services = [] }) => services.map(({ name }) => name)));
  const context: CellContext = { all: environments, home };
  return {
    environments,
    sections: [
      { rows: rowsOf(ENVIRONMENT_FACTS, (fact) => environments.map((one) => environmentCell(fact, one, context))) },
      ...[...names].sort().map((service) => ({
        service,
        rows: rowsOf(SERVICE_FACTS, (fact) => environments.map((one) => serviceCell(fact, service, one, context))),
      })),
    ],
  };
}

/** The same with only the rows that differ. */
export function differences({ environments, sections }: Comparison): Comparison {
  const differing = sections.map((section) => ({ ...section, rows: section.rows.filter(({ differs }) => differs) }));
  return { environments, sections: differing.filter(({ rows }) => rows.length > 0) };
}

/** Whether a network is the environment's own, somebody else's, or also that of another one that it is compared with. */
export function networkKind(
  network: Pick<ServiceNetwork, 'name' | 'external'>,
  { definition }: EnvironmentFacts,
  all: readonly EnvironmentFacts[],
): 'own' | 'shared' | 'external' {
  if (network.external) return 'external';
  const isShared = others(definition, all).some((services) =>
    services.some(({ networks }) => networks.some(({ name }) => name === network.name)),
  );
  return isShared ? 'shared' : 'own';
}

/** Whether a volume is also that of another environment that it is compared with. */
export function isSharedVolume(
  volume: { readonly name: string },
  { definition }: EnvironmentFacts,
  all: readonly EnvironmentFacts[],
): boolean {
  return others(definition, all).some((services) =>
    services.some(({ data }) => data.some((place) => place.kind === 'volume' && place.name === volume.name)),
  );
}

/** The services of the other environments on the same engine. */
function others(one: EnvironmentDefinition, all: readonly EnvironmentFacts[]) {
  return all
    .filter(({ definition }) => definition.id !== one.id && sameEngine(definition, one))
    .map(({ services = [] }) => services);
}

function rowsOf<F extends FactName>(facts: readonly F[], cells: (fact: F) => readonly ComparisonCell[]) {
  return facts
    .map((fact): ComparisonRow => {
      const all = cells(fact);
      const known = all.filter((cell) => typeof cell !== 'string').map((cell) => JSON.stringify(cell));
      return { fact, cells: all, differs: new Set(known).size > 1 };
    })
    .filter(({ cells: all, fact, differs }) =>
      fact === 'present' ? differs : all.some((cell) => cell !== 'absent' && cell !== 'unknown' && cell.length > 0),
    );
}

interface CellContext {
  readonly all: readonly EnvironmentFacts[];
  readonly home: string;
}

function environmentCell(
  fact: (typeof ENVIRONMENT_FACTS)[number],
  { definition, envFiles, project }: EnvironmentFacts,
  { home }: CellContext,
): ComparisonCell {
  const shown = (file: string) => shownPath(file, definition, home);
  switch (fact) {
    case 'purpose':
      return [purposeWord(definition.purpose)];
    case 'files':
      return definition.files.map(shown);
    case 'envFiles':
      return envFiles.map(shown);
    case 'project':
      return project === undefined ? 'unknown' : [project];
    case 'profiles':
      return definition.profiles;
    case 'context':
      return definition.context === undefined ? [] : [definition.context];
  }
}

function serviceCell(
  fact: (typeof SERVICE_FACTS)[number],
  name: string,
  environment: EnvironmentFacts,
  { all, home }: CellContext,
): ComparisonCell {
  const { definition, services } = environment;
  if (!services) return 'unknown';
  const service = services.find((one) => one.name === name);
  if (fact === 'present') return [service ? l10n.t('yes') : l10n.t('no')];
  if (!service) return 'absent';
  const shown = (file: string) => shownPath(file, definition, home);
  switch (fact) {
    case 'image':
      return imageTexts(service, shown);
    case 'target':
      return service.build ? [service.build.target ?? l10n.t('the last stage')] : [];
    case 'ports':
      return service.ports.map(portText);
    case 'data':
      return service.data.map((place) =>
        dataText(place, shown, place.kind === 'volume' && isSharedVolume(place, environment, all)),
      );
    case 'sources':
      return service.sources.map((mount) => mountText(mount, shown));
    case 'mounts':
      return service.mounts.map((mount) => mountText(mount, shown));
    case 'networks':
      return networkTexts(service, environment, all);
    case 'restart':
      return [service.restart];
    case 'limits':
      return LIMIT_NAMES.flatMap((limit) => limitWords(limit, service.limits ?? {}) ?? []);
    case 'credentials':
      return service.credentials?.map(credentialText) ?? 'unknown';
    case 'profiles':
      return service.profiles;
  }
}

function imageTexts({ image, build }: ServiceFacts, shown: (file: string) => string): readonly string[] {
  // What it is built from may also be a repository elsewhere.
  const context = build && (path.isAbsolute(build.context) ? shown(build.context) : build.context);
  const built = context === undefined ? [] : [l10n.t('built from {0}', context)];
  return [...(image === undefined ? [] : [image]), ...built];
}

function portText({ target, published, hostIp, protocol }: Port): string {
  const host = hostIp === undefined ? '' : `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:`;
  const from = published === undefined ? l10n.t('any') : `${published}`;
  return `${host}${from} → ${target}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}

function dataText(place: DataPlace, shown: (file: string) => string, isShared: boolean): string {
  switch (place.kind) {
    case 'volume':
      if (place.external) return l10n.t('external volume {0}', place.name);
      return isShared ? l10n.t('shared volume {0}', place.name) : l10n.t('named volume {0}', place.key);
    case 'unnamed-volume':
      return l10n.t('unnamed volume at {0}', place.target);
    case 'tmpfs':
      return l10n.t('tmpfs at {0}', place.target);
    case 'bind':
      return l10n.t('bind mount {0}', shown(place.source));
    case 'none':
      return l10n.t('nowhere but in the container');
  }
}

function mountText({ kind, source, target, readOnly }: MountedPath, shown: (file: string) => string): string {
  const way = [shown(source), target].filter(Boolean).join(' → ');
  if (kind === 'watch') return l10n.t('{0} (watched)', way);
  return readOnly ? l10n.t('{0} (read-only)', way) : way;
}

function networkTexts(
  { networks, networkMode }: ServiceFacts,
  environment: EnvironmentFacts,
  all: readonly EnvironmentFacts[],
): readonly string[] {
  if (networkMode !== undefined) return [networkMode];
  return networks.map((network) => {
    const kind = networkKind(network, environment, all);
    if (kind === 'external') return l10n.t('{0} (external)', network.name);
    if (kind === 'shared') return l10n.t('{0} (shared)', network.name);
    return network.internal ? l10n.t('{0} (own, internal)', network.key) : l10n.t('{0} (own)', network.key);
  });
}

function limitWords(name: LimitName, limits: ServiceLimits): string | undefined {
  const value = limitText(limits, name);
  if (value === undefined) return undefined;
  switch (name) {
    case 'memory':
      return l10n.t('memory {0}', value);
    case 'cpus':
      return l10n.t('processors {0}', value);
    case 'logSize':
      return l10n.t('log files of {0}', value);
    case 'logFiles':
      return l10n.t('log files: {0}', value);
  }
}

function credentialText({ name, source }: Credential): string {
  switch (source) {
    case 'literal':
      return l10n.t('{0}: literal', name);
    case 'variable':
      return l10n.t('{0}: variable', name);
    case 'file':
      return l10n.t('{0}: file', name);
  }
}

/** A path as seen from the workspace folder, or from the home folder. */
function shownPath(file: string, { workspaceFolder }: EnvironmentDefinition, home: string): string {
  if (isWithin(workspaceFolder, file)) return path.relative(workspaceFolder, file) || '.';
  return isWithin(home, file) ? path.join('~', path.relative(home, file)) : file;
}

/** What a row is called. */
export function factLabel(fact: FactName): string {
  switch (fact) {
    case 'purpose':
      return l10n.t('Purpose');
    case 'files':
      return l10n.t('Compose files');
    case 'envFiles':
      return l10n.t('Env files');
    case 'project':
      return l10n.t('Project');
    case 'profiles':
      return l10n.t('Profiles');
    case 'context':
      return l10n.t('Context');
    case 'present':
      return l10n.t('Is there');
    case 'image':
      return l10n.t('Image');
    case 'target':
      return l10n.t('Build target');
    case 'ports':
      return l10n.t('Ports');
    case 'data':
      return l10n.t('Data');
    case 'sources':
      return l10n.t('Source mounts');
    case 'mounts':
      return l10n.t('Other mounts');
    case 'networks':
      return l10n.t('Networks');
    case 'restart':
      return l10n.t('Restart');
    case 'limits':
      return l10n.t('Limits');
    case 'credentials':
      return l10n.t('Credentials');
  }
}

/** What a cell shows, line by line. */
export function cellLines(cell: ComparisonCell): readonly string[] {
  if (cell === 'absent') return [''];
  if (cell === 'unknown') return ['?'];
  return cell.length > 0 ? cell : ['-'];
}
