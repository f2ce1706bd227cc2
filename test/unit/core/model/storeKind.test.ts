import assert from 'node:assert/strict';
import { storeKindOf } from '../../../../src/core/model/storeKind';

describe('storeKindOf', () => {
  const images: Readonly<Record<string, string | undefined>> = {
    postgres: 'postgres',
    'postgres:16-alpine': 'postgres',
    'docker.io/library/postgres@sha256:0123': 'postgres',
    'registry.example:5000/team/postgres:16': 'postgres',
    'postgis/postgis:16-3.4': 'postgres',
    'timescale/timescaledb:latest-pg16': 'postgres',
    'timescale/timescaledb-ha:pg16': 'postgres',
    'pgvector/pgvector:pg16': 'postgres',
    'bitnami/postgresql:16': 'postgres',
    'mysql:8': 'mysql',
    'mysql/mysql-server:8.0': 'mysql',
    'mariadb:11': 'mysql',
    'percona/percona-server:8.0': 'mysql',
    'mongo:7': 'mongo',
    'mongodb/mongodb-community-server:7.0-ubi8': 'mongo',
    'percona/percona-server-mongodb:7': 'mongo',
    'redis:7-alpine': 'redis',
    'redis/redis-stack-server': 'redis',
    'valkey/valkey:8': 'redis',
    'eqalpha/keydb': 'redis',
    'mongo-express:1': undefined,
    'postgres-exporter:1': undefined,
    'prom/mysqld-exporter': undefined,
    'redis/redisinsight': undefined,
    'postgrest/postgrest': undefined,
    'postgres/app': undefined,
  };
  for (const [image, kind] of Object.entries(images)) {
    it(`of ${image} is ${kind}`, () => assert.equal(storeKindOf({ image }), kind));
  }

  it('is none without an image', () => assert.equal(storeKindOf({}), undefined));
});
