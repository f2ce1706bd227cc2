import assert from 'node:assert/strict';
import { connectionString } from '../../../../src/core/model/connectionString';

describe('connectionString', () => {
  const odd = "a b:/?#[]@!$&'()*+,;=%ü";

  it('encodes user, password and database, so that a URL gives them back', () => {
    const access = { kind: 'postgres', host: 'db', port: 5432, user: odd, password: odd, database: odd } as const;
    const url = new URL(connectionString(access).text);
    assert.equal(url.protocol, 'postgresql:');
    assert.equal(url.host, 'db:5432');
    assert.deepEqual([url.username, url.password, url.pathname.slice(1)].map(decodeURIComponent), [odd, odd, odd]);
    // Not even in quotes of a shell or in the source of a program does it need more.
    assert.doesNotMatch(connectionString(access).text, /['"()*!$\\ ]/);
  });

  it('masks the password, and nothing else', () => {
    const of = (access: object) => connectionString({ kind: 'mysql', host: '[::1]', port: 1, ...access });
    assert.deepEqual(of({ user: 'me', password: 'x', database: 'app' }), {
      text: 'mysql://me:x@[::1]:1/app',
      masked: 'mysql://me:***@[::1]:1/app',
    });
    assert.deepEqual(of({ user: 'me' }), { text: 'mysql://me@[::1]:1', masked: 'mysql://me@[::1]:1' });
  });

  it('of each kind', () => {
    const of = (kind: 'mongo' | 'redis', access: object) =>
      connectionString({ kind, host: 'h', port: 1, ...access }).text;
    assert.equal(of('redis', {}), 'redis://h:1');
    assert.equal(of('redis', { user: 'default', password: 'x' }), 'redis://default:x@h:1');
    assert.equal(of('mongo', {}), 'mongodb://h:1');
    assert.equal(of('mongo', { database: 'app' }), 'mongodb://h:1/app');
    assert.equal(of('mongo', { user: 'u', password: 'x' }), 'mongodb://u:x@h:1/?authSource=admin');
  });
});
