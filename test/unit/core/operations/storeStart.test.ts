import assert from 'node:assert/strict';
import { storeVariables } from '../../../../src/core/operations/storeStart';

/** A container as the engine tells it, with this command. */
const started = (Cmd: readonly string[] | null, Entrypoint: readonly string[] | null = ['docker-entrypoint.sh']) => ({
  Config: { Cmd, Entrypoint },
});

describe('storeVariables', () => {
  it('are none of what was started as its image does it', () => {
    for (const kind of ['postgres', 'mysql', 'mongo', 'redis'] as const) {
      assert.deepEqual(storeVariables(kind, started(['server'])), {});
      assert.deepEqual(storeVariables(kind, started(null, null)), {});
    }
    assert.deepEqual(storeVariables('redis', undefined), {});
  });

  it('have the port that the server was told', () => {
    const port = (kind: Parameters<typeof storeVariables>[0], ...command: string[]) =>
      storeVariables(kind, started(command)).BERTH_PORT;
    assert.equal(port('postgres', 'postgres', '-p', '5433'), '5433');
    assert.equal(port('postgres', '-c', 'port=5433'), '5433');
    assert.equal(port('postgres', 'postgres', '-cport=5433', '-c', 'fsync=off'), '5433');
    assert.equal(port('postgres', 'postgres', '--port=5433'), '5433');
    assert.equal(port('mysql', 'mysqld', '--port=3307'), '3307');
    assert.equal(port('mysql', 'mysqld', '-p', '5433'), undefined);
    assert.equal(port('mongo', '--port', '27018'), '27018');
    assert.equal(port('redis', 'redis-server', '--port', '6380'), '6380');
    assert.equal(port('redis', 'redis-server', '--tls-port', '6380'), undefined);
  });

  it('have the password of Redis, from its command', () => {
    const secret = (...command: string[]) => storeVariables('redis', started(command));
    assert.deepEqual(secret('redis-server', '--requirepass', 'a b', '--save', ''), { BERTH_PASSWORD: 'a b' });
    assert.deepEqual(secret('redis-server', '--requirepass'), {});
    for (const [script, word] of [
      ['redis-server --requirepass "$REDIS_PASSWORD"', '"$REDIS_PASSWORD"'],
      ['exec redis-server --requirepass $(cat /run/secrets/redis) --save ""', '$(cat /run/secrets/redis)'],
      ["redis-server --requirepass 'it is' && true", "'it is'"],
      ['redis-server --requirepass=$PASS; true', '$PASS'],
    ] as const) {
      assert.deepEqual(secret('sh', '-c', script), { BERTH_PASSWORD_WORD: word });
      assert.deepEqual(secret('/bin/sh', '-ec', script), { BERTH_PASSWORD_WORD: word });
    }
  });

  it('have the configuration file of Redis, which may have it', () => {
    assert.deepEqual(storeVariables('redis', started(['redis-server', '/etc/redis.conf', '--save', ''])), {
      BERTH_CONFIG: '/etc/redis.conf',
    });
    assert.deepEqual(storeVariables('redis', started(['sh', '-c', 'exec redis-server /etc/my.conf'])), {
      BERTH_CONFIG: '/etc/my.conf',
    });
    assert.deepEqual(storeVariables('postgres', started(['postgres', '-c', 'config_file=/etc/postgresql.conf'])), {});
  });
});
