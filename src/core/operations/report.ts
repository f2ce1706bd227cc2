import os from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import type { UserError } from '../common/errors';
import { escapeRegExp } from '../common/text';
import { Secrets } from '../compose/secrets';
import type { EnvironmentSnapshot } from '../model/snapshot';
import type { OperationRequest } from './operation';

/** What a report of a failure is made of. */
export interface FailureFacts {
  readonly request: OperationRequest;
  /** As it is now; undefined when it is gone. */
  readonly environment: EnvironmentSnapshot | undefined;
  /** As the operation gave it: without the secrets of the environment. */
  readonly error: UserError;
  /** What to type for the operation, see `commandText`. */
  readonly command: string;
  /** By the names that people know: `{ Berth: '1.2.0', 'Docker Engine': '28.1.1' }`. What is not known is left out. */
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/**
 * A failure for whoever is to look into it, as Markdown: what was to be done and how, what happened, and how everything
 * is. Without secrets, also those in addresses, and without the user's home folder. In English, since it is for others.
 */
export function failureReport(facts: FailureFacts, homeFolder: string = os.homedir()): string {
  const { request, environment, error, command, versions } = facts;
  const { place, remedy, output } = error.details;
  const { operation, services, options = {} } = request;
  const chosen = Object.entries(options).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`,
  );
  const lines = [
    `### ${operation} ${[environment?.definition.name ?? request.environmentId, ...services].join(' ')} failed`,
    '',
    error.message,
    ...(place ? [`at ${[place.file, place.line, place.column].filter((part) => part !== undefined).join(':')}`] : []),
    ...(remedy ? ['', remedy] : []),
    ...(output ? ['', block(output)] : []),
    '',
    '**Command**',
    '',
    block(command),
    ...(chosen.length > 0 ? ['', `Options: ${chosen.join('; ')}`] : []),
    ...(environment ? ['', '**Services**', '', ...servicesOf(environment)] : []),
    '',
    '**Versions**',
    '',
    ...Object.entries({ ...versions, Platform: `${process.platform} ${process.arch}` }).flatMap(([name, version]) =>
      version ? [`- ${name}: ${version}`] : [],
    ),
    '',
  ];
  return withoutHome(new Secrets().mask(stripVTControlCharacters(lines.join('\n'))), homeFolder);
}

function servicesOf({ services, health }: EnvironmentSnapshot): readonly string[] {
  const rows = services.map(({ name, health, image, containers }) => {
    const exitCode = containers.find((container) => container.exitCode !== undefined)?.exitCode;
    const ended = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
    return `- ${name}: ${health}${ended}${image ? `, ${image}` : ''}`;
  });
  return rows.length > 0 ? rows : [`None; the environment is ${health}.`];
}

/** A fenced block; the fence is longer than any in the text. */
function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}

function withoutHome(text: string, homeFolder: string): string {
  // A root's or a missing home says nothing, and `/` would be found everywhere.
  if (homeFolder.length < 2) return text;
  const written = [homeFolder, homeFolder.replaceAll('\\', '/')].map(escapeRegExp).join('|');
  // Not what only begins alike: `/home/al` is no part of `/home/alice`. Windows tells no cases apart.
  const flags = /^[a-z]:/i.test(homeFolder) ? 'gi' : 'g';
  return text.replace(new RegExp(`(?:${written})(?![\\w.-])`, flags), '~');
}
