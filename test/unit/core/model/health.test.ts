import assert from 'node:assert/strict';
import type { Container } from '../../../../src/core/model/container';
import {
  containerHealth,
  isActive,
  isFailing,
  isReady,
  SERVICE_HEALTHS,
  serviceHealth,
  worstHealth,
} from '../../../../src/core/model/health';
import { container } from '../support/fakeEngine';

describe('containerHealth', () => {
  const cases: readonly [change: Partial<Container>, health: string, oneShot?: boolean][] = [
    [{ healthCheck: 'none' }, 'running'],
    [{ healthCheck: 'starting' }, 'starting'],
    [{ healthCheck: 'healthy' }, 'healthy'],
    [{ healthCheck: 'unhealthy' }, 'unhealthy'],
    [{ state: 'paused' }, 'paused'],
    [{ state: 'paused', healthCheck: 'unhealthy' }, 'paused'],
    [{ state: 'restarting', exitCode: 1 }, 'restarting'],
    [{ state: 'created' }, 'stopped'],
    [{ state: 'removing' }, 'stopped'],
    [{ state: 'exited', exitCode: 0 }, 'stopped'],
    [{ state: 'exited', exitCode: 0 }, 'completed', true],
    [{ state: 'exited', exitCode: 1 }, 'exited'],
    [{ state: 'exited', exitCode: 1 }, 'exited', true],
    [{ state: 'exited', exitCode: 137 }, 'stopped'],
    [{ state: 'exited', exitCode: 137, stoppedOnRequest: false }, 'exited'],
    [{ state: 'exited', exitCode: 0, stoppedOnRequest: false }, 'completed'],
    [{ state: 'exited', exitCode: 0, stoppedOnRequest: true }, 'stopped'],
    [{ state: 'exited', exitCode: 137, stoppedOnRequest: true }, 'stopped'],
    [{ state: 'exited', exitCode: 143 }, 'stopped'],
    [{ state: 'exited', exitCode: 130 }, 'stopped'],
    [{ state: 'exited', exitCode: undefined }, 'stopped'],
    [{ state: 'dead', exitCode: 2 }, 'exited'],
  ];
  for (const [change, health, oneShot = false] of cases) {
    it(`${JSON.stringify(change)}${oneShot ? ' of a job' : ''} is ${health}`, () => {
      assert.equal(containerHealth(container('a', change), oneShot), health);
    });
  }
});

describe('health of several', () => {
  it('is the worst; stopped only when there is nothing else', () => {
    assert.equal(worstHealth([]), 'stopped');
    assert.equal(worstHealth(['stopped', 'healthy']), 'healthy');
    assert.equal(worstHealth(['healthy', 'running']), 'running');
    assert.equal(worstHealth(['completed', 'healthy', 'starting']), 'starting');
    assert.equal(worstHealth(['paused', 'starting']), 'starting');
    assert.equal(worstHealth(['restarting', 'exited']), 'exited');
    assert.equal(worstHealth([...SERVICE_HEALTHS].reverse()), 'unhealthy');
  });

  it('of a service comes from its containers, and from whether it is a job', () => {
    const job = { name: 'job', profiles: [], ports: [], oneShot: true, watched: false };
    const ended = container('a', { state: 'exited', exitCode: 0 });
    assert.equal(serviceHealth(job, [ended]), 'completed');
    assert.equal(serviceHealth(undefined, [ended]), 'stopped');
    assert.equal(serviceHealth(undefined, [container('a'), container('b', { healthCheck: 'unhealthy' })]), 'unhealthy');
    assert.equal(serviceHealth(job, []), 'stopped');
  });
});

describe('what a health means', () => {
  it('by health', () => {
    const all = [...SERVICE_HEALTHS, 'unknown' as const];
    assert.deepEqual(all.filter(isFailing), ['unhealthy', 'exited', 'restarting']);
    assert.deepEqual(all.filter(isActive), ['unhealthy', 'restarting', 'starting', 'paused', 'running', 'healthy']);
    assert.deepEqual(SERVICE_HEALTHS.filter(isReady), ['running', 'healthy', 'completed']);
  });
});
