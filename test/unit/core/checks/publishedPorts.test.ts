import assert from 'node:assert/strict';
import { hostsOverlap, type PublishedPort, portsText } from '../../../../src/core/checks/across/publishedPorts';

const at = (host: string): PublishedPort => ({ service: 'db', target: 80, published: 80, protocol: 'tcp', host });

describe('addresses of published ports', () => {
  it('overlap as the engine has it: all of both kinds, all of one kind, or the same', () => {
    const overlapping = [
      ['', ''],
      ['', '127.0.0.1'],
      ['', '::1'],
      ['0.0.0.0', '127.0.0.1'],
      ['::', '::1'],
      ['127.0.0.1', '127.0.0.1'],
    ];
    for (const [a = '', b = ''] of overlapping) {
      assert.equal(hostsOverlap(at(a), at(b)), true, `${a} and ${b}`);
      assert.equal(hostsOverlap(at(b), at(a)), true, `${b} and ${a}`);
    }
    const apart = [
      ['0.0.0.0', '::'],
      ['127.0.0.1', '127.0.0.2'],
      ['127.0.0.1', '::1'],
      ['0.0.0.0', '::1'],
    ];
    for (const [a = '', b = ''] of apart) {
      assert.equal(hostsOverlap(at(a), at(b)), false, `${a} and ${b}`);
      assert.equal(hostsOverlap(at(b), at(a)), false, `${b} and ${a}`);
    }
  });

  it('are told as ranges where they follow on each other', () => {
    assert.equal(portsText([8002, 8000, 8001, 9000, 9000]), '8000-8002, 9000');
    assert.equal(portsText([5432]), '5432');
  });
});
