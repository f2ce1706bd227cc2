import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { takeLock } from '../../../src/core/common/lock';
import { isToBeConfirmed } from '../../../src/core/findings/fixActions';
import type { Fix } from '../../../src/core/model/finding';
import { operationLockKey } from '../../../src/core/operations/operationRunner';
import { freePort } from '../../support/ports';
import { berth } from '../support/berthCommand';
import { ComposeFolder, IDLE } from '../support/composeFolder';
import { LiveFolder } from '../support/liveFolder';

/** What somebody else has: ports and names. */
describe('live checks of what is taken', () => {
  let live: LiveFolder;
  let other: ComposeFolder;
  const programs: ChildProcess[] = [];
  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) program.kill('SIGKILL');
    await live?.dispose();
    await other?.dispose();
  });

  /** Opens an environment `dev` whose service `web` is like this. */
  const open = async (web: string, more: Readonly<Record<string, string>> = {}) => {
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n${web}`,
      ...more,
    });
  };
  /** Somebody else's project, which has a service `shop` that is like this. */
  const runOther = async (shop: string) => {
    other = new ComposeFolder('others', { 'compose.yaml': `services:\n  shop:\n    ${IDLE}\n    ${shop}\n` });
    await other.compose('up', '--detach');
  };
  /** Listens at a port, in a process of its own. */
  const listen = async (address = '127.0.0.1', more = '') => {
    const script = `${more};require('node:net').createServer().listen(${port}, '${address}', () => console.log('up'))`;
    const program = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    programs.push(program);
    await once(program.stdout, 'data');
    return program;
  };

  it('a port that a container of another project has, which is stopped', async () => {
    await runOther(`ports: ["127.0.0.1:${port}:80"]`);
    await open(`    ports:\n      - "127.0.0.1:${port}:80"\n`);
    const finding = await live.only('port-taken');
    assert.equal(
      finding.message,
      `Port ${port}, which service "web" publishes, is already in use by container "${other.container('shop')}" of project "${other.project}".`,
    );
    assert.deepEqual(live.placesOf(finding), ['compose.yaml:7:9']);
    assert.equal(finding.severity, 'error');
    await live.fix(finding, 'stop-container');
    assert.deepEqual(await live.found('port-taken'), []);
    await assert.rejects(
      live.fix(
        { ...finding, fixes: finding.fixes.map((fix) => ({ ...fix, id: 'f00', name: 'gone' })) },
        'stop-container',
      ),
      /The container "gone" is not there any more/,
    );
  });

  it('a port that a program has, which is ended', async () => {
    const program = await listen();
    const { pid } = program;
    await open(`    ports: ["127.0.0.1:${port}:80"]\n`);
    const finding = await live.only('port-taken');
    assert.match(finding.message, new RegExp(`^Port ${port}, which .* by the program \\S+ \\(process ${pid}\\)\\.$`));
    const [ending] = finding.fixes.filter(({ kind }) => kind === 'end-program');
    assert.ok(ending?.kind === 'end-program');
    const signal = new AbortController().signal;
    await assert.rejects(
      live.core.berth.fixActions.run({ ...ending, name: 'another' }, signal),
      /does not run any more/,
    );
    assert.equal(program.exitCode, null);
    const ended = once(program, 'exit');
    await live.fix(finding, 'end-program');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('a port of a container that has the network of the machine', async function () {
    if (process.platform !== 'linux') this.skip();
    await runOther(`network_mode: host\n    command: ["httpd", "-f", "-p", "127.0.0.1:${port}"]`);
    await open(`    ports: ["127.0.0.1:${port}:80"]\n`);
    const owner = `container "${other.container('shop')}" of project "${other.project}"`;
    const finding = await live.only('port-taken');
    assert.equal(finding.message, `Port ${port}, which service "web" publishes, is already in use by ${owner}.`);
    const { error } = await live.core.fail('up');
    assert.equal(error.message, `Port ${port} is already in use by ${owner}.`);
    await live.fix(finding, 'stop-container');
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('a port of a container that is removed when it ends, which is said before', async () => {
    other = new ComposeFolder('others', {});
    const name = `taken-${port}`;
    await other.docker(
      'run',
      '--detach',
      '--rm',
      '--name',
      name,
      '--volume',
      '/nameless',
      '--publish',
      `127.0.0.1:${port}:80`,
      'berth/idle:1',
    );
    try {
      await open(`    ports: ["127.0.0.1:${port}:80"]\n`);
      const finding = await live.only('port-taken');
      const stop = finding.fixes.find(({ kind }) => kind === 'stop-container');
      assert.ok(stop?.kind === 'stop-container');
      assert.equal(
        stop.title,
        `Stop container "${name}", which belongs to no project (this removes it and its volumes without names)`,
      );
      const lines = await live.core.berth.fixActions.consequences(stop, new AbortController().signal);
      assert.match(
        lines.join('\n'),
        /^It has written nothing outside of volumes\.\nIt runs, and is ended\.\nIts volumes .* go with it: [0-9a-f]{12}\.$/,
      );
      const { stdout } = await berth(['check', '--live', '--code', 'port-taken'], { cwd: live.folder.folder });
      assert.ok(stdout.includes(`Try: docker stop ${name}  # ${stop.title}\n`), stdout);
      assert.match(
        stdout,
        /^ {6}It has written nothing outside of volumes\.\n {6}It runs, and is ended\.\n {6}Its volumes /m,
      );
    } finally {
      await other.docker('stop', '--time', '1', name);
    }
  });

  it('a port of a container that has something in memory, which goes when it is stopped', async () => {
    other = new ComposeFolder('others', {});
    const name = `taken-${port}`;
    const inMemory = ['--tmpfs', '/spool:size=1m', '--mount', 'type=tmpfs,destination=/cache'];
    const publish = ['--publish', `127.0.0.1:${port}:80`];
    await other.docker('run', '--detach', '--name', name, ...inMemory, ...publish, 'berth/idle:1');
    try {
      await open(`    ports: ["127.0.0.1:${port}:80"]\n`);
      const stop = (await live.only('port-taken')).fixes.find(({ kind }) => kind === 'stop-container');
      assert.ok(stop?.kind === 'stop-container');
      assert.deepEqual(await live.core.berth.fixActions.consequences(stop, new AbortController().signal), [
        'It ends. What it has in memory goes: /cache, /spool. Its container stays, and so do its other data.',
      ]);
      const { stdout } = await berth(['check', '--live', '--code', 'port-taken'], { cwd: live.folder.folder });
      assert.match(stdout, /^ {6}What it has in memory goes: \/cache, \/spool\.$/m);
    } finally {
      await other.docker('rm', '--force', name);
    }
  });

  it('an address that the machine does not have, which up says before it makes anything', async function () {
    if (process.platform !== 'linux') this.skip();
    // Reserved for documentation: RFC 5737.
    await open(`    ports:\n      - "127.0.0.1:${port}:80"\n      - "192.0.2.99:${port}:80"\n`);
    const finding = await live.only('missing-address');
    const message = `This machine does not have the address 192.0.2.99, at which service "web" publishes port ${port}.`;
    assert.equal(finding.message, message);
    assert.deepEqual(live.placesOf(finding), ['compose.yaml:8:9']);
    const failed = await live.core.fail('up');
    assert.equal(
      failed.error.message,
      `Port ${port} can't be published at 192.0.2.99: the engine's machine does not have that address.`,
    );
    assert.deepEqual(failed.finding && live.placesOf(failed.finding), ['compose.yaml:8:9']);
    assert.equal(await live.folder.compose('ps', '--all', '--quiet'), '');
    live.folder.write('compose.yaml', live.folder.read('compose.yaml').replace('192.0.2.99', '127.0.0.2'));
    assert.deepEqual(await live.found('missing-address'), []);
    await live.core.do('up');
  });

  it('an address that the machine does not have once for all ports of a service at it', async function () {
    if (process.platform !== 'linux') this.skip();
    await open(
      `    ports:\n      - "192.0.2.99:8000-8099:8000-8099"\n      - "192.0.2.99:9000:80"\n      - "192.0.2.98:9000:80"\n`,
    );
    const findings = await live.found('missing-address');
    const of = (address: string, ports: string) =>
      `This machine does not have the address ${address}, at which service "web" publishes ${ports}.`;
    assert.deepEqual(findings.map(({ message }) => message).sort(), [
      of('192.0.2.98', 'port 9000'),
      of('192.0.2.99', 'ports 8000-8099, 9000'),
    ]);
  });

  it('not an address that comes with a network of its own, which up leaves to Compose', async function () {
    if (process.platform !== 'linux') this.skip();
    const subnet = '198.51.100.192/28';
    const network = `networks: { default: { ipam: { config: [{ subnet: ${subnet}, gateway: 198.51.100.193 }] } } }\n`;
    await open(`    ports: ["198.51.100.193:${port}:80"]\n${network}`);
    assert.deepEqual(await live.found('missing-address'), []);
    await live.core.do('up');
    assert.deepEqual(await live.found('missing-address'), []);
  });

  it('a port that several containers of one service want, which up says before it makes any', async () => {
    await open(`    ports: ["127.0.0.1:${port}:80"]\n    deploy: { replicas: 2 }\n`);
    const { error, finding } = await live.core.fail('up');
    assert.equal(
      error.message,
      `Service "web" is to have 2 containers, and only one of them can publish port ${port}.`,
    );
    assert.deepEqual(finding && live.placesOf(finding), ['compose.yaml:6:13']);
    assert.equal(await live.folder.compose('ps', '--all', '--quiet'), '');
  });

  it('a port of two programs, none of which is offered to be ended', async () => {
    const first = await listen();
    const second = await listen('127.0.0.2');
    await open(`    ports: ["${port}:80"]\n`);
    const finding = await live.only('port-taken');
    for (const { pid } of [first, second]) assert.match(finding.message, new RegExp(`the programs .*process ${pid}`));
    assert.deepEqual(
      finding.fixes.map(({ kind }) => kind),
      ['edit'],
    );
  });

  it('not one that a program has at another address', async () => {
    await listen('127.0.0.2');
    await open(`    ports: ["127.0.0.1:${port}:80"]\n`);
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('a port that a program keeps when it is asked to end, and one that another has by now', async () => {
    const stubborn = await listen('127.0.0.1', "process.on('SIGTERM', () => {})");
    await open(`    ports: ["127.0.0.1:${port}:80"]\n`);
    const finding = await live.only('port-taken');
    await assert.rejects(
      live.fix(finding, 'end-program'),
      new RegExp(`\\(process ${stubborn.pid}\\) was asked to end, and port ${port} is still in use`),
    );
    const elsewhere = finding.fixes.map((fix) => ({ ...fix, port: { port: port + 1 } }) as Fix);
    await assert.rejects(live.fix({ ...finding, fixes: elsewhere }, 'end-program'), /is not the one that has port/);
  });

  it('is free again with another one, written where the port is: in the env file first', async () => {
    await listen();
    await open('    ports: ["127.0.0.1:${WEB_PORT:-1}:80"]\n', { '.env': `A=1\nWEB_PORT=${port}\n` });
    const finding = await live.only('port-taken');
    await live.fix(finding, 'edit');
    const [, written] = /^A=1\nWEB_PORT=(\d+)\n$/.exec(live.folder.read('.env')) ?? [];
    assert.ok(Number(written) > port);
    assert.deepEqual(await live.found('port-taken'), []);
    await live.core.do('up');
  });

  it('has no fix that leaves the port where it is', async () => {
    await listen();
    await open('    ports: ["127.0.0.1:${WEB_PORT:-1}:80"]\n', { '.env': `WEB_PORT=${port}\n` });
    const look = await live.check({ codes: ['port-taken'] });
    const [finding] = look.findings;
    const fix = finding?.fixes.find((one) => one.kind === 'edit');
    assert.ok(finding && fix?.kind === 'edit');
    const { fixing } = live.core.berth;
    assert.equal((await fixing.offered({ ...finding, fixes: [fix] }, look)).length, 1);
    const edits = fix.edits.map((edit) => ({ ...edit, text: edit.text.replace(/\d+$/, String(port)) }));
    assert.deepEqual(await fixing.offered({ ...finding, fixes: [{ ...fix, edits }] }, look), []);
  });

  it('is mended from the command line, which says how', async () => {
    await listen();
    const text = '    ports: ["127.0.0.1:${WEB_PORT:-1}:80"]\n';
    await open(text, { '.env': `WEB_PORT=${port}\n` });
    const cwd = live.folder.folder;
    const shown = await berth(['check', '--live', '--code', 'port-taken'], { cwd });
    const [, command = ''] = /^ {4}Try: berth (check .*) {2}# Publish port \d+ instead of/m.exec(shown.stdout) ?? [];
    assert.equal(command, 'check --live --code port-taken --fix');
    const { stdout, exitCode } = await berth(command.split(' '), { cwd });
    assert.match(stdout, /^✔ Wrote \.env\.\nMended: 1 error\.\n\n✔ Nothing of port-taken was found/);
    assert.equal(exitCode, 0);
    assert.notEqual(live.folder.read('.env'), `WEB_PORT=${port}\n`);
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('several ports, each of which is given another one', async () => {
    const ports = [port, port + 1, port + 2];
    await runOther(`ports: [${ports.map((one) => `"127.0.0.1:${one}:80"`).join(', ')}]`);
    await open(`    ports: [${ports.map((one, index) => `"127.0.0.1:${one}:${80 + index}"`).join(', ')}]\n`);
    const { exitCode } = await berth(['check', '--live', '--code', 'port-taken', '--fix'], { cwd: live.folder.folder });
    assert.equal(exitCode, 0);
    const written = [...live.folder.read('compose.yaml').matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, one]) => Number(one));
    assert.equal(new Set([...ports, ...written]).size, 6);
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('not its own port, while it runs, nor one that only looks alike', async () => {
    await listen();
    await open(`    ports: ["127.0.0.1:${await freePort()}:${port}", "127.0.0.1:${port}:80/udp"]\n`);
    await live.core.do('up');
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('not that of a service which an inactive profile keeps out', async () => {
    await listen();
    await open(`  tool:\n    ${IDLE}\n    profiles: [tools]\n    ports: ["127.0.0.1:${port}:80"]\n`);
    assert.deepEqual(await live.found('port-taken'), []);
  });

  it('a name that a container of another project has, which is removed', async () => {
    const name = `taken-${port}`;
    await runOther(`container_name: ${name}\n    volumes: ["/nameless"]`);
    await open(`    container_name: ${name}\n`);
    const finding = await live.only('name-taken');
    assert.equal(
      finding.message,
      `The container name "${name}" of service "web" is already in use by container "${name}" of project "${other.project}".`,
    );
    assert.deepEqual(live.placesOf(finding), ['compose.yaml:6:5']);
    const { fixActions, feedFor } = live.core.berth;
    const removal = finding.fixes.find(({ kind }) => kind === 'remove-container');
    assert.ok(removal?.kind === 'remove-container');
    await other.docker('exec', name, 'sh', '-c', 'head -c 5000 /dev/zero >/written');
    const [first = '', ...more] = await fixActions.consequences(removal, new AbortController().signal);
    assert.match(first, /^What it has written outside of volumes goes with it: .*kB\.$/);
    assert.equal(more[0], 'It runs, and is ended.');
    assert.match(more[1] ?? '', /^Its volumes without names of their own stay, .*: [0-9a-f]{12}\.$/);
    const volume = await other.docker('inspect', '--format', '{{(index .Mounts 0).Name}}', name);
    // An operation on that project goes on.
    const { engine } = await feedFor(undefined).whenConnected(new AbortController().signal);
    const forever = { signal: new AbortController().signal, onWait: () => {} };
    const lock = await takeLock(operationLockKey(engine, other.project), 'test', forever);
    try {
      await assert.rejects(fixActions.run(removal, AbortSignal.timeout(1_000)), { name: 'TimeoutError' });
      await live.only('name-taken');
    } finally {
      lock.dispose();
    }
    const { stdout } = await berth(['check', '--live', '--code', 'name-taken'], { cwd: live.folder.folder });
    assert.match(stdout, new RegExp(`Try: docker rename ${name} ${name}-before  # .*what it has written`));
    assert.match(stdout, /^ {6}What it has written outside of volumes goes with it: .*kB\.$/m);
    assert.doesNotMatch(stdout, /docker rm/);
    await live.fix(finding, 'remove-container');
    await other.docker('volume', 'rm', volume.trim());
    assert.deepEqual(await live.found('name-taken'), []);
    await live.core.do('up');
    assert.deepEqual(await live.found('name-taken'), []);
  });

  it('a name that another environment has, which is taken down and keeps its data', async () => {
    const name = `taken-${port}`;
    await open(`    container_name: ${name}\n`, {
      'compose.test.yaml': `name: PROJECT-test\nservices:\n  web:\n    ${IDLE}\n    container_name: ${name}\n    volumes: ["data:/data"]\nvolumes: { data: }\n`,
    });
    const { core, folder } = live;
    const volume = `${folder.project}-test_data`;
    folder.owns(`${folder.project}-test`);
    await core.do('up', 'test');
    await folder.docker('exec', name, 'sh', '-c', 'echo kept >/data/kept');
    const finding = await live.only('name-taken');
    assert.equal(
      finding.message,
      `The container name "${name}" of service "web" is already in use by service "web" of environment "test".`,
    );
    const takingDown = finding.fixes.find(({ kind }) => kind === 'operation');
    assert.ok(takingDown?.kind === 'operation' && isToBeConfirmed(takingDown));
    const { stdout } = await berth(['check', 'dev', '--live', '--code', 'name-taken'], { cwd: folder.folder });
    assert.match(stdout, /^ {4}Try: berth down test$/m);
    await live.fix(finding, 'operation', 'Take down "test"');
    const ofTest = ['--filter', `label=com.docker.compose.project=${folder.project}-test`];
    assert.equal(await folder.docker('ps', '--all', '--quiet', ...ofTest), '');
    const mount = `${volume}:/data`;
    assert.equal(await folder.docker('run', '--rm', '--volume', mount, 'berth/idle:1', 'cat', '/data/kept'), 'kept\n');
    assert.deepEqual(await live.found('name-taken'), []);
    await core.do('up');
  });

  it('a name that a container has which "docker compose run" has made of the service', async () => {
    const name = `taken-${port}`;
    await open(`    container_name: ${name}\n`);
    await live.folder.compose('run', '--detach', '--name', name, 'web');
    const owner = `container "${name}", which "docker compose run" has made in project "${live.folder.project}"`;
    const finding = await live.only('name-taken');
    assert.equal(finding.message, `The container name "${name}" of service "web" is already in use by ${owner}.`);
    const { error } = await live.core.fail('up');
    assert.equal(error.message, `The container name "${name}" is already in use by ${owner}.`);
    await live.fix(finding, 'remove-container');
    await live.core.do('up');
    assert.deepEqual(await live.found('name-taken'), []);
  });

  it('a name that is left of a service which was called otherwise', async () => {
    const name = `taken-${port}`;
    await open(`    container_name: ${name}\n`);
    await live.core.do('up');
    assert.deepEqual(await live.found('name-taken'), []);
    live.folder.write('compose.yaml', live.folder.read('compose.yaml').replace('  web:', '  site:'));
    const finding = await live.only('name-taken');
    await live.fix(finding, 'remove-container');
    await live.core.do('up');
    assert.deepEqual(await live.found('name-taken'), []);
  });

  it('a name that is left out of the file', async () => {
    const name = `taken-${port}`;
    await runOther(`container_name: ${name}`);
    await open(`    container_name: ${name} # ours\n    labels: { a: b }\n`);
    await live.fix(await live.only('name-taken'), 'edit');
    assert.doesNotMatch(live.folder.read('compose.yaml'), /container_name|ours/);
    assert.deepEqual(await live.found('name-taken'), []);
  });
});
