import assert from 'node:assert/strict';
import { findingOf } from '../../../../src/core/checks/check';
import { systemClock } from '../../../../src/core/common/clock';
import { UserError } from '../../../../src/core/common/errors';
import { findingOfError } from '../../../../src/core/operations/reason';
import { environment } from '../../cli/examples';

describe('the finding of files that Compose does not accept', () => {
  const { definition } = environment('dev');
  const missing = (file: string) =>
    findingOf('missing-env-file', [{ definition }], {
      message: `The env file ${file} of "web" is not there, and Compose refuses to go on without it.`,
      remedy: '',
      places: [{ file: '/projects/shop/compose.yaml', line: 1 }],
    });

  /** @param message what Compose says. @param files those that checks find missing. */
  const told = async (message: string, ...files: readonly string[]) => {
    const { signal } = new AbortController();
    const lookFor = async () => files.map(missing);
    const found = await findingOfError(new UserError('configuration', message), {
      definition,
      lookFor,
      clock: systemClock,
      signal,
    });
    return `${found?.code} ${found?.message.split(' ')[3]}`;
  };

  it('is that of the env file which it does not find, and of no other', async () => {
    const notFound = (file: string) => `env file ${file} not found: stat ${file}: no such file or directory`;
    assert.equal(await told(notFound('/projects/shop/.env'), '.env.web', '.env'), 'missing-env-file .env');
    assert.equal(
      await told(notFound('/projects/shop/w.env'), 'my-w.env', 'w.env.1', 'conf/w.env'),
      'missing-env-file conf/w.env',
    );
    assert.match(await told(notFound('/projects/shop/.env'), '.env.web'), /^invalid-configuration /);
    assert.match(await told("Couldn't find env file", '.env.web'), /^invalid-configuration /);
  });
});
