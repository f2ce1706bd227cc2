import assert from 'node:assert/strict';
import type { UserError } from '../../../../src/core/common/errors';
import { EngineFeed } from '../../../../src/core/engine/engineFeed';
import type { Container } from '../../../../src/core/model/container';
import { FakeClock, settled } from '../support/fakeClock';
import { container, event, FakeConnection, lost } from '../support/fakeEngine';

/** Longer than anything that is asked for after an event takes, shorter than a probe is waited for. */
const A_WHILE = 5_000;

describe('EngineFeed', () => {
  let clock: FakeClock;
  let feed: EngineFeed;
  /** Made for each try, the newest last. */
  let connections: FakeConnection[];
  let states: string[];
  /** What was fired, as the containers were then. */
  let changes: string[];
  /** What connecting comes to, in the order of tries; then all succeed. */
  let refusals: (UserError | undefined)[];
  /** What connecting waits for. */
  let gate: Promise<void>;

  beforeEach(() => {
    clock = new FakeClock();
    connections = [];
    states = [];
    changes = [];
    refusals = [];
    gate = Promise.resolve();
    feed = new EngineFeed({
      clock,
      random: () => 1,
      connect: async () => {
        const connection = new FakeConnection(refusals.shift());
        connections.push(connection);
        await gate;
        return connection;
      },
    });
    feed.onDidChangeState((state) => states.push(state.kind));
    feed.onDidChangeContainers(() => changes.push(described()));
  });
  afterEach(() => feed.dispose());

  const described = () =>
    [...feed.containers].map(({ id, state, healthCheck }) => `${id} ${state} ${healthCheck}`).join(', ');
  const connection = (): FakeConnection => {
    const last = connections.at(-1);
    assert.ok(last, 'connected');
    return last;
  };

  /** Starts the feed and answers its first list. */
  async function connect(...listed: Container[]): Promise<FakeConnection> {
    feed.start();
    await settled();
    connection().lastListing.answer(listed);
    await settled();
    assert.equal(feed.state.kind, 'connected');
    changes.length = 0;
    return connection();
  }

  it('subscribes, and only then asks for the list', async () => {
    feed.start();
    feed.start();
    await settled();
    assert.deepEqual(connection().calls, ['subscribe', 'list']);
    assert.equal(feed.state.kind, 'connecting');
    connection().lastListing.answer([container('a'), container('b')]);
    await settled();
    assert.deepEqual(feed.state, { kind: 'connected', address: 'fake' });
    assert.equal(described(), 'a running none, b running none');
    assert.deepEqual([states, changes], [['connected'], ['a running none, b running none']]);
    assert.equal(clock.pending, 0);
    assert.equal(connections.length, 1);
  });

  describe('events that come before the list', () => {
    beforeEach(async () => {
      feed.start();
      await settled();
    });

    it('are applied on top of it, and told of once', async () => {
      connection().emit(event('die', 'a', { exitCode: 3 }), event('start', 'new'), event('destroy', 'b'));
      assert.deepEqual(changes, []);
      connection().lastListing.answer([container('a'), container('b')]);
      await settled();
      assert.deepEqual(changes, ['a exited none, new running starting']);
    });

    it('of which the list knows already change nothing', async () => {
      connection().emit(
        event('start', 'a'),
        event('health_status', 'a', { healthCheck: 'healthy' }),
        event('start', 'plain'),
        event('die', 'c', { exitCode: 1 }),
      );
      connection().lastListing.answer([
        container('a', { healthCheck: 'healthy' }),
        container('plain'),
        container('c', { state: 'exited', exitCode: 1 }),
      ]);
      await settled();
      assert.deepEqual(changes, ['a running healthy, plain running none, c exited none']);
    });

    it('have the engine asked about what they do not tell', async () => {
      connection().emit(event('start', 'a'));
      connection().lastListing.answer([container('a')]);
      await clock.advance(A_WHILE);
      assert.deepEqual(connection().calls, ['subscribe', 'list', 'list a']);
    });
  });

  describe('once connected', () => {
    it('applies an event at once, and keeps what it is not about', async () => {
      const engine = await connect(container('a', { healthCheck: 'healthy' }), container('b'));
      const [, before] = feed.containers;
      engine.emit(event('health_status', 'a', { healthCheck: 'unhealthy' }));
      assert.deepEqual(changes, ['a running unhealthy, b running none']);
      const [, after] = feed.containers;
      assert.equal(after, before);
      await clock.advance(A_WHILE);
      assert.equal(engine.listings.length, 1, 'health needs no question');
    });

    it('tells nothing when an event or a list changes nothing', async () => {
      const engine = await connect(container('a', { healthCheck: 'healthy' }));
      engine.emit(event('health_status', 'a', { healthCheck: 'healthy' }), event('restart', 'a'), event('rename', 'a'));
      engine.emit(event('update', 'a'));
      await clock.advance(A_WHILE);
      engine.lastListing.answer([container('a', { healthCheck: 'healthy' })]);
      await settled();
      assert.deepEqual(changes, []);
    });

    it('asks once for a burst of fifty starts, and about those alone', async () => {
      const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
      const engine = await connect(container('other'), ...ids.map((id) => container(id, { state: 'created' })));
      for (const id of ids) {
        engine.emit(event('start', id));
        await clock.advance(1);
      }
      await clock.advance(A_WHILE);
      assert.equal(engine.listings.length, 2);
      assert.deepEqual([...(engine.lastListing.ids ?? [])].sort(), [...ids].sort());
      engine.lastListing.answer(ids.map((id) => container(id)));
      await settled();
      assert.equal(clock.pending, 0);
      assert.ok(!described().includes('starting'));
    });

    it('asks soon after the last start of a project, later while more of it may start', async () => {
      const created = { state: 'created', exitCode: undefined } as const;
      const engine = await connect(
        container('a', created),
        container('b', created),
        container('elsewhere', { ...created, project: 'other' }),
        container('run', { ...created, oneOff: true }),
      );
      engine.emit(event('start', 'a'));
      await clock.advance(240);
      assert.equal(engine.listings.length, 1);
      engine.emit(event('start', 'b'));
      await clock.advance(40);
      assert.deepEqual(engine.calls.slice(2), ['list a,b']);
      engine.lastListing.answer([container('a'), container('b')]);
      await clock.advance(A_WHILE);
      assert.equal(engine.listings.length, 2);
      engine.emit(event('die', 'a', { exitCode: 0 }), event('stop', 'a'));
      engine.emit(event('start', 'b'));
      await clock.advance(240);
      assert.equal(engine.listings.length, 2, 'the other one may be started, too');
      await clock.advance(10);
      assert.equal(engine.listings.length, 3, 'but was not');
    });

    it('asks one thing at a time; what comes meanwhile is asked after it', async () => {
      const engine = await connect();
      engine.emit(event('start', 'a'));
      await clock.advance(A_WHILE);
      engine.emit(event('start', 'b'));
      await clock.advance(A_WHILE);
      assert.deepEqual(engine.calls.slice(2), ['list a']);
      engine.lastListing.answer([container('a')]);
      await clock.advance(A_WHILE);
      assert.deepEqual(engine.calls.slice(2), ['list a', 'list b']);
    });

    it('applies what came while the list was under way on top of it', async () => {
      const engine = await connect();
      engine.emit(event('start', 'a'));
      await clock.advance(A_WHILE);
      engine.emit(event('health_status', 'a', { healthCheck: 'healthy' }));
      engine.lastListing.answer([container('a', { healthCheck: 'starting' })]);
      await settled();
      assert.equal(described(), 'a running healthy');
      assert.ok(!changes.slice(1).includes('a running starting'), 'no step back');
    });

    it('believes an event more than a list that is behind it, and asks again', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('die', 'a', { exitCode: 1 }));
      await clock.advance(100);
      engine.lastListing.answer([container('a')]);
      await settled();
      assert.equal(described(), 'a exited none');
      await clock.advance(200);
      assert.equal(engine.listings.length, 3);
      engine.lastListing.answer([container('a', { state: 'restarting', exitCode: 1 })]);
      await clock.advance(A_WHILE);
      assert.equal(described(), 'a restarting none');
      assert.deepEqual(changes, ['a exited none', 'a restarting none']);
      assert.equal(clock.pending, 0);
    });

    it('believes a list that goes on saying otherwise only after a time in which a disk would have been written', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('die', 'a', { exitCode: 1 }));
      const began = clock.now();
      for (let asked = 1; described() !== 'a running none' && clock.now() - began < 120_000; ) {
        await clock.advance(20);
        if (engine.listings.length === asked) continue;
        asked++;
        engine.lastListing.answer([container('a')]);
        await settled();
      }
      assert.equal(described(), 'a running none');
      const after = clock.now() - began;
      assert.ok(after > 20_000 && after < 90_000, `after ${after} ms`);
      assert.ok(engine.listings.length < 14, `${engine.listings.length} requests`);
      await clock.advance(A_WHILE);
      assert.equal(clock.pending, 0);
    });

    it('does not believe an old list about a container because of another one that kept it asking', async () => {
      const engine = await connect(container('loop'), container('a'));
      for (let round = 0; round < 8; round++) {
        engine.emit(event('die', 'loop', { exitCode: 1 }));
        await clock.advance(400);
        engine.lastListing.answer([container('loop')]);
        await settled();
      }
      // Its death is news, whatever is thought of the other one's lists.
      engine.emit(event('die', 'a', { exitCode: 1 }));
      const before = engine.listings.length;
      await clock.advance(45);
      assert.ok(engine.listings.length > before);
      engine.lastListing.answer([container('loop'), container('a')]);
      await settled();
      assert.match(described(), /a exited none/);
    });

    it('does not ask about what was stopped or removed', async () => {
      const engine = await connect(container('a'), container('b'));
      engine.emit(event('kill', 'a', { signal: 15 }), event('die', 'a', { exitCode: 0 }), event('stop', 'a'));
      engine.emit(event('die', 'b', { exitCode: 0 }), event('destroy', 'b'));
      await clock.advance(A_WHILE);
      assert.equal(engine.listings.length, 1);
      assert.equal(described(), 'a exited none');
      assert.equal(clock.pending, 0);
    });

    it('lets go of a container that the list no longer has', async () => {
      const engine = await connect(container('a'), container('b'));
      engine.emit(event('update', 'a'));
      await clock.advance(A_WHILE);
      engine.lastListing.answer([]);
      await settled();
      assert.equal(described(), 'b running none');
    });

    it('keeps that a stop was asked for over a list that is answered before the container has ended', async () => {
      const engine = await connect(container('a', { state: 'paused' }));
      engine.emit(event('unpause', 'a'));
      await clock.advance(A_WHILE);
      engine.emit(event('kill', 'a', { signal: 15 }));
      engine.lastListing.answer([container('a')]);
      await settled();
      engine.emit(event('unpause', 'a'));
      await clock.advance(A_WHILE);
      engine.lastListing.answer([container('a')]);
      await settled();
      engine.emit(event('die', 'a', { exitCode: 1 }));
      assert.equal([...feed.containers][0]?.stoppedOnRequest, true);
    });

    it('keeps that a stop was asked for over a list, which does not tell it', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('kill', 'a', { signal: 15 }), event('die', 'a', { exitCode: 7 }));
      await clock.advance(100);
      engine.lastListing.answer([container('a', { state: 'exited', exitCode: 7 })]);
      await settled();
      assert.equal([...feed.containers][0]?.stoppedOnRequest, true);
    });

    it('asks again when a list fails, and is not wrong about the container in the end', async () => {
      const engine = await connect(container('a', { state: 'exited' }));
      engine.emit(event('start', 'a'));
      await clock.advance(A_WHILE);
      engine.lastListing.fail();
      await settled();
      assert.deepEqual([feed.state.kind, described()], ['connected', 'a running starting']);
      await clock.advance(A_WHILE);
      assert.deepEqual(engine.calls.slice(2), ['list a', 'list a']);
      engine.lastListing.answer([container('a')]);
      await clock.advance(A_WHILE);
      assert.equal(described(), 'a running none');
      assert.equal(clock.pending, 0);
    });

    it('asks again ever less often; when it goes on failing, lists everything on a new connection', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('update', 'a'));
      const times: number[] = [];
      while (feed.state.kind === 'connected' && times.length < 20) {
        const before = engine.listings.length;
        for (let step = 0; step < 200 && engine.listings.length === before; step++) await clock.advance(10);
        times.push(clock.now());
        engine.lastListing.fail(lost('overloaded'));
        await settled();
      }
      const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      assert.deepEqual(waits, [250, 500, 1000]);
      assert.ok(feed.state.kind === 'lost');
      assert.equal(feed.state.error.message, 'overloaded');
      assert.equal(engine.calls.at(-1), 'close');
      await clock.advance(1_000);
      assert.deepEqual(connection().calls, ['subscribe', 'list']);
      connection().lastListing.answer([]);
      await settled();
      assert.equal(described(), '');
    });

    it('counts only the failures in a row', async () => {
      const engine = await connect(container('a'));
      for (let round = 0; round < 6; round++) {
        engine.emit(event('update', 'a'));
        await clock.advance(A_WHILE);
        engine.lastListing.fail();
        await clock.advance(A_WHILE);
        engine.lastListing.answer([container('a')]);
        await settled();
      }
      assert.equal(feed.state.kind, 'connected');
    });

    it('does not ask again about what was removed while the list failed', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('update', 'a'));
      await clock.advance(A_WHILE);
      engine.emit(event('destroy', 'a'));
      engine.lastListing.fail();
      await clock.advance(A_WHILE);
      assert.equal(engine.listings.length, 2);
      assert.equal(clock.pending, 0);
    });

    it('waits ten seconds for a list, then asks again', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('update', 'a'));
      await clock.advance(1_000);
      const { signal } = engine.lastListing;
      await clock.advance(8_000);
      assert.deepEqual([engine.listings.length, signal.aborted], [2, false]);
      await clock.advance(2_000);
      assert.deepEqual([engine.listings.length, signal.aborted, feed.state.kind], [3, true, 'connected']);
    });
  });

  describe('after a pause', () => {
    it('waits for the next probe, whatever the engine lists, but not for ever', async () => {
      const engine = await connect(container('a', { healthCheck: 'healthy' }));
      engine.emit(event('pause', 'a'));
      engine.emit(event('unpause', 'a'));
      await clock.advance(A_WHILE);
      engine.lastListing.answer([container('a', { healthCheck: 'unhealthy' })]);
      await clock.advance(A_WHILE);
      assert.equal(described(), 'a running starting');
      const before = engine.listings.length;
      await clock.advance(25_000);
      assert.equal(engine.listings.length, before + 1, 'asked once more');
      engine.lastListing.answer([container('a', { healthCheck: 'unhealthy' })]);
      await clock.advance(60_000);
      assert.equal(described(), 'a running unhealthy');
      assert.equal(clock.pending, 0);
    });

    it('asks no more when the probe has told', async () => {
      const engine = await connect(container('a', { healthCheck: 'healthy' }));
      engine.emit(event('pause', 'a'), event('unpause', 'a'));
      await clock.advance(A_WHILE);
      engine.lastListing.answer([container('a', { healthCheck: 'unhealthy' })]);
      await settled();
      engine.emit(event('health_status', 'a', { healthCheck: 'healthy' }));
      const before = engine.listings.length;
      await clock.advance(120_000);
      assert.equal(engine.listings.length, before);
      assert.equal(described(), 'a running healthy');
    });

    it('knows that what was unhealthy before still is', async () => {
      const engine = await connect(container('a', { healthCheck: 'unhealthy' }));
      engine.emit(event('pause', 'a'), event('unpause', 'a'));
      assert.equal(described(), 'a running unhealthy');
    });
  });

  describe('when the engine is lost', () => {
    it('waits longer each time, up to half a minute, and goes on for ever', async () => {
      refusals = Array.from({ length: 12 }, () => lost('no engine'));
      feed.start();
      const waits: number[] = [];
      for (let tries = 1; tries <= 12; tries++) {
        await settled();
        assert.equal(connections.length, tries);
        assert.ok(feed.state.kind === 'lost');
        const wait = feed.state.retryAt - clock.now();
        waits.push(wait);
        await clock.advance(wait - 1);
        assert.equal(connections.length, tries, 'not before its time');
        await clock.advance(1);
      }
      assert.deepEqual(waits.slice(0, 4), [250, 500, 1000, 2000]);
      assert.deepEqual(waits.slice(-2), [30_000, 30_000]);
      connection().lastListing.answer([]);
      await settled();
      assert.equal(feed.state.kind, 'connected');
    });

    it('lists everything anew, and tells what changed meanwhile, and only that', async () => {
      const engine = await connect(container('a'), container('b'), container('c', { project: 'other' }));
      const [kept] = feed.containers;
      engine.drop();
      await settled();
      assert.equal(feed.state.kind, 'lost');
      assert.deepEqual(changes, []);
      const projects: string[] = [];
      feed.onDidChangeContainers((names) => projects.push(...names));
      await clock.advance(1_000);
      connection().lastListing.answer([container('a'), container('c', { project: 'other', state: 'paused' })]);
      await settled();
      assert.deepEqual(changes, ['a running none, c paused none']);
      assert.deepEqual(projects.sort(), ['app', 'other']);
      assert.equal([...feed.containers][0], kept);
    });

    it('hears no more of the connection that ended', async () => {
      const engine = await connect(container('a'));
      engine.emit(event('start', 'a'));
      engine.drop();
      await settled();
      assert.equal(engine.calls.at(-1), 'close');
      assert.equal(clock.pending, 1, 'only the next try is waited for');
      await clock.advance(1_000);
      assert.deepEqual(connection().calls, ['subscribe', 'list']);
    });

    it('tries at once when told to', async () => {
      refusals = [lost('no engine')];
      feed.start();
      await settled();
      feed.retryNow();
      await settled();
      assert.equal(connections.length, 2);
      assert.equal(clock.pending, 1, 'only the limit of the try is waited for');
      feed.retryNow();
      await settled();
      assert.equal(connections.length, 2, 'not while a try is under way');
    });

    it('hears "now" also from whoever hears of the loss', async () => {
      refusals = [lost('no engine')];
      const watch = feed.onDidChangeState((state) => {
        watch.dispose();
        if (state.kind === 'lost') feed.retryNow();
      });
      feed.start();
      await settled();
      assert.equal(connections.length, 2);
    });

    it('begins with short waits again after a connection that held', async () => {
      refusals = Array.from({ length: 6 }, () => lost('no engine'));
      feed.start();
      await clock.advance(60_000);
      connection().lastListing.answer([]);
      await settled();
      await clock.advance(10_000);
      connection().drop();
      await settled();
      assert.ok(feed.state.kind === 'lost');
      assert.ok(feed.state.retryAt - clock.now() <= 500);
    });

    it('does not take a try that took long for a connection that held', async () => {
      feed.start();
      const waits: number[] = [];
      for (let tries = 0; tries < 5; tries++) {
        await settled();
        await clock.advance(10_000);
        connection().lastListing.fail();
        await settled();
        assert.ok(feed.state.kind === 'lost');
        waits.push(feed.state.retryAt - clock.now());
        await clock.advance(waits.at(-1) ?? 0);
      }
      assert.deepEqual(waits, [250, 500, 1000, 2000, 4000]);
    });

    it('is lost after fifteen seconds without an answer, with a reason, and tries again', async () => {
      feed.start();
      await settled();
      const { signal } = connection().lastListing;
      await clock.advance(14_999);
      assert.deepEqual(states, []);
      await clock.advance(1);
      assert.ok(feed.state.kind === 'lost');
      assert.match(feed.state.error.message, /does not answer/);
      assert.ok(signal.aborted);
      assert.equal(connection().calls.at(-1), 'close');
      await clock.advance(1_000);
      assert.equal(connections.length, 2);
      connection().lastListing.answer([]);
      await clock.advance(60_000);
      assert.deepEqual([states, clock.pending], [['lost', 'connected'], 0], 'the limit is for that alone');
    });

    it('while the first list is under way: no list is waited for', async () => {
      feed.start();
      await settled();
      const { signal } = connection().lastListing;
      connection().drop();
      await settled();
      assert.equal(feed.state.kind, 'lost');
      assert.ok(signal.aborted);
    });

    it('because the first list fails: the stream is let go of', async () => {
      feed.start();
      await settled();
      connection().lastListing.fail(lost('no list'));
      await settled();
      assert.ok(feed.state.kind === 'lost');
      assert.equal(feed.state.error.message, 'no list');
      assert.equal(connection().calls.at(-1), 'close');
    });
  });

  describe('reconnect', () => {
    it('makes a new connection at once, and is not lost meanwhile', async () => {
      const engine = await connect(container('a'));
      states.length = 0;
      feed.reconnect();
      await settled();
      assert.equal(connections.length, 2);
      assert.equal(engine.calls.at(-1), 'close');
      connection().lastListing.answer([]);
      await settled();
      assert.deepEqual(states, ['connecting', 'connected']);
      assert.equal(described(), '');
      assert.equal(clock.pending, 0);
    });

    it('gives nobody the old connection from then on, be it that it was just made', async () => {
      const engine = await connect(container('a'));
      feed.reconnect();
      assert.equal(feed.state.kind, 'connecting');
      const waiting = feed.whenConnected();
      await settled();
      const second = connection();
      assert.notEqual(second, engine);
      second.lastListing.answer([]);
      feed.reconnect();
      await settled();
      const third = connection();
      assert.notEqual(third, second);
      third.lastListing.answer([container('b')]);
      assert.equal(await waiting, third);
      assert.equal(described(), 'b running none');
    });

    it('once, and then waits as ever between tries', async () => {
      await connect();
      refusals = [lost('first'), lost('second')];
      feed.reconnect();
      await settled();
      assert.equal(connections.length, 2);
      assert.equal(feed.state.kind, 'lost');
      assert.equal(clock.pending, 1);
    });

    it('tries at once while the engine is lost, and does nothing before the start', async () => {
      refusals = [lost('no engine')];
      feed.reconnect();
      await settled();
      assert.equal(connections.length, 0);
      feed.start();
      await settled();
      feed.reconnect();
      await settled();
      assert.equal(connections.length, 2);
    });
  });

  describe('whenConnected', () => {
    it('starts, and gives the connection', async () => {
      const waiting = feed.whenConnected();
      await settled();
      connection().lastListing.answer([]);
      assert.equal(await waiting, connection());
      assert.equal(await feed.whenConnected(), connection());
    });

    it('of a lost engine tries at once, and rejects with why it failed', async () => {
      refusals = [lost('first'), lost('second')];
      await assert.rejects(feed.whenConnected(), { message: 'first' });
      await assert.rejects(feed.whenConnected(), { message: 'second' });
      const waiting = feed.whenConnected();
      await settled();
      connection().lastListing.answer([]);
      assert.equal(await waiting, connection());
      assert.equal(clock.now(), 1_000_000, 'without waiting');
    });

    it('gives the connection there was, also when it is lost at once', async () => {
      const waiting = feed.whenConnected();
      await settled();
      const engine = connection();
      engine.lastListing.answer([]);
      engine.drop();
      assert.equal(await waiting, engine);
    });

    it('can be cancelled, also by disposing', async () => {
      const cancel = new AbortController();
      const cancelled = assert.rejects(feed.whenConnected(cancel.signal), { name: 'AbortError' });
      const disposed = assert.rejects(feed.whenConnected(), { name: 'AbortError' });
      cancel.abort();
      await cancelled;
      feed.dispose();
      await disposed;
    });
  });

  describe('dispose leaves no timer, no request and no connection', () => {
    const stages: Readonly<Record<string, () => Promise<void>>> = {
      'before the start': async () => {},
      'while it connects': async () => feed.start(),
      'while it lists': async () => {
        feed.start();
        await settled();
      },
      'while it is connected': async () => void (await connect(container('a'))),
      'while an event waits to be asked about': async () => {
        (await connect()).emit(event('start', 'a'));
      },
      'while an event is asked about': async () => {
        (await connect()).emit(event('start', 'a'));
        await clock.advance(A_WHILE);
      },
      'while the engine is lost': async () => {
        (await connect()).drop();
        await settled();
      },
    };
    for (const [stage, reach] of Object.entries(stages)) {
      it(stage, async () => {
        let open = () => {};
        if (stage === 'while it connects') {
          gate = new Promise((resolve) => {
            open = resolve;
          });
        }
        await reach();
        feed.dispose();
        open();
        await settled();
        assert.equal(clock.pending, 0);
        const made = connections.length;
        for (const one of connections) {
          assert.ok(one.listings.every((listing) => listing.signal.aborted));
          assert.equal(one.calls.at(-1), 'close');
        }
        states.length = 0;
        await clock.advance(100_000);
        assert.deepEqual([connections.length, states, clock.pending], [made, [], 0]);
      });
    }
  });
});
