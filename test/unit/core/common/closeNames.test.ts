import assert from 'node:assert/strict';
import { closeTo } from '../../../../src/core/common/closeNames';

describe('close names', () => {
  const names = ['dev', 'test', 'ci', 'production'];

  it('are those with a letter too many, too few, wrong, or swapped', () => {
    assert.deepEqual(closeTo('devv', names), ['dev']);
    assert.deepEqual(closeTo('tst', names), ['test']);
    assert.deepEqual(closeTo('dex', names), ['dev']);
    assert.deepEqual(closeTo('tets', names), ['test']);
    assert.deepEqual(closeTo('prodcutoin', names), ['production']);
  });

  it('are those cut short, in any case', () => {
    assert.deepEqual(closeTo('PROD', names), ['production']);
    assert.deepEqual(closeTo('shop/dev', ['shop/dev', 'admin/dev']), ['shop/dev']);
    assert.deepEqual(closeTo('dev', ['shop/dev', 'admin/dev']), ['shop/dev', 'admin/dev']);
  });

  it('are not short ones that have little in common', () => {
    assert.deepEqual(closeTo('web', names), []);
    assert.deepEqual(closeTo('db', ['ci', 'qa']), []);
  });
});
