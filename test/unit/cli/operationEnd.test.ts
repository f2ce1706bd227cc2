import assert from 'node:assert/strict';
import type { CommandContext } from '../../../src/cli/commands/command';
import { endInWords } from '../../../src/cli/commands/operationEnd';
import { plainStyle } from '../../../src/cli/rendering/style';
import { UserError } from '../../../src/core/common/errors';
import { environment, folder } from './examples';

describe('what is to be tried after an operation that failed', () => {
  function said(error: UserError, dev = environment('dev')): string {
    let text = '';
    const err = { style: plainStyle, write: (more: string) => (text += more) };
    const context = { output: { err }, options: {}, workingFolder: folder } as unknown as CommandContext;
    const request = { operation: 'up' as const, environmentId: dev.definition.id, services: [] };
    const task = { environment: dev, services: [], request };
    const result = { kind: 'failed' as const, environment: dev, error };
    assert.equal(endInWords('up', [{ task, result, ms: 1, hadTurn: true }], context), 1);
    return text;
  }

  it('is the operation itself, or to take down what there is', () => {
    assert.match(said(new UserError('failed', 'No.')), /Try:\n {4}berth up dev\n {4}berth down dev\n$/);
  });

  it('is nothing of that where its containers are another checkout’s', () => {
    const dev = environment('dev');
    const refused = { ...dev, definition: { ...dev.definition, otherFolder: '/theirs' } };
    assert.doesNotMatch(said(new UserError('failed', 'No.'), refused), /Try/);
  });

  it('is to take down the environment that is in the way, and no other', () => {
    const error = new UserError('failed', 'No.', { takeDownFirst: 'test' });
    assert.match(said(error), /Try:\n {4}berth down test\n$/);
    assert.doesNotMatch(said(error), /dev/);
  });
});
