import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Limiter } from '../../../../src/core/common/limiter';

describe('things that are done so many at once', () => {
  it('wait for their turn, in order, also when one fails', async () => {
    const limiter = new Limiter(2);
    const began: number[] = [];
    let running = 0;
    let most = 0;
    const results = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((number) =>
        limiter.run(async () => {
          began.push(number);
          most = Math.max(most, ++running);
          await setImmediate();
          running--;
          if (number === 1) throw new Error('no');
          return number * 2;
        }),
      ),
    );
    assert.deepEqual([began, most], [[0, 1, 2, 3, 4], 2]);
    assert.deepEqual(
      results.map((one) => (one.status === 'fulfilled' ? one.value : 'failed')),
      [0, 'failed', 4, 6, 8],
    );
  });
});
