import { parseArgs } from 'node:util';
import { closeTo } from '../core/common/closeNames';
import { messageOf, UserError } from '../core/common/errors';
import { COMMAND_NAMES, COMMANDS, type CommandName, commandNamed } from './commands';
import {
  COMMON_OPTIONS,
  OPTION_NAMES,
  OPTIONS,
  type OptionDescription,
  type OptionName,
  type Options,
} from './options';

/** What somebody typed. */
export type CommandLine =
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly operands: readonly string[];
      /** What stands after `--`, for a command that runs it. */
      readonly words: readonly string[];
      readonly options: Options;
    };

/**
 * Reads the arguments of the command line. Options may stand anywhere; after `--` nothing is one.
 * @param args without the program and its script.
 * @throws UserError (usage).
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, tokens } = parseOptions(args);
  if (values.version) return { kind: 'version' };
  const end = tokens.find((token) => token.kind === 'option-terminator')?.index ?? args.length;
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token] : []));
  const [first, ...others] = positionals;
  if (first === undefined) {
    if (values.help) return { kind: 'help' };
    throw new UserError('usage', 'Which command?', { remedy: '"berth --help" lists them.' });
  }
  // What many other programs call it: `berth help`, `berth help up`.
  if (first.value === 'help') {
    const [about] = others;
    return { kind: 'help', command: about && checkedName(about.value) };
  }
  const command = checkedName(first.value);
  if (values.help) return { kind: 'help', command };
  const { takesWords } = commandNamed(command);
  const operands = others.filter(({ index }) => !takesWords || index < end).map(({ value }) => value);
  const words = others.filter(({ index }) => takesWords && index > end).map(({ value }) => value);
  const given = Object.keys(values) as OptionName[];
  checkFitting(command, given, operands);
  checkJson(command, given);
  checkValues(values);
  return { kind: 'command', command, operands, words, options: { ...values } };
}

/** Whether JSON was asked for, as far as it can be told of arguments that are perhaps wrong. */
export function wantsJson(args: readonly string[]): boolean {
  return beforeTerminator(args).includes('--json');
}

/** Whether colours were declined; see {@link wantsJson}. */
export function declinesColour(args: readonly string[]): boolean {
  return beforeTerminator(args).includes('--no-color');
}

function beforeTerminator(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end);
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    const [message = ''] = messageOf(error).split('\n');
    const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UserError('usage', `${message.replace(/\.$/, '')}.`, { remedy: SEE_HELP });
    // A single letter says too little.
    const close = closeTo(
      unknown,
      OPTION_NAMES.map((name) => `--${name}`).filter(() => unknown.startsWith('--')),
    );
    const isOfAnother = args.some((word) => COMMAND_NAMES.some((name) => name === word && COMMANDS[name].takesWords));
    const remedy = isOfAnother ? 'Options of the command to run stand after --, with the command.' : SEE_HELP;
    throw new UserError('usage', `There is no option ${unknown}.`, {
      remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : remedy,
    });
  }
}

const SEE_HELP = '"berth --help" shows what there is.';

function checkFitting(command: CommandName, options: readonly OptionName[], operands: readonly string[]): void {
  const description = commandNamed(command);
  const misplaced = options.find((name) => !description.options.includes(name) && !COMMON_OPTIONS.includes(name));
  const remedy = `"berth ${command} --help" shows what it takes.`;
  if (misplaced) throw new UserError('usage', `"berth ${command}" takes no option --${misplaced}.`, { remedy });
  const extra = operands[description.mostOperands];
  if (extra === undefined) return;
  const { message, ...details } = description.tooMany?.(operands) ?? {
    message: `"${extra}" is one argument too many for "berth ${command}".`,
    remedy,
  };
  throw new UserError('usage', message, details);
}

/** @throws UserError (usage) when JSON is wanted of what another program prints. */
function checkJson(command: CommandName, options: readonly OptionName[]): void {
  const { jsonOnlyWith } = commandNamed(command);
  if (!jsonOnlyWith || !options.includes('json') || jsonOnlyWith.some((name) => options.includes(name))) return;
  const others = jsonOnlyWith.map((name) => `--${name}`).join(' or ');
  throw new UserError('usage', `"berth ${command}" takes --json only with ${others}.`, {
    remedy: 'What it prints by itself is the output of another program, as it is.',
  });
}

/** @throws UserError (usage) when the value of an option is not what that takes. */
function checkValues(values: Options): void {
  for (const name of OPTION_NAMES) {
    const { accepts }: OptionDescription = OPTIONS[name];
    const value = values[name];
    if (!accepts || typeof value !== 'string' || accepts.pattern.test(value)) continue;
    throw new UserError('usage', `"${value}" is no ${accepts.noun}.`, { remedy: accepts.remedy });
  }
}

/** @throws UserError (usage) when there is no such command. */
function checkedName(name: string): CommandName {
  const command = COMMAND_NAMES.find((known) => known === name);
  if (command) return command;
  const close = closeTo(name, COMMAND_NAMES);
  throw new UserError('usage', `There is no command "${name}".`, {
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : '"berth --help" lists them.',
  });
}
