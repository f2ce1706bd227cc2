import assert from 'node:assert/strict';
import { addressesCollide, plainAddress } from '../../../../src/core/common/hostAddress';

describe('addresses of a machine', () => {
  it('have one form', () => {
    const forms = ['[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '[::]', '127.0.0.1', 'fe80::1%eth0', undefined];
    assert.deepEqual(forms.map(plainAddress), ['::1', '::1', '127.0.0.1', '::', '127.0.0.1', 'fe80::1', '']);
  });

  it('collide when they are the same, or one is all of the family of the other', () => {
    for (const [one, other] of [
      [undefined, '::1'],
      ['', '127.0.0.1'],
      ['0.0.0.0', '127.0.0.1'],
      ['[::]', '::1'],
      ['[::1]', '0:0:0:0:0:0:0:1'],
    ]) {
      assert.equal(addressesCollide(one, other), true, `${one} and ${other}`);
      assert.equal(addressesCollide(other, one), true, `${other} and ${one}`);
    }
    for (const [one, other] of [
      ['0.0.0.0', '::'],
      ['0.0.0.0', '::1'],
      ['127.0.0.1', '127.0.0.2'],
      ['127.0.0.1', '::'],
    ]) {
      assert.equal(addressesCollide(one, other), false, `${one} and ${other}`);
      assert.equal(addressesCollide(other, one), false, `${other} and ${one}`);
    }
  });
});
