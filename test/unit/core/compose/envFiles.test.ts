import assert from 'node:assert/strict';
import { envFilesCall, readVariables } from '../../../../src/core/compose/envFiles';

describe('env files as Compose reads them', () => {
  it('are given to it as a compose file, in which no path means a variable', () => {
    const { args, cwd, input } = envFilesCall(['/shop/.env', '/shop/$x/.env.test'], '/shop');
    assert.deepEqual(args.slice(args.indexOf('compose')), [
      ...['compose', '--file', '-', '--env-file', '/shop/.env', '--env-file', '/shop/$x/.env.test'],
      ...['config', '--format', 'json'],
    ]);
    assert.equal(cwd, '/shop');
    const files = JSON.parse(input).services.reader.env_file;
    assert.deepEqual(files, ['/shop/.env', '/shop/$$x/.env.test']);
  });

  it('are what it prints, where each dollar sign is two', () => {
    const printed = (reader: object) => readVariables(JSON.stringify({ services: { reader } }));
    assert.deepEqual(printed({ environment: { A: 'a$$b$$$$', B: 'c\nd', C: null } }), { A: 'a$b$$', B: 'c\nd' });
    assert.deepEqual(printed({ environment: null }), {});
    assert.throws(() => printed({ env_file: [{ path: '/shop/.env' }] }), /does not tell what is in env files/);
  });
});
