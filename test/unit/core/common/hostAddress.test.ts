import assert from 'node:assert/strict';
import { addressesCollide, mayComeWithNetwork, plainAddress } from '../../../../src/core/common/hostAddress';

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

  it('may come with a network that is yet to be made', () => {
    const subnets = ['198.51.100.0/28', 'fd00:1::/64', 'nonsense', '192.0.2.1/99'];
    for (const own of ['198.51.100.1', '198.51.100.14', '[fd00:1::1]', '172.18.0.1', '192.168.16.1', '192.168.240.1']) {
      assert.equal(mayComeWithNetwork(own, subnets), true, own);
    }
    const others = ['198.51.100.16', 'fd00:2::1', '10.9.9.9', '172.16.0.1', '192.169.0.1', '203.0.113.1', 'x'];
    for (const other of [...others, '10.8.0.1', '172.18.1.1', '172.32.0.1', '192.168.1.1', '192.168.178.1']) {
      assert.equal(mayComeWithNetwork(other, subnets), false, other);
    }
  });
});
