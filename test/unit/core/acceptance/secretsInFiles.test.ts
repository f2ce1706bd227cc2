import assert from 'node:assert/strict';
import { secretSteps } from '../../../../src/core/acceptance/secretsInFiles';
import type { Finding } from '../../../../src/core/model/finding';
import { definition } from '../support/examples';

function finding(change: Partial<Finding> = {}): Finding {
  return {
    code: 'secret-in-file',
    severity: 'warning',
    message: 'The value of API_KEY of "api" stands in clear text in compose.yaml.',
    remedy: 'Move it.',
    environments: [definition().id],
    service: 'api',
    places: [{ file: '/projects/compose.yaml', line: 3, column: 5 }],
    fixes: [],
    ...change,
  };
}

describe('secrets in compose files', () => {
  it('are told as checks have found them, with their places', () => {
    assert.deepEqual(secretSteps(definition(), [finding()]), [
      {
        subject: 'api',
        ms: 0,
        outcome: 'failed',
        message: 'The value of API_KEY of "api" stands in clear text in compose.yaml.',
        remedy: 'Move it.',
        details: 'compose.yaml:3',
      },
    ]);
  });

  it('are none where checks have found none of this environment', () => {
    const passed = [{ subject: 'dev', ms: 0, outcome: 'passed' }];
    assert.deepEqual(secretSteps(definition(), []), passed);
    assert.deepEqual(secretSteps(definition(), [finding({ environments: ['other'] })]), passed);
    assert.deepEqual(secretSteps(definition(), [finding({ code: 'no-limits' })]), passed);
    assert.deepEqual(secretSteps(definition(), [finding({ severity: 'info' })]), passed);
  });
});
