import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { lockReach, tryLock } from '../../../../src/core/common/lock';
import type { Container, TestRunMark } from '../../../../src/core/model/container';
import { occupationOf, runLockKey, takeRunProject } from '../../../../src/core/runs/runProject';
import { container } from '../support/fakeEngine';

const MARK: TestRunMark = { id: '1', host: lockReach(), kept: false, removesVolumes: true };
const marked = (change: Partial<TestRunMark> = {}) => container('a', { testRun: { ...MARK, ...change } });

describe('the project of a test run', () => {
  it('is free, kept, left, or of others, by the marks of its containers', () => {
    const kindOf = (...containers: Container[]) => occupationOf(containers).kind;
    assert.equal(kindOf(), 'nothing');
    assert.equal(kindOf(marked()), 'left');
    assert.equal(kindOf(marked({ kept: true })), 'kept');
    assert.equal(kindOf(marked({ kept: true }), marked()), 'left');
    assert.equal(kindOf(marked(), container('b')), 'others');
    assert.equal(kindOf(marked({ host: 'another' })), 'others');
  });

  const take = (containers: Readonly<Record<string, readonly Container[]>>, change: object = {}) => {
    const engine = randomBytes(6).toString('hex');
    return {
      engine,
      taken: () =>
        takeRunProject({
          project: 'shop-test',
          environment: 'test',
          engine,
          program: 'berth',
          canBeTwice: true,
          usesOthers: false,
          containersOf: (project) => containers[project] ?? [],
          onWait: () => {},
          signal: new AbortController().signal,
          ...change,
        }),
    };
  };

  it('is the own one when nobody has it, for this run alone until that is over', async () => {
    const { engine, taken } = take({});
    const own = await taken();
    assert.deepEqual([own.name, own.isBeside, own.occupation.kind], ['shop-test', false, 'nothing']);
    assert.equal(await tryLock(runLockKey(engine, 'shop-test'), 'another'), undefined);
    const beside = await taken();
    assert.deepEqual([beside.name, beside.isBeside], ['shop-test-2', true]);
    own.dispose();
    const again = await taken();
    assert.equal(again.name, 'shop-test');
    for (const one of [beside, again]) one.dispose();
  });

  it('is one beside what somebody has brought up, unless that is to be used, or can be only once', async () => {
    const others = { 'shop-test': [container('a')] };
    const beside = await take(others).taken();
    assert.deepEqual([beside.name, beside.occupation.kind], ['shop-test-2', 'nothing']);
    beside.dispose();
    const used = await take(others, { usesOthers: true }).taken();
    assert.deepEqual([used.name, used.occupation.kind], ['shop-test', 'others']);
    used.dispose();
    const { engine, taken } = take(others, { canBeTwice: false });
    await assert.rejects(taken(), /"test" is up already, in the project shop-test\./);
    const lock = await tryLock(runLockKey(engine, 'shop-test'), 'another');
    assert.ok(lock, 'given back');
    lock.dispose();
  });
});
