import * as l10n from '@vscode/l10n';
import { UserError } from '../../core/common/errors';
import { OPERATION_NAMES } from '../../core/compose/operationCalls';
import type { CommandKind } from '../../core/model/command';

/** The type of Berth's tasks in tasks.json, and what stands before their names. */
export const TASK_TYPE = 'berth';

/** What a task can do with an environment: operations, and to find out whether it is as it is to be. */
export const TASK_OPERATIONS = [...OPERATION_NAMES, 'accept'] as const;

/** What a task is to do: an operation, or else a command, the main tests where none is named. The schema is in package.json. */
export interface TaskRequest {
  readonly environment: string;
  readonly command?: string;
  readonly operation?: (typeof TASK_OPERATIONS)[number];
  readonly services?: readonly string[];
  readonly args?: readonly string[];
  readonly build?: boolean;
  readonly keep?: boolean;
  readonly useRunning?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: string;
}

/** How a user wants a test command to be run once. */
export type TestChoices = Pick<TaskRequest, 'args' | 'build' | 'keep' | 'useRunning'>;

interface Property {
  readonly fits: (value: unknown) => boolean;
  readonly noun: () => string;
  /** What it means nothing to: operations, or commands that are no tests. */
  readonly notFor?: readonly ('operations' | 'commands')[];
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const TEXT: Property = { fits: isText, noun: () => l10n.t('a text') };
const TEXTS: Property = {
  fits: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  noun: () => l10n.t('a list of texts'),
};
/** For tests alone. */
const OF_TESTS = { notFor: ['operations', 'commands'] } as const;
const SWITCH: Property = { fits: (value) => typeof value === 'boolean', noun: () => l10n.t('true or false') };

const PROPERTIES: Readonly<Record<keyof TaskRequest, Property>> = {
  environment: TEXT,
  command: TEXT,
  operation: {
    fits: (value) => TASK_OPERATIONS.some((name) => name === value),
    noun: () => l10n.t('one of: {0}', TASK_OPERATIONS.join(', ')),
  },
  services: { ...TEXTS, notFor: ['commands'] },
  args: TEXTS,
  build: { ...SWITCH, notFor: ['commands'] },
  keep: { ...SWITCH, ...OF_TESTS },
  useRunning: { ...SWITCH, ...OF_TESTS },
  env: {
    fits: (value) =>
      typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'),
    noun: () => l10n.t('names with texts'),
    notFor: ['operations'],
  },
  timeout: { ...TEXT, noun: () => l10n.t('a length of time, as "90s" or "10m"'), ...OF_TESTS },
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
  for (const [name, { fits, noun, notFor = [] }] of Object.entries(PROPERTIES)) {
    const value = definition[name];
    if (value === undefined) continue;
    if (!fits(value)) throw refused(l10n.t('"{0}" of the task is not {1}.', name, noun()), name);
    if (definition.operation !== undefined && notFor.includes('operations')) {
      const message = notFor.includes('commands')
        ? l10n.t('"{0}" is for tests, and not for an operation.', name)
        : l10n.t('"{0}" is for commands, and not for an operation.', name);
      throw new UserError('usage', message, { remedy: l10n.t('Leave it out.') });
    }
    request[name] = value;
  }
  return request as unknown as TaskRequest;
}

/** What a request has that means nothing to a command which is no test, by its name in tasks.json. */
function testsOnly(request: TaskRequest): readonly string[] {
  return Object.entries(PROPERTIES).flatMap(([name, { notFor }]) => {
    const value = request[name as keyof TaskRequest];
    return value !== undefined && value !== false && notFor?.includes('commands') ? [name] : [];
  });
}

function refused(message: string, name: string): UserError {
  return new UserError('usage', message, { remedy: l10n.t('Correct "{0}" in tasks.json.', name) });
}

/** Whether the command line takes a name for what it is, wherever it stands, and not for an option. */
export function canBeNamed(name: string): boolean {
  return !name.startsWith('-');
}

/** What `args` of an operation can't be, though it begins as an option does: it says what the operation is done with. */
const SAYS_WHERE = /^(?:-|--|--project(?:=.*)?)$/s;
/** The options of operations whose values stand behind them. */
const WITH_VALUES = ['--profile', '--timeout', '--junit'];

/**
 * That the arguments of an operation are options, and so nothing that it would be done with instead.
 * @throws UserError (usage) when another one is among them.
 */
function checkOptions(args: readonly string[]): void {
  const other = args.find((word, index) =>
    word.startsWith('-') ? SAYS_WHERE.test(word) : !WITH_VALUES.includes(args[index - 1] ?? ''),
  );
  if (other === undefined) return;
  throw new UserError('usage', l10n.t('"args" of an operation are options, and "{0}" can\'t be one.', other), {
    remedy: l10n.t('What it is done with stands in "environment" and "services".'),
  });
}

/**
 * What stands after `berth` for a task.
 * @param folder absolute path of the environment's workspace folder.
 * @param kind what its command is for.
 * @throws UserError (usage) when it asks for something that only tests can have, or its words would mean something else.
 */
export function taskWords(request: TaskRequest, folder: string, kind: CommandKind = 'test'): readonly string[] {
  const { environment, command, operation, services = [], args = [] } = request;
  const build = request.build ? ['--build'] : [];
  const where = ['-C', folder];
  if (operation) {
    checkOptions(args);
    return [operation, ...build, ...args, ...where, '--', environment, ...services];
  }
  const dashed = [environment, command].find((name) => name !== undefined && !canBeNamed(name));
  if (dashed !== undefined) {
    throw new UserError('usage', l10n.t('"{0}" would be taken for an option.', dashed), {
      remedy: l10n.t('Give it a name in berth.yaml that does not begin with a dash.'),
    });
  }
  const variables = Object.entries(request.env ?? {}).map(([name, value]) => `--env=${name}=${value}`);
  const added = args.length > 0 ? ['--', ...args] : [];
  if (command !== undefined && kind !== 'test') {
    const [meaningless] = testsOnly(request);
    if (meaningless === undefined) return ['run', ...variables, ...where, environment, command, ...added];
    throw new UserError('usage', l10n.t('"{0}" is for tests, and "{1}" is none.', meaningless, command), {
      remedy: l10n.t('Leave it out, or declare the command in berth.yaml with "kind: test".'),
    });
  }
  return [
    'test',
    ...build,
    ...(request.keep ? ['--keep'] : []),
    ...(request.useRunning ? ['--use-running'] : []),
    ...services.map((service) => `--service=${service}`),
    ...variables,
    ...(request.timeout === undefined ? [] : [`--timeout=${request.timeout}`]),
    ...where,
    environment,
    ...(command === undefined ? [] : [command]),
    ...added,
  ];
}

/** What a task is called: `up dev`, `test test unit`, `run dev migrate`, as it would be typed after `berth`. */
export function taskName(
  { environment, command, operation, services = [] }: TaskRequest,
  kind: CommandKind = 'test',
): string {
  if (operation) return [operation, environment, ...services].join(' ');
  return [kind === 'test' ? 'test' : 'run', environment, ...(command === undefined ? [] : [command])].join(' ');
}
