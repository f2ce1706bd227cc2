import assert from 'node:assert/strict';
import type { EnvironmentCommand } from '../../../../src/core/model/command';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { neededServices } from '../../../../src/core/runs/neededServices';
import { definition, project, service } from '../support/examples';

describe('the services that a test run brings up', () => {
  const all = project('api', 'db', service('tools', { profiles: ['tools'] }));
  const environment = buildSnapshot(definition(), { kind: 'resolved', project: all }, [], true);
  const inside = (name?: string, change: Partial<EnvironmentCommand> = {}): EnvironmentCommand => ({
    ...{ name: 'unit', kind: 'test', command: ['pytest'], service: name },
    ...change,
  });
  const needed = (commands: readonly EnvironmentCommand[], asked?: readonly string[]) =>
    neededServices(commands, environment, asked);

  it('are those that are asked for, or all, where the commands run in these, or elsewhere', () => {
    assert.deepEqual(needed([inside('api'), inside('db'), inside()]), []);
    assert.deepEqual(needed([inside('tools', { inNewContainer: true })]), []);
    assert.deepEqual(needed([inside('db')], ['db']), ['db']);
  });

  it('are also those that the commands run in', () => {
    assert.deepEqual(needed([inside('api'), inside('db')], ['db']), ['db', 'api']);
    assert.deepEqual(needed([inside('tools'), inside('tools')]), ['api', 'db', 'tools']);
  });
});
