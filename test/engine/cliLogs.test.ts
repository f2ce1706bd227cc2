import assert from 'node:assert/strict';
import { BerthCommand, berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

/** `fatal` and `terminal` end within a line; `web` runs on; the log of `mute` can't be read. */
const COMPOSE = `
name: PROJECT
services:
  fatal:
    image: berth/idle:1
    entrypoint: ["sh", "-c", "echo begin; printf 'fatal: no end'; exit 1"]
  terminal:
    image: berth/idle:1
    tty: true
    entrypoint: ["sh", "-c", "echo begin; printf 'fatal: no end'; exit 1"]
  web:
    ${IDLE}
    entrypoint: ["sh", "-c", "trap 'exit 0' TERM; echo begin; while :; do sleep 0.1; done"]
  mute:
    ${IDLE}
    logging: { driver: none }
`;

describe('berth logs --json', () => {
  let compose: ComposeFolder;
  const started: BerthCommand[] = [];

  before(async () => {
    compose = new ComposeFolder('clilogs', { 'compose.yaml': COMPOSE });
    await compose.docker('compose', 'up', '--detach');
    for (const service of ['fatal', 'terminal']) await compose.docker('wait', compose.container(service));
  });
  afterEach(() => {
    for (const command of started.splice(0)) command.process.kill('SIGKILL');
  });
  after(() => compose?.dispose());

  const words = (stdout: string): readonly string[] => {
    const lines: { service: string; line: string }[] = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return lines.map(({ service, line }) => `${service} ${line}`);
  };
  const logs = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth(['logs', 'dev', ...args, '--json'], { cwd: compose.folder });
    assert.equal(exitCode, 0, stdout + stderr);
    return words(stdout);
  };

  const follow = (...args: string[]) => {
    const command = new BerthCommand(['logs', 'dev', ...args, '--json'], { cwd: compose.folder, input: '' });
    started.push(command);
    return command;
  };

  it('goes on when the only service that is followed is restarted, and ends when it has ended', async () => {
    const command = follow('web');
    await command.until(/begin/);
    await compose.compose('restart', 'web');
    await command.until(/begin[\s\S]*begin/);
    await compose.compose('stop', 'web');
    const { exitCode, stdout } = await command.ended;
    assert.equal(exitCode, 0);
    assert.deepEqual(words(stdout), ['web begin', 'web begin']);
    await compose.compose('start', 'web');
  });

  it('says once that a log can not be read, however often its container changes', async () => {
    const command = follow('web', 'mute');
    await command.until(/begin/);
    await command.until(/does not support reading/, 'stderr');
    for (const change of ['pause', 'unpause', 'pause', 'unpause']) await compose.compose(change, 'mute');
    const before = command.stdout.match(/begin/g)?.length ?? 0;
    await compose.compose('restart', 'web');
    await command.until(new RegExp(`(begin[\\s\\S]*){${before + 1}}`));
    assert.equal(command.stderr.match(/does not support reading/g)?.length, 1, command.stderr);
  });

  it('has the last line of what ended within it, with a terminal or without', async () => {
    for (const service of ['fatal', 'terminal']) {
      const whole = [`${service} begin`, `${service} fatal: no end`];
      assert.deepEqual(await logs(service, '--no-follow'), whole);
      assert.deepEqual(await logs(service), whole);
    }
  });
});
