import assert from 'node:assert/strict';
import type { Disposable } from '../../../../src/core/common/disposable';
import { onWake } from '../../../../src/core/common/wake';
import { EngineFeed } from '../../../../src/core/engine/engineFeed';
import { FakeClock } from '../support/fakeClock';
import { FakeConnection } from '../support/fakeEngine';

describe('onWake', () => {
  const { now } = Date;
  let date: number;
  let clock: FakeClock;
  let owned: Disposable | undefined;

  beforeEach(() => {
    date = 0;
    clock = new FakeClock();
    Date.now = () => clock.now() + date;
  });
  afterEach(() => {
    Date.now = now;
    owned?.dispose();
    owned = undefined;
  });

  it('tells of each time that the machine slept, and of nothing else', async () => {
    let woken = 0;
    owned = onWake(() => woken++, clock);
    await clock.advance(3_600_000);
    assert.equal(woken, 0);
    date += 60_000;
    await clock.advance(10_000);
    assert.equal(woken, 1);
    await clock.advance(60_000);
    assert.equal(woken, 1);
    date += 3_600_000;
    await clock.advance(10_000);
    assert.equal(woken, 2);
    // A busy machine, and a calendar that is set back.
    date += 15_000;
    await clock.advance(10_000);
    date -= 7_200_000;
    await clock.advance(10_000);
    assert.equal(woken, 2);
    owned.dispose();
    assert.equal(clock.pending, 0);
  });

  it('an engine over a network is connected to anew; one on this machine is not', async () => {
    for (const isRemote of [true, false]) {
      const connections: FakeConnection[] = [];
      const feed = new EngineFeed({
        clock,
        connect: async () => {
          const connection = Object.assign(new FakeConnection(), { isRemote });
          connections.push(connection);
          return connection;
        },
      });
      owned = feed;
      feed.start();
      await clock.advance(0);
      connections[0]?.lastListing.answer([]);
      await clock.advance(0);
      assert.equal(feed.state.kind, 'connected');
      date += 60_000;
      await clock.advance(10_000);
      assert.equal(connections.length, isRemote ? 2 : 1);
      assert.equal(feed.state.kind, isRemote ? 'connecting' : 'connected');
      connections[1]?.lastListing.answer([]);
      await clock.advance(0);
      assert.equal(feed.state.kind, 'connected');
      assert.deepEqual(connections[0]?.calls, ['subscribe', 'list', ...(isRemote ? ['close'] : [])]);
      feed.dispose();
      await clock.advance(0);
      assert.equal(clock.pending, 0);
    }
  });
});
