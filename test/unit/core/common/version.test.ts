import assert from 'node:assert/strict';
import { isAtLeast } from '../../../../src/core/common/version';

describe('isAtLeast', () => {
  it('compares numbers, not texts', () => {
    for (const version of ['2.24.4', '2.24.10', '2.30', '3', '2.24.4-desktop.1', 'v2.26.1-4']) {
      assert.equal(isAtLeast(version, '2.24.4'), true, version);
    }
    for (const version of ['2.24.3', '2.9.9', '2.24', '1.29.2', 'dev', '', undefined]) {
      assert.equal(isAtLeast(version, '2.24.4'), false, version);
    }
  });
});
