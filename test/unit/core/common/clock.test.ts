import assert from 'node:assert/strict';
import { backoffDelay, systemClock, withinTime } from '../../../../src/core/common/clock';
import { FakeClock } from '../support/fakeClock';

describe('backoffDelay', () => {
  it('doubles from a quarter of a second up to half a minute', () => {
    const delays = [0, 1, 2, 3, 6, 7, 8, 1_000_000].map((attempt) => backoffDelay(attempt, () => 1));
    assert.deepEqual(delays, [250, 500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('spreads over the upper half', () => {
    assert.equal(
      backoffDelay(2, () => 0),
      500,
    );
    const delays = Array.from({ length: 200 }, () => backoffDelay(4));
    assert.ok(delays.every((delay) => delay >= 2000 && delay <= 4000));
    assert.ok(new Set(delays).size > 10);
  });
});

describe('systemClock', () => {
  it('calls once, unless disposed of first', async () => {
    const called: string[] = [];
    await new Promise<void>((resolve) => {
      systemClock.after(1, () => called.push('disposed')).dispose();
      systemClock.after(2, () => called.push('due'));
      systemClock.after(5, resolve);
    });
    assert.deepEqual(called, ['due']);
  });

  it('goes on evenly when the time of the machine is set', () => {
    const { now } = Date;
    try {
      const before = systemClock.now();
      for (const jump of [-86_400_000, 86_400_000]) {
        Date.now = () => now() + jump;
        const passed = systemClock.now() - before;
        assert.ok(passed >= 0 && passed < 60_000, `${passed} ms`);
      }
    } finally {
      Date.now = now;
    }
  });
});

describe('withinTime', () => {
  const late = new Error('late');
  const never = () => new Promise<string>(() => {});

  it('gives what the action comes to in time, and leaves no timer', async () => {
    const clock = new FakeClock();
    const options = { clock, ms: 10, late: () => late };
    assert.equal(await withinTime(async () => 'done', options), 'done');
    await assert.rejects(
      withinTime(() => Promise.reject(new Error('own')), options),
      { message: 'own' },
    );
    assert.equal(clock.pending, 0);
  });

  it('aborts an action that takes too long, and waits for it no longer', async () => {
    const clock = new FakeClock();
    let given: AbortSignal | undefined;
    const result = withinTime(
      (signal) => {
        given = signal;
        return never();
      },
      { clock, ms: 10, late: () => late },
    );
    const rejected = assert.rejects(result, late);
    await clock.advance(9);
    assert.equal(given?.aborted, false);
    await clock.advance(1);
    await rejected;
    assert.equal(given?.aborted, true);
  });

  it('can be aborted from outside, also before it begins', async () => {
    const clock = new FakeClock();
    const cancel = new AbortController();
    const options = { clock, ms: 10, signal: cancel.signal, late: () => late };
    const rejected = assert.rejects(withinTime(never, options), { name: 'AbortError' });
    cancel.abort();
    await rejected;
    await assert.rejects(
      withinTime(() => assert.fail('begun'), options),
      { name: 'AbortError' },
    );
    assert.equal(clock.pending, 0);
  });
});
