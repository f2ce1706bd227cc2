import assert from 'node:assert/strict';
import type { Health } from '../../../../src/core/model/health';
import { Readiness } from '../../../../src/core/operations/readiness';
import { container } from '../support/fakeEngine';

const SERVICE = {
  environmentId: 'x',
  name: 'web',
  ports: [],
  profiles: [],
  declared: true,
  enabled: true,
  watched: false,
  built: false,
} as const;
/** The healths of a service whose container runs, or ran when it was last heard of. */
const RUNNING: readonly Health[] = ['starting', 'running', 'healthy', 'unhealthy', 'unknown'];

/** The verdicts on a service that is seen with these healths at these times, in milliseconds. */
function verdicts(...seen: readonly [at: number, health: Health][]): string[] {
  const readiness = new Readiness();
  return seen.map(([at, health]) => {
    const containers = [container('1', { state: RUNNING.includes(health) ? 'running' : 'exited' })];
    const { verdict, lookAgainIn } = readiness.judge({ ...SERVICE, health, containers }, 1_000_000 + at);
    return lookAgainIn === undefined ? verdict : `${verdict} ${lookAgainIn}`;
  });
}

describe('Readiness', () => {
  it('healthy and completed are ready, unhealthy has failed, at once', () => {
    assert.deepEqual(verdicts([0, 'healthy']), ['ready']);
    assert.deepEqual(verdicts([0, 'completed']), ['ready']);
    assert.deepEqual(verdicts([0, 'starting'], [5000, 'unhealthy']), ['waiting', 'failed']);
  });

  it('starting takes as long as it takes', () => {
    assert.deepEqual(verdicts([0, 'starting'], [1e6, 'starting'], [1e6, 'healthy']), ['waiting', 'waiting', 'ready']);
  });

  it('without health check: ready after a second of running', () => {
    assert.deepEqual(verdicts([0, 'running'], [400, 'running'], [1000, 'running']), [
      'waiting 1000',
      'waiting 600',
      'ready',
    ]);
  });

  it('that second is one without a break', () => {
    assert.deepEqual(verdicts([0, 'running'], [900, 'restarting'], [1000, 'running'], [1900, 'running']).slice(2), [
      'waiting 1000',
      'waiting 100',
    ]);
  });

  it('that second begins with the start, not with the news that there is no health check', () => {
    assert.deepEqual(verdicts([0, 'starting'], [700, 'running'], [1000, 'running']).slice(1), ['waiting 300', 'ready']);
  });

  it('that second is one of the container that started last, and begins also before there is anything to judge', () => {
    const readiness = new Readiness();
    const [one, two] = [container('1'), container('2')];
    const service = { ...SERVICE, health: 'running' } as const;
    readiness.see({ ...service, containers: [one] }, 100);
    readiness.see({ ...service, containers: [one, two] }, 400);
    assert.deepEqual(readiness.judge({ ...service, containers: [one, two] }, 1000), {
      verdict: 'waiting',
      lookAgainIn: 400,
    });
    assert.equal(readiness.judge({ ...service, containers: [one] }, 1100).verdict, 'ready');
  });

  it('what was not seen while the engine was lost does not count', () => {
    assert.deepEqual(verdicts([0, 'running'], [500, 'unknown'], [900, 'running']).slice(1), [
      'waiting',
      'waiting 1000',
    ]);
  });

  it('nothing to run, for a second, is ready too', () => {
    assert.deepEqual(verdicts([0, 'stopped'], [1000, 'stopped']), ['waiting 1000', 'ready']);
  });

  it('paused meanwhile, it has failed unless it soon goes on', () => {
    assert.deepEqual(verdicts([0, 'starting'], [100, 'paused'], [1600, 'paused']).slice(1), ['waiting 1500', 'failed']);
    assert.deepEqual(verdicts([0, 'paused'], [1499, 'starting'], [3000, 'paused']), [
      'waiting 1500',
      'waiting',
      'waiting 1500',
    ]);
  });

  it('stopped on its way up, or while the engine was lost, it has failed', () => {
    assert.deepEqual(verdicts([0, 'starting'], [5000, 'unknown'], [6000, 'stopped'], [7000, 'stopped']).slice(2), [
      'waiting 1000',
      'failed',
    ]);
  });

  it('ended: has failed unless the engine starts it again within a second and a half', () => {
    assert.deepEqual(verdicts([0, 'exited'], [1499, 'exited'], [1500, 'exited']), [
      'waiting 1500',
      'waiting 1',
      'failed',
    ]);
    assert.deepEqual(verdicts([0, 'exited'], [100, 'restarting']), ['waiting 1500', 'waiting 9900']);
  });

  it('a restart loop has ten seconds, counted from its first end', () => {
    assert.deepEqual(
      verdicts([0, 'exited'], [50, 'restarting'], [150, 'running'], [1100, 'exited'], [1150, 'restarting']),
      ['waiting 1500', 'waiting 9950', 'waiting 1000', 'waiting 1500', 'waiting 8850'],
    );
    assert.deepEqual(verdicts([0, 'restarting'], [9000, 'running'], [9500, 'restarting'], [10_000, 'restarting']), [
      ...['waiting 10000', 'waiting 1000', 'waiting 500', 'failed'],
    ]);
  });

  it('an end after another start is a new one, also when "restarting" was too short to be seen', () => {
    assert.deepEqual(verdicts([0, 'exited'], [100, 'running'], [700, 'exited']).at(-1), 'waiting 1500');
    assert.deepEqual(verdicts([0, 'exited'], [100, 'starting'], [700, 'exited']).at(-1), 'waiting 1500');
  });

  it('a service that was too early for its database comes up in the end', () => {
    assert.deepEqual(
      verdicts([0, 'starting'], [700, 'exited'], [750, 'restarting'], [900, 'starting'], [3000, 'healthy']).at(-1),
      'ready',
    );
  });
});
