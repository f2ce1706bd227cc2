import assert from 'node:assert/strict';
import { samePath, samePaths, shownPath } from '../../../../src/core/common/paths';

describe('paths', () => {
  it('are shown from a folder, those of the folder beside it as well, and others as they are', () => {
    assert.equal(shownPath('/app/shop', '/app/shop/deploy/.env'), 'deploy/.env');
    assert.equal(shownPath('/app/shop', '/app/shared/.env'), '../shared/.env');
    assert.equal(shownPath('/app/shop', '/opt/shared/.env'), '/opt/shared/.env');
  });

  it('are the same on Windows whatever the slashes and the case of the drive letter', () => {
    assert.ok(samePath('c:\\app\\compose.yaml', 'C:\\app\\compose.yaml', 'win32'));
    assert.ok(samePath('c:\\app\\compose.yaml', 'C:/app/compose.yaml', 'win32'));
    assert.ok(!samePath('c:\\app', 'd:\\app', 'win32'));
    assert.ok(samePaths(['c:\\a', 'c:\\b'], ['C:\\a', 'C:\\b'], 'win32'));
    assert.ok(!samePaths(['c:\\a', 'c:\\b'], ['C:\\b', 'C:\\a'], 'win32'));
    assert.ok(!samePaths(['c:\\a'], ['c:\\a', 'c:\\b'], 'win32'));
  });

  it('are what they are elsewhere', () => {
    assert.ok(samePath('/app/compose.yaml', '/app/compose.yaml', 'linux'));
    assert.ok(!samePath('C:/app', 'c:/app', 'linux'));
    assert.ok(!samePath('/a\\b', '/a/b', 'linux'));
  });
});
