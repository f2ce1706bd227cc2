import assert from 'node:assert/strict';
import { secretSteps } from '../../../../src/core/acceptance/secretsInFiles';
import type { Credential } from '../../../../src/core/model/facts';
import { facts, serviceFact } from '../support/facts';

function stepsOf(services: Readonly<Record<string, readonly Credential[] | undefined>>) {
  return secretSteps(
    facts(
      'dev',
      Object.entries(services).map(([name, credentials]) => serviceFact(name, { credentials })),
    ),
  );
}

describe('secrets in compose files', () => {
  it('are told by name, service by service, where their values stand there', () => {
    const steps = stepsOf({
      api: [
        { name: 'API_KEY', source: 'literal' },
        { name: 'TOKEN', source: 'literal' },
        { name: 'DB_PASSWORD', source: 'variable' },
      ],
      db: [{ name: 'OTHER_KEY', source: 'file' }],
      web: [{ name: 'SECRET', source: 'literal' }],
    });
    assert.deepEqual(
      steps.map(({ subject, outcome, message }) => `${subject} ${outcome}: ${message}`),
      [
        'api failed: The compose files hold secrets of "api" in clear text: API_KEY, TOKEN.',
        'web failed: The compose files hold secrets of "web" in clear text: SECRET.',
      ],
    );
  });

  it('are none that come from variables and files; where nobody can tell, that is said', () => {
    const outcomes = (...args: Parameters<typeof stepsOf>) =>
      stepsOf(...args).map(({ subject, outcome }) => `${subject} ${outcome}`);
    assert.deepEqual(outcomes({ api: [{ name: 'API_KEY', source: 'variable' }], db: undefined }), ['dev passed']);
    assert.deepEqual(outcomes({ api: [] }), ['dev passed']);
    assert.deepEqual(outcomes({ api: undefined }), ['dev skipped']);
  });
});
