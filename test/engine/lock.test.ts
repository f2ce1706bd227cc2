import assert from 'node:assert/strict';
import path from 'node:path';
import { isHeld, takeLock, whenFree } from '../../src/core/common/lock';
import { BerthCommand } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed, untilEnvironment } from './support/waiting';

const script = (name: string) => [process.execPath, path.join(__dirname, 'support', `${name}.js`)] as [string, string];

describe('a lock between processes', () => {
  const others: BerthCommand[] = [];
  const key = `test ${process.pid}`;

  /** Another process that wants the lock. */
  const start = (holder: string, files = 0) => {
    const other = new BerthCommand([key, holder, String(files)], { cwd: __dirname }, script('lockProcess'));
    others.push(other);
    return other;
  };
  afterEach(() => {
    for (const other of others.splice(0)) other.process.kill('SIGKILL');
  });

  it('is waited for, with who has it; who has it and is killed has it no more', async () => {
    const first = start('first');
    await first.until(/has it/);
    const second = start('second');
    await second.until(/waits for first\n/);
    first.process.kill('SIGKILL');
    await second.until(/has it/);
    assert.equal(second.stdout, 'waits for first\nhas it\n');
  });

  it('is free once that is told, also when who had it is killed and takes a while to end', async () => {
    for (let time = 0; time < 5; time++) {
      const first = start('first', 3_000);
      await first.until(/has it/);
      await whenFree(key, new AbortController().signal, () => first.process.kill('SIGKILL'));
      assert.equal(await isHeld(key), false);
    }
  });

  it('goes from one to the next of many, and to everybody once', async () => {
    const first = start('first');
    await first.until(/has it/);
    const waiting = Array.from({ length: 6 }, (_, index) => start(`waiting ${index}`));
    await Promise.all(waiting.map((one) => one.until(/waits for first\n/)));
    first.process.stdin?.end();
    assert.equal((await first.ended).exitCode, 0);
    const left = new Set(waiting);
    while (left.size > 0) {
      const next = await Promise.any([...left].map((one) => one.until(/has it/).then(() => one)));
      const having = [...left].filter(({ stdout }) => stdout.includes('has it'));
      assert.deepEqual(having, [next]);
      left.delete(next);
      // Half of them end in order, half do not.
      if (left.size % 2 === 0) next.process.stdin?.end();
      else next.process.kill('SIGKILL');
      await next.ended;
    }
  });

  it('is still there for others when somebody stops waiting', async () => {
    const first = start('first');
    await first.until(/has it/);
    const cancel = new AbortController();
    const options = { signal: cancel.signal, onWait: () => cancel.abort(new Error('enough')) };
    await assert.rejects(takeLock(key, 'test', options), /enough/);
    first.process.stdin?.end();
    await first.ended;
    (await takeLock(key, 'test', { signal: new AbortController().signal, onWait: assert.fail })).dispose();
  });
});

describe('operations of several processes on one environment', () => {
  let folder: ComposeFolder;
  const others: BerthCommand[] = [];

  afterEach(async () => {
    for (const other of others.splice(0)) other.process.kill('SIGKILL');
    await folder?.dispose();
  });

  const window = (operation: string) => {
    const args = [folder.folder, 'dev', operation];
    const other = new BerthCommand(args, { cwd: folder.folder }, script('coreProcess'));
    others.push(other);
    return other;
  };
  const terminal = (...args: string[]) => {
    const other = new BerthCommand(args, { cwd: folder.folder, input: '' });
    others.push(other);
    return other;
  };
  /** Services with a health check that says no until it is told otherwise, so that `up` takes as long as a test wants. */
  const UNTIL_TOLD = `name: PROJECT
services:
  web:
    ${IDLE_WITH_HEALTH.replace('retries: 1', 'retries: 1000')}
    environment: { UNHEALTHY: not yet }
`;

  it('two windows and a terminal: one after the other, each told of who goes first; cancelled while it waits, it ends at once', async () => {
    folder = new ComposeFolder('shared', { 'compose.yaml': UNTIL_TOLD });
    const core = await OperatedFolder.open(folder);
    try {
      const up = window('up');
      await untilEnvironment(core.store, 'dev starting: web starting');
      const second = terminal('up', 'dev', '--json');
      // The words are the command line's own matter.
      await second.until(/goes first|process \d+/, 'stderr');
      const third = window('restart');
      await third.until(/"kind":"waiting","holder":"up \(window, process \d+\)"/);
      third.process.kill('SIGINT');
      assert.match((await third.ended).stdout, /"result":"cancelled"/);
      assert.equal(second.process.exitCode ?? up.process.exitCode, null, 'nobody else ended');
      await folder.setHealth('web');
      const [first, next] = await Promise.all([up.ended, second.ended]);
      assert.match(first.stdout, /"result":"done","environment":"dev healthy: web healthy"/);
      assert.deepEqual([next.exitCode, JSON.parse(next.stdout).result], [0, 'done']);
      await untilEnvironment(core.store, 'dev healthy: web healthy');
    } finally {
      core.dispose();
    }
  });

  it('a window that is killed in the middle of up: the next one shows what is, and goes on', async () => {
    folder = new ComposeFolder('killed', {
      'compose.yaml': `${UNTIL_TOLD}  last:
    ${IDLE}
    depends_on: { web: { condition: service_healthy } }
`,
    });
    const watching = await OperatedFolder.open(folder);
    try {
      const up = window('up');
      await untilEnvironment(watching.store, 'dev starting: last stopped, web starting');
      up.process.kill('SIGKILL');
      await up.ended;
      const next = await OperatedFolder.open(folder);
      try {
        await next.berth.feedFor(undefined).whenConnected();
        assert.equal(
          describeEnvironment(environmentNamed(next.store, 'dev')),
          'dev starting: last stopped, web starting',
        );
        const again = next.do('up');
        await folder.setHealth('web');
        assert.equal(describeEnvironment((await again).environment), 'dev running: last running, web healthy');
      } finally {
        next.dispose();
      }
    } finally {
      watching.dispose();
    }
  });
});
