import assert from 'node:assert/strict';
import fs from 'node:fs';
import { systemClock } from '../../src/core/common/clock';
import { runCompose } from '../../src/core/compose/compose';
import { execCall, logsCall } from '../../src/core/compose/serviceCalls';
import { EngineFeed } from '../../src/core/engine/engineFeed';
import type { OperationProgress } from '../../src/core/operations/operation';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../support/secondEngine';
import { BerthCommand, cliScript } from './support/berthCommand';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { connectThrough, type EngineProxy, engineSocket, setVariables, startProxy } from './support/engineApi';
import { OperatedFolder } from './support/operations';
import {
  describeEnvironment,
  environmentNamed,
  eventually,
  untilContainers,
  untilEnvironment,
} from './support/waiting';

/** A health check that says no until it is told otherwise. */
const NOT_YET = `${IDLE_WITH_HEALTH.replace('retries: 1', 'retries: 1000')}\n    environment: { UNHEALTHY: not yet }`;

describe('faults of the engine', () => {
  let engine: SecondEngine;
  let restore: () => void;
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async function () {
    if (noSecondEngineBecause()) return this.skip();
    engine = await startSecondEngine({
      // Room for four networks, one of which is the engine's own.
      configuration: { 'default-address-pools': [{ base: '10.213.0.0/22', size: 24 }] },
      diskSize: '48m',
    });
    await engine.load('berth/idle:1');
    restore = setVariables(engine.environment);
  });
  after(async () => {
    restore?.();
    await engine?.dispose();
  });

  const open = async (files: Readonly<Record<string, string>>) => {
    folder = new ComposeFolder('engine', files, engine.environment.DOCKER_HOST);
    core = await OperatedFolder.open(folder);
  };
  afterEach(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const described = () => describeEnvironment(environmentNamed(core.store, 'dev'));
  /** What the engine itself says of the project's containers: `web exited`. */
  const listed = async () => {
    const filter = `label=com.docker.compose.project=${folder.project}`;
    const format = '{{.Label "com.docker.compose.service"}} {{.State}}';
    return (await folder.docker('ps', '--all', '--filter', filter, '--format', format)).trim().split('\n').sort();
  };

  it('killed in the middle of up, while Compose works: up fails with that; then what is, is shown', async () => {
    await open({
      'compose.yaml': `name: PROJECT
services:
  last:
    ${IDLE}
    depends_on: { web: { condition: service_healthy } }
  web:
    ${NOT_YET}
`,
    });
    const up = core.fail('up');
    await untilEnvironment(core.store, 'dev starting: last stopped, web starting');
    await engine.kill();
    const { error, environment } = await up;
    assert.equal(error.kind, 'engine-unreachable');
    assert.ok(error.details.remedy);
    assert.equal(environment && describeEnvironment(environment), 'dev unknown: last unknown, web unknown');
    await engine.start();
    await core.berth.feedFor(undefined).whenConnected();
    assert.deepEqual(await listed(), ['last created', 'web exited']);
    // Its end, in good order, came when the engine was started again.
    await untilEnvironment(core.store, 'dev stopped: last stopped, web stopped');
    const again = core.do('up');
    await eventually(
      core.store.onDidChange,
      () => environmentNamed(core.store, 'dev').services[1]?.health === 'starting' || undefined,
      described,
    );
    await folder.setHealth('web');
    await again;
    assert.equal(described(), 'dev running: last running, web healthy');
  });

  it('killed and started in the middle of up, while Berth waits: up says that the service ended', async () => {
    await open({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${NOT_YET}\n` });
    let composeEnded: () => void = () => {};
    const started = new Promise<void>((resolve) => {
      composeEnded = resolve;
    });
    const progress: OperationProgress[] = [];
    progress.push = (one) => {
      if (one.kind === 'output' && /Started/.test(one.line)) composeEnded();
      return 0;
    };
    const up = core.fail('up', 'dev', { progress });
    await Promise.all([started, untilEnvironment(core.store, 'dev starting: web starting')]);
    await engine.kill();
    await engine.start();
    const { error } = await up;
    assert.equal(error.message, 'Service "web" was stopped before it was up.');
    await core.berth.feedFor(undefined).whenConnected();
    await untilEnvironment(core.store, 'dev stopped: web stopped');
    assert.deepEqual(await listed(), ['web exited']);
  });

  it('killed in the middle of down: down fails with that; a second down does the rest', async () => {
    await open({
      'compose.yaml': `name: PROJECT
services:
  quick:
    ${IDLE}
    depends_on: [stubborn]
  stubborn:
    image: berth/idle:1
    command: idle stubborn
    stop_grace_period: 6s
`,
    });
    await core.do('up');
    const down = core.fail('down');
    await untilEnvironment(core.store, 'dev running: quick stopped, stubborn running');
    await engine.kill();
    const { error } = await down;
    assert.equal(error.kind, 'engine-unreachable');
    assert.equal(described(), 'dev unknown: quick unknown, stubborn unknown');
    await engine.start();
    await core.berth.feedFor(undefined).whenConnected();
    const left = await listed();
    assert.ok(left.includes('stubborn exited'), `${left}`);
    const { kept } = await core.do('down');
    assert.deepEqual(
      [described(), kept],
      ['dev stopped: quick stopped, stubborn stopped', { containers: [], networks: [], volumes: [] }],
    );
  });

  it('killed in the middle of logs and of a shell: both end, and can be had again', async () => {
    await open({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    await core.do('up');
    const { project } = folder;
    const begin = (call: Parameters<typeof runCompose>[0]) => {
      let heard: (line: string) => void = () => {};
      const first = new Promise<string>((resolve) => {
        heard = resolve;
      });
      return { ended: runCompose(call, { onLine: (line) => heard(line) }), first };
    };
    const logs = begin(logsCall(project, undefined, [], { follow: true, tail: 10, colour: false }));
    const shell = begin(
      execCall(project, undefined, 'web', ['sh', '-c', 'echo here; sleep 1000'], { terminal: false }),
    );
    assert.match(await logs.first, /idle: waiting/);
    assert.equal(await shell.first, 'here');
    await engine.kill();
    const ends = await Promise.all([logs.ended, shell.ended]);
    assert.ok(ends.every(({ exitCode }) => typeof exitCode === 'number'));
    assert.notEqual(ends[1].exitCode, 0);
    await engine.start();
    await core.do('up');
    const again = await runCompose(execCall(project, undefined, 'web', ['echo', 'again'], { terminal: false }));
    assert.equal(again.stdout.trim(), 'again');
  });

  it('no addresses left for a network: says so, and what to do', async () => {
    const text = `services:\n  web:\n    ${IDLE}\n    networks: [a, b, c, d]\nnetworks: { a: , b: , c: , d: }\n`;
    await open({ 'compose.yaml': `name: PROJECT\n${text}` });
    const { error, finding } = await core.fail('up');
    assert.equal(error.message, 'The Docker engine has no addresses left for another network.');
    assert.deepEqual([finding?.code, finding?.severity, finding?.fixes], ['no-addresses', 'error', []]);
    assert.match(error.details.remedy ?? '', /docker network prune/);
    assert.match(error.details.output ?? '', /address pool/);
    assert.equal(described(), 'dev stopped: web stopped');
    // The networks that were made go with "down".
    assert.deepEqual((await core.do('down')).kept, { containers: [], networks: [], volumes: [] });
  });

  it('addresses that a network asks for and another one has: not that none are left', async () => {
    const net = '{ ipam: { config: [{ subnet: 10.99.0.0/24 }] } }';
    const text = `services:\n  web:\n    ${IDLE}\n    networks: [a, b]\nnetworks: { a: ${net}, b: ${net} }\n`;
    await open({ 'compose.yaml': `name: PROJECT\n${text}` });
    const { error, finding } = await core.fail('up');
    assert.match(`${error.message} ${error.details.output}`, /overlaps with other one/);
    assert.equal(finding, undefined);
    await core.do('down');
  });

  it('little room on its disk, told by who sees that disk', async () => {
    await open({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const args = ['check', '--live', '--code', 'low-disk'];
    const inside = new BerthCommand(args, { cwd: '/', env: engine.environment }, [
      ...engine.inside(folder.folder),
      process.execPath,
      cliScript,
    ]);
    const { stdout, exitCode } = await inside.ended;
    assert.match(stdout, /^▲ warning {2}On the disk of the Docker engine, [\d.]+ MB are left\. {2}low-disk$/m);
    assert.equal(exitCode, 0);
  });

  it('the disk is full in the middle of a build: says so, and what to do; then there is room again', async () => {
    await open({
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    build: .\n    stop_grace_period: 1s\n`,
      Dockerfile: 'FROM berth/idle:1\nRUN dd if=/dev/zero of=/large bs=1M count=100\n',
    });
    const { error, finding } = await core.fail('up');
    assert.equal(finding?.code, 'disk-full');
    assert.deepEqual(finding.environments, [environmentNamed(core.store, 'dev').definition.id]);
    assert.equal(error.message, 'The disk of the Docker engine is full.');
    assert.match(error.details.remedy ?? '', /docker system prune/);
    assert.match(error.details.output ?? '', /[Nn]o space left on device/);
    assert.equal(described(), 'dev stopped: web stopped');
    folder.write('Dockerfile', 'FROM berth/idle:1\nRUN echo small >/small\n');
    await core.do('up', 'dev', { options: { build: true } });
    assert.equal(described(), 'dev running: web running');
  });
});

describe('a connection that is dead and does not say so', () => {
  let proxy: EngineProxy;
  let folder: ComposeFolder;
  let feed: EngineFeed | undefined;

  before(async function () {
    const socket = await engineSocket();
    if (!socket) return this.skip();
    proxy = await startProxy(socket, { tcp: true });
    folder = new ComposeFolder('sleep', { 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    await folder.compose('up', '--detach');
  });
  afterEach(() => feed?.dispose());
  after(async () => {
    await proxy?.close();
    await folder?.dispose();
  });

  it('after the machine slept: it is made anew, and shows what happened meanwhile', async () => {
    let slept = 0;
    const looks: (() => void)[] = [];
    feed = new EngineFeed({
      connect: () => connectThrough(proxy.dockerHost),
      clock: {
        now: () => systemClock.now() + slept,
        // The look at the clocks, which is the first to be set to that, is when this test says.
        after: (ms, action) => {
          if (ms !== 10_000) return systemClock.after(ms, action);
          looks.push(action);
          return { dispose: () => void looks.splice(looks.indexOf(action), 1) };
        },
      },
    });
    await feed.whenConnected();
    await untilContainers(feed, folder.project, ['web-1: running']);
    proxy.silence();
    await folder.compose('stop');
    assert.equal(feed.state.kind, 'connected', 'nobody has said that anything is wrong');
    slept += 3_600_000;
    looks[0]?.();
    await untilContainers(feed, folder.project, ['web-1: exited']);
    assert.equal(feed.state.kind, 'connected');
    await folder.compose('start');
    await untilContainers(feed, folder.project, ['web-1: running']);
  });

  it('without a sleep: the system looks after connections over a network', async function () {
    if (process.platform !== 'linux') return this.skip();
    feed = new EngineFeed({ connect: () => connectThrough(proxy.dockerHost) });
    await feed.whenConnected();
    const port = Number(new URL(proxy.dockerHost).port).toString(16).toUpperCase().padStart(4, '0');
    const sockets = fs
      .readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      // To the proxy, and established.
      .filter(([, , remote, state]) => remote?.endsWith(`:${port}`) && state === '01');
    // The kind of timer that runs, 02 is keepalive, and in how many hundredths of a second it is due. Source: Linux,
    // Documentation/networking/proc_net_tcp.rst.
    const due = sockets.map((fields) => /^02:([0-9A-F]+)$/.exec(fields[5] ?? '')?.[1] ?? '0');
    assert.ok(
      due.some((hundredths) => Number.parseInt(hundredths, 16) > 2000),
      `${due}`,
    );
  });
});
