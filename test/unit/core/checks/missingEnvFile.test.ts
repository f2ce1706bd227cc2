import assert from 'node:assert/strict';
import path from 'node:path';
import { missingEnvFile } from '../../../../src/core/checks/missingEnvFile';
import { UserError } from '../../../../src/core/common/errors';
import { environment, folder } from '../../cli/examples';
import { checkedEnvironment, checkFacts } from '../support/checks';

describe('an env file that is not there', () => {
  const { definition: usual } = environment('dev');

  it('is told where berth.yaml names another one whose name begins alike', async () => {
    const file = path.join(folder, '.env');
    const one = await checkedEnvironment('services: {}\n', {
      definition: { ...usual, envFiles: [file] },
      error: new UserError('configuration', `Couldn't find env file: ${file}`),
    });
    const told = (message: string) => {
      const problems = [{ code: 'invalid-declaration' as const, message, remedy: '' }];
      return [...missingEnvFile.find({ ...checkFacts([one]), problems }, () => false)].length;
    };
    assert.equal(told('There is no file .env.web.'), 1);
    assert.equal(told('There is no file conf/.env.'), 0);
  });
});
