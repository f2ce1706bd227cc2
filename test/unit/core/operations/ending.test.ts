import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/common/event';
import type { Container } from '../../../../src/core/model/container';
import type { Health } from '../../../../src/core/model/health';
import type { ServiceSnapshot } from '../../../../src/core/model/snapshot';
import { waitUntilEnded } from '../../../../src/core/operations/ending';
import { FakeClock, settled } from '../support/fakeClock';

describe('the end of services', () => {
  let clock: FakeClock;
  let changes: Emitter<void>;
  let services: readonly ServiceSnapshot[];
  let stopping: AbortController;
  let ended: string | undefined;

  const become = (...healths: readonly Health[]) => {
    services = healths.map((health, at) => ({ name: `s${at}`, health, containers: [] }) as unknown as ServiceSnapshot);
    changes.fire();
  };
  const wait = (...healths: readonly Health[]) => {
    become(...healths);
    waitUntilEnded(() => services, { changes: changes.event, clock, signal: stopping.signal }).then(
      (all) => {
        ended = all.map(({ health }) => health).join(', ');
      },
      (error: Error) => {
        ended = error.name;
      },
    );
  };

  beforeEach(() => {
    clock = new FakeClock();
    changes = new Emitter();
    stopping = new AbortController();
    ended = undefined;
  });

  it('is when nothing has run for a while', async () => {
    wait('completed', 'running');
    await clock.advance(10_000);
    become('completed', 'exited');
    await clock.advance(1_499);
    assert.equal(ended, undefined);
    await clock.advance(1);
    assert.equal(ended, 'completed, exited');
  });

  it('is not while one of several containers of a service runs, though another has failed', async () => {
    const running = { state: 'running', healthCheck: 'none' } as Container;
    wait('running');
    services = services.map((one) => ({ ...one, health: 'exited', containers: [running] }));
    changes.fire();
    await clock.advance(10_000);
    assert.equal(ended, undefined);
    become('exited');
    await clock.advance(1_500);
    assert.equal(ended, 'exited');
  });

  it('is not when one starts again meanwhile', async () => {
    wait('stopped');
    await clock.advance(4_000);
    become('running');
    await clock.advance(1_000);
    become('stopped');
    await clock.advance(4_999);
    assert.equal(ended, undefined);
    await clock.advance(1);
    assert.equal(ended, 'stopped');
  });

  it('is not while the engine is lost, nor while one is only restarting', async () => {
    wait('unknown', 'stopped');
    await clock.advance(10_000);
    become('restarting', 'stopped');
    await clock.advance(10_000);
    assert.equal(ended, undefined);
  });

  it('is no longer waited for when that is aborted', async () => {
    wait('stopped');
    stopping.abort();
    await settled();
    assert.equal(ended, 'AbortError');
    assert.equal(clock.pending, 0);
  });
});
