import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { Readable } from 'node:stream';
import { UserError } from '../../src/core/common/errors';
import { runProgram } from '../../src/core/common/program';
import { commandText } from '../../src/core/compose/commandText';
import { execCall } from '../../src/core/compose/serviceCalls';
import { sqlScript } from '../../src/core/operations/storeScripts';
import { ComposeFolder } from './support/composeFolder';
import { engineSocket, setVariables, startProxy } from './support/engineApi';
import { onTerminal } from './support/onTerminal';
import { OperatedFolder } from './support/operations';
import { environmentNamed } from './support/waiting';

const PORTS = { db: 24100, cache: 24101 };
/** What needs quoting or encoding wherever it is written. */
const USER = 'o hara@x';
const DATABASE = 'app db';
const PASSWORD = 'p@ss:w/rd "1" $x ü';
const REDIS_PASSWORD = "s3cret/1'$x";

const COMPOSE = `
name: PROJECT
x-check: &check { interval: 1s, timeout: 5s, retries: 60 }
services:
  db:
    image: postgres:16-alpine
    environment:
      POSTGRES_USER: "${USER}"
      POSTGRES_DB: ${DATABASE}
      POSTGRES_PASSWORD_FILE: /run/secrets/password
    command: ["postgres", "-c", "fsync=off"]
    secrets: [password]
    ports: ["127.0.0.1:${PORTS.db}:5432"]
    healthcheck: { <<: *check, test: ["CMD-SHELL", "pg_isready --host 127.0.0.1"] }
  cache:
    image: redis:7-alpine
    command: ["redis-server", "--requirepass", "${REDIS_PASSWORD.replace('$', () => '$$')}"]
    ports: ["127.0.0.1:${PORTS.cache}:6379"]
    healthcheck: { <<: *check, test: ["CMD-SHELL", "redis-cli ping"] }
  by-variable:
    image: redis:7-alpine
    environment: { SECRET_OF_CACHE: "with space" }
    command: sh -c 'exec redis-server --port 7000 --requirepass "$$SECRET_OF_CACHE"'
  by-file:
    image: redis:7-alpine
    command: ["redis-server", "/etc/redis.conf"]
    volumes: ["./redis.conf:/etc/redis.conf:ro"]
  open:
    image: redis:7-alpine
    environment: { REDIS_PASSWORD: needless }
  young:
    image: postgres:16-alpine
    command: ["sleep", "infinity"]
    init: true
  stopped:
    image: postgres:16-alpine
    profiles: [never]
  plain:
    image: berth/idle:1
secrets:
  password: { file: ./password.txt }
`;

describe('tools for data stores', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;
  const { signal } = new AbortController();

  before(async function () {
    this.timeout(120_000);
    folder = new ComposeFolder('stores', {
      'compose.yaml': COMPOSE,
      'password.txt': `${PASSWORD}\n`,
      'redis.conf': 'bind *\n# requirepass no\nrequirepass "from file"\n',
    });
    core = await OperatedFolder.open(folder);
    await core.do('up');
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const _dev = () => environmentNamed(core.store, 'dev');
  const on = (name: string) => core.on(name);
  const clientSays = async (service: string, input: string) => {
    const call = await core.berth.tools.storeShellCall(...on(service), { terminal: false, signal });
    const result = await runProgram(call, { input: Readable.from([input]), signal });
    assert.equal(result.exitCode, 0, result.stderr);
    return result.stdout;
  };
  const sql = (text: string) =>
    clientSays('db', `\\pset format unaligned\n\\pset tuples_only on\n${text}`).then((said) =>
      said.replace(/^(?:Output format|Tuples only).*\n/gm, '').trim(),
    );
  const runFile = async (text: string, options: { lines?: string[]; signal?: AbortSignal } = {}) => {
    const file = folder.path('do it.sql');
    fs.writeFileSync(file, text);
    const { lines = [] } = options;
    await core.berth.tools.runSqlFile(...on('db'), file, {
      onLine: (line) => lines.push(line),
      signal: options.signal ?? signal,
    });
    return lines;
  };

  describe('database shell', () => {
    it('of PostgreSQL: as the user, in the database, that the container names', async () => {
      assert.equal(await sql('select current_user, current_database();'), `${USER}|${DATABASE}`);
    });

    it('of Redis: with the password that the command, a variable in it or the configuration file names', async () => {
      for (const service of ['cache', 'by-variable', 'by-file', 'open']) {
        assert.equal(await clientSays(service, 'ping\n'), 'PONG\n', service);
      }
    });

    it('puts no password on a command line', async () => {
      for (const [service, secret] of [
        ['db', PASSWORD],
        ['cache', REDIS_PASSWORD],
      ] as const) {
        const call = await core.berth.tools.storeShellCall(...on(service), { terminal: true, signal });
        assert.ok(!call.args.join(' ').includes(secret));
        assert.ok(!commandText([call], 'linux').includes(secret));
      }
    });

    it('on a terminal', async () => {
      const call = await core.berth.tools.storeShellCall(...on('db'), { terminal: true, signal });
      const { shown, exitCode } = await onTerminal(call, [
        [/app db=#/, 'select 40 + 2;\n'],
        [/42/, '\\q\n'],
      ]);
      assert.equal(exitCode, 0, shown);
    });

    it('says why there is none', async () => {
      const shell = (service: string) => core.berth.tools.storeShellCall(...on(service), { terminal: false, signal });
      await assert.rejects(shell('stopped'), { kind: 'failed', message: 'Service "stopped" does not run.' });
      await assert.rejects(shell('plain'), { kind: 'usage', message: /no database that Berth knows: .*berth\/idle:1/ });
    });
  });

  describe('SQL files', () => {
    it('are run, and tell their progress', async () => {
      const lines = await runFile("create table a (id int, text text);\ninsert into a values (1, 'ü');\n");
      assert.deepEqual(lines, ['CREATE TABLE', 'INSERT 0 1']);
      assert.equal(await sql('select text from a;'), 'ü');
    });

    it('stop at the first error, and name its line', async () => {
      const file = folder.path('do it.sql');
      const run = runFile('insert into a values (2);\n\nselect nonsense\nfrom a;\ninsert into a values (3);\n');
      await assert.rejects(run, (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.message, 'ERROR: column "nonsense" does not exist');
        assert.deepEqual(error.details.place, { file, line: 4 });
        assert.match(error.details.output ?? '', /LINE 1: select nonsense/);
        return true;
      });
      assert.equal(await sql('select max(id) from a;'), '2');
    });

    it('of any size are streamed, also when the first line is wrong', async () => {
      const rows = Array.from({ length: 300_000 }, (_, id) => `${id}\trow ${id}\n`).join('');
      await runFile(`create table big (id int, text text);\ncopy big from stdin;\n${rows}\\.\nselect 1;\n`);
      assert.equal(await sql('select count(*) from big;'), '300000');
      await assert.rejects(runFile(`select nonsense;\n${rows}`), (error) => {
        assert.ok(error instanceof UserError);
        assert.deepEqual(error.details.place, { file: folder.path('do it.sql'), line: 1 });
        return true;
      });
    });

    it('need no newline or semicolon at their end', async () => {
      await runFile('create table last_word (id int)');
      assert.equal(await sql("select to_regclass('last_word');"), 'last_word');
    });

    it('whose end does not arrive do nothing with what is left of a statement', async () => {
      await sql('create table kept (id int, text text); insert into kept values (1);');
      for (const cut of [
        'delete from kept ',
        "delete from kept -- where id <> '",
        'delete from kept /* all but',
        'copy kept from stdin;\n2\tx',
      ]) {
        const call = execCall(folder.project, undefined, 'db', ['sh', '-c', sqlScript('postgres')], {
          terminal: false,
        });
        const { exitCode } = await runProgram(call, { input: Readable.from([cut]), signal });
        assert.notEqual(exitCode, 0, cut);
        assert.equal(await sql('select count(*) from kept;'), '1', cut);
      }
    });

    it('that end within a comment or a condition fail, and say so', async () => {
      for (const open of ['delete from kept /* all but', '\\if true\n delete from kept \n\\if false\n']) {
        await assert.rejects(runFile(open), { message: /^The file ends within something/ });
        assert.equal(await sql('select count(*) from kept;'), '1');
      }
    });

    it('that are cancelled end in the database, too', async () => {
      const controller = new AbortController();
      const lines: string[] = [];
      const run = core.berth.tools.runSqlFile(
        ...on('db'),
        written(
          'slow.sql',
          "create table begun (id int);\ndo $$ begin raise notice 'sleeps'; perform pg_sleep(600); end $$;\ndrop table begun;",
        ),
        {
          onLine: (line) => {
            lines.push(line);
            if (/sleeps/.test(line)) controller.abort();
          },
          signal: controller.signal,
        },
      );
      await assert.rejects(run, { name: 'AbortError' });
      const clients =
        "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid();";
      assert.equal(await sql(clients), '0');
      assert.equal(await sql("select to_regclass('begun');"), 'begun');
      assert.ok(lines.some((line) => /canceling statement/.test(line)));
    });

    it('that are not there, or meant for something else, are refused', async () => {
      const run = (service: string, file: string) =>
        core.berth.tools.runSqlFile(...on(service), file, { onLine: () => {}, signal });
      const none = folder.path('none.sql');
      await assert.rejects(run('db', none), { message: /can't be read: ENOENT/ });
      await assert.rejects(run('db', folder.folder), { message: /can't be read: EISDIR/ });
      await assert.rejects(run('cache', written('a.sql', 'x')), { kind: 'usage', message: /runs no SQL/ });
    });
  });

  it('whose server does not answer say so', async () => {
    const run = core.berth.tools.runSqlFile(...on('young'), written('a.sql', 'select 1;'), {
      onLine: () => {},
      signal,
    });
    await assert.rejects(run, { kind: 'failed', message: /^psql: error: connection to server .* failed: / });
  });

  it('tell of an engine that is lost meanwhile', async function () {
    const socket = await engineSocket();
    if (socket === undefined) return this.skip();
    // One side of a connection may end first: so it is with what is streamed into a container.
    const listen = (onConnection: (client: net.Socket) => void) =>
      net.createServer({ allowHalfOpen: true }, onConnection);
    const proxy = await startProxy(socket, { listen });
    const restore = setVariables({ DOCKER_HOST: proxy.dockerHost });
    const far = await OperatedFolder.open(folder);
    try {
      await far.berth.feedFor(undefined).whenConnected(signal);
      const environment = environmentNamed(far.store, 'dev');
      const service = environment.services.find(({ name }) => name === 'db');
      assert.ok(service);
      const text = "do $$ begin raise notice 'sleeps'; perform pg_sleep(3); end $$;";
      const run = far.berth.tools.runSqlFile(environment, service, written('lost.sql', text), {
        onLine: (line) => void (/sleeps/.test(line) && proxy.close()),
        signal,
      });
      await assert.rejects(run, { kind: 'engine-unreachable' });
      const [shells, logs] = [
        far.berth.tools.shellsIn(environment, service, signal),
        far.berth.tools.logsDocument(environment, [], { tail: 1, signal }),
      ];
      await assert.rejects(shells, { kind: 'engine-unreachable' });
      await assert.rejects(logs, { kind: 'engine-unreachable' });
    } finally {
      restore();
      far.dispose();
      await proxy.close().catch(() => {});
    }
  });

  const written = (name: string, text: string) => {
    folder.write(name, text);
    return folder.path(name);
  };

  describe('connection strings', () => {
    const strings = (service: string) => core.berth.tools.connectionStrings(...on(service), signal);

    it('of PostgreSQL connect, from inside and from the host', async () => {
      const { inside, host } = await strings('db');
      assert.equal(inside.masked, 'postgresql://o%20hara%40x:***@db:5432/app%20db');
      assert.equal(host?.masked, `postgresql://o%20hara%40x:***@localhost:${PORTS.db}/app%20db`);
      const ask = ['psql', '--no-psqlrc', '--tuples-only', '--command', 'select current_database()'];
      // The password is wanted there: not on the loopback interface of the container.
      const said = await folder.compose(
        'exec',
        '-T',
        'db',
        ...ask,
        inside.text.replace('@db:', `@${folder.container('db')}:`),
      );
      assert.equal(said.trim(), DATABASE);
      const fromHost = await folder.docker(
        'run',
        '--rm',
        '--network',
        'host',
        'postgres:16-alpine',
        ...ask,
        host?.text ?? '',
      );
      assert.equal(fromHost.trim(), DATABASE);
    });

    it('of Redis connect, with a password only where one is wanted', async () => {
      const { inside, host } = await strings('cache');
      assert.equal(inside.masked, 'redis://default:***@cache:6379');
      const ping = ['run', '--rm', '--network', 'host', 'redis:7-alpine', 'redis-cli', '--no-auth-warning', '-u'];
      assert.equal((await folder.docker(...ping, host?.text ?? '', 'ping')).trim(), 'PONG');
      const variable = await strings('by-variable');
      assert.deepEqual(variable, {
        inside: {
          text: 'redis://default:with%20space@by-variable:7000',
          masked: 'redis://default:***@by-variable:7000',
        },
      });
      assert.equal((await strings('by-file')).inside.text, 'redis://default:from%20file@by-file:6379');
      assert.equal((await strings('open')).inside.text, 'redis://open:6379');
    });
  });

  describe('Redis', () => {
    it('tells of itself', async () => {
      const info = await core.berth.tools.redisInfo(...on('cache'), signal);
      assert.match(info, /^# Server\nredis_version:/);
    });

    it('counts and removes the keys of all databases', async () => {
      const { tools } = core.berth;
      await clientSays('cache', 'set a 1\nset b 2\nselect 3\nset c 3\n');
      assert.equal(await tools.redisKeys(...on('cache'), signal), 3);
      await tools.flushRedis(...on('cache'), signal);
      assert.equal(await tools.redisKeys(...on('cache'), signal), 0);
    });

    it('whose password is not known says so', async () => {
      // The command is one whose password stands in no place that is looked at.
      await clientSays('open', 'config set requirepass "nobody knows"\n');
      await assert.rejects(core.berth.tools.redisKeys(...on('open'), signal), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /"open" says: NOAUTH/);
        assert.ok(error.details.remedy);
        return true;
      });
    });
  });
});
