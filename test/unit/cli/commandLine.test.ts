import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { declinesColour, parseCommandLine, wantsJson } from '../../../src/cli/commandLine';
import { COMMAND_GROUPS, COMMAND_NAMES, commandNamed } from '../../../src/cli/commands';
import { commandHelpText, helpText } from '../../../src/cli/help';
import { OPTION_NAMES } from '../../../src/cli/options';
import { UserError } from '../../../src/core/common/errors';
import { repositoryRoot } from '../../support/paths';

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
      words: [],
      options: { json: true, directory: 'shop', verbose: true },
    });
  });

  it('after -- are a command to run, with all of its options', () => {
    const line = parseCommandLine(['exec', 'dev', '--user', 'root', 'web', '--', 'ls', '--json', '--', '-C']);
    assert(line.kind === 'command');
    assert.deepEqual(line.operands, ['dev', 'web']);
    assert.deepEqual(line.words, ['ls', '--json', '--', '-C']);
    assert.deepEqual({ ...line.options }, { user: 'root' });
    assert.match(usageError('exec', 'dev', 'web', 'ls', '/data'), /stands after --.* berth exec dev web -- ls \/data/);
    assert.match(
      usageError('run', 'dev', 'web', 'ls', '-la'),
      /no option -l\. Options of the command to run .*after --/,
    );
  });

  it('may have some options several times, and the values of others are looked at', () => {
    const line = parseCommandLine(['up', 'dev', '--profile', 'tools', '--profile=debug', '-C', 'shop']);
    assert(line.kind === 'command');
    assert.deepEqual(line.options.profile, ['tools', 'debug']);
    for (const since of [
      '10m',
      '1h30m',
      '1.5h',
      '2026-03-01',
      '2026-03-01T08:00:00Z',
      '2026-03-01T08:00:00+01:00',
      '1772352000',
    ]) {
      const logs = parseCommandLine(['logs', '--no-follow', '--tail=all', '--since', since]);
      assert(logs.kind === 'command' && logs.options.since === since && logs.options.tail === 'all');
    }
    assert.match(usageError('logs', '--since', 'yesterday'), /"yesterday" is no time\. Give --since how long ago/);
    assert.match(usageError('logs', '--since='), /"" is no time/);
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
    assert.match(usageError('statuss'), /no command "statuss"\. Did you mean status\?/);
    assert.match(usageError('zzz'), /no command "zzz"\. "berth --help" lists them/);
    assert.match(usageError('status', '--wacth'), /no option --wacth\. Did you mean --watch\?/);
    assert.match(usageError('up', '-x'), /no option -x/);
    assert.match(usageError('up', '--watch'), /"berth up" takes no option --watch/);
    assert.match(usageError('status', 'dev', 'web'), /"web" is one argument too many for "berth status"/);
    assert.match(usageError('logs', '--tail', 'few'), /"few" is no number of lines/);
    assert.match(usageError('logs', '--tail'), /argument missing/);
    assert.match(usageError('up', '--json=yes'), /does not take an argument/);
  });

  it('want JSON only of what is not the output of another program', () => {
    assert.match(usageError('shell', 'dev', '--json'), /"berth shell" takes --json only with --show-command\./);
    assert.match(usageError('db', '--json'), /takes --json only with --file or --show-command\./);
    for (const words of [['shell', '--show-command'], ['db', '--file', 'a.sql'], ['logs']]) {
      assert.equal(parseCommandLine([...words, '--json']).kind, 'command');
    }
  });

  it('of reset name no services, which would be reset with all others', () => {
    assert.match(usageError('reset', 'dev', 'web'), /"berth reset" takes no services/);
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

  it('has every command under one heading', () => {
    const listed = COMMAND_GROUPS.flatMap(([, names]) => names);
    assert.deepEqual([...listed].sort(), [...COMMAND_NAMES].sort());
  });

  it('of each command has examples that are right', () => {
    for (const name of COMMAND_NAMES) {
      const text = commandHelpText(name);
      for (const [example] of commandNamed(name).examples) {
        assert(text.includes(example), example);
        const [, words = ''] = /berth ([^&|>)]+)/.exec(example) ?? [];
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

describe('docs/command-line.md', () => {
  const text = fs.readFileSync(path.join(repositoryRoot, 'docs', 'command-line.md'), 'utf8');

  it('has every command, with its operands', () => {
    for (const name of COMMAND_NAMES) {
      const usage = ['berth', name, commandNamed(name).operands].filter(Boolean).join(' ').replaceAll('|', '\\|');
      assert(text.includes(`| \`${usage}\``), usage);
    }
  });

  it('has every option', () => {
    for (const name of OPTION_NAMES) assert.match(text, new RegExp(`\`(?:[^\`]* )?--${name}\\b`), name);
  });
});
