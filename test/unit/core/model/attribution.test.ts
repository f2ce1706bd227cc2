import assert from 'node:assert/strict';
import { attribute } from '../../../../src/core/model/attribution';
import type { Resolution } from '../../../../src/core/model/snapshot';
import { definition, project } from '../support/examples';
import { container } from '../support/fakeEngine';

describe('whose containers are whose', () => {
  const resolution: Resolution = { kind: 'resolved', project: project('web') };

  it('is told by files also where VS Code and a terminal write the drive letter differently', () => {
    const named = (name: string) => ({
      definition: definition({ id: name, name, projectName: 'app', files: [`c:\\app\\${name}.yaml`] }),
      resolution,
    });
    const [dev, test] = [named('dev'), named('test')];
    const ofTest = container('a', { configFiles: ['C:\\app\\test.yaml'] });
    const ownerOn = (platform: NodeJS.Platform) => {
      const { owned } = attribute([dev, test], [[{}, [ofTest]]], platform);
      return owned.get(test)?.length === 1 ? 'test' : 'dev';
    };
    assert.equal(ownerOn('win32'), 'test');
    assert.equal(ownerOn('linux'), 'dev');
  });
});
