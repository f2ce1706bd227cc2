import assert from 'node:assert/strict';
import { migrationStatus } from '../../../../src/core/findings/migrationStatus';

/** `pending`, `none`, or why it is not known. */
function told(exitCode: number, output: string, command = 'migrate status'): string {
  const status = migrationStatus(command, { exitCode, output });
  if ('unknown' in status) return status.unknown;
  return status.isPending ? 'pending' : 'none';
}

describe('what a command says of migrations', () => {
  it('that there are some, however the tool says it, and whatever it ends with', () => {
    for (const [exitCode, output] of [
      [0, 'shop\n [X] 0001_initial\n [ ] 0002_price'],
      [1, '[X] 1 Init1\n[ ] 2 AddPrice2'],
      [0, '| Versioned | 2 | price | SQL |                     | Pending |'],
      [1, 'ERROR: Validate failed: Detected resolved migration not applied to database: 2.'],
      [0, '2026/01/31 12:00:00     Pending                  -- 00002_price.sql'],
      [0, '    Pending                  -- 00002_price.sql'],
      [0, 'Found 2 Completed Migration file/files.\nFound 1 Pending Migration file/files.\n2_price.js'],
      [0, '1 changesets have not been applied to shop@jdbc:postgresql://db/shop'],
      [1, 'Following migrations have not yet been applied:\n2_price\n\nTo apply migrations in development run prisma'],
      [
        1,
        'You have 1 pending migration:\n  20260131120000 AddPrice\nRun `bin/rails db:migrate` to update your database.',
      ],
      [0, '  up     20250131120000  Init\n  down    20260131120000  Add price'],
      [
        255,
        'ERROR [alembic.util.messaging] Target database is not up to date.\nFAILED: Target database is not up to date.',
      ],
      [0, 'up 1-init.js\ndown 2-price.js'],
      [0, '  2014_10_12_000000_create_users ............................ Pending'],
      [1, 'There are unapplied changes.'],
      [1, ''],
      [1, '\n'],
    ] as const) {
      assert.equal(told(exitCode, output), 'pending', output);
    }
  });

  it('that there are none', () => {
    for (const output of [
      '',
      'shop\n [X] 0001_initial',
      'No pending migrations to apply.',
      'No Pending Migration files Found.',
      '0 pending migrations',
      'Database schema is up to date!',
      'shop is up to date',
    ]) {
      assert.equal(told(0, output), 'none', output);
    }
  });

  it('of Alembic, by whether the revision is the newest', () => {
    assert.equal(told(0, 'ae1027a6acf5 (head)', 'alembic current'), 'none');
    assert.equal(told(0, 'ae1027a6acf5', 'alembic current'), 'pending');
    assert.equal(told(0, 'INFO  [alembic.runtime.migration] Context impl', 'alembic -c x.ini current'), 'pending');
  });

  it('nothing, where the command itself fails', () => {
    for (const [output, why] of [
      [
        "Error: P1001: Can't reach database server at `db:5432`\n",
        "Error: P1001: Can't reach database server at `db:5432`",
      ],
      [
        'Traceback (most recent call last):\n  x\ndjango.db.utils.OperationalError: connection refused\n',
        'django.db.utils.OperationalError: connection refused',
      ],
      ['sh: 1: alembic: not found', 'sh: 1: alembic: not found'],
      ["SyntaxError: Unexpected token '}'\n\nNode.js v20\n", "SyntaxError: Unexpected token '}'"],
      ['pending requests: connection timed out', 'pending requests: connection timed out'],
      ['what is this', 'what is this'],
    ] as const) {
      assert.equal(told(1, output), `its command failed: ${why}`, output);
    }
  });
});
