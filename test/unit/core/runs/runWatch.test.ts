import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/common/event';
import { lockReach, tryLock } from '../../../../src/core/common/lock';
import type { EnvironmentSnapshot } from '../../../../src/core/model/snapshot';
import { runLockKey } from '../../../../src/core/runs/runProject';
import { RunWatch } from '../../../../src/core/runs/runWatch';
import { container, environment, service } from '../../cli/examples';

const engine = `/engine of test ${process.pid}`;

/** An environment all of whose containers a run on this machine has made. */
function made(id: string, kept: boolean, host = lockReach()): EnvironmentSnapshot {
  const testRun = { id, host, kept, removesVolumes: true };
  const made = environment('test', { services: [service('web')], containers: [container('web', { testRun })] });
  return { ...made, definition: { ...made.definition, engine }, projectName: `shop-${id}` };
}

describe('what a test run has to do with an environment', () => {
  const changed = new Emitter<readonly EnvironmentSnapshot[]>();
  let environments: readonly EnvironmentSnapshot[] = [];
  const store = {
    get environments() {
      return environments;
    },
    elsewhere: [],
    onDidChange: changed.event,
  };
  /** Resolves with the next change that the watch tells. */
  const told = (watch: RunWatch) => new Promise<void>((resolve) => watch.onDidChange(resolve));

  it('is that it is under way until its lock is free, and then that it has kept it, or left it', async () => {
    for (const [kept, after] of [
      [true, 'kept'],
      [false, 'left'],
    ] as const) {
      const one = made(after, kept);
      const lock = await tryLock(runLockKey(engine, `shop-${after}`), 'a test run');
      environments = [one];
      const watch = new RunWatch(store);
      assert.equal(watch.stateOf(one), undefined, 'before anything is known of it');
      await told(watch);
      assert.equal(watch.stateOf(one), 'under-way');
      const over = told(watch);
      lock?.dispose();
      await over;
      assert.equal(watch.stateOf(one), after);
      watch.dispose();
    }
  });

  it('is nothing where somebody else has made it', () => {
    const mine = environment('dev', { services: [service('web')], containers: [container('web')] });
    const theirs = made('x', true, 'elsewhere');
    environments = [mine, theirs];
    const watch = new RunWatch(store);
    assert.deepEqual([watch.stateOf(mine), watch.stateOf(theirs)], [undefined, undefined]);
    watch.dispose();
  });
});
