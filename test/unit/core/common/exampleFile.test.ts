import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { missingFile, nameOfExampled } from '../../../../src/core/common/exampleFile';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('the example of a file that is missing', () => {
  const cases: readonly [missing: string, present: readonly string[], example: string | undefined][] = [
    ['.env.dev', ['.env.example', '.env.dev.dist'], '.env.dev.dist'],
    ['.env.dev', ['.env.prod', '.env.sample'], '.env.sample'],
    ['.env', ['env.example'], 'env.example'],
    ['.env', ['.env.dev.example', '.env-sample'], '.env-sample'],
    ['.env', ['.env.dev.example', 'example.env'], 'example.env'],
    ['.env.dev', ['env.dev.sample', '.env.example'], 'env.dev.sample'],
    ['dev.env', ['dev.template.env'], 'dev.template.env'],
    ['.dev.env', ['example.dev.env', 'example.prod.env'], 'example.dev.env'],
    ['settings.yaml', ['.env.example', 'settings.example.yaml'], 'settings.example.yaml'],
    ['settings.yaml', ['.env.example'], undefined],
    ['.env.web', ['.env', '.env.example'], undefined],
    ['.env.web', ['.env', '.env.example', '.env.web.example'], '.env.web.example'],
    ['.env', [], undefined],
  ];
  for (const [missing, present, example] of cases) {
    it(`${missing} among ${present.join(', ') || 'nothing'}: ${example ?? 'none'}`, async () => {
      const folder = temporaryFolder('example');
      try {
        for (const name of present) fs.writeFileSync(path.join(folder, name), '');
        const file = path.join(folder, missing);
        const expected = example === undefined ? undefined : { file, example: path.join(folder, example) };
        assert.deepEqual(await missingFile(file), expected);
      } finally {
        removeFolder(folder);
      }
    });
  }

  it('is none in a folder that is not there', async () => {
    assert.equal(await missingFile(path.join(path.sep, 'no', 'such', 'folder', '.env')), undefined);
  });
});

describe('what an example is of, by its name', () => {
  const cases: readonly [example: string, file: string | undefined][] = [
    ['.env.example', '.env'],
    ['.env.dev.example', '.env.dev'],
    ['.env.example.dev', '.env.dev'],
    ['env.sample', '.env'],
    ['env.dev.dist', '.env.dev'],
    ['.env-example', '.env'],
    ['.env.dev_sample', '.env.dev'],
    ['sample.env', '.env'],
    ['sample.dev.env', 'dev.env'],
    ['sample.dev.yaml', undefined],
    ['web.example.env', 'web.env'],
    ['settings.example.yaml', 'settings.yaml'],
    ['.env', undefined],
    ['dist.js', undefined],
    ['my-example', undefined],
  ];
  for (const [example, file] of cases) {
    it(`${example}: ${file ?? 'nothing'}`, () => assert.equal(nameOfExampled(example), file));
  }
});
