import assert from 'node:assert/strict';
import { dataFoldersOf, homeOfDataFolder, isWithin, mountOf } from '../../../../src/core/model/dataFolder';
import type { BindMount } from '../../../../src/core/model/project';
import { definition, project, service } from '../support/examples';

const environment = (binds: Readonly<Record<string, readonly BindMount[]>>, change = {}) => ({
  definition: definition({
    workspaceFolder: '/repo',
    projectDirectory: '/repo/app',
    files: ['/repo/app/compose.yaml'],
    ...change,
  }),
  resolution: {
    kind: 'resolved' as const,
    project: project(
      ...Object.entries(binds).map(([name, mounted]) => service(name, { image: 'redis', binds: mounted })),
    ),
  },
});
const data = (source: string): BindMount => ({ source, keepsData: true });
const other = (source: string): BindMount => ({ source, keepsData: false });
const folder = (path: string) => ({ path, service: 'db', image: 'redis' });

describe('data folders', () => {
  it('are those where a store keeps its data, each once', () => {
    const some = environment({
      cache: [data('/repo/app/data/'), other('/repo/app/conf')],
      copy: [data('/repo/app/data')],
      web: [other('/repo/app/data')],
    });
    assert.deepEqual(
      dataFoldersOf(some).map(({ path, service: name }) => [path, name]),
      [['/repo/app/data', 'cache']],
    );
  });

  it('are at home in the workspace folder or the project directory, not around one of them', () => {
    const home = (path: string) => homeOfDataFolder(folder(path), environment({}));
    assert.equal(home('/repo/data'), '/repo');
    assert.equal(home('/repo/app/data'), '/repo');
    for (const path of ['/repo', '/repo/app', '/', '/repoword/data', '/elsewhere'])
      assert.equal(home(path), undefined, path);
    const outside = environment({}, { projectDirectory: '/app', files: ['/app/deploy/compose.yaml'] });
    assert.equal(homeOfDataFolder(folder('/app/data'), outside), '/app');
    assert.equal(homeOfDataFolder(folder('/app/deploy'), outside), undefined);
  });

  it('are shared with whoever has them mounted, or something in them; around them only where that is data', () => {
    const sharing = (...binds: BindMount[]) => mountOf(folder('/repo/data/pg'), environment({ web: binds }));
    assert.equal(sharing(other('/repo/data/pg/')), '/repo/data/pg/');
    assert.equal(sharing(other('/repo/data/pg/conf')), '/repo/data/pg/conf');
    assert.equal(sharing(data('/repo/data')), '/repo/data');
    assert.equal(sharing(other('/repo'), other('/repo/data/pg2')), undefined);
  });

  it('hold what is below them, and themselves', () => {
    assert.ok(isWithin('/a', '/a'));
    assert.ok(isWithin('/a', '/a/..b'));
    assert.ok(!isWithin('/a', '/ab'));
    assert.ok(!isWithin('/a/b', '/a'));
  });
});
