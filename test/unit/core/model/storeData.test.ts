import assert from 'node:assert/strict';
import { dataPathOf, keepsDataAt, missedMountOf } from '../../../../src/core/model/storeData';

describe('where a store keeps its data', () => {
  /** By image: where a volume is to be, where one keeps its data as well, and where one does not. */
  const images: Readonly<Record<string, readonly [string | undefined, readonly string[], readonly string[]]>> = {
    'postgres:17-alpine': ['/var/lib/postgresql/data', [], ['/var/lib/postgresql', '/var/lib', '/bitnami/postgresql']],
    'postgres:18-alpine': ['/var/lib/postgresql', ['/var/lib/postgresql/18/docker'], ['/var/lib/postgresql/data']],
    'docker.io/library/postgres:18.1': ['/var/lib/postgresql', [], ['/var/lib/postgresql/data']],
    postgres: [undefined, ['/var/lib/postgresql', '/var/lib/postgresql/data'], ['/data']],
    'timescale/timescaledb:2.14.0-pg16': ['/var/lib/postgresql/data', [], ['/var/lib/postgresql']],
    'timescale/timescaledb-ha:pg16': ['/home/postgres/pgdata', [], ['/var/lib/postgresql/data']],
    'citusdata/citus:12.1': [undefined, ['/var/lib/postgresql/data'], []],
    'bitnami/postgresql:16': ['/bitnami/postgresql', ['/bitnami/postgresql/data'], ['/var/lib/postgresql/data']],
    'registry.example/bitnamilegacy/mongodb:7': [
      '/bitnami/mongodb',
      ['/bitnami'],
      ['/data/db', '/bitnami/mongodb/conf'],
    ],
    'team/postgres:18': [undefined, ['/var/lib/postgresql/data', '/var/lib/postgresql'], ['/data']],
    'mariadb:11': ['/var/lib/mysql', [], ['/data']],
    'lscr.io/linuxserver/mariadb:10.11': [undefined, ['/config', '/var/lib/mysql'], []],
    'mongo:7': ['/data/db', [], ['/data']],
    'redis:7-alpine': ['/data', [], ['/data/db']],
    'node:22': [undefined, [], ['/data']],
  };
  for (const [image, [path, others, elsewhere]] of Object.entries(images)) {
    it(`in ${image}`, () => {
      assert.equal(dataPathOf({ image }), path);
      for (const one of path === undefined ? others : [path, `${path}/`, ...others])
        assert.ok(keepsDataAt({ image }, one), one);
      for (const one of elsewhere) assert.ok(!keepsDataAt({ image }, one), one);
    });
  }

  it('is where PGDATA says, also in a folder around that', () => {
    const postgres = (PGDATA: string, tag = '16') => ({ image: `postgres:${tag}`, environment: { PGDATA } });
    assert.equal(dataPathOf(postgres('/pg/17/data')), '/pg/17/data');
    assert.equal(dataPathOf(postgres('/pg', 'latest')), '/pg');
    assert.equal(dataPathOf(postgres('/var/lib/postgresql/data/pgdata')), '/var/lib/postgresql/data');
    assert.ok(keepsDataAt(postgres('/pg/17/data'), '/pg'));
    assert.ok(keepsDataAt(postgres('/pg'), '/pg'));
    assert.ok(keepsDataAt(postgres('/var/lib/postgresql/data', '18'), '/var/lib/postgresql/data'));
    assert.ok(!keepsDataAt(postgres('/pg'), '/p'));
    assert.ok(!keepsDataAt(postgres('/pg'), '/var/lib/postgresql/data'));
    assert.ok(!keepsDataAt({ image: 'redis:7', environment: { PGDATA: '/pg' } }, '/pg'));
  });

  it('is missed by a mount at the path of another image, and by a volume that is taken for a drive', () => {
    const missed = (image: string, target: string) =>
      missedMountOf({ image, volumes: [{ type: 'volume', source: 'v', target }] });
    assert.deepEqual(missed('postgres:18', '/var/lib/postgresql/data/'), { target: '/var/lib/postgresql/data' });
    assert.deepEqual(missed('mysql:8', 'd:/var/lib/mysql'), { target: '/var/lib/mysql', drive: 'd' });
    assert.equal(missed('postgres:16', '/var/lib/postgresql/data'), undefined);
    assert.equal(missed('mysql:8', '/backups'), undefined);
  });
});
