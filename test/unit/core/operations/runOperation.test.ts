import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { takeLock } from '../../../../src/core/common/lock';
import type { OperationName } from '../../../../src/core/compose/operationCalls';
import { EngineFeed } from '../../../../src/core/engine/engineFeed';
import { EnvironmentStore } from '../../../../src/core/environmentStore';
import type { Container } from '../../../../src/core/model/container';
import type { OperationProgress, OperationRequest, OperationResult } from '../../../../src/core/operations/operation';
import { OperationRunner } from '../../../../src/core/operations/operationRunner';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { project } from '../support/examples';
import { FakeClock, settled } from '../support/fakeClock';
import { container, event, FakeConnection, lost } from '../support/fakeEngine';

const LOST = lost('gone for good');

// The engine is the test, and so is "docker": what a real one can't be made to do at the right moment.
(process.platform === 'win32' ? describe.skip : describe)('an operation', () => {
  let folder: string;
  let pathBefore: string | undefined;
  let clock: FakeClock;
  let feedClock: FakeClock;
  let engine: FakeConnection;
  /** What the next try to connect comes to. */
  let next: FakeConnection;
  /** The engine that the context leads to. */
  let leadsTo: string;
  let feed: EngineFeed;
  let store: EnvironmentStore;
  let runner: OperationRunner;
  let progress: OperationProgress[];
  /** Called for every line that the operation gives out of Compose. */
  let onOutput: () => void;
  /** Called when the operation waits for another one. */
  let onWaiting: () => void;
  /** Resolves when the operation waits for a time. */
  let waits: Promise<void>;

  beforeEach(async function () {
    if (process.platform === 'win32') return this.skip();
    folder = temporaryFolder('operation');
    fs.writeFileSync(path.join(folder, 'compose.yaml'), 'services: { web: {} }');
    pathBefore = process.env.PATH;
    process.env.PATH = `${path.join(folder, 'bin')}${path.delimiter}${pathBefore}`;
    docker('echo done >&2');
    clock = new FakeClock();
    feedClock = new FakeClock();
    const { after } = clock;
    waits = new Promise((resolve) => {
      clock.after = (ms, action) => {
        resolve();
        return after(ms, action);
      };
    });
    engine = new FakeConnection();
    next = engine;
    leadsTo = engine.engine;
    feed = new EngineFeed({ clock: feedClock, random: () => 1, connect: async () => next });
    store = new EnvironmentStore({
      feedFor: () => feed,
      targetOf: async () => ({ engine: leadsTo }),
      resolve: async () => project('web'),
    });
    runner = new OperationRunner({ store, feedFor: () => feed, clock }, 'test');
    progress = [];
    onOutput = () => {};
    onWaiting = () => {};
  });
  afterEach(() => {
    runner.dispose();
    store.dispose();
    feed.dispose();
    process.env.PATH = pathBefore;
    removeFolder(folder);
  });

  /** What "docker" does from now on. */
  function docker(script: string): void {
    const file = path.join(folder, 'bin', 'docker');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // What Compose is asked once something has failed.
    const version = 'if [ "$1 $2" = "compose version" ]; then echo 2.26.1; exit; fi';
    fs.writeFileSync(file, `#!/bin/sh\n${version}\ntouch "${folder}/ran"\n${script}\n`, { mode: 0o755 });
  }
  const hasRun = () => fs.existsSync(path.join(folder, 'ran'));

  async function open(...containers: Container[]): Promise<void> {
    await store.setScope({ workspaceFolders: [folder], trusted: true });
    await store.whenResolved();
    engine.lastListing.answer(containers);
    await settled();
    assert.equal(feed.state.kind, 'connected');
  }

  function run(
    operation: OperationName,
    signal = new AbortController().signal,
    more: Partial<OperationRequest> = {},
  ): Promise<OperationResult> {
    const environmentId = store.environments[0]?.definition.id ?? '';
    const onProgress = (one: OperationProgress) => {
      progress.push(one);
      if (one.kind === 'output') onOutput();
      if (one.kind === 'waiting') onWaiting();
    };
    return runner.run({ operation, environmentId, services: [], ...more }, onProgress, signal);
  }

  /** The engine goes away, and does not come back by itself. */
  function loseEngine(): void {
    next = new FakeConnection(LOST);
    engine.drop(LOST);
  }

  async function failure(result: Promise<OperationResult>) {
    const ended = await result;
    assert.ok(ended.kind === 'failed', ended.kind);
    return ended;
  }

  it('is refused in a workspace that is not trusted, before anything is run or connected to', async () => {
    await store.setScope({ workspaceFolders: [folder], trusted: false });
    for (const operation of ['up', 'down', 'stop', 'start', 'restart'] as const) {
      const { error } = await failure(run(operation));
      assert.equal(error.kind, 'usage');
      assert.match(error.message, /not trusted/);
    }
    assert.equal(hasRun(), false);
    assert.deepEqual(engine.calls, []);
  });

  it('that has ended what something else starts again fails after ten seconds', async () => {
    await open(container('1'));
    const result = run('stop');
    await waits;
    await clock.advance(10_000);
    const { error, service } = await failure(result);
    assert.match(error.message, /"web" runs again/);
    assert.equal(service, 'web');
    assert.equal(clock.pending, 0);
  });

  describe('that loses the engine after Compose has done its part', () => {
    const running = container('1');

    for (const operation of ['up', 'stop', 'down'] as const) {
      it(`${operation}: fails when the engine stays away for fifteen seconds`, async () => {
        await open(running);
        onOutput = loseEngine;
        const result = run(operation);
        await waits;
        let ended = false;
        void result.finally(() => {
          ended = true;
        });
        await clock.advance(14_999);
        await settled();
        assert.equal(ended, false);
        await clock.advance(1);
        assert.equal((await failure(result)).error, LOST);
        assert.equal(clock.pending, 0);
      });
    }

    it('goes on when the engine is back in time, by what it then says', async () => {
      await open();
      onOutput = loseEngine;
      const result = run('up');
      await waits;
      await clock.advance(14_000);
      next = new FakeConnection();
      await feedClock.advance(1_000);
      next.lastListing.answer([container('1', { healthCheck: 'starting' })]);
      await settled();
      await clock.advance(60_000);
      next.emit(event('health_status', '1', { healthCheck: 'healthy' }));
      assert.equal((await result).kind, 'done');
    });

    it('cancelled then, does not claim to know what runs', async () => {
      await open(running);
      onOutput = loseEngine;
      const cancel = new AbortController();
      const result = run('up', cancel.signal);
      await waits;
      cancel.abort();
      const ended = await result;
      assert.ok(ended.kind === 'cancelled');
      assert.equal(ended.running, undefined);
    });
  });

  describe('whose context leads to another engine', () => {
    const OTHER_ENGINE = /^By now "dev" is on another Docker engine/;
    const never = () => new AbortController().signal;

    /** Has the context lead elsewhere, as "docker context use" does, where there is the same; nobody has looked yet. */
    function move(): void {
      next = new FakeConnection(undefined, 'other');
      next.listContainers = async () => [container('1')];
      leadsTo = next.engine;
    }

    it('than the one that was looked at, is not done', async () => {
      await open(container('1'));
      move();
      const { error } = await failure(run('stop', never(), { engine: 'fake' }));
      assert.match(error.message, OTHER_ENGINE);
      assert.equal(hasRun(), false);
    });

    it('while it waits for its turn, is not done', async () => {
      await open(container('1'));
      const lock = await takeLock(JSON.stringify(['fake', 'app']), 'somebody else', {
        signal: never(),
        onWait: () => {},
      });
      onWaiting = () => {
        move();
        lock.dispose();
      };
      assert.match((await failure(run('stop'))).error.message, OTHER_ENGINE);
      assert.equal(hasRun(), false);
    });

    it('while it is under way, fails', async () => {
      await open(container('1', { healthCheck: 'starting' }));
      onOutput = () => {
        move();
        void store.lookAtEngines();
      };
      assert.match((await failure(run('up'))).error.message, OTHER_ENGINE);
    });

    it('before it is asked for, is done there, by the name of the context that was looked at', async () => {
      await open(container('1'));
      docker('echo "in $DOCKER_CONTEXT" >&2');
      move();
      assert.equal((await run('build')).kind, 'done');
      const said = progress.flatMap((one) => (one.kind === 'output' ? one.line : []));
      assert.deepEqual(said, ['in default']);
    });
  });

  it('cancelled while the engine is there, tells what runs', async () => {
    await open(container('1'));
    const cancel = new AbortController();
    const result = run('up', cancel.signal);
    await waits;
    cancel.abort();
    const ended = await result;
    assert.ok(ended.kind === 'cancelled');
    assert.deepEqual(ended.running, ['web']);
  });

  it('whose Compose call fails because the engine is lost: says that, with what Compose said', async () => {
    const words = path.join(folder, 'pipe');
    execFileSync('mkfifo', [words]);
    docker(`echo ' Container x  Starting' >&2; read -r complaint <"${words}"; echo "$complaint" >&2; exit 1`);
    await open();
    onOutput = () => {
      onOutput = () => {};
      loseEngine();
      // Compose complains once the loss is known here, as mostly in life.
      void settled().then(() => fs.promises.writeFile(words, 'error during connect: EOF\n'));
    };
    const { error } = await failure(run('up'));
    assert.deepEqual([error.kind, error.message], ['engine-unreachable', LOST.message]);
    assert.equal(error.details.output, 'error during connect: EOF');
  });

  describe('whose service fails', () => {
    const unhealthy = container('1', { healthCheck: 'unhealthy' });

    it('waits five seconds for more about it, and tells it without that', async () => {
      await open(unhealthy);
      let asked: AbortSignal | undefined;
      engine.lastHealthOutput = (_id: string, signal?: AbortSignal) => {
        asked = signal;
        return new Promise(() => {});
      };
      const result = run('up');
      await waits;
      await clock.advance(4_999);
      assert.equal(asked?.aborted, false);
      await clock.advance(1);
      const { error, service } = await failure(result);
      assert.equal(asked?.aborted, true);
      assert.deepEqual([service, error.details.output], ['web', undefined]);
      assert.match(error.message, /"web" is unhealthy/);
    });

    it('can be cancelled while more about it is sought', async () => {
      await open(unhealthy);
      engine.lastHealthOutput = () => new Promise(() => {});
      const cancel = new AbortController();
      const result = run('up', cancel.signal);
      await waits;
      cancel.abort();
      assert.equal((await result).kind, 'cancelled');
      assert.equal(clock.pending, 0);
    });
  });

  it('is cancelled when the runner is disposed, those that wait for their turn as well', async () => {
    await open(container('1'));
    const results = [run('up'), run('stop')];
    await waits;
    let told = 0;
    runner.onDidChange(() => told++);
    runner.dispose();
    assert.deepEqual(
      (await Promise.all(results)).map((result) => result.kind),
      ['cancelled', 'cancelled'],
    );
    assert.equal(told, 0);
    fs.rmSync(path.join(folder, 'ran'));
    assert.equal((await run('up')).kind, 'cancelled');
    assert.equal(hasRun(), false);
  });
});
