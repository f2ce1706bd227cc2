import assert from 'node:assert/strict';
import { DisposableStore, toDisposable } from '../../../../src/core/common/disposable';

describe('DisposableStore', () => {
  it('disposes in reverse order, once', () => {
    const store = new DisposableStore();
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) store.add({ dispose: () => order.push(name) });
    store.dispose();
    store.dispose();
    assert.deepEqual(order, ['c', 'b', 'a']);
  });

  it('gives back what it is given', () => {
    const item = { dispose() {}, more: 1 };
    assert.equal(new DisposableStore().add(item).more, 1);
  });

  it('disposes at once of what comes too late', () => {
    const store = new DisposableStore();
    store.dispose();
    let disposed = false;
    store.add(toDisposable(() => (disposed = true)));
    assert.ok(disposed);
  });

  it('takes additions while it disposes', () => {
    const store = new DisposableStore();
    let late = 0;
    store.add(toDisposable(() => store.add(toDisposable(() => late++))));
    store.dispose();
    assert.equal(late, 1);
  });
});

describe('toDisposable', () => {
  it('acts once', () => {
    let count = 0;
    const item = toDisposable(() => count++);
    item.dispose();
    item.dispose();
    assert.equal(count, 1);
  });
});
