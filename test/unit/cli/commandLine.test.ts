import assert from 'node:assert/strict';
import { COMMAND_NAMES, COMMANDS, declinesColour, parseCommandLine, wantsJson } from '../../../src/cli/commandLine';
import { commandHelpText, helpText } from '../../../src/cli/help';
import { UserError } from '../../../src/core/common/errors';

function usageError(...args: string[]): string {
  try {
    parseCommandLine(args);
  } catch (error) {
    assert(error instanceof UserError && error.kind === 'usage', String(error));
    return `${error.message} ${error.details.remedy}`;
  }
  assert.fail(`"${args.join(' ')}" was accepted`);
}

describe('arguments', () => {
  it('may have options anywhere, and names that begin with a dash after --', () => {
    const { kind, ...rest } = parseCommandLine([
      '--json',
      'up',
      '-C',
      'shop',
      'dev',
      '--verbose',
      '--',
      '-web',
      '--json',
    ]);
    assert.equal(kind, 'command');
    assert.deepEqual(rest, {
      command: 'up',
      operands: ['dev', '-web', '--json'],
      options: {
        directory: 'shop',
        template: undefined,
        json: true,
        watch: false,
        verbose: true,
        follow: true,
        tail: 100,
      },
    });
  });

  it('of logs tell how much and how long', () => {
    const line = parseCommandLine(['logs', '--no-follow', '--tail=all']);
    assert(line.kind === 'command');
    assert.deepEqual([line.options.follow, line.options.tail], [false, 'all']);
  });

  it('ask for help and version before anything else is looked at', () => {
    assert.deepEqual(parseCommandLine(['--help']), { kind: 'help' });
    assert.deepEqual(parseCommandLine(['help']), { kind: 'help', command: undefined });
    assert.deepEqual(parseCommandLine(['help', 'up']), { kind: 'help', command: 'up' });
    assert.match(usageError('help', 'upp'), /no command "upp"\. Did you mean up\?/);
    assert.deepEqual(parseCommandLine(['down', 'dev', 'web', '-h']), { kind: 'help', command: 'down' });
    assert.deepEqual(parseCommandLine(['--version']), { kind: 'version' });
  });

  it('that are wrong are explained', () => {
    assert.match(usageError(), /Which command\? .*--help/);
    assert.match(usageError('staus'), /no command "staus"\. Did you mean status\?/);
    assert.match(usageError('zzz'), /no command "zzz"\. "berth --help" lists them/);
    assert.match(usageError('status', '--wacth'), /no option --wacth\. Did you mean --watch\?/);
    assert.match(usageError('up', '-x'), /no option -x/);
    assert.match(usageError('up', '--watch'), /"berth up" takes no option --watch/);
    assert.match(usageError('status', 'dev', 'web'), /"web" is one argument too many for "berth status"/);
    assert.match(usageError('logs', '--tail', 'few'), /"few" is no number of lines/);
    assert.match(usageError('logs', '--tail'), /argument missing/);
    assert.match(usageError('up', '--json=yes'), /does not take an argument/);
  });

  it('of down name no services, which would go down with all others', () => {
    assert.match(usageError('down', 'dev', 'web'), /takes no services.* berth stop dev web/);
  });

  it('that are wrong still tell whether JSON and colours are wanted', () => {
    assert.equal(wantsJson(['up', '--foo', '--json']), true);
    assert.equal(wantsJson(['up', '--', '--json']), false);
    assert.equal(declinesColour(['up', '--foo', '--no-color']), true);
    assert.equal(declinesColour(['up']), false);
  });
});

describe('help', () => {
  it('lists every command', () => {
    for (const name of COMMAND_NAMES) assert.match(helpText(), new RegExp(`^  ${name} +\\w`, 'm'));
  });

  it('of each command has examples that are right', () => {
    for (const name of COMMAND_NAMES) {
      const text = commandHelpText(name);
      for (const [example] of COMMANDS[name].examples) {
        assert(text.includes(example), example);
        const [, words = ''] = /berth ([^&|>]+)/.exec(example) ?? [];
        const line = parseCommandLine(words.trim().split(' '));
        assert(line.kind === 'command' && line.command === name, example);
      }
    }
  });

  it('fits a terminal of 80 columns', () => {
    for (const text of [helpText(), ...COMMAND_NAMES.map(commandHelpText)]) {
      for (const line of text.split('\n')) assert(line.length <= 80, line);
    }
  });
});
