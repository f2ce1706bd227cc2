import assert from 'node:assert/strict';
import type { Container } from '../../../../src/core/model/container';
import { otherFolderOf } from '../../../../src/core/model/otherFolder';
import { definition } from '../support/examples';
import { container } from '../support/fakeEngine';

describe('the folder that containers of an environment were made from', () => {
  const FOLDERS: Readonly<Record<string, string>> = {
    '/mine': '/mine',
    '/mine/docker': '/mine/docker',
    '/link': '/mine',
    '/theirs': '/theirs',
  };
  const environment = definition({ projectDirectory: '/mine', files: ['/mine/docker/compose.yaml'] });
  const other = (...containers: Partial<Container>[]) =>
    otherFolderOf(
      environment,
      containers.map((one, index) => container(`${index}`, one)),
      (folder) => FOLDERS[folder],
    );

  it('is another one where neither they were started in one of its own, nor is one of their files there', () => {
    assert.equal(other({ configFiles: ['/theirs/compose.yaml'], workingDirectory: '/theirs' }), '/theirs');
    assert.equal(other({ configFiles: ['/theirs/compose.yaml'] }), '/theirs');
    assert.equal(other({ configFiles: ['-'], workingDirectory: '/theirs' }), '/theirs');
    const own = { configFiles: ['/mine/docker/compose.yaml'] };
    assert.equal(other({}, own, { workingDirectory: '/gone' }, { workingDirectory: '/theirs' }), '/theirs', 'of any');
  });

  it('is its own with other files beside those, through a link, or where the other one is gone', () => {
    assert.equal(other({ configFiles: ['/mine/compose.yaml'], workingDirectory: '/mine' }), undefined);
    assert.equal(other({ configFiles: ['/theirs/extra.yaml', '/mine/docker/x.yaml'] }), undefined);
    assert.equal(other({ workingDirectory: '/link', configFiles: ['/link/compose.yaml'] }), undefined);
    assert.equal(other({ workingDirectory: '/gone', configFiles: ['/gone/compose.yaml'] }), undefined);
    assert.equal(other({ configFiles: ['-', 'compose.yaml'] }, {}), undefined, 'nothing was noted');
  });
});
