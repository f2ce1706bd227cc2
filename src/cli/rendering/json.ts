import type { UserError } from '../../core/common/errors';
import type { EngineState } from '../../core/engine/engineFeed';
import { commandsOf, type EnvironmentCommand } from '../../core/model/command';
import { type EnvironmentSnapshot, type ServiceSnapshot, serviceCounts, warningsOf } from '../../core/model/snapshot';

/** The version of the form of all JSON that the command line prints; grows when something in it changes its meaning. */
const VERSION = 1;

/** A JSON document, in the form that `docs/command-line.md` describes. */
export function jsonDocument(content: Record<string, unknown>, { oneLine = false } = {}): string {
  return `${JSON.stringify({ version: VERSION, ...content }, null, oneLine ? undefined : 2)}\n`;
}

/** A time that something took, in seconds. */
export function secondsJson(ms: number): number {
  return Number((ms / 1000).toFixed(3));
}

export function errorJson({ kind, message, details: { remedy, place, output } }: UserError): Record<string, unknown> {
  return { kind, message, remedy, place, output };
}

export function engineJson(state: EngineState): Record<string, unknown> {
  switch (state.kind) {
    case 'connected':
      return { state: 'connected', address: state.address };
    case 'lost':
      return { state: 'lost', error: errorJson(state.error) };
    case 'connecting':
      return { state: 'connecting' };
  }
}

export function environmentJson(environment: EnvironmentSnapshot): Record<string, unknown> {
  const { definition, resolution, projectName, health, services } = environment;
  const { commands = [] } = definition.knowledge ?? {};
  return {
    name: definition.name,
    purpose: definition.purpose,
    origin: definition.origin,
    project: projectName,
    context: definition.context,
    directory: definition.projectDirectory,
    files: definition.files,
    envFiles: definition.envFiles,
    profiles: definition.profiles,
    health,
    ...serviceCounts(environment),
    error: resolution.kind === 'broken' ? errorJson(resolution.error) : undefined,
    services: services.map(serviceJson),
    testCommands: commandsOf(commands, 'test').map(commandJson),
    commands: commands.map(commandJson),
    evidence: definition.knowledge?.evidence ?? [],
    problems: warningsOf(environment).map(({ variable: _, parts: __, ...problem }) => problem),
  };
}

/** @see docs/command-line.md: of a variable for a command, its name alone. */
function commandJson({ env, inNewContainer = false, ...command }: EnvironmentCommand): Record<string, unknown> {
  return { ...command, inNewContainer, ...(env ? { env: Object.keys(env) } : {}) };
}

function serviceJson({ name, health, image, profiles, ports, containers }: ServiceSnapshot): Record<string, unknown> {
  return {
    name,
    health,
    image,
    profiles,
    ports,
    containers: containers.map(({ id, name, state }) => ({ id, name, state })),
  };
}
