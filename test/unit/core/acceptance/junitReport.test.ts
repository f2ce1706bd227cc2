import assert from 'node:assert/strict';
import type { AcceptanceReport } from '../../../../src/core/acceptance/acceptance';
import { junitReport } from '../../../../src/core/acceptance/junitReport';
import { UserError } from '../../../../src/core/common/errors';
import { readJUnit } from '../../../../src/core/runs/junit';

const report: AcceptanceReport = {
  environment: 'dev',
  project: 'shop',
  steps: [
    { criterion: 'healthy', subject: 'db', ms: 2_100, outcome: 'passed', message: 'healthy after 2.1 s' },
    {
      criterion: 'ports',
      subject: 'web 8080',
      ms: 500,
      outcome: 'failed',
      message: 'Nothing answers at "localhost:8080" <&>.',
      remedy: 'See that it listens.',
      details: 'one\ntwo \u001b[31m]]> \ud800 ü 🚢',
    },
    { criterion: 'data', subject: 'cache', ms: 0, outcome: 'skipped', message: 'It keeps\nnothing.' },
  ],
  connections: [],
  ms: 3_456,
  cancelled: false,
  after: 'as-before',
};

describe('the report of an acceptance in the form of JUnit', () => {
  it('is read again as what it says', async () => {
    const read = await readJUnit([junitReport(report)], 100);
    assert.deepEqual(read, {
      isCut: false,
      cases: [
        { name: 'db', suite: 'dev.healthy', outcome: 'passed', ms: 2_100 },
        {
          name: 'web 8080',
          suite: 'dev.ports',
          outcome: 'failed',
          message: 'Nothing answers at "localhost:8080" <&>.',
          details: 'See that it listens.\n\none\ntwo [31m]]>  ü 🚢',
          ms: 500,
        },
        { name: 'cache', suite: 'dev.data', outcome: 'skipped', message: 'It keeps\nnothing.', ms: 0 },
      ],
    });
  });

  it('counts what there is, in all and in each suite', () => {
    const xml = junitReport(report);
    assert.match(xml, /<testsuites name="berth accept" tests="3" failures="1" errors="0" skipped="1" time="3.456">/);
    assert.match(
      xml,
      /<testsuite name="Published ports answer" tests="1" failures="1" errors="0" skipped="0" time="0.500">/,
    );
  });

  it('has as an error that the environment could not be left as it was found', async () => {
    const read = await readJUnit([junitReport({ ...report, error: new UserError('failed', 'No.') })], 100);
    assert.deepEqual(read?.cases.at(-1), {
      name: 'is left as it was found',
      suite: 'dev',
      outcome: 'errored',
      message: 'No.',
    });
  });
});
