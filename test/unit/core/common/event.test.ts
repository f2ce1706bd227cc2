import assert from 'node:assert/strict';
import { Emitter, unlessAborted, waitFor } from '../../../../src/core/common/event';

describe('Emitter', () => {
  it('tells every listener, until it is disposed of', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const a = emitter.event((value) => heard.push(`a${value}`));
    emitter.event((value) => heard.push(`b${value}`));
    emitter.fire(1);
    a.dispose();
    emitter.fire(2);
    emitter.dispose();
    emitter.fire(3);
    assert.deepEqual(heard, ['a1', 'b1', 'b2']);
  });

  it('knows the same function subscribed twice apart', () => {
    const emitter = new Emitter<void>();
    let count = 0;
    const listener = () => void count++;
    const first = emitter.event(listener);
    emitter.event(listener);
    first.dispose();
    emitter.fire();
    assert.equal(count, 1);
  });

  it('goes on to the others when a listener throws', () => {
    const errors: unknown[] = [];
    const emitter = new Emitter<void>((error) => errors.push(error));
    let heard = false;
    emitter.event(() => {
      throw new Error('a bug');
    });
    emitter.event(() => {
      heard = true;
    });
    emitter.fire();
    assert.ok(heard);
    assert.deepEqual(errors, [new Error('a bug')]);
  });

  it('does not tell this time who subscribes, and tells who unsubscribes, while it fires', () => {
    const emitter = new Emitter<void>();
    const heard: string[] = [];
    emitter.event(() => {
      heard.push('a');
      second.dispose();
      emitter.event(() => heard.push('late'));
    });
    const second = emitter.event(() => heard.push('b'));
    emitter.fire();
    assert.deepEqual(heard, ['a', 'b']);
  });
});

describe('waitFor', () => {
  const emitter = new Emitter<void>();
  let value: string | undefined;
  const probe = () => value;
  beforeEach(() => {
    value = undefined;
  });

  it('takes what is there already', async () => {
    value = 'now';
    assert.equal(await waitFor(emitter.event, probe), 'now');
  });

  it('looks again at each event', async () => {
    const waiting = waitFor(emitter.event, probe);
    emitter.fire();
    value = 'later';
    emitter.fire();
    value = 'too late';
    assert.equal(await waiting, 'later');
  });

  it('ends with the reason of its signal', async () => {
    const cancel = new AbortController();
    const waiting = waitFor(emitter.event, probe, cancel.signal);
    cancel.abort(new Error('enough'));
    await assert.rejects(waiting, { message: 'enough' });
    await assert.rejects(waitFor(emitter.event, probe, cancel.signal), { message: 'enough' });
  });
});

describe('unlessAborted', () => {
  it('comes to what the promise comes to, or to the reason of the signal', async () => {
    const cancel = new AbortController();
    assert.equal(await unlessAborted(Promise.resolve(1), cancel.signal), 1);
    await assert.rejects(unlessAborted(Promise.reject(new Error('no')), cancel.signal), { message: 'no' });
    const waiting = unlessAborted(new Promise(() => {}), cancel.signal);
    cancel.abort(new Error('enough'));
    await assert.rejects(waiting, { message: 'enough' });
    await assert.rejects(unlessAborted(Promise.resolve(1), cancel.signal), { message: 'enough' });
  });
});
