import assert from 'node:assert/strict';
import type { CommandKind } from '../../../../src/core/model/command';
import type { EnvironmentSnapshot } from '../../../../src/core/model/snapshot';
import { mainTestAmong, meantForTests } from '../../../../src/core/runs/meantForTests';
import { environment } from '../../cli/examples';

function withCommand(name: string, kind: CommandKind): EnvironmentSnapshot {
  const { definition, ...rest } = environment(name);
  const commands = [{ name: 'one', kind, command: ['true'] }];
  return { ...rest, definition: { ...definition, knowledge: { evidence: [], problems: [], commands } } };
}

describe('the environments whose tests are meant where none is named', () => {
  const names = (...all: readonly EnvironmentSnapshot[]) => meantForTests(all).map(({ definition }) => definition.name);

  it('are those for tests, where these have test commands', () => {
    assert.deepEqual(names(withCommand('dev', 'test'), withCommand('test', 'test'), withCommand('ci', 'test')), [
      'test',
    ]);
  });

  it('are else all that have test commands', () => {
    assert.deepEqual(names(withCommand('dev', 'test'), withCommand('test', 'setup'), withCommand('ci', 'test')), [
      'dev',
      'ci',
    ]);
    assert.deepEqual(names(environment('dev'), environment('test'), withCommand('ci', 'task')), []);
  });
});

describe('the test command that is meant of an environment where none is named', () => {
  const named = (all: readonly EnvironmentSnapshot[]) =>
    all.flatMap((one) => (mainTestAmong(one, all) ? one.definition.name : []));
  const inFolder = ({ definition, ...rest }: EnvironmentSnapshot, workspaceFolder: string): EnvironmentSnapshot => ({
    ...rest,
    definition: { ...definition, workspaceFolder },
  });

  it('is none where its workspace folder has environments for tests, and it is none', () => {
    assert.deepEqual(named([withCommand('dev', 'test'), withCommand('test', 'test')]), ['test']);
    assert.deepEqual(named([withCommand('dev', 'test'), withCommand('test', 'task')]), ['dev']);
  });

  it('does not hang on other workspace folders', () => {
    const other = inFolder(withCommand('dev', 'test'), '/other');
    assert.deepEqual(named([withCommand('dev', 'test'), withCommand('test', 'test'), other]), ['test', 'dev']);
  });
});
