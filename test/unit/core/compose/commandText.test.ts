import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import type { ProgramCall } from '../../../../src/core/common/program';
import { commandText, hidesSecrets } from '../../../../src/core/compose/commandText';
import { PLAIN_PROGRESS, projectCall } from '../../../../src/core/compose/composeCall';
import { findOnPath } from '../../../support/paths';

const WORDS = [
  'plain',
  '',
  'two words',
  "it's",
  'a"b',
  '$HOME `x` \\ !',
  '*',
  '-x',
  '--',
  '~',
  '#',
  'ü',
  'a\nb',
  '%',
  '{a,b}',
];

describe('commandText', () => {
  const call: ProgramCall = { command: 'docker', args: ['compose', 'up', '--', 'my web'], cwd: '/my app' };

  it('goes where the call runs, and quotes what needs it', () => {
    assert.equal(commandText([call], 'linux'), "cd '/my app' && docker compose up -- 'my web'");
  });

  it('joins several calls, each only after the success of the one before', () => {
    const second = { ...call, args: ['compose', 'ps'] };
    assert.equal(
      commandText([call, second, { ...second, cwd: '/' }], 'darwin'),
      "cd '/my app' && docker compose up -- 'my web' && docker compose ps && cd / && docker compose ps",
    );
  });

  it('leaves out what only Berth wants, and what is not there anyway', () => {
    const stop = projectCall('app', undefined, ['stop']);
    const plain = { ...stop, cwd: '/', env: { ...stop.env, ...PLAIN_PROGRESS } };
    assert.equal(commandText([plain], 'linux', {}), 'cd / && docker compose --project-name app stop');
    assert.equal(
      commandText([plain], 'linux', { COMPOSE_FILE: 'a.yaml' }),
      'cd / && COMPOSE_FILE= docker compose --project-name app stop',
    );
  });

  it('shows no secret', () => {
    const secret = { ...call, env: { BERTH_PASSWORD: 'hunter22', BERTH_PORT: '1' } };
    assert.equal(
      commandText([secret], 'linux'),
      "cd '/my app' && BERTH_PASSWORD='***' BERTH_PORT=1 docker compose up -- 'my web'",
    );
  });

  it('shows what only says where a secret is', () => {
    for (const [word, isHidden] of [
      ['"$REDIS_PASSWORD"', false],
      [`\${REDIS_PASSWORD}`, false],
      ['"$(cat /run/secrets/redis)"', false],
      ["'hunter22'", true],
      ['$(echo hunter22)', true],
      [`"\${REDIS_PASSWORD:-hunter22}"`, true],
    ] as const) {
      const named = { ...call, env: { BERTH_PASSWORD_WORD: word } };
      assert.equal(hidesSecrets([call, named]), isHidden, word);
      assert.equal(commandText([named], 'linux').includes('***'), isHidden, word);
    }
    assert.equal(hidesSecrets([call]), false);
    const literal = { ...call, env: { BERTH_PASSWORD: '$uperSecret1' } };
    assert.equal(hidesSecrets([literal]), true);
    assert.doesNotMatch(commandText([literal], 'linux'), /uperSecret/);
  });

  it('reads a file and what comes after it, and nothing after half of the file', () => {
    const reading = { ...call, env: { A: 'b' }, input: { file: "/it's.sql", ending: '\n/*' } };
    const command = 'A=b docker compose up -- ';
    assert.equal(
      commandText([reading], 'linux'),
      `cd '/my app' && { cat '/it'"'"'s.sql' && printf %s '\n/*'; } | ${command}'my web'`,
    );
    assert.match(
      commandText([{ ...reading, env: {} }], 'win32'),
      /UTF8Encoding\]::new\(\); \(Get-Content .* -LiteralPath '\/it''s\.sql'\), '\n\/\*' \| docker compose up '--' 'my web' \}$/,
    );
  });

  it('of PowerShell on Windows', () => {
    const windows = { ...call, args: ['compose', '--', "it's", '$x'], cwd: 'C:\\my app', env: { A: 'b c', B: '' } };
    assert.equal(
      commandText([windows, windows], 'win32', { B: 'set' }),
      "Set-Location 'C:\\my app'; if ($?) { $env:A = 'b c'; $env:B = ''; docker compose '--' 'it''s' '$x'; " +
        "if ($?) { $env:A = 'b c'; $env:B = ''; docker compose '--' 'it''s' '$x' } }",
    );
  });

  for (const shell of ['sh', 'bash', 'zsh', 'fish', 'dash']) {
    it(`means the same to ${shell}`, function () {
      const program = findOnPath(shell);
      if (!program || process.platform === 'win32') return this.skip();
      const script = 'console.log(JSON.stringify([process.cwd(), process.env.WORD, process.argv.slice(1)]))';
      const echo = {
        command: process.execPath,
        args: ['-e', script, '--', ...WORDS],
        cwd: os.homedir(),
        env: { WORD: "a 'b" },
      };
      const printed = execFileSync(program, ['-c', commandText([echo, echo], 'linux')], { encoding: 'utf8' });
      const once = JSON.stringify([os.homedir(), "a 'b", WORDS]);
      assert.equal(printed, `${once}\n${once}\n`);
    });
  }
});
