import assert from 'node:assert/strict';
import { acceptanceJson, acceptanceLines, verdictText } from '../../../src/cli/rendering/acceptance';
import { plainStyle } from '../../../src/cli/rendering/style';
import type { AcceptanceReport } from '../../../src/core/acceptance/acceptance';
import { UserError } from '../../../src/core/common/errors';

const report: AcceptanceReport = {
  environment: 'dev',
  project: 'shop',
  steps: [
    { criterion: 'healthy', subject: 'db', ms: 2_100, outcome: 'passed', message: 'healthy after 2.1 s' },
    { criterion: 'healthy', subject: 'web', ms: 900, outcome: 'passed', message: 'runs; it has no health check' },
    {
      criterion: 'logs',
      subject: 'web',
      ms: 12,
      outcome: 'failed',
      message: 'The log of "web" has an error.',
      remedy: 'Mend it.',
      details: 'ERROR one\n\u001b[31mERROR\u001b[0m two',
    },
    { criterion: 'data', subject: 'db', ms: 0, outcome: 'skipped', message: 'It is not meant to keep it.' },
    { criterion: 'connections', subject: 'db', ms: 30, outcome: 'passed' },
    { criterion: 'connections', subject: 'cache', ms: 31, outcome: 'passed' },
  ],
  connections: [
    {
      service: 'db',
      inside: { text: 'postgresql://app:secret@db:5432', masked: 'postgresql://app:***@db:5432' },
      host: { text: 'postgresql://app:secret@localhost:5432', masked: 'postgresql://app:***@localhost:5432' },
    },
    { service: 'cache', inside: { text: 'redis://cache:6379', masked: 'redis://cache:6379' } },
  ],
  ms: 3_456,
  cancelled: false,
  after: 'as-before',
};

const { steps } = report;
const withoutFailed = { ...report, steps: steps.filter(({ outcome }) => outcome !== 'failed') };

describe('an acceptance on a terminal', () => {
  it('is a list under the title of each criterion, in their order, with what to do', () => {
    assert.deepEqual(acceptanceLines(report, 'masked', plainStyle), [
      'Every service is up and healthy in time',
      '  ✔ db   healthy after 2.1 s',
      '  ✔ web  runs; it has no health check',
      'Data survives down and up',
      '  – db  skipped: It is not meant to keep it.',
      'The logs have no errors since the start',
      '  ✖ web  The log of "web" has an error.',
      '      ERROR one',
      '      ERROR two',
      '      Mend it.',
      'Connection strings',
      '  ✔ db',
      '  ✔ cache',
      '      db from this machine: postgresql://app:***@localhost:5432',
      '      db from inside: postgresql://app:***@db:5432',
      '      cache from this machine: - (publishes no port)',
      '      cache from inside: redis://cache:6379',
    ]);
  });

  it('shows passwords only when they are wanted', () => {
    const open = acceptanceLines(report, 'text', plainStyle).join('\n');
    assert.ok(open.includes('postgresql://app:secret@db:5432'));
  });

  it('ends with a verdict: accepted where nothing failed, and it is left as it was found', () => {
    assert.equal(verdictText(report), '✖ dev is not accepted: 4 passed, 1 failed, 1 skipped (3.5 s).');
    assert.equal(verdictText(withoutFailed), '✔ dev is accepted: 4 passed, 1 skipped (3.5 s).');
    const left: AcceptanceReport = { ...withoutFailed, after: 'left', error: new UserError('failed', 'No.') };
    assert.equal(verdictText(left), '✖ dev is not accepted: 4 passed, 1 skipped (3.5 s).');
  });
});

describe('an acceptance as JSON', () => {
  it('has everything, without passwords unless they are wanted', () => {
    const { steps: shown, connections, ...rest } = acceptanceJson(report, 'masked');
    assert.deepEqual(rest, {
      operation: 'accept',
      environment: 'dev',
      project: 'shop',
      accepted: false,
      cancelled: false,
      seconds: 3.456,
      counts: { passed: 4, failed: 1, skipped: 1 },
      after: 'as-before',
    });
    assert.deepEqual((shown as readonly unknown[])[0], {
      criterion: 'healthy',
      subject: 'db',
      outcome: 'passed',
      seconds: 2.1,
      message: 'healthy after 2.1 s',
    });
    assert.deepEqual(connections, [
      {
        service: 'db',
        inside: 'postgresql://app:***@db:5432',
        host: 'postgresql://app:***@localhost:5432',
      },
      { service: 'cache', inside: 'redis://cache:6379', host: null },
    ]);
    assert.match(JSON.stringify(acceptanceJson(report, 'text')), /app:secret@localhost/);
  });

  it('is not accepted when it was cancelled, as steps are missing then', () => {
    assert.equal(acceptanceJson(withoutFailed, 'masked').accepted, true);
    assert.equal(acceptanceJson({ ...withoutFailed, cancelled: true }, 'masked').accepted, false);
  });
});
