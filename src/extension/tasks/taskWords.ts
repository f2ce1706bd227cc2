import * as l10n from '@vscode/l10n';
import { UserError } from '../../core/common/errors';
import { OPERATION_NAMES, type OperationName } from '../../core/compose/operationCalls';

/** The type of Berth's tasks in tasks.json, and what stands before their names. */
export const TASK_TYPE = 'berth';

/** What a task is to do: an operation, or else a test command, the main one where none is named. The schema is in package.json. */
export interface TaskRequest {
  readonly environment: string;
  readonly command?: string;
  readonly operation?: OperationName;
  readonly services?: readonly string[];
  readonly args?: readonly string[];
  readonly build?: boolean;
  readonly keep?: boolean;
  readonly useRunning?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: string;
}

interface Property {
  readonly fits: (value: unknown) => boolean;
  readonly noun: () => string;
  /** Whether it means nothing to an operation. */
  readonly ofTests?: true;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const TEXT: Property = { fits: isText, noun: () => l10n.t('a text') };
const TEXTS: Property = {
  fits: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  noun: () => l10n.t('a list of texts'),
};
const SWITCH: Property = { fits: (value) => typeof value === 'boolean', noun: () => l10n.t('true or false') };

const PROPERTIES: Readonly<Record<keyof TaskRequest, Property>> = {
  environment: TEXT,
  command: TEXT,
  operation: {
    fits: (value) => OPERATION_NAMES.some((name) => name === value),
    noun: () => l10n.t('one of: {0}', OPERATION_NAMES.join(', ')),
  },
  services: TEXTS,
  args: TEXTS,
  build: SWITCH,
  keep: { ...SWITCH, ofTests: true },
  useRunning: { ...SWITCH, ofTests: true },
  env: {
    fits: (value) =>
      typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'),
    noun: () => l10n.t('names with texts'),
    ofTests: true,
  },
  timeout: { ...TEXT, noun: () => l10n.t('a length of time, as "90s" or "10m"'), ofTests: true },
};

/**
 * What tasks.json says of a task, once it is known to make sense.
 * @param definition as VS Code gives it; what it holds besides is left alone.
 * @throws UserError (usage) when it does not.
 */
export function taskRequest(definition: Readonly<Record<string, unknown>>): TaskRequest {
  if (definition.environment === undefined) throw refused(l10n.t('The task names no environment.'), 'environment');
  if (definition.command !== undefined && definition.operation !== undefined) {
    throw new UserError('usage', l10n.t('The task has a command and an operation.'), {
      remedy: l10n.t('Leave out the one or the other.'),
    });
  }
  const request: Record<string, unknown> = {};
  for (const [name, { fits, noun, ofTests }] of Object.entries(PROPERTIES)) {
    const value = definition[name];
    if (value === undefined) continue;
    if (!fits(value)) throw refused(l10n.t('"{0}" of the task is not {1}.', name, noun()), name);
    if (ofTests && definition.operation !== undefined) {
      throw new UserError('usage', l10n.t('"{0}" is for tests, and not for an operation.', name), {
        remedy: l10n.t('Leave it out.'),
      });
    }
    request[name] = value;
  }
  return request as unknown as TaskRequest;
}

function refused(message: string, name: string): UserError {
  return new UserError('usage', message, { remedy: l10n.t('Correct "{0}" in tasks.json.', name) });
}

/**
 * What stands after `berth` for a task.
 * @param folder absolute path of the environment's workspace folder.
 */
export function taskWords(request: TaskRequest, folder: string): readonly string[] {
  const { environment, command, operation, services = [], args = [] } = request;
  const build = request.build ? ['--build'] : [];
  const where = ['-C', folder];
  if (operation) return [operation, ...build, ...args, ...where, '--', environment, ...services];
  return [
    'test',
    ...build,
    ...(request.keep ? ['--keep'] : []),
    ...(request.useRunning ? ['--use-running'] : []),
    ...services.flatMap((service) => ['--service', service]),
    ...Object.entries(request.env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(request.timeout === undefined ? [] : ['--timeout', request.timeout]),
    ...where,
    environment,
    ...(command === undefined ? [] : [command]),
    ...(args.length > 0 ? ['--', ...args] : []),
  ];
}

/** What a task is called: `up dev`, `test test unit`, as it would be typed after `berth`. */
export function taskName({ environment, command, operation, services = [] }: TaskRequest): string {
  if (operation) return [operation, environment, ...services].join(' ');
  return ['test', environment, ...(command === undefined ? [] : [command])].join(' ');
}
