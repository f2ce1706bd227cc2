import assert from 'node:assert/strict';
import { attribute, runningDefinition } from '../../../../src/core/model/attribution';
import type { Container } from '../../../../src/core/model/container';
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

  it('is that of both where an environment is found in a workspace folder and in one inside of it', () => {
    const found = (workspaceFolder: string, files = ['/projects/shop/compose.yaml']) => ({
      definition: definition({ id: workspaceFolder + files, workspaceFolder, files, projectName: 'app' }),
      resolution,
    });
    const [outer, inner] = [found('/projects'), found('/projects/shop')];
    const test = found('/projects', ['/projects/shop/compose.test.yaml']);
    const ownersOf = (one: Container) => {
      const { owned } = attribute([outer, test, inner], [[{}, [one]]]);
      return [outer, test, inner].filter((each) => owned.get(each)?.length === 1);
    };
    assert.deepEqual(ownersOf(container('a', { configFiles: inner.definition.files })), [outer, inner]);
    assert.deepEqual(ownersOf(container('a', { configFiles: test.definition.files })), [test]);
    assert.deepEqual(ownersOf(container('a')), [outer, inner], 'of other files');
  });

  it('is told by the folder that they were started in where their files have no paths', () => {
    const placeOf = (configFiles: readonly string[], workingDirectory?: string) => {
      const { workspaceFolder, projectDirectory } = runningDefinition(
        'app',
        {},
        [container('a', { configFiles, workingDirectory })],
        ['/projects', '/other'],
      );
      return [workspaceFolder, projectDirectory];
    };
    assert.deepEqual(placeOf(['-'], '/projects/app'), ['/projects', '/projects/app']);
    assert.deepEqual(placeOf([], '/projects'), ['/projects', '/projects']);
    assert.deepEqual(placeOf(['-'], '/elsewhere'), ['', '/elsewhere']);
    assert.deepEqual(placeOf(['-']), ['', '']);
    assert.deepEqual(placeOf(['-', '/other/a/compose.yaml'], '/projects'), ['/other', '/other/a'], 'files come first');
    assert.deepEqual(placeOf(['/elsewhere/compose.yaml'], '/projects'), ['', '/elsewhere']);
  });
});
