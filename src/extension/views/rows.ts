import * as l10n from '@vscode/l10n';
import { relativePath } from '../../core/common/paths';
import type { EngineState } from '../../core/engine/engineFeed';
import { purposeWord } from '../../core/model/environment';
import { isActive } from '../../core/model/health';
import type { ConfigurationWarning } from '../../core/model/project';
import { placeWords, provenance, provenanceText } from '../../core/model/provenance';
import { type EnvironmentSnapshot, type ServiceSnapshot, serviceCounts, warningsOf } from '../../core/model/snapshot';
import { type OperationRequest, startsServices } from '../../core/operations/operation';
import type { RunState } from '../../core/runs/runWatch';
import { underWay } from '../operationWords';
import {
  contextWords,
  counts,
  environmentHealthWord,
  filesWord,
  healthWord,
  portMappings,
  portWords,
  profileWords,
  runWords,
  stateWords,
} from '../words';
import { type Action, environmentActions, inlineActions, serviceActions } from './actions';
import { BUSY_ICON, ERROR_ICON, HEALTH_ICONS, PURPOSE_ICONS, RUN_ICONS, WARNING_ICON } from './icons';
import type { Row, Tooltip } from './row';

/** What is known of a problem besides what it is. */
type ProblemDetails = Partial<Pick<ConfigurationWarning, 'place' | 'remedy' | 'missing'>>;
type ProblemSeverity = 'error' | 'warning';

/** A workspace folder, when there are several with environments. */
export function folderRow(name: string, folder: string): Row {
  return {
    label: name,
    icon: { id: 'root-folder' },
    tooltip: { title: name, text: folder, facts: [] },
    contextValue: 'folder',
    accessibleLabel: l10n.t('{0}, workspace folder', name),
    expanded: true,
  };
}

/**
 * An environment.
 * @param operation the one that runs on it, if any.
 * @param run what a test run has to do with it, if any has.
 */
export function environmentRow(
  environment: EnvironmentSnapshot,
  operation: OperationRequest | undefined,
  run?: RunState,
): Row {
  const { definition, resolution, services } = environment;
  const broken = resolution.kind === 'broken' ? resolution.error : undefined;
  const activeServices = services.filter((service) => isActive(service.health)).length;
  const actions = environmentActions(environment, operation, run);
  const inline = inlineActions(actions, { active: activeServices, expected: serviceCounts(environment).expected });
  const state = environmentState(environment, operation);
  const runWord = run && runWords(run);
  const icon = broken
    ? ERROR_ICON
    : { id: run ? RUN_ICONS[run] : PURPOSE_ICONS[definition.purpose], colour: HEALTH_ICONS[environment.health].colour };
  return {
    label: definition.name,
    description: [state, runWord, contextWords(definition)].filter(Boolean).join(' · '),
    icon: operation ? BUSY_ICON : icon,
    tooltip: environmentTooltip(environment, [state, runWord].filter(Boolean).join(' · ')),
    contextValue: contextValue('environment', actions, inline),
    accessibleLabel: [
      definition.name,
      definition.origin === 'running'
        ? l10n.t('project known from its containers only')
        : l10n.t('environment for {0}', purposeWord(definition.purpose)),
      ...spokenState(environment, operation),
      ...(runWord ? [runWord] : []),
    ].join(', '),
    // The same for ever: an item whose state changed on its own would fold and unfold under the user's eyes.
    expanded: definition.purpose === 'development',
  };
}

/** What an environment's row says after its name. */
export function environmentState(environment: EnvironmentSnapshot, operation: OperationRequest | undefined): string {
  if (operation) {
    const starts = startsServices(operation.operation);
    return starts ? `${underWay(operation.operation)} · ${counts(environment)}` : underWay(operation.operation);
  }
  return stateWords(environment);
}

/** {@link environmentState} as it is said: `1/2` would be read as a fraction. */
function spokenState(environment: EnvironmentSnapshot, operation: OperationRequest | undefined): readonly string[] {
  const { health } = environment;
  const word = operation ? underWay(operation.operation) : environmentHealthWord(environment);
  const { ready, expected } = serviceCounts(environment);
  const isCounted = health !== 'stopped' && health !== 'unknown';
  const files = filesWord(environment);
  const context = contextWords(environment.definition);
  return [
    word,
    ...(isCounted ? [l10n.t('{0} of {1} services ready', ready, expected)] : []),
    ...(files ? [files] : []),
    ...(context ? [context] : []),
  ];
}

function environmentTooltip(environment: EnvironmentSnapshot, state: string): Tooltip {
  const { definition, projectName, services, resolution } = environment;
  const relative = (file: string) => relativePath(definition.workspaceFolder, file);
  return {
    title: definition.name,
    text: state,
    facts: [
      ...facts({
        [l10n.t('Error')]: resolution.kind === 'broken' ? resolution.error.message : undefined,
        [l10n.t('Warning')]: warningsOf(environment)
          .map((warning) => warning.message)
          .join(' '),
        [l10n.t('Purpose')]: definition.origin === 'running' ? undefined : purposeWord(definition.purpose),
        [l10n.t('Project')]: projectName,
        [l10n.t('Compose files')]: definition.files.map(relative).join(', '),
        [l10n.t('Env files')]: definition.envFiles.map(relative).join(', '),
        [l10n.t('Profiles')]: definition.profiles.join(', '),
        [l10n.t('Context')]: definition.context,
        [l10n.t('Services')]: services.map((service) => service.name).join(', '),
      }),
      { name: l10n.t('Origin'), value: provenanceText(definition), parts: provenance(definition) },
    ],
  };
}

/** A service of an environment. @param operation the one that runs on it or on all of its environment, if any. */
export function serviceRow(
  service: ServiceSnapshot,
  environment: EnvironmentSnapshot,
  operation: OperationRequest | undefined,
): Row {
  const { name, health, containers } = service;
  const actions = serviceActions(service, environment);
  // What takes away a single container is not to be had by a slip of the mouse.
  const fitting = inlineActions(new Set([...actions].filter((action) => action !== 'down')), {
    active: isActive(health) ? 1 : 0,
    expected: 1,
  });
  const inline: ReadonlySet<Action> = operation ? new Set() : fitting;
  // An operation on the whole environment leaves the services' own way to be seen; one on this service is about it.
  const own = operation?.services.includes(name) ? operation.operation : undefined;
  const word = own ? underWay(own) : healthWord(health);
  const ports = portWords(service.ports);
  const profiles = profileWords(service);
  const isOrphan = !service.declared && environment.resolution.kind !== 'containers-only';
  const details = [
    containers.length > 1 ? l10n.t('{0} containers', containers.length) : undefined,
    ports.join(', '),
    isOrphan ? l10n.t('not in the compose files') : undefined,
  ].filter(Boolean);
  const shown = [word, ...details].join(' · ');
  return {
    label: name,
    description: profiles ? `${shown} (${profiles})` : shown,
    icon: own ? BUSY_ICON : HEALTH_ICONS[health],
    tooltip: serviceTooltip(service, word),
    contextValue: contextValue(
      'service',
      actions,
      new Set([...inline, ...(actions.has('logs') ? (['logs'] as const) : [])]),
    ),
    accessibleLabel: [
      name,
      l10n.t('service'),
      word,
      ...(ports.length > 0 ? [l10n.t('published ports: {0}', ports.join(', '))] : []),
      ...(profiles ? [profiles] : []),
      ...(isOrphan ? [l10n.t('not in the compose files')] : []),
    ].join(', '),
  };
}

function serviceTooltip(service: ServiceSnapshot, word: string): Tooltip {
  const notStarted = service.containers.length === 0 && service.health !== 'unknown';
  return {
    title: service.name,
    text: notStarted ? l10n.t('{0}: no container yet', word) : word,
    facts: facts({
      [l10n.t('Image')]: service.image,
      [l10n.t('Ports')]: portMappings(service.ports).join(', '),
      [l10n.t('Containers')]: service.containers.map(({ name, state }) => `${name} (${state})`).join(', '),
      [l10n.t('Profiles')]: service.profiles.join(', '),
    }),
  };
}

/** The rows above an environment's services that say what is wrong with its compose files. */
export function problemRows(environment: EnvironmentSnapshot): readonly Row[] {
  const { definition, resolution } = environment;
  const row = (severity: ProblemSeverity, message: string, problem: ProblemDetails) =>
    problemRow(severity, message, problem, definition.workspaceFolder);
  // The engine has a row of its own.
  if (resolution.kind === 'broken' && resolution.error.kind === 'engine-unreachable') return [];
  return resolution.kind === 'broken'
    ? [row('error', resolution.error.message, resolution.error.details)]
    : warningsOf(environment).map((warning) => row('warning', warning.message, warning));
}

/** The row that says what is wrong with a file that declares environments. */
export function declarationRow(problem: ConfigurationWarning, workspaceFolder: string): Row {
  return problemRow('error', problem.message, problem, workspaceFolder);
}

/** The row that holds the projects on the engine that are of no workspace folder. */
export function elsewhereRow(count: number): Row {
  const label = l10n.t('Elsewhere on this engine');
  const projects = count === 1 ? l10n.t('1 project') : l10n.t('{0} projects', count);
  const text = l10n.t(
    'Docker Compose projects that are of no folder in this workspace: only their containers are known.',
  );
  return {
    label,
    description: projects,
    icon: { id: 'server' },
    tooltip: { title: label, text, facts: [] },
    contextValue: 'elsewhere',
    accessibleLabel: [label, projects].join(', '),
    expanded: false,
  };
}

function problemRow(
  severity: ProblemSeverity,
  message: string,
  { place, remedy, missing }: ProblemDetails,
  workspaceFolder: string,
): Row {
  const where = place && placeWords(place, workspaceFolder);
  const word = severity === 'error' ? l10n.t('Error') : l10n.t('Warning');
  return {
    // The place first: it is short, and of a long message the beginning tells.
    label: where ?? message,
    description: where && message,
    icon: severity === 'error' ? ERROR_ICON : WARNING_ICON,
    tooltip: { title: message, text: remedy, facts: facts({ [l10n.t('Place')]: where }) },
    contextValue: missing ? 'problem inline-copyExample' : 'problem',
    accessibleLabel: [word, message, ...(where ? [where] : [])].join(', '),
    ...(missing ? { missing } : {}),
    click: place && { kind: 'open', place },
  };
}

/** The row that says that an engine was lost; undefined when it was not. @param context undefined for the current one. */
export function engineRow(engine: EngineState, context: string | undefined): Row | undefined {
  if (engine.kind !== 'lost') return undefined;
  const { message, details } = engine.error;
  const nextTry = l10n.t('next try at {0}', new Date(engine.retryAt).toLocaleTimeString());
  const label =
    context === undefined
      ? l10n.t('Docker engine not reachable')
      : l10n.t('Docker engine of context {0} not reachable', context);
  return {
    label,
    description: `${nextTry} · ${message}`,
    icon: WARNING_ICON,
    tooltip: { title: label, text: [message, details.remedy].filter(Boolean).join(' '), facts: [] },
    contextValue: 'engine inline-retry',
    accessibleLabel: [label, message, nextTry].join(', '),
  };
}

/** The row above environments that are only read, not run. */
export function restrictedRow(): Row {
  const label = l10n.t('Restricted mode');
  const text = l10n.t('Environments are read from their files only. Trust the workspace to see and change what runs.');
  return {
    label,
    description: l10n.t('click to trust…'),
    icon: { id: 'shield' },
    tooltip: { title: label, text, facts: [] },
    contextValue: 'restricted',
    accessibleLabel: [label, text].join(', '),
    click: { kind: 'manageTrust' },
  };
}

function contextValue(kind: string, actions: ReadonlySet<Action>, inline: ReadonlySet<Action>): string {
  return [kind, ...actions, ...[...inline].map((action) => `inline-${action}`)].join(' ');
}

/** Those that have something to say. */
function facts(values: Readonly<Record<string, string | undefined>>): Tooltip['facts'] {
  return Object.entries(values).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}
