import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { UserError } from '../../src/core/common/errors';
import { runProgram } from '../../src/core/common/program';
import { commandText } from '../../src/core/compose/commandText';
import { execCall } from '../../src/core/compose/serviceCalls';
import { sqlScript } from '../../src/core/operations/storeScripts';
import { ensureImages } from '../support/images';
import { freePort } from '../support/ports';
import { ComposeFolder } from './support/composeFolder';
import { onTerminal } from './support/onTerminal';
import { OperatedFolder } from './support/operations';

/** What needs quoting or encoding wherever it is written. */
const USER = 'o hara@x';
const DATABASE = 'app db';
const PASSWORD = 'p@ss:w/rd "1" $x ü';
const ROOT_PASSWORD = "root's/1";

const compose = (port: number) => `
name: PROJECT
x-server: &server
  image: mariadb:11
  tmpfs: [/var/lib/mysql]
  healthcheck: { test: [CMD, healthcheck.sh, --connect], interval: 1s, timeout: 5s, retries: 60 }
services:
  db:
    <<: *server
    environment:
      MARIADB_USER: "${USER}"
      MARIADB_DATABASE: ${DATABASE}
      MARIADB_PASSWORD_FILE: /run/secrets/password
      MARIADB_RANDOM_ROOT_PASSWORD: "yes"
    secrets: [password]
    ports: ["127.0.0.1:${port}:3306"]
  by-old-names:
    <<: *server
    environment: { MYSQL_USER: app, MYSQL_PASSWORD: of app, MYSQL_DATABASE: app, MYSQL_ROOT_PASSWORD: of root }
  root-alone:
    <<: *server
    environment: { MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root }
    secrets: [root]
  open:
    <<: *server
    # Without a password its image does not make this user.
    environment: { MYSQL_ALLOW_EMPTY_PASSWORD: "1", MYSQL_USER: nobody, MYSQL_DATABASE: app }
  unknown:
    <<: *server
    environment: { MARIADB_RANDOM_ROOT_PASSWORD: "1" }
secrets:
  password: { file: ./password.txt }
  root: { file: ./root.txt }
`;

describe('tools for MariaDB', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;
  let port: number;
  const { signal } = new AbortController();

  before(async function () {
    // The first time its image has to be got.
    this.timeout(300_000);
    await ensureImages(['mariadb:11']);
    port = await freePort(24120);
    folder = new ComposeFolder('mariadb', {
      'compose.yaml': compose(port),
      'password.txt': `${PASSWORD}\n`,
      'root.txt': ROOT_PASSWORD,
    });
    core = await OperatedFolder.open(folder);
    await core.do('up');
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const client = async (service: string, input: string) => {
    const call = await core.berth.tools.storeShellCall(...core.on(service), { terminal: false, signal });
    return runProgram(call, { input: Readable.from([input]), signal });
  };
  /** What the client prints after a line with the names of columns. */
  const sql = async (text: string, service = 'db') => {
    const { exitCode, stdout, stderr } = await client(service, text);
    assert.equal(exitCode, 0, stderr);
    return stdout.trim().split('\n').slice(1).join('\n');
  };
  const runFile = async (text: string, options: { onLine?: (line: string) => void; signal?: AbortSignal } = {}) => {
    folder.write('do it.sql', text);
    await core.berth.tools.runSqlFile(...core.on('db'), folder.path('do it.sql'), {
      onLine: options.onLine ?? (() => {}),
      signal: options.signal ?? signal,
    });
  };
  const failure = async (run: Promise<unknown>): Promise<UserError> => {
    const error = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError, String(error));
    return error;
  };

  describe('database shell', () => {
    it('as the user, in the database, that the container names, and else as root', async () => {
      const whoAndWhere = (service: string) => sql('select user(), database();', service);
      assert.equal(await whoAndWhere('db'), `${USER}@localhost\t${DATABASE}`);
      assert.equal(await whoAndWhere('by-old-names'), 'app@localhost\tapp');
      assert.equal(await whoAndWhere('root-alone'), 'root@localhost\tNULL');
      assert.equal(await whoAndWhere('open'), 'root@localhost\tapp');
    });

    it('puts no password on a command line', async () => {
      const call = await core.berth.tools.storeShellCall(...core.on('db'), { terminal: true, signal });
      assert.ok(!call.args.join(' ').includes(PASSWORD));
      assert.ok(!commandText([call], 'linux').includes(PASSWORD));
    });

    it('on a terminal', async () => {
      const call = await core.berth.tools.storeShellCall(...core.on('db'), { terminal: true, signal });
      const { shown, exitCode } = await onTerminal(call, [
        [/\[app db\]>/, 'select 40 + 2;\n'],
        [/42/, 'quit\n'],
      ]);
      assert.equal(exitCode, 0, shown);
    });

    it('with a password that nobody knows says what the server says', async () => {
      const { exitCode, stderr } = await client('unknown', 'select 1;');
      assert.notEqual(exitCode, 0);
      assert.match(stderr, /ERROR 1045 \(28000\): Access denied for user 'root'@'localhost'/);
    });
  });

  describe('SQL files', () => {
    it('are run, and what they print is told', async () => {
      const lines: string[] = [];
      await runFile("create table a (id int, text text);\ninsert into a values (1, 'ü');\nselect text from a;\n", {
        onLine: (line) => lines.push(line),
      });
      assert.deepEqual(lines, ['text', 'ü']);
    });

    it('stop at the first error, and name its line', async () => {
      const error = await failure(
        runFile('insert into a values (2, null);\n\nselect nonsense\nfrom a;\ninsert into a values (3, null);\n'),
      );
      assert.match(error.message, /^ERROR 1054 \(42S22\): Unknown column 'nonsense' in /);
      assert.deepEqual(error.details.place, { file: folder.path('do it.sql'), line: 3 });
      assert.equal(await sql('select max(id) from a;'), '2');
    });

    it('name the line of a command of the client that there is not', async () => {
      const error = await failure(runFile('select 1;\n\\x\n'));
      assert.equal(error.message, "ERROR: Unknown command '\\x'.");
      assert.deepEqual(error.details.place, { file: folder.path('do it.sql'), line: 2 });
    });

    it('of any size are streamed, also when the first line is wrong', async () => {
      const values = Array.from({ length: 1000 }, (_, id) => `(${id}, 'row ${id}')`).join(',');
      const rows = `insert into big values ${values};\n`.repeat(300);
      await runFile(`create table big (id int, text text);\n${rows}`);
      assert.equal(await sql('select count(*) from big;'), '300000');
      const error = await failure(runFile(`select nonsense;\n${rows}`));
      assert.deepEqual(error.details.place, { file: folder.path('do it.sql'), line: 1 });
    });

    it('need no newline or semicolon at their end, and may set another delimiter', async () => {
      await runFile(
        'delimiter //\ncreate procedure twice(n int) begin select n; select 2 * n; end//\ncall twice(21)// -- the end',
      );
      await runFile('create table last_word (id int)');
      assert.equal(await sql("show tables like 'last_word';"), 'last_word');
    });

    it('whose end does not arrive do nothing with what is left of a statement', async () => {
      await sql('create table kept (id int, text text); insert into kept values (1, null);');
      for (const cut of [
        'delete from kept ',
        "delete from kept -- where id <> '",
        'delete from kept /* all but',
        'delete from kept where text is null or text <> "',
      ]) {
        const call = execCall(folder.project, undefined, 'db', ['sh', '-c', sqlScript('mysql')], { terminal: false });
        const { exitCode } = await runProgram(call, { input: Readable.from([cut]), signal });
        assert.notEqual(exitCode, 0, cut);
        assert.equal(await sql('select count(*) from kept;'), '1', cut);
      }
    });

    it('that end within a comment fail, and say so', async () => {
      const error = await failure(runFile('delete from kept /* all but'));
      assert.match(error.message, /^The file ends within something/);
      assert.deepEqual(error.details.place, { file: folder.path('do it.sql') });
      assert.equal(await sql('select count(*) from kept;'), '1');
    });

    it('that are cancelled end in the database, too', async () => {
      const controller = new AbortController();
      const run = runFile(
        "create table begun (id int);\nselect 'sleeps';\ninsert into begun select sleep(600);\ndrop table begun;",
        { onLine: (line) => void (line === 'sleeps' && controller.abort()), signal: controller.signal },
      );
      await assert.rejects(run, { name: 'AbortError' });
      const running = "select count(*) from information_schema.processlist where info like '%sleep(6%' and";
      assert.equal(await sql(`${running} id <> connection_id();`), '0');
      assert.equal(await sql('select count(*) from begun;'), '0');
    });

    it('that are cancelled in the middle of many statements go no further', async () => {
      await sql('create table many (id int);');
      const controller = new AbortController();
      const statements = 'insert into many values (1);\n'.repeat(200_000);
      const run = runFile(`select 'begins';\n${statements}`, {
        onLine: (line) => void (line === 'begins' && controller.abort()),
        signal: controller.signal,
      });
      await assert.rejects(run, { name: 'AbortError' });
      const done = await sql('select count(*) from many;');
      assert.ok(Number(done) < 200_000);
      assert.equal(await sql('select count(*) from many;'), done);
    });
  });

  describe('connection strings', () => {
    const strings = (service: string) => core.berth.tools.connectionStrings(...core.on(service), signal);
    /** Connects as a string says, from a container of its own: on a network, or on this machine's. */
    const connect = async (text: string, network: string) => {
      const url = new URL(text);
      const password = decodeURIComponent(url.password);
      const where = ['--protocol=tcp', `--host=${url.hostname}`, `--port=${url.port}`];
      const what = [`--user=${decodeURIComponent(url.username)}`, decodeURIComponent(url.pathname.slice(1))];
      const ask = ['--skip-column-names', '--execute=select database()'];
      const container = ['run', '--rm', '--tmpfs', '/var/lib/mysql', '--network', network, '--env'];
      const call = ['mariadb:11', 'mariadb', ...where, ...what, ...ask];
      return (await folder.docker(...container, `MYSQL_PWD=${password}`, ...call)).trim();
    };

    it('connect, from inside and from the host, with the secret masked', async () => {
      const { inside, host } = await strings('db');
      assert.equal(inside.masked, 'mysql://o%20hara%40x:***@db:3306/app%20db');
      assert.equal(host?.masked, `mysql://o%20hara%40x:***@localhost:${port}/app%20db`);
      assert.equal(await connect(inside.text, `${folder.project}_default`), DATABASE);
      assert.equal(await connect(host?.text.replace('localhost', '127.0.0.1') ?? '', 'host'), DATABASE);
    });

    it('of root, with and without a password', async () => {
      assert.equal((await strings('by-old-names')).inside.text, 'mysql://app:of%20app@by-old-names:3306/app');
      const root = (await strings('root-alone')).inside;
      assert.equal(root.text, `mysql://root:root%27s%2F1@root-alone:3306`);
      assert.equal(await connect(root.text, `${folder.project}_default`), 'NULL');
      const open = (await strings('open')).inside;
      assert.equal(open.text, 'mysql://root@open:3306/app');
      assert.equal(await connect(open.text, `${folder.project}_default`), 'app');
    });
  });
});
