import assert from 'node:assert/strict';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';

const COMMANDS = `environments:
  dev:
    files: [compose.yaml]
    envFiles: [.env.dev]
    project: PROJECT
    commands:
      status: { service: web, run: [sh, -c, 'echo "$GREETING from $(hostname)"; exit 4'], env: { GREETING: hello } }
      arguments: { service: web, run: [sh, -c, 'echo "$@"', sh] }
      strict: { service: web, run: [echo], args: false }
      once: { service: web, newContainer: true, run: [sh, -c, 'hostname; exit 5'] }
      asleep: { service: db, run: [echo, never] }
      host: { run: ['${process.execPath}', -e, 'console.log(process.env.FROM_FILE); process.exit(6)'], cwd: tools }
      missing: { run: [no-such-program-anywhere] }
      web: { run: ['${process.execPath}', -e, 'console.log("the command", ...process.argv.slice(1))'] }
`;

describe('berth run, of the commands that an environment has', () => {
  let compose: ComposeFolder;
  const call = (...args: string[]) => berth(['run', ...args], { cwd: compose.folder, env: { FROM_FILE: 'the shell' } });
  const ends = async (exitCode: number, pattern: RegExp, ...args: string[]) => {
    const result = await call(...args);
    assert.deepEqual([args, result.exitCode], [args, exitCode], result.stderr);
    assert.match(`${result.stdout}${result.stderr}`, pattern);
    return result.stdout.trim();
  };

  before(async () => {
    compose = new ComposeFolder('clirun', {
      'compose.yaml': `services:\n  web:\n    ${IDLE_WITH_HEALTH}\n    hostname: the-web\n  db:\n    ${IDLE}\n    profiles: [data]\n`,
      'berth.yaml': COMMANDS,
      '.env.dev': 'FROM_FILE=the file\nDB_PASSWORD=geheim\nOTHER_PASSWORD=pa$zebra77\n',
      'tools/README': '',
    });
    const { exitCode, stderr } = await berth(['up', 'dev'], { cwd: compose.folder });
    assert.equal(exitCode, 0, stderr);
  });
  after(() => compose?.dispose());

  it('runs one in the running container of its service, with its variables and its exit code', async () => {
    assert.equal(await ends(4, /hello/, 'dev', 'status'), 'hello from the-web');
    // There is one environment: it can be left out.
    assert.equal(await ends(4, /hello/, 'status'), 'hello from the-web');
  });

  it('adds what stands after -- to it, if it takes that', async () => {
    assert.equal(await ends(0, /one/, 'dev', 'arguments', '--', 'one', '--two', 'th ree'), 'one --two th ree');
    await ends(2, /"strict" takes no arguments/, 'dev', 'strict', '--', 'one');
  });

  it('runs one in a new container that is gone afterwards', async () => {
    const { exitCode, stdout, stderr } = await call('dev', 'once');
    assert.deepEqual([exitCode, stdout], [5, 'the-web\n']);
    // Compose would warn of what it takes for a variable, and is a part of a password.
    assert.doesNotMatch(stderr, /zebra77/);
    const all = await compose.docker('ps', '--all', '--format', '{{.Names}}', '--filter', `name=${compose.project}`);
    assert.equal(all.trim(), compose.container('web'));
  });

  it('runs one on this machine with the variables of the env files, also while no engine answers', async () => {
    assert.equal(await ends(6, /the file/, 'dev', 'host'), 'the file');
    const away = { cwd: compose.folder, env: { DOCKER_HOST: 'unix:///nowhere.sock' } };
    assert.equal((await berth(['run', 'dev', 'host'], away)).exitCode, 6);
    assert.equal((await berth(['run', 'dev', 'status'], away)).exitCode, 3);
  });

  it('says what is missing: a service that does not run, a program, a command', async () => {
    await ends(1, /"db" of dev does not run.*\n.*berth up dev db/, 'dev', 'asleep');
    await ends(1, /program "no-such-program-anywhere" was not found/, 'dev', 'missing');
    await ends(2, /no command or service "statsu"\.\n.*Did you mean status\?/, 'dev', 'statsu');
    await ends(2, /Which command, or which service\?\n.*status, .*db, web/, 'dev');
    await ends(2, /"status" is a command: --user is for services/, 'dev', 'status', '--user', 'root');
  });

  it('takes a name that is both for the command, and with words or options of a service for the service', async () => {
    assert.equal(await ends(0, /./, 'dev', 'web'), 'the command');
    assert.equal(await ends(0, /./, 'dev', 'web', '--', 'hostname'), 'the-web');
    assert.match(await ends(0, /./, 'dev', 'web', '--no-deps', '--show-command'), / run --rm .*--no-deps -- web$/);
  });

  it('shows what it would run, with secrets masked', async () => {
    assert.match(
      await ends(0, /./, 'dev', 'status', '--show-command'),
      /GREETING=hello docker compose .* exec .* web sh/,
    );
    assert.match(await ends(0, /./, 'dev', 'asleep', '--show-command'), / exec .*-- db echo never$/);
    const host = await ends(0, /./, 'dev', 'host', '--show-command');
    for (const pattern of [/cd \S+\/tools && /, / FROM_FILE='the file' /, / DB_PASSWORD='\*\*\*' /]) {
      assert.match(host, pattern);
    }
    assert(!host.includes('geheim'), host);
  });
});

/** What a command on this machine is given of env files, which Compose reads. */
describe('the env files of a command on this machine', () => {
  let compose: ComposeFolder;
  const names = ['BASE', 'URL', 'PASS', 'PART', 'PLAIN', 'KEY', 'SET'];
  const told = async (environment: string, env = {}) => {
    const { exitCode, stdout, stderr } = await berth(['run', environment, 'tell'], { cwd: compose.folder, env });
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout);
  };

  before(() => {
    const script = `console.log(JSON.stringify(process.env, ${JSON.stringify(names)}))`;
    compose = new ComposeFolder('clienvfiles', {
      'compose.yaml': `services:\n  web:\n    ${IDLE}\n`,
      'berth.yaml': `environments:
  test:
    envFiles: [base.env, more.env]
    commands: { tell: &tell { run: ['${process.execPath}', -e, '${script}'], env: { SET: berth } } }
  plain:
    commands: { tell: *tell }
  broken:
    envFiles: [broken.env]
    commands: { tell: *tell }
`,
      'base.env': 'BASE=one\nKEY="two\nlines"\nSET=file\n',
      'more.env': "URL=x&y?z=$BASE:pw@h\nPASS=a$$b\nPART=$(id) `id`\nPLAIN='$BASE # $$'\n",
      '.env': 'BASE=usual\n',
      'broken.env': 'BASE=one\nKEY="geheim\n',
    });
  });
  after(() => compose?.dispose());

  it('are read as Compose reads them, and win over the shell', async () => {
    const values = { URL: 'x&y?z=one:pw@h', PASS: 'a$b', PART: '$(id) `id`', PLAIN: '$BASE # $$' };
    const expected = { BASE: 'one', ...values, KEY: 'two\nlines', SET: 'berth' };
    assert.deepEqual(await told('test', { DOCKER_CONTEXT: 'no-such-context' }), expected);
    assert.equal((await told('test', { PASS: 'the shell' })).PASS, 'a$b');
  });

  it('are the .env of the project where none are named', async () => {
    assert.deepEqual(await told('plain'), { BASE: 'usual', SET: 'berth' });
  });

  it('are told by file and line where they are broken, without what is in them', async () => {
    const { exitCode, stderr } = await berth(['run', 'broken', 'tell'], { cwd: compose.folder });
    assert.equal(exitCode, 1);
    assert.match(stderr, /unterminated quoted value\n\s+broken\.env:\d/);
    assert(!stderr.includes('geheim'), stderr);
  });
});
