import assert from 'node:assert/strict';
import { newErrors } from '../../../../src/core/findings/newErrors';
import type { Finding } from '../../../../src/core/model/finding';

const missing = (message: string, more: Partial<Finding> = {}): Finding => ({
  code: 'missing-env-file',
  severity: 'error',
  message,
  remedy: '',
  environments: ['dev'],
  service: 'web',
  places: [],
  fixes: [],
  ...more,
});
const messages = (findings: readonly Finding[]) => findings.map(({ message }) => message);

describe('new errors', () => {
  it('are those that there were not, or not as often', () => {
    const a = missing('a');
    assert.deepEqual(messages(newErrors([a], [a, missing('b')])), ['b']);
    assert.deepEqual(messages(newErrors([a], [a, a])), ['a', 'a']);
    assert.deepEqual(newErrors([a, missing('b')], [a]), []);
  });

  it('are not those that are said in other words, unless they are of another service', () => {
    assert.deepEqual(newErrors([missing('a')], [missing('b')]), []);
    assert.deepEqual(messages(newErrors([missing('a')], [missing('b', { service: 'db' })])), ['b']);
  });

  it('are no warnings, and nothing that somebody has made an error of', () => {
    const wanted = missing('b', { code: 'same-port', checkedSeverity: 'warning' });
    assert.deepEqual(newErrors([], [missing('a', { severity: 'warning' }), wanted]), []);
  });

  it('are also those of codes that mostly are no errors, and what was only a warning before', () => {
    const appended = missing('a', { code: 'appended-list' });
    assert.deepEqual(newErrors([], [appended]), [appended]);
    assert.deepEqual(newErrors([{ ...appended, severity: 'warning' }], [appended]), [appended]);
  });
});
