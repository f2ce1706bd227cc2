import assert from 'node:assert/strict';
import { plainStyle } from '../../../src/cli/rendering/style';
import { testCaseLines } from '../../../src/cli/rendering/testCases';
import type { TestCase } from '../../../src/core/model/testCase';

const passed: TestCase = { name: 'adds', outcome: 'passed' };

describe('the tests that a run reports', () => {
  it('are counted, and those that failed told with place and the beginning of their message', () => {
    const cases: TestCase[] = [
      passed,
      passed,
      { name: 'sums', suite: 'cart', outcome: 'failed', message: 'one\ntwo\nthree\nfour', file: 'a.py', line: 7 },
      { name: 'boots', outcome: 'errored', message: 'no \u001b[31mdatabase' },
      { name: 'later', outcome: 'skipped', message: 'not yet' },
    ];
    assert.deepEqual(testCaseLines(cases, plainStyle), [
      '2 passed, 1 failed, 1 error, 1 skipped',
      '  ✖ cart › sums (a.py:7)',
      '    one',
      '    two',
      '    three',
      '    …',
      '  ✖ boots',
      '    no database',
    ]);
  });

  it('say only how many there are where nothing failed, and nothing where there is no report', () => {
    assert.deepEqual(testCaseLines([passed], plainStyle), ['1 passed']);
    assert.deepEqual(testCaseLines([], plainStyle), []);
  });

  it('are not all listed where many failed', () => {
    const many = Array.from({ length: 12 }, (_, n): TestCase => ({ name: `t${n}`, outcome: 'failed', message: 'no' }));
    const lines = testCaseLines(many, plainStyle);
    assert.equal(lines.filter((line) => line.includes('✖')).length, 10);
    assert.equal(lines.at(-1), '  … and 2 more');
  });
});
