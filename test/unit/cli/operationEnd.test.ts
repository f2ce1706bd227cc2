import assert from 'node:assert/strict';
import type { CommandContext } from '../../../src/cli/commands/command';
import { endInWords } from '../../../src/cli/commands/operationEnd';
import { plainStyle } from '../../../src/cli/rendering/style';
import { UserError } from '../../../src/core/common/errors';
import { container, environment, folder, service } from './examples';

describe('what is to be tried after an operation that failed', () => {
  function said(error: UserError, dev = environment('dev'), atFault?: string): string {
    let text = '';
    const err = { style: plainStyle, write: (more: string) => (text += more) };
    const context = { output: { err }, options: {}, workingFolder: folder } as unknown as CommandContext;
    const request = { operation: 'up' as const, environmentId: dev.definition.id, services: [] };
    const task = { environment: dev, services: [], request };
    const result = {
      kind: 'failed' as const,
      environment: dev,
      error,
      ...(atFault === undefined ? {} : { service: atFault }),
    };
    assert.equal(endInWords('up', [{ task, result, ms: 1, hadTurn: true }], context), 1);
    return text;
  }

  const services = [service('web'), service('db')];
  const half = environment('dev', { services, containers: [container('db')] });

  it('is the operation itself, or to take down what there is', () => {
    assert.match(said(new UserError('failed', 'No.'), half), /Try:\n {4}berth up dev\n {4}berth down dev\n$/);
  });

  it('is no logs of what was never made, and nothing to take down where nothing was', () => {
    const error = new UserError('failed', 'No.');
    assert.match(said(error, environment('dev', { services }), 'web'), /Try:\n {4}berth up dev\n$/);
    assert.match(said(error, half, 'web'), /Try:\n {4}berth up dev\n {4}berth down dev\n$/);
    assert.match(said(error, half, 'db'), /Try:\n {4}berth logs dev db\n {4}berth up dev\n {4}berth down dev\n$/);
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
