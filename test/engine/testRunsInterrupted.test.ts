import assert from 'node:assert/strict';
import { once } from 'node:events';
import { sendSignal } from '../support/processes';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../support/secondEngine';
import type { BerthCommand } from './support/berthCommand';
import { IDLE_WITH_HEALTH } from './support/composeFolder';
import { NOTHING, TestRunFolder } from './support/testRunFolder';

/** A health check that says no until it is told otherwise. */
const NOT_YET = `${IDLE_WITH_HEALTH.replace('retries: 1', 'retries: 1000')}\n    environment: { UNHEALTHY: not yet }`;

/** How a run is brought into a stage, and stays there until something happens to it. */
interface Stage {
  readonly test?: string;
  readonly commands: string;
  /** What it says when it is there. */
  readonly says: RegExp;
}

const waits = 'run: [sh, -c, "echo waiting; exec sleep 600"]';
const unit = 'unit: { kind: test, service: web, run: "true" }';
const STAGES: Readonly<Record<'check' | 'up' | 'setup' | 'command' | 'here' | 'remove', Stage>> = {
  check: { commands: `  ${unit}\n`, says: /Checking whether/ },
  up: { test: `  web: {}\n  db:\n    ${NOT_YET}\n`, commands: `  ${unit}\n`, says: /db: ◌ starting/ },
  setup: { commands: `  migrate: { kind: setup, service: web, ${waits} }\n  ${unit}\n`, says: /waiting/ },
  command: { commands: `  unit: { kind: test, service: web, ${waits} }\n`, says: /waiting/ },
  // What the command has started has its output: the run only seems to end when that has ended, too.
  here: { commands: '  unit: { kind: test, run: [sh, -c, "echo waiting; sleep 600; true"] }\n', says: /waiting/ },
  remove: {
    test: `  web: {}\n  db:\n    ${IDLE_WITH_HEALTH}\n    command: idle stubborn\n`,
    commands: `  ${unit}\n`,
    says: /Removing "test"/,
  },
};

describe('berth test that is interrupted', () => {
  let tests: TestRunFolder;

  before(async () => {
    tests = await TestRunFolder.open('interrupted', { declared: '' });
  });
  after(() => tests?.dispose());

  const declare = ({ test, commands }: Pick<Stage, 'test' | 'commands'>) =>
    tests.declare({ test, declared: `commands:\n${commands}` });
  /** A run that is in a stage, and stays there. */
  const runIn = async (stage: keyof typeof STAGES, folder = tests): Promise<BerthCommand> => {
    declare(STAGES[stage]);
    const run = folder.start();
    const isPrinted = STAGES[stage].says.source === 'waiting';
    await run.until(STAGES[stage].says, isPrinted ? 'stdout' : 'stderr');
    return run;
  };
  /** Holds that the next run removes what a killed one has left, says so, and leaves nothing itself. */
  const nextRunCleans = async (isSaid = true) => {
    declare({ commands: `  ${unit}\n` });
    const { stderr } = await tests.ended(tests.run(), 0);
    if (isSaid) assert.match(stderr, /Removing what a run that was interrupted has left/);
  };

  for (const [signal, stages] of [
    ['SIGINT', ['check', 'up', 'setup', 'command', 'here']],
    ['SIGTERM', ['up', 'command', 'here']],
    ['SIGHUP', ['setup', 'command', 'here']],
  ] as const) {
    for (const stage of stages) {
      it(`by ${signal} in the stage "${stage}" removes everything`, async () => {
        const run = await runIn(stage);
        run.process.kill(signal);
        const { stdout, stderr } = await tests.ended(run.ended, 130);
        assert.match(stderr, /Cancelled\./);
        assert.doesNotMatch(stdout + stderr, /passed|failed/);
      });
    }
  }

  it('by SIGINT while it removes goes on with that, and ends as the tests did', async () => {
    const run = await runIn('remove');
    run.process.kill('SIGINT');
    await tests.ended(run.ended, 0);
  });

  it('a second time ends at once; what is left, the next run removes', async () => {
    declare({ test: STAGES.remove.test, commands: STAGES.command.commands });
    const run = tests.start();
    await run.until(/waiting/);
    run.process.kill('SIGINT');
    await run.until(/Removing "test"/, 'stderr');
    run.process.kill('SIGINT');
    assert.equal((await run.ended).exitCode, 130);
    assert.notDeepEqual(await tests.holdings(), NOTHING, 'the database takes three seconds to end');
    await nextRunCleans();
  });

  describe('on this machine', () => {
    /** Has the tests be a script of the shell. */
    const declareScript = (text: string) => {
      tests.folder.write('tests.sh', text);
      declare({ commands: '  unit: { kind: test, run: [sh, tests.sh] }\n' });
    };

    it('by --timeout ends all that the tests have started', async () => {
      declareScript('sleep 600\ntrue\n');
      const { stderr } = await tests.ended(tests.run(['--timeout', '1s']), 1);
      assert.match(stderr, /✖ "unit" did not end within 1 seconds/);
    });

    it('also ends what the tests have left behind them', async () => {
      // The shell has it ignore SIGINT.
      declareScript('sleep 600 &\necho waiting\nwait\n');
      const run = tests.start();
      await run.until(/waiting/);
      run.process.kill('SIGTERM');
      await tests.ended(run.ended, 130);
    });

    it('a second time kills all that the tests have started', async () => {
      declareScript('trap "" INT\necho waiting\nsleep 600\ntrue\n');
      const run = tests.start();
      await run.until(/waiting/);
      run.process.kill('SIGINT');
      run.process.kill('SIGTERM');
      assert.equal((await run.ended).exitCode, 130);
      await nextRunCleans();
    });

    it('by --timeout on a terminal ends all that the tests have started', async () => {
      declareScript(`sh -c 'echo "in process $$"; exec sleep 600'\ntrue\n`);
      const run = tests.startOnTerminal(['--timeout', '1s']);
      const { stdout } = await tests.ended(run.ended, 1);
      const process = Number(/in process (\d+)/.exec(stdout)?.[1]);
      assert.equal(sendSignal(process, 0), false, stdout);
    });

    it('by Ctrl-C, of which the terminal has told the tests, does not tell them again, but kills those that go on', async () => {
      // As only the run gets this one, what came to the tests would come from it.
      declareScript('trap "echo told" INT\nkill -INT $PPID\necho waiting\nwhile ! read line; do :; done\n');
      const { stdout } = await tests.ended(tests.startOnTerminal().ended, 130);
      assert.match(stdout, /waiting/);
      assert.doesNotMatch(stdout, /told/);
    });
  });

  describe('in a container of its own', () => {
    const OWN = 'newContainer: true, run: [sh, -c, "trap \\"\\" INT TERM; echo waiting; sleep 600"]';
    /** The containers made for the tests, by what they are labelled with. */
    const own = (...labels: readonly string[]) => {
      const wanted = [`com.docker.compose.project=${tests.project}`, 'com.docker.compose.oneoff=True', ...labels];
      const filters = wanted.flatMap((label) => ['--filter', `label=${label}`]);
      return tests.folder.docker('ps', '--all', '--quiet', ...filters);
    };
    const compose = (...args: string[]) =>
      tests.folder.docker('compose', '--project-name', tests.project, '--file', 'compose.yaml', ...args);

    it('a second time has that removed, which is known to be of the run', async () => {
      declare({ commands: `  unit: { kind: test, service: web, ${OWN} }\n` });
      const run = tests.start();
      await run.until(/waiting/);
      assert.notEqual(await own('dev.berth.run'), '');
      await tests.untilEngine('destroy', () => {
        run.process.kill('SIGINT');
        run.process.kill('SIGTERM');
      });
      assert.equal((await run.ended).exitCode, 130);
      assert.equal(await own(), '');
      await nextRunCleans();
    });

    it('by --timeout removes that also where the environment stays', async () => {
      declare({ commands: `  unit: { kind: test, service: web, ${OWN} }\n` });
      await compose('up', '--detach', '--wait');
      const { exitCode, stderr } = await tests.run(['--use-running', '--timeout', '1s']);
      assert.equal(exitCode, 1, stderr);
      assert.equal(await own(), '');
      await compose('down', '--volumes');
    });
  });

  for (const stage of ['check', 'up', 'setup', 'command', 'remove'] as const) {
    it(`by SIGKILL in the stage "${stage}" leaves what the next run removes`, async () => {
      const run = await runIn(stage);
      // Not `close`: what it started has its outputs, too, and goes on.
      const ended = once(run.process, 'exit');
      run.process.kill('SIGKILL');
      assert.deepEqual(await ended, [null, 'SIGKILL']);
      await tests.assertDevUntouched();
      // Nothing was made yet, or what was removing when it was killed may have come to its end.
      await nextRunCleans(stage !== 'check' && stage !== 'remove');
    });
  }

  it('by SIGKILL, of which only the volumes are left, does not hand them to the next run as they are', async () => {
    declare({
      commands:
        '  unit: { kind: test, service: web, run: [sh, -c, "echo left >/data/rows; echo waiting; exec sleep 600"] }\n',
    });
    const run = tests.start();
    await run.until(/waiting/);
    const ended = once(run.process, 'exit');
    run.process.kill('SIGKILL');
    await ended;
    await tests.folder.docker('rm', '--force', `${tests.project}-web-1`);
    declare({ commands: '  unit: { kind: test, service: web, run: [sh, -c, "ls /data"] }\n' });
    const { stdout } = await tests.ended(tests.run(), 0);
    assert.equal(stdout, '');
  });
});

describe('berth test on an engine that dies', () => {
  let engine: SecondEngine;
  let tests: TestRunFolder;

  before(async function () {
    if (noSecondEngineBecause()) return this.skip();
    engine = await startSecondEngine();
    await engine.load('berth/idle:1');
    tests = await TestRunFolder.open('lostengine', { declared: '' }, engine.environment.DOCKER_HOST);
  });
  after(async () => {
    await tests?.dispose();
    await engine?.dispose();
  });

  it('in the middle of the tests says so; once it is back, the next run removes what was left', async () => {
    tests.declare({ declared: `commands:\n  unit: { kind: test, service: web, ${waits} }\n` });
    const run = tests.start();
    await run.until(/waiting/);
    await engine.kill();
    const { exitCode, stderr } = await run.ended;
    assert.equal(exitCode, 3, stderr);
    assert.match(stderr, /✖ .*Docker engine/);
    assert.doesNotMatch(stderr, /is removed|passed/);
    await engine.start();
    tests.declare({ declared: `commands:\n  ${unit}\n` });
    const next = await tests.run();
    assert.equal(next.exitCode, 0, next.stderr);
    assert.match(next.stderr, /Removing what a run that was interrupted has left/);
    assert.deepEqual(await tests.holdings(), NOTHING);
  });
});
