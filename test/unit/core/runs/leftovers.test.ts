import assert from 'node:assert/strict';
import path from 'node:path';
import type { Container, TestRunMark } from '../../../../src/core/model/container';
import { candidates } from '../../../../src/core/runs/leftovers';
import type { RunRecord } from '../../../../src/core/runs/runFolder';
import { container } from '../../cli/examples';

const shop = path.resolve('/projects/shop');
const mark: TestRunMark = { id: 'one', host: 'here', kept: false, removesVolumes: true };
const ofProject = (project: string, testRun?: TestRunMark): Container =>
  container('web', { project, testRun, workingDirectory: path.join(shop, 'docker') });
const record = (project: string, more: Partial<RunRecord> = {}) => ({
  ...{ id: 'one', environment: 'test', project, engine: 'one', host: 'here', process: 1, kept: false },
  ...{ removesVolumes: true },
  ...{ state: 'running' as const, workspaceFolder: shop },
  ...more,
});
const found = (containers: readonly Container[], records: Parameters<typeof candidates>[1] = []) =>
  candidates(containers, records, [shop], 'here').map(({ project, kept }) => `${project}${kept ? ' kept' : ''}`);

describe('where test runs may have left something', () => {
  it('is where all containers are those of a run on this machine, kept or not', () => {
    assert.deepEqual(found([ofProject('a', mark), ofProject('b', { ...mark, kept: true })]), ['a', 'b kept']);
    assert.deepEqual(found([ofProject('a', { ...mark, host: 'elsewhere' })]), []);
    assert.deepEqual(found([ofProject('a')]), []);
    assert.deepEqual(found([ofProject('a', mark), ofProject('a')]), []);
  });

  it('is in no folder but those that are looked at', () => {
    const inBlog = { ...ofProject('a', mark), workingDirectory: path.resolve('/projects/blog') };
    assert.deepEqual(found([inBlog]), []);
    // The folder may be elsewhere, where the run noted it.
    assert.deepEqual(found([inBlog], [record('a', { state: 'over' })]), ['a']);
  });

  it('is where a run noted that it would make something, unless somebody else has done that', () => {
    assert.deepEqual(found([], [record('a'), record('a', { id: 'two' })]), ['a']);
    assert.deepEqual(found([], [record('a', { state: 'over' }), record('b', { host: 'elsewhere' })]), []);
    assert.deepEqual(found([ofProject('a')], [record('a')]), []);
  });

  it('is told with what the run noted of itself', () => {
    const [one] = candidates([ofProject('a', mark)], [record('a')], [shop], 'here');
    assert.deepEqual(one, {
      ...{ project: 'a', kept: false, removesVolumes: true },
      ...{ environment: 'test', workspaceFolder: shop },
    });
  });
});
