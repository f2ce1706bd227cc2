import assert from 'node:assert/strict';
import type { OperationProgress } from '../../src/core/operations/operation';
import { ComposeFolder, IDLE_WITH_HEALTH } from './support/composeFolder';
import { OperatedFolder } from './support/operations';

describe('secrets in what programs print', () => {
  let folder: ComposeFolder;
  let operated: OperatedFolder;

  before(async () => {
    folder = new ComposeFolder('secrets', {
      'compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE_WITH_HEALTH}
    environment:
      DB_PASSWORD: hunter-22
      UNHEALTHY: "postgres://app:hunter-22@db does not take hunter-22, nor mellow-44, nor yellow-66"
    secrets: [word, none, given]
secrets: { word: { file: ./word.txt }, none: { file: ./none.txt }, given: { environment: GIVEN } }
`,
      'word.txt': 'mellow-44\n',
      'none.txt': '',
      '.env': 'GIVEN=yellow-66\nOTHER_PASSWORD=pa$zebra77\n',
    });
    operated = await OperatedFolder.open(folder);
  });
  after(async () => {
    operated?.dispose();
    await folder?.dispose();
  });

  it('are masked in why an operation failed', async () => {
    const progress: OperationProgress[] = [];
    const { error } = await operated.fail('up', 'dev', { progress });
    assert.match(error.details.output ?? '', /postgres:\/\/\*\*\*@db does not take \*\*\*, nor \*\*\*, nor \*\*\*/);
    const told = JSON.stringify([progress, error.message, error.details]);
    assert.doesNotMatch(told, /hunter-22|mellow-44|yellow-66/);
  });

  it('are not shown where Compose takes a part of one for a variable', async () => {
    const progress: OperationProgress[] = [];
    await operated.do('down', 'dev', { progress });
    await operated.fail('up', 'dev', { progress });
    assert.ok(progress.some(({ kind }) => kind === 'output'));
    assert.doesNotMatch(JSON.stringify(progress), /zebra77/);
  });
});
