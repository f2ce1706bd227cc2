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

  it('is a remark, with its example, where the command that gives it makes it or asks for it', async () => {
    const file = path.join(folder, '.env.prod');
    const place = { file: path.join(folder, 'Makefile'), line: 2 };
    const told = async (example?: string) => {
      const knowledge = {
        evidence: [{ label: 'make up', place }],
        commands: [],
        problems: [],
        providedEnvFiles: [file],
      };
      const missing = example === undefined ? undefined : { file, example };
      const one = await checkedEnvironment('services: {}\n', {
        definition: { ...usual, envFiles: [file], knowledge },
        error: new UserError('configuration', `Couldn't find env file: ${file}`, { missing }),
      });
      const found = [...missingEnvFile.find(checkFacts([one]), () => false)];
      return found.map(({ severity, message, remedy, places, fixes }) => [
        severity,
        message,
        remedy,
        ...places,
        ...fixes,
      ]);
    };
    const message =
      'The env file .env.prod is not there yet, and Compose refuses to go on without it: "make up" makes it, or asks for it.';
    const byHand = 'Run "make up" once, or make it: before, Berth can\'t bring the environment up.';
    assert.deepEqual(await told(), [['info', message, byHand, place]]);
    const example = `${file}.example`;
    const fix = { kind: 'copy-example', title: 'Copy .env.prod.example to .env.prod', missing: { file, example } };
    assert.deepEqual(await told(example), [
      ['info', message, 'Copy .env.prod.example to it, and fill that in.', place, fix],
    ]);
  });
});
