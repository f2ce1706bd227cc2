import assert from 'node:assert/strict';
import { logSince } from '../../../../src/core/engine/logSince';

describe('the log of the last run of a container', () => {
  const [started, finished] = ['2026-01-31T12:00:02.5Z', '2026-01-31T12:00:01.5Z'];
  const seconds = (time: string, more = 0) => (Date.parse(time) / 1_000 + more).toFixed(3);
  const since = (state: object) => logSince({ State: { StartedAt: started, FinishedAt: finished, ...state } });

  it('begins at the end of the run before, while it runs', () => {
    assert.equal(since({ Running: true }), seconds(finished));
    assert.equal(since({ Running: true, FinishedAt: '0001-01-01T00:00:00Z' }), undefined);
  });

  it('begins just before its start was noted, when it has ended, be it to be started again', () => {
    for (const state of [{ Running: false }, { Running: true, Restarting: true }]) {
      assert.equal(since({ ...state, FinishedAt: '2026-01-31T12:00:03Z' }), seconds(started, -0.1));
    }
  });

  it('is all of it where nothing is known', () => {
    assert.equal(logSince({}), undefined);
  });
});
