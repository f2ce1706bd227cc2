import assert from 'node:assert/strict';
import fs from 'node:fs';
import { run } from '../support/processes';
import { BerthCommand, berth, cliScript } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

const POSTGRES_PASSWORD = 'open sesame';
const REDIS_PASSWORD = 'hunter2222';
const IN_ORDER = { interval: '1s', timeout: '5s', retries: 60 };

const COMPOSE = `
name: PROJECT
services:
  db:
    image: postgres:16-alpine
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}" }
    healthcheck: ${JSON.stringify({ ...IN_ORDER, test: ['CMD-SHELL', 'pg_isready --host 127.0.0.1'] })}
  cache:
    image: redis:7-alpine
    command: ["redis-server", "--requirepass", "${REDIS_PASSWORD}"]
    healthcheck: ${JSON.stringify({ ...IN_ORDER, test: ['CMD', 'redis-cli', 'ping'] })}
  by-variable:
    image: redis:7-alpine
    environment: { SECRET_OF_CACHE: ${REDIS_PASSWORD} }
    command: sh -c 'exec redis-server --requirepass "$$SECRET_OF_CACHE"'
    healthcheck: ${JSON.stringify({ ...IN_ORDER, test: ['CMD', 'redis-cli', 'ping'] })}
  web:
    ${IDLE}
    environment: { GREETING: "it's here" }
    profiles: [web]
    develop: { watch: [{ action: sync, path: ./site, target: /site }] }
`;

/** What `--show-command` prints does the same when it is pasted into a shell. */
describe('the command behind what the berth command line does', () => {
  let folder: ComposeFolder;
  const call = (...args: string[]) => berth(args, { cwd: folder.folder });
  const shown = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await call(...args, '--show-command');
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    for (const secret of [POSTGRES_PASSWORD, REDIS_PASSWORD]) assert(!(stdout + stderr).includes(secret), stdout);
    return { command: stdout.trimEnd(), note: stderr };
  };
  /** The command of `exec` and `run` stands last. */
  const shownOf = async (words: readonly string[], command: readonly string[]) => {
    const { stdout, exitCode, stderr } = await call(...words, '--show-command', '--', ...command);
    assert.equal(exitCode, 0, stderr);
    return stdout.trimEnd();
  };
  const paste = (command: string) => run('sh', ['-c', command], { cwd: folder.folder });
  const pasted = async (command: string) => {
    const { exitCode, stdout, stderr } = await paste(command);
    assert.equal(exitCode, 0, `${command}\n${stderr}`);
    return stdout;
  };
  const wrong = async (pattern: RegExp, ...args: string[]) => {
    const { exitCode, stderr } = await call(...args);
    assert.deepEqual([args, exitCode], [args, 2], stderr);
    assert.match(stderr, pattern);
  };

  before(async function () {
    this.timeout(120_000);
    folder = new ComposeFolder('shown', { 'compose.yaml': COMPOSE, 'site/index.html': 'first' });
  });
  after(() => folder?.dispose());

  it('can be shown before anything is there, except of a data store, whose container tells how it listens', async () => {
    assert.match((await shown('logs', 'dev', 'web')).command, / logs --follow .*--tail 100 -- web$/);
    assert.match((await shown('shell', 'dev', 'web', '--shell', 'sh')).command, / exec -T -- web sh$/);
    assert.match(await shownOf(['exec', 'dev', 'web'], ['ls']), / exec -T -- web ls$/);
    assert.match(await shownOf(['exec', 'dev', 'web', '--index', '2'], ['ls']), / exec -T --index=2 -- web ls$/);
    assert.match(
      (await shown('cp', 'dev', 'web:/a', '.')).command,
      new RegExp(` cp -- web:/a ${fs.realpathSync(folder.folder)}$`),
    );
    assert.match((await shown('watch', 'dev', 'web')).command, / --profile web watch -- web$/);
    assert.match(
      (await call('exec', 'dev', '--show-command', '--', 'ls')).stderr,
      /dev has: by-variable, cache, db, web/,
    );
    const none = await call('db', 'dev', 'db', '--show-command');
    assert.deepEqual([none.exitCode, /no container yet/.test(none.stderr)], [1, true], none.stderr);
    assert.equal(await folder.compose('ps', '--all', '--quiet'), '');

    assert.equal((await call('up', 'dev', '--profile', 'web')).exitCode, 0);
  });

  it('of logs prints the same', async () => {
    const words = ['logs', 'dev', 'cache', '--no-follow', '--tail', '3', '--timestamps'];
    const { command } = await shown(...words);
    const [own, other] = [(await call(...words)).stdout, (await pasted(command)).replaceAll('\x1b[2K', '')];
    assert.equal(own, other);
    assert.equal(own.trim().split('\n').length, 3);
  });

  it('of exec, shell and run has the same output and exit code', async () => {
    const script = 'echo "$0 $GREETING"; id -u; pwd; exit 9';
    const exec = ['exec', 'dev', 'web', '--user', '1000', '--workdir', '/tmp'];
    const own = await call(...exec, '--', 'sh', '-c', script, "o'hara");
    assert.deepEqual(own, { exitCode: 9, stdout: "o'hara it's here\n1000\n/tmp\n", stderr: '' });
    assert.deepEqual(await paste(await shownOf(exec, ['sh', '-c', script, "o'hara"])), own);

    const shell = (await shown('shell', 'dev', 'web')).command;
    assert.equal((await pasted(`echo 'echo "$GREETING"' | { ${shell}; }`)).trim(), "it's here");

    const before = await folder.compose('ps', '--all', '--quiet');
    const once = await paste(await shownOf(['run', 'dev', 'web', '--no-deps'], ['sh', '-c', 'hostname; exit 4']));
    assert.deepEqual([once.exitCode, /^[0-9a-f]{12}\n$/.test(once.stdout)], [4, true], once.stdout);
    assert.equal(await folder.compose('ps', '--all', '--quiet'), before, 'the new container is removed');
  });

  it('is the one for a terminal where that is where one types, wherever the command goes', async function () {
    if (process.platform !== 'linux') return this.skip();
    const typed = async (...words: string[]) => {
      const line = `'${process.execPath}' '${cliScript}' ${words.join(' ')} --show-command | cat`;
      const program = ['script', '--quiet', '--return', '--command', line, '/dev/null'] as const;
      return (await new BerthCommand([], { cwd: folder.folder }, [...program]).ended).stdout.trim();
    };
    assert.match(await typed('shell', 'dev', 'web', '--shell', 'sh'), / exec -- web sh$/);
    assert.match(await typed('run', 'dev', 'web'), / run --rm -- web$/);
  });

  it('of cp copies in and out', async () => {
    folder.write("it's in.txt", 'in');
    await pasted((await shown('cp', 'dev', "./it's in.txt", 'web:/tmp/')).command);
    await pasted((await shown('cp', 'dev', "web:/tmp/it's in.txt", 'back.txt')).command);
    assert.equal(folder.read('back.txt'), 'in');
    // What would be asked before it is done needs no answer.
    assert.match((await shown('cp', 'dev', "web:/tmp/it's in.txt", 'back.txt')).command, /back\.txt$/);
  });

  it('of db opens its client with its own credentials, also once it runs again', async () => {
    await folder.compose('stop', 'db');
    const { command, note } = await shown('db', 'dev', 'db');
    assert.equal(note, '');
    assert.equal((await call('start', 'dev', 'db')).exitCode, 0);
    assert.match(await pasted(`echo 'select current_user, 6 * 7;' | { ${command}; }`), /app +\| +42/);
  });

  it('of db --file runs the file up to its first error, and nothing of one that is not there', async () => {
    const file = ['db', 'dev', 'db', '--file'];
    folder.write('good ü.sql', "create table ships (name text);\ninsert into ships values ('Väsa');\n");
    assert.match(await pasted((await shown(...file, 'good ü.sql')).command), /INSERT 0 1\n.*ended with 0\n$/);
    // The last one has no end: as a part of a longer one that was cut off might.
    folder.write('bad.sql', "insert into ships values ('Mary');\ninsert into boats values (1);\ndelete from ships");
    const bad = await paste((await shown(...file, 'bad.sql')).command);
    assert.deepEqual([bad.exitCode, /"boats" does not exist/.test(bad.stderr)], [3, true], bad.stderr);
    assert.notEqual((await paste((await shown(...file, 'nowhere.sql')).command)).exitCode, 0);
    const count = (await shown('db', 'dev', 'db')).command;
    assert.match(await pasted(`echo 'select count(*) from ships;' | { ${count}; }`), /^ +2$/m);
    await wrong(/runs no SQL/, 'db', 'dev', 'cache', '--file', 'bad.sql', '--show-command');
  });

  it('of Redis takes its password from inside, or says that it is left out', async () => {
    const named = await shown('db', 'dev', 'by-variable');
    assert.equal(named.note, '');
    assert.equal(await pasted(`echo 'set greeting hello' | { ${named.command}; }`), 'OK\n');
    assert.match(await pasted((await shown('redis', 'info', 'dev', 'by-variable')).command), /^redis_version:/m);
    assert.equal((await pasted((await shown('redis', 'flush', 'dev', 'by-variable')).command)).trim(), 'OK');

    const hidden = await shown('db', 'dev', 'cache');
    assert.match(hidden.note, /Where it says \*\*\*, a secret is left out/);
    const filledIn = hidden.command.replace('***', REDIS_PASSWORD);
    assert.equal(await pasted(`echo ping | { ${filledIn}; }`), 'PONG\n');
    await wrong(/is no Redis/, 'redis', 'info', 'dev', 'db', '--show-command');
  });

  it('of inspect is that of the configuration; the engine tells the rest', async () => {
    assert.match(await pasted((await shown('inspect', 'dev', '--config')).command), /POSTGRES_USER: app/);
    await wrong(
      /no docker command behind it.*\n.*"docker container inspect"/,
      'inspect',
      'dev',
      'web',
      '--show-command',
    );
    await wrong(/no docker command.*\n.*"docker image inspect"/, 'inspect', 'dev', 'web', '--image', '--show-command');
    await wrong(/"berth stats" takes no option --show-command/, 'stats', 'dev', '--show-command');
  });

  it('has the same form in JSON as that of operations', async () => {
    for (const words of [
      ['logs', 'dev'],
      ['shell', 'dev', 'web'],
      ['db', 'dev'],
      ['watch', 'dev'],
      ['run', 'dev', 'web'],
    ]) {
      const { version, commands } = JSON.parse((await shown(...words, '--json')).command);
      assert.deepEqual([version, commands.length, commands[0].environment], [1, 1, 'dev'], words.join(' '));
      assert.equal(commands[0].command, (await shown(...words)).command);
    }
    const { exitCode, stdout } = await call('shell', 'dev', 'web', '--json');
    assert.deepEqual([exitCode, JSON.parse(stdout).error.kind], [2, 'usage']);
  });

  it('needs no engine where nothing depends on it', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const away = (...args: string[]) => berth([...args, '--show-command'], { cwd: folder.folder, env });
    assert.match((await away('logs', 'dev', 'web')).stdout, / logs /);
    assert.match((await away('cp', 'dev', 'web:/a', 'b')).stdout, / cp -- web:\/a /);
    assert.equal((await away('db', 'dev', 'db')).exitCode, 3);
  });
});

/** Two environments with one project are told apart in what is shown, too. */
describe('the command behind an operation in a project that environments share', () => {
  let folder: ComposeFolder;
  const shown = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await berth([...args, '--show-command'], { cwd: folder.folder });
    assert.equal(exitCode, 0, stderr);
    return stdout.trimEnd();
  };
  /** What the engine has of the project, past all code under test. */
  const containers = async () => {
    const filter = `label=com.docker.compose.project=${folder.project}`;
    const listed = await folder.docker('ps', '--all', '--filter', filter, '--format', '{{.Names}} {{.State}}');
    return listed.trim().split('\n').sort();
  };
  const states = (web: string, suite: string) => [
    ...(suite ? [`${folder.container('suite')} ${suite}`] : []),
    ...(web ? [`${folder.container('web')} ${web}`] : []),
  ];

  before(async () => {
    const file = (service: string) => `name: PROJECT\nservices:\n  ${service}:\n    ${IDLE}\n`;
    folder = new ComposeFolder('shownshared', { 'compose.dev.yaml': file('web'), 'compose.test.yaml': file('suite') });
    const { exitCode, stderr } = await berth(['up', 'dev,test'], { cwd: folder.folder });
    assert.equal(exitCode, 0, stderr);
  });
  after(() => folder?.dispose());

  it('is confined to its own services, and does just that', async () => {
    const steps = [
      ['stop', ['exited', 'running']],
      ['start', ['running', 'running']],
      ['pause', ['paused', 'running']],
      ['unpause', ['running', 'running']],
      ['restart', ['running', 'running']],
      ['kill', ['exited', 'running']],
      ['remove', ['', 'running']],
      ['up', ['running', 'running']],
      ['down', ['', 'running']],
    ] as const;
    for (const [operation, [web, suite]] of steps) {
      const command = await shown(operation, 'dev');
      if (operation !== 'up') assert.match(command, / -- web$/, operation);
      const { exitCode, stderr } = await run('sh', ['-c', command]);
      assert.equal(exitCode, 0, `${command}: ${stderr}`);
      assert.deepEqual(await containers(), states(web, suite), command);
    }
  });

  it('is not told while the engine does not say what each of them has', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const { exitCode, stdout } = await berth(['stop', 'dev', '--show-command'], { cwd: folder.folder, env });
    assert.deepEqual([exitCode, stdout], [3, '']);
  });
});
