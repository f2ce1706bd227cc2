import assert from 'node:assert/strict';
import { ComposeConfig } from '../../../../src/core/model/project';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { reasonInLog } from '../../../../src/core/operations/logReasons';
import { definition, project, service } from '../support/examples';

describe('why a service ended, as its log tells', () => {
  const config = new ComposeConfig({
    services: {
      web: {
        volumes: [
          { type: 'volume', source: 'kept', target: '/var/lib/kept' },
          { type: 'bind', source: '/work/data', target: '/data/' },
        ],
      },
    },
  });
  const services = [
    service('web', { ports: [{ target: 8080, protocol: 'tcp' }] }),
    service('db', { ports: [{ target: 5432, protocol: 'tcp' }] }),
    service('db-replica'),
  ];
  const resolution = { kind: 'resolved', project: { ...project(...services), config } } as const;
  const environment = buildSnapshot(definition(), resolution, [], true);
  const [web] = environment.services.filter(({ name }) => name === 'web');
  /** `code: message` */
  const told = (log: string) => {
    assert.ok(web);
    const addresses = new Map([['172.18.0.3', 'db']]);
    const reason = reasonInLog({ service: web, environment, log, addresses });
    return reason && `${reason.code}: ${reason.message}`;
  };

  it('data of another version of PostgreSQL', () => {
    assert.equal(
      told(`FATAL:  database files are incompatible with server
DETAIL:  The data directory was initialized by PostgreSQL version 15, which is not compatible with this version 16.4 (Debian 16.4-1).`),
      'postgres-version: The data of service "web" is of PostgreSQL 15, and its image is PostgreSQL 16.4.',
    );
  });

  it('what it may not use, of what is mounted', () => {
    for (const line of [
      'mkdir: cannot create directory ‘/var/lib/kept/x’: Permission denied',
      "Error: EACCES: permission denied, open '/var/lib/kept/x'",
      'chown: /var/lib/kept/x: Operation not permitted',
      'open "/var/lib/kept/x": read-only file system',
    ]) {
      assert.equal(
        told(line),
        'volume-permission: Service "web" may not use /var/lib/kept/x, where a volume is mounted.',
        line,
      );
    }
    assert.equal(
      told('could not open /data/db: Permission denied'),
      'volume-permission: Service "web" may not use /data/db, where /work/data is mounted.',
    );
    assert.equal(told('could not open /etc/shadow: Permission denied'), undefined);
    assert.equal(told('could not open /database: Permission denied'), undefined);
    assert.equal(told('permission denied for table users'), undefined);
  });

  it('another service that it does not reach, however that is said', () => {
    for (const line of [
      'psycopg2.OperationalError: connection to server at "db" (172.18.0.9), port 5432 failed: Connection refused',
      'Error: connect ECONNREFUSED 172.18.0.3:5432',
      'dial tcp: lookup db on 127.0.0.11:53: no such host',
      'could not translate host name "db" to address: Name or service not known',
      'Error: getaddrinfo ENOTFOUND db',
      'cannot connect to postgres://app@db:5432/app: connection refused',
      'redis.exceptions.ConnectionError: Error 111 connecting to db:6379. Connection refused.',
      'Connection refused: db/172.18.0.9:5432',
      'failed to reach host=db port=5432: connection refused',
      'ping: db: Name or service not known',
      'waiting for db: connection refused',
    ]) {
      assert.equal(told(line), 'connection-refused: Service "web" does not reach "db".', line);
    }
    assert.equal(
      told('connect to db-replica:5432: Connection refused'),
      'connection-refused: Service "web" does not reach "db-replica".',
    );
  });

  it('one that it looks for in its own container', () => {
    for (const line of [
      'Error: connect ECONNREFUSED 127.0.0.1:5432',
      'connection to server at "localhost" (::1), port 5432 failed: Connection refused',
    ]) {
      assert.equal(
        told(line),
        'connection-refused: Service "web" looks for port 5432 in its own container, and "db" has it.',
        line,
      );
    }
  });

  it('nothing where that is somebody else, or only talked of', () => {
    for (const line of [
      'Error: connect ECONNREFUSED 127.0.0.1:9999',
      'Error: connect ECONNREFUSED 10.0.0.1:5432',
      'api.example: connection refused',
      'the db is ready',
      'web: connection refused',
      'connection refused by https://pay.example.com/db/charge',
      'otel exporter: connection refused to (db) metrics',
      'db metrics: ECONNREFUSED',
      'connect to db:5432: connection refused, continuing',
      '',
    ]) {
      assert.equal(told(line), undefined, line);
    }
  });

  it('nothing that it has got over, and of several things the last', () => {
    const refused = 'Error: connect ECONNREFUSED 172.18.0.3:5432';
    assert.equal(told(`${refused}\nConnected to the database\nError: no moon`), undefined);
    assert.equal(told(`${refused}\nserver listening on :8080\nError: no moon`), undefined);
    for (const line of ['not connected yet', 'could not get ready', 'Error: not started']) {
      assert.match(told(`${refused}\n${line}`) ?? '', /^connection-refused: /, line);
    }
    const denied = "Error: EACCES: permission denied, open '/var/lib/kept/x'";
    assert.match(told(`${denied}\n${refused}`) ?? '', /^connection-refused: /);
    assert.match(told(`${refused}\n${denied}\nbye`) ?? '', /^volume-permission: /);
  });

  it('nothing before an error that it has ended of, but for what others say of the first', () => {
    const refused = 'connect to db:5432: Connection refused';
    const denied = 'warn: chmod /data/x: operation not permitted';
    for (const line of ['ValueError: bad config', "KeyError: 'FOO'", 'panic: no moon', '[error] no moon']) {
      for (const before of [refused, denied]) assert.equal(told(`${before}\nmigrated\n${line}`), undefined, line);
    }
    for (const line of [
      'Traceback (most recent call last):',
      'ERROR:    Application startup failed. Exiting.',
      'npm ERR! code ELIFECYCLE',
      '2026-01-31T12:00:00.000000Z 0 [ERROR] [MY-010119] [Server] Aborting',
    ]) {
      assert.match(told(`${refused}\n${line}`) ?? '', /^connection-refused: /, line);
      assert.match(told(`${denied}\n${line}`) ?? '', /^volume-permission: /, line);
    }
  });

  it('a disk that is full', () => {
    assert.equal(told('write /x: No space left on device'), 'disk-full: Service "web" has no room left to write to.');
  });
});
