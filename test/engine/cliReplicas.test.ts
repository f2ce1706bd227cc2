import assert from 'node:assert/strict';
import { berth, berthOnTerminal } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

// One story: each test goes on where the one before left off.
describe('services with several containers, on the command line', () => {
  let compose: ComposeFolder;
  const call = (args: readonly string[], input = '') => berth(args, { cwd: compose.folder, input });
  const done = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await call(args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const wrong = async (exitCode: number, pattern: RegExp, ...args: string[]) => {
    const result = await call(args);
    assert.deepEqual([args, result.exitCode], [args, exitCode], result.stderr);
    assert.match(result.stderr, pattern);
  };
  const name = (index: number) => `${compose.project}-web-${index}`;
  const count = async () => (await compose.compose('ps', '--all', '--quiet', 'web')).trim().split('\n').length;

  before(async () => {
    compose = new ComposeFolder('clireplicas', {
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n  cache:\n    image: redis:7-alpine\n    tmpfs: [/data]\n    stop_grace_period: 1s\n`,
    });
    await done('scale', 'dev', 'web=4', 'cache=2');
  });
  after(() => compose?.dispose());

  it('exec, shell and db reach the first that runs, or the one that is named', async () => {
    for (const index of [1, 2, 3, 4]) await compose.docker('exec', name(index), 'sh', '-c', `echo ${index} >/number`);
    assert.equal(await done('exec', 'dev', 'web', '--', 'cat', '/number'), '1\n');
    assert.equal(await done('exec', 'dev', 'web', '--index', '3', '--', 'cat', '/number'), '3\n');
    await compose.docker('pause', name(1));
    assert.equal(await done('exec', 'dev', 'web', '--', 'cat', '/number'), '2\n');
    assert.equal((await call(['shell', 'dev', 'web'], 'cat /number')).stdout, '2\n');
    assert.equal((await call(['shell', 'dev', 'web', '--index=4'], 'cat /number')).stdout, '4\n');
    await wrong(1, /Container 1 of service "web" does not run\.\n {2}Those that run: 2, 3, 4\./, ...exec('1'));
    await compose.docker('unpause', name(1));

    assert.equal((await call(['db', 'dev', 'cache', '--index', '2'], 'set where second')).stdout.trim(), 'OK');
    assert.equal((await call(['db', 'dev', 'cache', '--index', '2'], 'get where')).stdout.trim(), 'second');
    assert.equal((await call(['db', 'dev', 'cache'], 'get where')).stdout.trim(), '');
  });
  const exec = (index: string) => ['exec', 'dev', 'web', '--index', index, '--', 'true'];

  it('inspect shows the first, or the one that is named', async () => {
    assert.equal(JSON.parse(await done('inspect', 'dev', 'web')).Name, `/${name(1)}`);
    assert.equal(JSON.parse(await done('inspect', 'dev', 'web', '--index', '2')).Name, `/${name(2)}`);
    assert.match(JSON.parse(await done('inspect', 'dev', 'web', '--index', '2', '--image')).Id, /^sha256:/);
    await wrong(2, /Either --index or --config/, 'inspect', 'dev', '--index', '2', '--config');
  });

  it('says which there are when there is none of that number', async () => {
    const none = /Service "web" has no container 9\.\n {2}It has: 1, 2, 3, 4\./;
    await wrong(2, none, ...exec('9'));
    await wrong(2, none, 'shell', 'dev', 'web', '--index', '9');
    await wrong(2, none, 'inspect', 'dev', 'web', '--index', '9');
    await wrong(2, none, 'cp', 'dev', 'web:/number', '.', '--index', '9');
    await wrong(2, none, 'cp', 'dev', 'compose.yaml', 'web:/tmp', '--index', '9');
    await wrong(2, /Service "cache" has no container 9/, 'db', 'dev', 'cache', '--index', '9');
    await wrong(2, /"0" is no number of a container/, ...exec('0'));
  });

  it('cp copies out of the first and into all, or as it is told, and replaces nothing unasked', async () => {
    await done('cp', 'dev', 'web:/number', 'first');
    await done('cp', 'dev', 'web:/number', 'third', '--index', '3');
    assert.deepEqual([compose.read('first'), compose.read('third')], ['1\n', '3\n']);
    await done('cp', 'dev', 'first', 'web:/tmp', '--index', '2');
    const asked = /no terminal to ask on.*\n {2}\S+-web-2:\/tmp\/first is there already.*\n {2}To do it: .* --yes/s;
    await wrong(2, asked, 'cp', 'dev', 'first', 'web:/tmp');
    await assert.rejects(compose.docker('exec', name(1), 'cat', '/tmp/first'));
    await done('cp', 'dev', 'first', 'web:/tmp', '--yes');
    assert.equal(await compose.docker('exec', name(4), 'cat', '/tmp/first'), '1\n');
    await wrong(2, /-web-1:\/tmp\/first is there.*\n.*-web-2.*\n.*-web-3.*\n.*-web-4/, 'cp', 'first', 'web:/tmp/first');
  });

  it('cp asks on a terminal', async function () {
    if (process.platform !== 'linux') return this.skip();
    const command = berthOnTerminal(['cp', 'dev', 'third', 'web:/tmp/first', '--index', '2'], { cwd: compose.folder });
    await command.until(/-web-2:\/tmp\/first is there already, and would be replaced\.\s+Go on\? \[y\/N\] $/);
    command.process.stdin?.write('y\n');
    assert.equal((await command.ended).exitCode, 0);
    assert.equal(await compose.docker('exec', name(2), 'cat', '/tmp/first'), '3\n');
  });

  it('scale says which go, and without a terminal only does it with --yes', async () => {
    await wrong(
      2,
      /gone for good:\n +Containers: \S+-web-3 \(.*\), \S+-web-4.*\n\n.*scale dev web=2 --yes/,
      'scale',
      'dev',
      'web=2',
    );
    assert.equal(await count(), 4);
    await done('scale', 'dev', 'web=2', '--yes');
    assert.equal(await count(), 2);
    // Nothing goes, so nothing is asked.
    await done('scale', 'dev', 'web=3');
    assert.equal(await count(), 3);
  });

  it('scale asks on a terminal, and takes no for an answer', async function () {
    if (process.platform !== 'linux') return this.skip();
    const command = berthOnTerminal(['scale', 'dev', 'web=1'], { cwd: compose.folder });
    await command.until(/Containers: \S+-web-2.*, \S+-web-3.*\s+Go on\? \[y\/N\] $/);
    command.process.stdin?.write('n\n');
    assert.equal((await command.ended).exitCode, 130);
    assert.equal(await count(), 3);
  });
});
