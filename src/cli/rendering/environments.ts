import { provenanceText } from '../../core/model/provenance';
import { type EnvironmentSnapshot, type ServiceSnapshot, serviceCounts, warningsOf } from '../../core/model/snapshot';
import { placeText } from './errors';
import { healthFormat, healthText, styledHealth } from './health';
import { portsText } from './ports';
import type { Style } from './style';
import { type Cell, renderTable } from './table';

/** Environments as the lines of a table, with what is wrong with its files below each. */
export function renderEnvironments(
  environments: readonly EnvironmentSnapshot[],
  { from, style }: { from: string; style: Style },
): readonly string[] {
  const head = ['ENVIRONMENT', 'PURPOSE', 'ORIGIN', 'PROJECT', 'HEALTH', 'SERVICES', 'FILES'];
  const [headLine = '', ...lines] = renderTable(
    [
      head,
      ...environments.map((environment): Cell[] => [
        { text: environment.definition.name, format: 'bold' },
        environment.definition.purpose,
        environment.definition.origin,
        environment.projectName ?? '-',
        { text: healthText(environment.health), format: healthFormat(environment.health) },
        countsText(environment),
        environment.definition.files.map((file) => placeText({ file }, from)).join(', ') || '-',
      ]),
    ],
    style,
  );
  return [headLine, ...lines.flatMap((line, index) => [line, ...problemLines(environments[index], from, style)])];
}

/** `2/3`: ready and expected services; what is not known is a question mark. */
export function countsText(environment: EnvironmentSnapshot): string {
  if (environment.resolution.kind !== 'resolved' && environment.services.length === 0) return '-';
  const { ready, expected } = serviceCounts(environment);
  return `${environment.health === 'unknown' ? '?' : ready}/${expected}`;
}

/** One environment with its services, as lines: a heading and a table. */
function renderStatus(
  environment: EnvironmentSnapshot,
  { from, style }: { from: string; style: Style },
): readonly string[] {
  const { definition, health, projectName, services } = environment;
  const heading = [
    style('bold', definition.name),
    styledHealth(health, style),
    `${countsText(environment)} ready`,
    style('dim', projectName === undefined ? '' : `project ${projectName}`),
  ];
  const rows = services.map((service): Cell[] => [
    service.name,
    { text: healthText(service.health), format: healthFormat(service.health) },
    portsText(service.ports) || '-',
    service.containers.map((container) => container.name).join(', ') || noteOn(service),
  ]);
  const table = rows.length > 0 ? renderTable([['SERVICE', 'HEALTH', 'PORTS', 'CONTAINER'], ...rows], style) : [];
  return [
    heading.filter(Boolean).join('  '),
    `  ${style('dim', provenanceText(definition, from))}`,
    ...problemLines(environment, from, style),
    ...table.map((line) => `  ${line}`),
  ];
}

/** Environments with their services one below the other, an empty line between them. */
export function renderStatuses(
  environments: readonly EnvironmentSnapshot[],
  look: { from: string; style: Style },
): readonly string[] {
  return environments.flatMap((environment, index) => [...(index > 0 ? [''] : []), ...renderStatus(environment, look)]);
}

/** Why a service has no container. */
function noteOn({ profiles }: ServiceSnapshot): string {
  return profiles.length > 0 ? `- (profile ${profiles.join(', ')})` : '-';
}

/** What is wrong with an environment's files: the error, else the warnings. */
function problemLines(environment: EnvironmentSnapshot | undefined, from: string, style: Style): string[] {
  if (!environment) return [];
  if (environment.resolution.kind !== 'broken') {
    return warningsOf(environment).flatMap(({ message, remedy, place }) => [
      `  ${style('yellow', '▲')} ${place ? `${placeText(place, from)}: ` : ''}${message}`,
      `    ${remedy}`,
    ]);
  }
  const { message, kind, details } = environment.resolution.error;
  // That Docker is missing, or its engine, is no fault of this environment: it is said once for all.
  if (kind === 'docker-missing' || kind === 'engine-unreachable') return [];
  const place = details.place ? `${placeText(details.place, from)}: ` : '';
  return [`  ${style('red', '✖')} ${place}${message}`, ...(details.remedy ? [`    ${details.remedy}`] : [])];
}
