import { COMMAND_GROUPS, type CommandName, commandNamed } from './commands';
import { COMMON_OPTIONS, OPTIONS, type OptionDescription, type OptionName } from './options';

/** How wide the text of `--help` is, in columns. */
const WIDTH = 80;

/** What `berth --help` prints. */
export function helpText(): string {
  return [
    'Berth runs the Docker Compose environments of a project side by side.',
    '',
    'Usage: berth COMMAND [ENV] [SERVICE…] [OPTION…]',
    '',
    ...COMMAND_GROUPS.flatMap(([title, names]) => [
      `${title}:`,
      ...columns(
        names.map((name) => [name, commandNamed(name).summary]),
        longestName(),
      ),
      '',
    ]),
    'ENV is a name that "berth envs" shows; several are joined by commas: dev,test.',
    '',
    'Options of every command:',
    ...optionLines([...COMMON_OPTIONS, 'version']),
    '',
    'Examples:',
    ...columns([
      ['berth envs', 'which environments there are, and how they are'],
      ['berth up dev', 'start one, and wait until it is ready'],
      ['berth logs dev web', 'what one of its services says'],
    ]),
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no Docker, 130 cancelled.',
    '"berth COMMAND --help" tells more about a command.',
    '',
  ].join('\n');
}

/** What `berth <command> --help` prints. */
export function commandHelpText(command: CommandName): string {
  const { summary, operands, options, details, examples } = commandNamed(command);
  return [
    ...wrap(`berth ${command}: ${summary}.`, WIDTH),
    '',
    `Usage: ${['berth', command, operands, '[OPTION…]'].filter(Boolean).join(' ')}`,
    '',
    ...wrap(details, WIDTH),
    '',
    'Options:',
    ...optionLines([...options, ...COMMON_OPTIONS]),
    '',
    'Examples:',
    ...columns(examples),
    '',
  ].join('\n');
}

function optionLines(names: readonly OptionName[]): string[] {
  return columns(
    names.map((name) => {
      const { short, value, help }: OptionDescription = OPTIONS[name];
      return [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, help];
    }),
  );
}

function longestName(): number {
  return Math.max(...COMMAND_GROUPS.flatMap(([, names]) => names).map((name) => name.length));
}

/** Two columns, the second one wrapped. @param least how wide the first one is at least. */
function columns(rows: readonly (readonly [string, string])[], least = 0): string[] {
  const first = Math.max(least, ...rows.map(([text]) => text.length)) + 4;
  // A long example gets its meaning below it.
  const isBelow = first > WIDTH / 2;
  return rows.flatMap(([left, right]) => {
    const indent = isBelow ? 6 : first;
    const [start = '', ...more] = wrap(right, WIDTH - indent).map((line) => ' '.repeat(indent) + line);
    return isBelow ? [`  ${left}`, start, ...more] : [`  ${left}`.padEnd(first) + start.slice(first), ...more];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
