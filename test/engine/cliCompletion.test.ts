import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { canInstallPackages, installPackages } from '../support/debian';
import { run, runOrFail } from '../support/processes';
import { removeFolder, temporaryFolder } from '../support/temporary';
import { BerthCommand, cliScript } from './support/berthCommand';

/** The scripts of `berth completion` in the real shells. Neither docker nor an engine is there for them. */
describe('completion of the berth command line', () => {
  let root: string;
  let env: NodeJS.ProcessEnv;
  const inShell = (shell: string, script: string) =>
    runOrFail(shell, ['-c', script], { cwd: path.join(root, 'shop'), env });

  before(function () {
    if (process.platform === 'win32') return this.skip();
    root = temporaryFolder('completion');
    fs.mkdirSync(path.join(root, 'bin'));
    fs.mkdirSync(path.join(root, 'shop', 'a folder'), { recursive: true });
    fs.writeFileSync(
      path.join(root, 'shop', 'compose.yaml'),
      'services:\n  web: { image: x, profiles: [tools] }\n  db: { image: x }\n',
    );
    fs.writeFileSync(path.join(root, 'shop', 'compose.test.yaml'), 'services: {}\n');
    fs.writeFileSync(path.join(root, 'shop', 'seed file.sql'), '');
    fs.writeFileSync(path.join(root, 'bin', 'berth'), `#!/bin/sh\nexec '${process.execPath}' '${cliScript}' "$@"\n`, {
      mode: 0o755,
    });
    fs.writeFileSync(path.join(root, 'bin', 'docker'), `#!/bin/sh\ntouch '${root}/asked'\nexit 1\n`, { mode: 0o755 });
    env = {
      PATH: `${path.join(root, 'bin')}:${process.env.PATH}`,
      DOCKER_HOST: 'unix:///nonexistent',
      HOME: root,
      TERM: 'xterm',
    };
  });
  after(() => {
    if (!root) return;
    const wasAsked = fs.existsSync(path.join(root, 'asked'));
    removeFolder(root);
    assert.equal(wasAsked, false, 'docker was called');
  });

  /** The real shell must be there: where it is not and can't be installed either, that is said. */
  async function needs(test: Mocha.Context, shell: string): Promise<void> {
    const found = await run('which', [shell]).catch(() => undefined);
    if (found?.exitCode === 0) return;
    if (!canInstallPackages()) return test.skip();
    test.timeout(300_000);
    await installPackages([shell]);
  }

  it('works in bash', async function () {
    await needs(this, 'bash');
    // The words, of which the last one is under the cursor, and what is offered for it.
    const cases: readonly (readonly [words: string, offered: string])[] = [
      ['rest', 'restart'],
      ["up ''", 'dev|test'],
      ['up dev,', 'dev,test'],
      ["logs dev ''", 'db|web'],
      ['up --profile = t', 'tools'],
      ['up --profile =', 'tools'],
      ['db --file s', 'seed file.sql'],
      ["-C ''", 'a folder'],
      ['cp dev w', 'web:'],
      ["exec dev web -- ''", ''],
    ];
    const ask = ([words]: readonly [string, string]) =>
      `COMP_WORDS=(berth ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _berth; (IFS='|'; echo "\${COMPREPLY[*]}")`;
    const script = ['eval "$(berth completion bash)"', ...cases.map(ask)].join('\n');
    const answers = (await inShell('bash', script)).split('\n');
    assert.deepEqual(
      cases.map(([words], index) => [words, answers[index]]),
      cases.map(([words, offered]) => [words, offered]),
    );
  });

  it('works at the prompt of bash', async function () {
    await needs(this, 'bash');
    if (process.platform !== 'linux') return this.skip();
    const setUp = 'eval "$(berth completion bash)"';
    const typed = ['restar\td\t', 'scale dev w\t3', 'up --profile=to\t', 'db dev --file s\t', 'cp dev se\tw\t/x'];
    assert.deepEqual(await atPrompt('bash --norc --noprofile -i', setUp, typed), [
      '<restart> <dev>',
      '<scale> <dev> <web=3>',
      '<up> <--profile=tools>',
      '<db> <dev> <--file> <seed file.sql>',
      '<cp> <dev> <seed file.sql> <web:/x>',
    ]);
  });

  it('works at the prompt of zsh', async function () {
    await needs(this, 'zsh');
    if (process.platform !== 'linux') return this.skip();
    const setUp = 'autoload -Uz compinit; compinit -u -D; eval "$(berth completion zsh)"';
    const typed = ['restar\td\t', 'scale dev w\t3', 'cp dev w\t/x .', 'up dev --prof\tto\t', 'db dev --file s\t'];
    assert.deepEqual(await atPrompt('zsh -f -i', setUp, typed), [
      '<restart> <dev>',
      '<scale> <dev> <web=3>',
      '<cp> <dev> <web:/x> <.>',
      '<up> <dev> <--profile> <tools>',
      '<db> <dev> <--file> <seed file.sql>',
    ]);
  });

  it('works in fish', async function () {
    await needs(this, 'fish');
    const cases: readonly (readonly [line: string, offered: string])[] = [
      ['restar', 'restart'],
      ['up ', 'dev|test'],
      ['up dev,', 'dev,test'],
      ['logs dev ', 'db|web'],
      ['up dev --profile ', 'tools'],
      ['up dev --profile=t', '--profile=tools'],
      ['db --file s', 'seed file.sql'],
    ];
    const ask = ([line]: readonly [string, string]) =>
      `echo (complete --do-complete 'berth ${line}' | string replace --regex '\\t.*' '' | string join '|')`;
    const script = ['berth completion fish | source', ...cases.map(ask)].join('\n');
    const answers = (await inShell('fish', script)).split('\n');
    assert.deepEqual(
      cases.map(([line], index) => [line, answers[index]]),
      cases.map(([line, offered]) => [line, offered]),
    );
    const described = await inShell('fish', "berth completion fish | source; complete --do-complete 'berth u'");
    assert.match(described, /^up\tcreate and start/m);
  });

  /**
   * Types lines into an interactive shell on a terminal of its own, where `berth` only tells its words.
   * @param typed what follows `berth `, with Tab keys.
   * @returns the words that each line came to.
   */
  async function atPrompt(shell: string, setUp: string, typed: readonly string[]): Promise<readonly string[]> {
    const command = new BerthCommand([], { cwd: path.join(root, 'shop'), env }, [
      'script',
      '--quiet',
      '--command',
      `env PS1='READY> ' ${shell}`,
      '/dev/null',
    ]);
    const told: string[] = [];
    let seen = 0;
    /** Waits for a pattern in what came since the last time. */
    const next = async (pattern: string) => {
      const from = seen;
      await command.until(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*?${pattern}`));
      seen = command.stdout.length;
      return new RegExp(pattern).exec(command.stdout.slice(from))?.[1] ?? '';
    };
    try {
      await next('READY> ');
      command.process.stdin?.write(`${setUp}; berth() { printf WORDS; printf " <%s>" "$@"; echo; }; echo SET''UP\n`);
      await next('SETUP[\\s\\S]*READY> ');
      for (const line of typed) {
        command.process.stdin?.write(`berth ${line}\n`);
        told.push(await next('WORDS (<[^\\r\\n]*)[\\s\\S]*READY> '));
      }
      return told;
    } finally {
      command.process.kill('SIGKILL');
    }
  }
});
