import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/common/errors';
import { hasRows, type ViewFacts, viewStateOf } from '../../../src/extension/views/viewState';

const usual: ViewFacts = {
  folders: 1,
  trusted: true,
  dockerInstalled: true,
  scanned: true,
  environments: 2,
  engines: [{ kind: 'connected', address: '' }],
  everConnected: true,
};
const lost = (cause?: unknown) => ({
  kind: 'lost' as const,
  error: new UserError('engine-unreachable', 'No answer.', { cause, remedy: 'Do this.' }),
  retryAt: 0,
});
const kind = (facts: Partial<ViewFacts>) => viewStateOf({ ...usual, ...facts }).kind;

const facts = { ...usual, everConnected: false };
const withCode = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const problem = (cause: Error) => {
  const state = viewStateOf({ ...facts, engines: [lost(cause)] });
  return state.kind === 'engineDown' ? state.problem : undefined;
};

describe('what the Environments view shows', () => {
  it('is the environments, also when the engine was lost', () => {
    assert.equal(kind({}), 'ready');
    assert.equal(kind({ engines: [lost()] }), 'ready');
  });

  it('is the first reason there is for showing none', () => {
    assert.equal(kind({ folders: 0, trusted: false }), 'noFolder');
    assert.equal(kind({ trusted: false, dockerInstalled: false }), 'restricted');
    assert.equal(kind({ dockerInstalled: false, scanned: false }), 'dockerMissing');
    assert.equal(kind({ scanned: false, environments: 0 }), 'scanning');
    assert.equal(kind({ environments: 0, everConnected: false }), 'noEnvironments');
    assert.equal(kind({ engines: [{ kind: 'connecting' }], everConnected: false }), 'connecting');
  });

  it('tells an engine that may not be used from one that does not answer', () => {
    assert.equal(problem(withCode('EACCES')), 'forbidden');
    assert.equal(problem(withCode('EPERM')), 'forbidden');
    assert.equal(problem(withCode('ENOENT')), 'unreachable');
    assert.equal(problem(withCode('ECONNREFUSED')), 'unreachable');
  });

  it('says in its own words why another machine, or one that is named wrong, does not answer', () => {
    const causes = [
      undefined,
      new Error('ssh: denied'),
      withCode('ENOTFOUND'),
      withCode('ECONNREFUSED', { port: 2375 }),
    ];
    for (const cause of causes) {
      const state = viewStateOf({ ...facts, engines: [lost(cause)] });
      assert.deepEqual(state, { kind: 'engineDown', problem: 'other', message: 'No answer. Do this.' });
      assert.ok(hasRows(state));
    }
    assert.ok(!hasRows(viewStateOf({ ...facts, engines: [lost(withCode('ENOENT'))] })));
  });
});
