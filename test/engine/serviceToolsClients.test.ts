import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import vm from 'node:vm';
import { runProgram } from '../../src/core/common/program';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../src/core/model/snapshot';
import { ComposeFolder } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { environmentNamed } from './support/waiting';

/** Tells how it was called, and whether it got a password; then repeats what it reads. */
const MYSQL = `#!/bin/sh
echo "called: $0 $*"
echo "password: $MYSQL_PWD"
exec cat
`;
const MONGOSH = `#!/bin/sh
for word; do printf '%s\\0' "$word"; done
env | grep ^BERTH_
`;

const PASSWORD = `p@ss "1" $x`;
const IN_CONTAINER = 'command: ["sleep", "infinity"]\n    init: true\n    stop_grace_period: 1s';
const built = (client: string) =>
  `build: { context: ., dockerfile_inline: "FROM busybox:1-musl\\nCOPY --chmod=755 ${client} /bin/" }`;

const COMPOSE = `
name: PROJECT
x-password: &password '${PASSWORD.replace('$', () => '$$')}'
services:
  mysql:
    image: PROJECT/mysql:8
    ${built('mysql')}
    environment: { MYSQL_USER: app, MYSQL_PASSWORD: *password, MYSQL_DATABASE: app db, MYSQL_ROOT_PASSWORD: root }
    ${IN_CONTAINER}
  mongo:
    image: PROJECT/mongo:7
    ${built('mongosh')}
    environment: { MONGO_INITDB_ROOT_USERNAME: root, MONGO_INITDB_ROOT_PASSWORD: *password, MONGO_INITDB_DATABASE: shop }
    ${IN_CONTAINER}
  mongo-old:
    image: PROJECT/percona-server-mongodb:4
    ${built('mongo')}
    environment: { MONGO_INITDB_ROOT_USERNAME: root, MONGO_INITDB_ROOT_PASSWORD: *password }
    ${IN_CONTAINER}
  postgres:
    image: PROJECT/postgis:16
    ${built('mysql')}
    ${IN_CONTAINER}
`;

// Their images can't be had everywhere, and no package has their servers: programs of the same names stand in for their
// clients. What MySQL shares with MariaDB is tried on that, see serviceToolsMariadb.
describe('tools for MySQL and MongoDB', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;
  const { signal } = new AbortController();

  before(async function () {
    this.timeout(120_000);
    folder = new ComposeFolder('clients', {
      'compose.yaml': COMPOSE,
      mysql: MYSQL,
      mongosh: MONGOSH,
      mongo: MONGOSH,
    });
    core = await OperatedFolder.open(folder);
    await core.do('up');
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const on = (name: string): [EnvironmentSnapshot, ServiceSnapshot] => {
    const environment = environmentNamed(core.store, 'dev');
    const service = environment.services.find((one) => one.name === name);
    assert.ok(service);
    return [environment, service];
  };
  const client = async (service: string, input = '') => {
    const call = await core.berth.tools.storeShellCall(...on(service), { terminal: false, signal });
    return runProgram(call, { input: Readable.from([input]), signal });
  };

  it('MySQL: as its own user, who is not root, with the password out of sight', async () => {
    const { stdout } = await client('mysql', 'select 1;\n');
    assert.deepEqual(stdout.split('\n').slice(0, 3), [
      'called: /bin/mysql --user=app --database=app db',
      `password: ${PASSWORD}`,
      'select 1;',
    ]);
  });

  it('MongoDB: by an address that its shell makes of variables', async () => {
    const { stdout } = await client('mongo');
    const [script = '', variables = ''] = stdout.split('\0').slice(-2);
    assert.deepEqual(stdout.split('\0').slice(0, -2), ['--quiet', '--nodb', '--shell', '--eval']);
    assert.ok(!script.includes(PASSWORD));
    const env = Object.fromEntries(
      variables
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s)),
    );
    const context = { connect: (url: string) => url, process: { env }, encodeURIComponent, db: undefined };
    vm.runInNewContext(script, context);
    assert.equal(
      context.db,
      `mongodb://root:${encodeURIComponent(PASSWORD)}@127.0.0.1:27017/shop?directConnection=true&authSource=admin`,
    );
  });

  it('MongoDB: by its older shell, which hides what is on its command line itself', async () => {
    const words = (await client('mongo-old')).stdout.split('\0').slice(0, -1);
    const login = ['--username', 'root', '--password', PASSWORD, '--authenticationDatabase', 'admin'];
    assert.deepEqual(words, ['--port', '27017', 'test', ...login]);
  });

  it('connection strings', async () => {
    const strings = async (service: string) =>
      (await core.berth.tools.connectionStrings(...on(service), signal)).inside;
    const encoded = encodeURIComponent(PASSWORD);
    assert.deepEqual(await strings('mysql'), {
      text: `mysql://app:${encoded}@mysql:3306/app%20db`,
      masked: 'mysql://app:***@mysql:3306/app%20db',
    });
    assert.equal((await strings('mongo')).text, `mongodb://root:${encoded}@mongo:27017/shop?authSource=admin`);
  });

  it('a client that is not there is said', async () => {
    const connection = core.berth.tools.connectionStrings(...on('postgres'), signal);
    await assert.rejects(connection, { kind: 'failed', message: 'This container has none of: psql' });
  });
});
