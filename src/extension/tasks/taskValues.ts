import { record } from '../../core/common/json';
import { allCommands } from '../../core/model/command';
import { environmentsNamed } from '../../core/model/environment';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { commandDetail } from '../words';
import { canBeNamed, TASK_TYPE } from './taskWords';

/** A value that can stand at a place in tasks.json. */
export interface TaskValue {
  readonly value: string;
  /** What is said beside it. */
  readonly detail?: string;
}

/** What can stand at a place in tasks.json. */
export interface TaskValues {
  readonly values: readonly TaskValue[];
  /** Where the text that stands there begins and ends, quotes included; both are the place itself where nothing does. */
  readonly start: number;
  readonly end: number;
}

/**
 * The environments, commands and services that can stand at a place in the text of a tasks.json, or a workspace's file: those of the
 * environment that the same task names.
 * @returns undefined where none can.
 */
export async function taskValues(
  text: string,
  offset: number,
  environments: readonly EnvironmentSnapshot[],
): Promise<TaskValues | undefined> {
  const { findNodeAtLocation, getLocation, getNodeValue, parseTree } = await import('jsonc-parser');
  const { path, previousNode, isAtPropertyKey } = getLocation(text, offset);
  const at = path.lastIndexOf('tasks') + 2;
  const [property, element, ...deeper] = path.slice(at);
  const isElement = typeof element === 'number' && deeper.length === 0;
  if (isAtPropertyKey || at < 2 || isElement !== (property === 'services')) return undefined;
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, path.slice(0, at));
  const task = record(node && getNodeValue(node));
  if (task.type !== TASK_TYPE) return undefined;
  const isInNode = previousNode && previousNode.offset <= offset && offset <= previousNode.offset + previousNode.length;
  const { offset: start, length } = isInNode ? previousNode : { offset, length: 0 };
  return { values: valuesOf(property, task, environments), start, end: start + length };
}

function valuesOf(
  property: unknown,
  task: Readonly<Record<string, unknown>>,
  environments: readonly EnvironmentSnapshot[],
): readonly TaskValue[] {
  if (property === 'environment') return environments.map(({ definition }) => ({ value: definition.name }));
  const named = environmentsNamed(
    environments.map(({ definition }) => definition),
    String(task.environment),
  );
  const [environment, another] = environments.filter(({ definition }) => named.includes(definition));
  if (!environment || another) return [];
  if (property === 'services') return environment.services.map(({ name }) => ({ value: name }));
  if (property !== 'command') return [];
  const commands = allCommands(environment.definition).filter(({ name }) => canBeNamed(name));
  return commands.map((command) => ({ value: command.name, detail: commandDetail(command) }));
}
