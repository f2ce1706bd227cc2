import assert from 'node:assert/strict';
import { millisecondsOf, secondsOfTime } from '../../../src/cli/time';
import { UserError } from '../../../src/core/common/errors';

describe('secondsOfTime', () => {
  const now = Date.UTC(2026, 2, 1, 8);
  const ago = (text: string) => now / 1000 - Number(secondsOfTime(text, now));

  it('takes how long ago', () => {
    assert.deepEqual(['10m', '1h30m', '1.5h', '500ms', '0s'].map(ago), [600, 5400, 5400, 0.5, 0]);
  });

  it('takes dates with and without a zone, and seconds', () => {
    assert.equal(secondsOfTime('2026-03-01T08:00:00Z', 0), (now / 1000).toFixed(3));
    assert.equal(secondsOfTime('2026-03-01T09:00:00+01:00', 0), (now / 1000).toFixed(3));
    assert.equal(Number(secondsOfTime('2026-03-01', 0)), new Date(2026, 2, 1).getTime() / 1000);
    assert.equal(secondsOfTime('1772352000', 0), '1772352000');
  });

  it('refuses dates that there are not', () => {
    assert.throws(
      () => secondsOfTime('2026-13-01', now),
      (error) => error instanceof UserError && error.kind === 'usage',
    );
  });
});

describe('millisecondsOf', () => {
  it('takes lengths of time', () => {
    assert.deepEqual(['90s', '1h30m', '1.5m', '500ms'].map(millisecondsOf), [90_000, 5_400_000, 90_000, 500]);
  });
});
