import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import vm from 'node:vm';
import { UserError } from '../../src/core/common/errors';
import { runProgram } from '../../src/core/common/program';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../src/core/model/snapshot';
import { ComposeFolder } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { environmentNamed } from './support/waiting';

/** Tells how it was called, and whether it got a password; then takes SQL as the client of MySQL does, as far as it matters here. */
const MYSQL = `#!/bin/sh
echo "called: $0 $*"
echo "password: $MYSQL_PWD"
number=0
comment=
while IFS= read -r line || [ -n "$line" ]; do
  number=$((number + 1))
  case $comment$line in
    /\\**) comment='/*' ; case $line in *'*/') comment= ;; esac ;;
    BROKEN*) echo "ERROR 1064 (42000) at line $number: You have an error in your SQL syntax" >&2; exit 1 ;;
    \\\\*) echo "ERROR at line $number: Unknown command '\\\\0'." >&2; exit 1 ;;
    SLEEP) trap 'echo "query aborted" >&2; kill "$!"; exit 1' INT; sleep 600 & echo sleeping; wait ;;
    *) echo "ran $line" ;;
  esac
done
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
  mariadb:
    image: PROJECT/mariadb:11
    ${built('mariadb')}
    environment: { MARIADB_ROOT_PASSWORD_FILE: /run/secrets/password }
    secrets: [password]
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
secrets:
  password: { file: ./password.txt }
`;

// Their images can't be had everywhere: programs of the same names stand in for their clients.
describe('tools for MySQL, MariaDB and MongoDB', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;
  const { signal } = new AbortController();

  before(async function () {
    this.timeout(120_000);
    folder = new ComposeFolder('clients', {
      'compose.yaml': COMPOSE,
      'password.txt': PASSWORD,
      mysql: MYSQL,
      mariadb: MYSQL,
      mongosh: MONGOSH,
      mongo: MONGOSH,
    });
    core = await OperatedFolder.open(folder);
    await core.do('up');
  });
  after(async () => {
    core?.dispose();
    // By their names: none that others use, too, may go.
    const images = ['mysql:8', 'mariadb:11', 'mongo:7', 'percona-server-mongodb:4', 'postgis:16'];
    await folder?.compose('down', '--timeout', '1').catch(() => {});
    await folder?.docker('image', 'rm', ...images.map((name) => `${folder.project}/${name}`)).catch(() => {});
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
  const runSql = async (service: string, text: string, options: { lines?: string[]; signal?: AbortSignal } = {}) => {
    folder.write('file.sql', text);
    const onLine = (line: string) => void options.lines?.push(line);
    await core.berth.tools.runSqlFile(...on(service), folder.path('file.sql'), {
      onLine,
      signal: options.signal ?? signal,
    });
  };

  it('MySQL: as its own user, who is not root, with the password out of sight', async () => {
    const { stdout } = await client('mysql', 'select 1;\n');
    assert.deepEqual(stdout.split('\n').slice(0, 3), [
      'called: /bin/mysql --user=app --database=app db',
      `password: ${PASSWORD}`,
      'ran select 1;',
    ]);
  });

  it('MariaDB: as root when there is no other, with the password from a file', async () => {
    const { stdout } = await client('mariadb');
    assert.deepEqual(stdout.split('\n').slice(0, 2), ['called: /bin/mariadb --user=root', `password: ${PASSWORD}`]);
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
    assert.equal((await strings('mariadb')).text, `mysql://root:${encoded}@mariadb:3306`);
    assert.equal((await strings('mongo')).text, `mongodb://root:${encoded}@mongo:27017/shop?authSource=admin`);
  });

  it('SQL files: to their end, or to the first error with its line', async () => {
    const lines: string[] = [];
    await runSql('mysql', 'one\ntwo', { lines });
    assert.deepEqual(lines.slice(-2), ['ran one', 'ran two']);
    await assert.rejects(runSql('mariadb', 'one\ntwo\nBROKEN\nthree\n'), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, 'ERROR 1064 (42000): You have an error in your SQL syntax');
      assert.deepEqual(error.details.place, { file: folder.path('file.sql'), line: 3 });
      return true;
    });
  });

  it('SQL files: end in the container when they are cancelled', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    folder.write('slow.sql', 'SLEEP\nafter\n');
    const run = core.berth.tools.runSqlFile(...on('mysql'), folder.path('slow.sql'), {
      onLine: (line) => {
        lines.push(line);
        if (line === 'sleeping') controller.abort();
      },
      signal: controller.signal,
    });
    await assert.rejects(run, { name: 'AbortError' });
    assert.equal(lines.at(-1), 'query aborted');
  });

  it('a client that is not there is said', async () => {
    const connection = core.berth.tools.connectionStrings(...on('postgres'), signal);
    await assert.rejects(connection, { kind: 'failed', message: 'This container has none of: psql' });
  });
});
