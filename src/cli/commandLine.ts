import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../core/common/errors';
import { closeTo } from './closeNames';

/** What an option looks like, for the parser and for `--help`. */
export interface OptionDescription {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** How its value is called, for those that take one. */
  readonly value?: string;
  readonly help: string;
}

/** All options that there are; which of them a command takes stands with the command. */
export const OPTIONS = {
  directory: {
    type: 'string',
    short: 'C',
    value: 'DIR',
    help: 'look for environments in DIR instead of the current folder and the folders above it',
  },
  json: { type: 'boolean', help: 'print JSON for machines on standard output, everything else on standard error' },
  watch: { type: 'boolean', help: 'go on showing every change, until Ctrl-C' },
  verbose: { type: 'boolean', help: "show Docker Compose's own output, too" },
  'no-follow': { type: 'boolean', help: 'print what there is and end, instead of waiting for more' },
  tail: { type: 'string', value: 'N', help: 'begin with the last N lines of each service, or "all" (default: 100)' },
  template: { type: 'string', value: 'NAME', help: 'which template to use (default: the first)' },
  'no-color': { type: 'boolean', help: 'no colours; the variable NO_COLOR does the same' },
  help: { type: 'boolean', short: 'h', help: 'show how the command is used' },
  version: { type: 'boolean', help: "show Berth's version" },
} as const satisfies Record<string, OptionDescription>;
export type OptionName = keyof typeof OPTIONS;

/** What a command looks like, for the parser and for `--help`. */
export interface CommandDescription {
  /** What it does, in half a sentence. */
  readonly summary: string;
  /** Its operands as `--help` writes them. */
  readonly operands: string;
  /** How many operands it takes at most. */
  readonly mostOperands: number;
  /** Those it takes besides the ones that every command takes. */
  readonly options: readonly OptionName[];
  /** What else there is to know, a few sentences. */
  readonly details: string;
  /** Commands with what they do. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
}

const ANY_NUMBER = Number.POSITIVE_INFINITY;
const LEFT_OUT = 'The environment can be left out where there is only one.';

/** All commands, in the order in which `--help` lists them. */
export const COMMANDS = {
  envs: {
    summary: 'list the environments',
    operands: '',
    mostOperands: 0,
    options: ['json'],
    details:
      'Shows purpose, project, health, how many services are ready, and the compose files; for an environment whose ' +
      'files Compose does not accept, the error with file and line. Works without a running Docker engine, too: the ' +
      'health is then unknown.',
    examples: [
      ['berth envs', 'the environments of this project'],
      ['berth envs --json', 'the same for a script'],
    ],
  },
  status: {
    summary: 'show the services with health, ports and containers',
    operands: '[ENV]',
    mostOperands: 1,
    options: ['watch', 'json'],
    details:
      'Of all environments, or of one. With --watch it goes on showing changes as they happen, whoever makes them, until ' +
      'Ctrl-C (exit code 0); with --watch --json each change is one JSON object in a line.',
    examples: [
      ['berth status', 'all environments'],
      ['berth status dev --watch', 'one environment, live'],
    ],
  },
  up: {
    summary: 'create and start an environment, and wait until it is ready',
    operands: '[ENV] [SERVICE…]',
    mostOperands: ANY_NUMBER,
    options: ['verbose', 'json'],
    details:
      'Ready means: healthy where there is a health check, running where there is none, completed where a service runs ' +
      `once. When a service fails, shows why. Ctrl-C cancels; what runs by then goes on running. ${LEFT_OUT}`,
    examples: [
      ['berth up dev', 'everything of the environment "dev"'],
      ['berth up dev web', 'the service "web", with what it depends on'],
      ['berth up test && npm test', 'tests once everything is ready'],
    ],
  },
  down: {
    summary: 'stop an environment and remove its containers and networks; volumes stay',
    operands: '[ENV]',
    mostOperands: 1,
    options: ['verbose', 'json'],
    details: `Data in volumes is kept. ${LEFT_OUT}`,
    examples: [['berth down dev', 'the environment "dev"']],
  },
  stop: {
    summary: 'stop an environment or some of its services; containers stay',
    operands: '[ENV] [SERVICE…]',
    mostOperands: ANY_NUMBER,
    options: ['verbose', 'json'],
    details: LEFT_OUT,
    examples: [
      ['berth stop dev', 'the whole environment'],
      ['berth stop dev web worker', 'two services'],
    ],
  },
  start: {
    summary: 'start what was stopped, and wait until it is ready',
    operands: '[ENV] [SERVICE…]',
    mostOperands: ANY_NUMBER,
    options: ['verbose', 'json'],
    details: `For containers that exist already; "berth up" also creates them. ${LEFT_OUT}`,
    examples: [['berth start dev web', 'the service "web"']],
  },
  restart: {
    summary: 'restart an environment or some of its services, and wait until they are ready',
    operands: '[ENV] [SERVICE…]',
    mostOperands: ANY_NUMBER,
    options: ['verbose', 'json'],
    details: `Changes to compose files take effect with "berth up", not with a restart. ${LEFT_OUT}`,
    examples: [['berth restart dev web', 'the service "web"']],
  },
  logs: {
    summary: 'follow the logs',
    operands: '[ENV] [SERVICE…]',
    mostOperands: ANY_NUMBER,
    options: ['no-follow', 'tail'],
    details: `Until Ctrl-C (exit code 0), or until nothing runs any more. ${LEFT_OUT}`,
    examples: [
      ['berth logs dev', 'all services'],
      ['berth logs dev web --tail 20', 'the last 20 lines of "web", and what comes'],
      ['berth logs dev web --no-follow --tail all > web.log', 'all there is, into a file'],
    ],
  },
  shell: {
    summary: "open a shell in a service's container",
    operands: '[ENV] [SERVICE]',
    mostOperands: 2,
    options: [],
    details:
      'bash where the image has it, else sh. Without a terminal it runs the commands from standard input. Ends with the ' +
      `shell's own exit code. The service can be left out where only one runs. ${LEFT_OUT}`,
    examples: [
      ['berth shell dev web', 'a shell in "web"'],
      ["echo 'ls /data' | berth shell dev web", 'a command in it'],
    ],
  },
  open: {
    summary: 'print the addresses of the published ports, and open the only one',
    operands: '[ENV] [SERVICE]',
    mostOperands: 2,
    options: ['json'],
    details:
      'Of the services that run. On a terminal, when there is just one web address, it is opened in the browser, too. ' +
      LEFT_OUT,
    examples: [
      ['berth open dev web', 'the service "web" in the browser'],
      ['berth open dev', 'all addresses'],
    ],
  },
  init: {
    summary: 'make a new project with development, test and CI environments',
    operands: '[FOLDER]',
    mostOperands: 1,
    options: ['template', 'json'],
    details: 'From a template, in the current folder when none is given. Never overwrites a file.',
    examples: [
      ['berth init', 'in the current folder'],
      ['berth init shop', 'in the folder "shop", which is made'],
      ['berth init --template postgres-redis shop', 'from the template of that name'],
    ],
  },
} as const satisfies Record<string, CommandDescription>;
export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** The options that every command takes. */
export const COMMON_OPTIONS: readonly OptionName[] = ['directory', 'no-color', 'help'];

/** What the options come to. */
export interface Options {
  /** As it was typed; undefined when it was left out. */
  readonly directory?: string;
  readonly template?: string;
  readonly json: boolean;
  readonly watch: boolean;
  readonly verbose: boolean;
  readonly follow: boolean;
  /** How many lines of each service. */
  readonly tail: number | 'all';
}

/** What somebody typed. */
export type CommandLine =
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly operands: readonly string[];
      readonly options: Options;
    };

/**
 * Reads the arguments of the command line. Options may stand anywhere; after `--` nothing is one.
 * @param args without the program and its script.
 * @throws UserError (usage).
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseOptions(args);
  if (values.version) return { kind: 'version' };
  const [name, ...operands] = positionals;
  if (name === undefined) {
    if (values.help) return { kind: 'help' };
    throw new UserError('usage', 'Which command?', { remedy: '"berth --help" lists them.' });
  }
  // What many other programs call it: `berth help`, `berth help up`.
  if (name === 'help')
    return { kind: 'help', command: operands[0] === undefined ? undefined : commandNamed(operands[0]) };
  const command = commandNamed(name);
  if (values.help) return { kind: 'help', command };
  checkFitting(command, Object.keys(values) as OptionName[], operands);
  return {
    kind: 'command',
    command,
    operands,
    options: {
      directory: values.directory,
      template: values.template,
      json: values.json ?? false,
      watch: values.watch ?? false,
      verbose: values.verbose ?? false,
      follow: !values['no-follow'],
      tail: parseTail(values.tail),
    },
  };
}

/** Whether JSON was asked for, as far as it can be told of arguments that are perhaps wrong. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes('--json');
}

/** Whether colours were declined; see {@link wantsJson}. */
export function declinesColour(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes('--no-color');
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const [message = ''] = messageOf(error).split('\n');
    const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UserError('usage', `${message.replace(/\.$/, '')}.`, { remedy: SEE_HELP });
    const close = closeTo(
      unknown,
      Object.keys(OPTIONS).map((name) => `--${name}`),
    );
    throw new UserError('usage', `There is no option ${unknown}.`, {
      remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : SEE_HELP,
    });
  }
}

const SEE_HELP = '"berth --help" shows what there is.';

function checkFitting(command: CommandName, options: readonly OptionName[], operands: readonly string[]): void {
  const description: CommandDescription = COMMANDS[command];
  const misplaced = options.find((name) => !description.options.includes(name) && !COMMON_OPTIONS.includes(name));
  const remedy = `"berth ${command} --help" shows what it takes.`;
  if (misplaced) throw new UserError('usage', `"berth ${command}" takes no option --${misplaced}.`, { remedy });
  const extra = operands[description.mostOperands];
  if (extra === undefined) return;
  if (command === 'down') {
    throw new UserError('usage', '"berth down" takes no services: it removes a whole environment.', {
      remedy: `To stop some of its services: berth stop ${operands.join(' ')}`,
    });
  }
  throw new UserError('usage', `"${extra}" is one argument too many for "berth ${command}".`, { remedy });
}

function parseTail(value: string | undefined): number | 'all' {
  if (value === undefined) return 100;
  if (value === 'all') return value;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new UserError('usage', `"${value}" is no number of lines.`, { remedy: 'Give --tail a number, or "all".' });
}

/** @throws UserError (usage) when there is no such command. */
function commandNamed(name: string): CommandName {
  const command = COMMAND_NAMES.find((known) => known === name);
  if (command) return command;
  const close = closeTo(name, COMMAND_NAMES);
  throw new UserError('usage', `There is no command "${name}".`, {
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : '"berth --help" lists them.',
  });
}
