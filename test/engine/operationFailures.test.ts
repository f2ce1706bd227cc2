import assert from 'node:assert/strict';
import { isActive } from '../../src/core/model/health';
import type { OperationProgress } from '../../src/core/operations/operation';
import { freePort } from '../support/ports';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { healthsTold, OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed, eventually, untilEnvironment } from './support/waiting';

describe('operations that fail, or are cancelled', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  /** Opens a folder with these services as its only environment, `dev`. */
  async function open(services: string): Promise<void> {
    folder = new ComposeFolder('fails', { 'compose.yaml': `name: PROJECT\nservices:\n${services}` });
    core = await OperatedFolder.open(folder);
  }
  afterEach(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  const described = () => describeEnvironment(environmentNamed(core.store, 'dev'));

  it('a health check that fails: names the service, with what the check printed', async () => {
    await open(`  web:\n    ${IDLE_WITH_HEALTH}\n    environment: { UNHEALTHY: no connection to the moon }
  other:\n    ${IDLE}`);
    const progress: OperationProgress[] = [];
    const { error, service } = await core.fail('up', 'dev', { progress });
    assert.equal(service, 'web');
    assert.match(error.message, /Service "web" is unhealthy/);
    assert.match(error.details.output ?? '', /no connection to the moon/);
    assert.deepEqual(healthsTold(progress, 'web').at(-1), 'unhealthy');
    assert.ok(error.details.remedy);
  });

  it('a service that ends at once: names it, with its exit code and last words', async () => {
    await open(`  web:
    ${IDLE}
    restart: "no"
    ports: ["127.0.0.1:${await freePort()}:80"]
    command: sh -c 'echo missing key MOON; exit 7'`);
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(error.message, /Service "web" ended with exit code 7/);
    assert.match(error.details.output ?? '', /missing key MOON/);
  });

  it('a service without health check that ends after a moment', async () => {
    await open(`  web:\n    ${IDLE}\n    command: idle exit 5 0.6`);
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(error.message, /exit code 5/);
  });

  it('a restart loop', async () => {
    await open(`  web:\n    ${IDLE}\n    restart: always\n    command: sh -c 'echo no moon; sleep 0.2; exit 3'`);
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(error.message, /ends again and again/);
    assert.match(error.details.output ?? '', /no moon/);
  });

  it('is patient with a service that comes up at its third start', async () => {
    await open(`  web:
    ${IDLE_WITH_HEALTH}
    restart: always
    volumes: ["count:/count"]
    command: sh -c 'echo x >>/count/starts; test $$(wc -l </count/starts) -ge 3 || { sleep 0.7; exit 1; }; exec idle'
volumes:
  count:`);
    await core.do('up');
    assert.equal(described(), 'dev healthy: web healthy');
  });

  it('a job that ends well is no failure', async () => {
    await open(`  web:
    ${IDLE}
    depends_on: { job: { condition: service_completed_successfully } }
  job:
    ${IDLE}
    command: idle exit 0`);
    await core.do('up');
    assert.equal(described(), 'dev running: job completed, web running');
  });

  it('what an inactive profile left behind is no failure of up', async () => {
    await open(`  web:\n    ${IDLE}\n  tool:\n    ${IDLE}\n    profiles: [tools]\n    command: idle exit 9`);
    await folder.compose('--profile', 'tools', 'up', '--detach', 'tool');
    await untilEnvironment(core.store, 'dev exited: tool exited, web stopped');
    await core.do('up');
  });

  it('an image that is nowhere', async () => {
    await open('  web:\n    image: berth.invalid/none:1');
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(error.message, /berth\.invalid|no such host|not found|lookup/);
    assert.doesNotMatch(error.message, /Pulling/);
  });

  it('an image that can not be built: names the service, with what the failing step printed', async () => {
    await open(`  other:\n    ${IDLE}\n  web:\n    build: ./image`);
    folder.write('image/Dockerfile', 'FROM berth/idle:1\nRUN echo no moon to land on && exit 3\n');
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(error.message, /failed to solve: .*exit code: 3/);
    assert.match(error.details.output ?? '', /no moon to land on/);
  });

  it('a port that is taken by another container', async () => {
    const port = await freePort();
    await open(`  holder:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]
  web:\n    ${IDLE}\n    ports: ["127.0.0.1:${port}:80"]`);
    await core.do('up', 'dev', { services: ['holder'] });
    const { error, service } = await core.fail('up');
    assert.equal(service, 'web');
    assert.match(error.message, new RegExp(`${port}.*(port is already allocated|already in use)`));
  });

  it('a dependency that does not become healthy: it is named, not the one that waits for it', async () => {
    await open(`  web:
    ${IDLE}
    depends_on: { store: { condition: service_healthy } }
  store:
    ${IDLE_WITH_HEALTH}
    environment: { UNHEALTHY: disk full }`);
    const { error, service } = await core.fail('up');
    assert.equal(service, 'store');
    assert.match(error.message, /Service "store" is unhealthy/);
    assert.match(error.details.output ?? '', /disk full/);
  });

  it('a service that there is not', async () => {
    await open(`  web:\n    ${IDLE}`);
    const { error } = await core.fail('up', 'dev', { services: ['wep'] });
    assert.equal(error.kind, 'usage');
    assert.match(`${error.message} ${error.details.remedy}`, /"wep".*web/);
    const { error: start } = await core.fail('start');
    assert.match(start.message, /Nothing of "dev" has been created yet/);
  });

  it('cancelled: what was started stays, and is told', async () => {
    await open(`  first:
    ${IDLE}
  never:
    ${IDLE_WITH_HEALTH}
    environment: { UNHEALTHY: not yet }
    depends_on: [first]
  last:
    ${IDLE}
    depends_on: { never: { condition: service_healthy } }`);
    folder.write('compose.yaml', folder.read('compose.yaml').replace('retries: 1', 'retries: 1000'));
    await core.store.filesChanged([folder.path('compose.yaml')]);
    await core.store.whenResolved();
    const cancel = new AbortController();
    const up = core.run('up', 'dev', { signal: cancel.signal });
    const service = (name: string) => environmentNamed(core.store, 'dev').services.find((one) => one.name === name);
    await eventually(
      core.store.onDidChange,
      () => isActive(service('never')?.health ?? 'stopped') || undefined,
      described,
    );
    cancel.abort();
    const result = await up;
    assert.ok(result.kind === 'cancelled');
    assert.deepEqual(result.running, ['first', 'never']);
    // That "first" has no health check, the engine is asked a moment after the last start.
    const expected = 'dev starting: first running, last stopped, never starting';
    await eventually(core.store.onDidChange, () => described() === expected || undefined, described);
    await core.do('down');
  });

  it('cancelled while it waits for Compose to have healthy what it has started', async () => {
    await open(`  web:\n    ${IDLE_WITH_HEALTH}\n    environment: { UNHEALTHY: not yet }`);
    folder.write('compose.yaml', folder.read('compose.yaml').replace('retries: 1', 'retries: 1000'));
    const cancel = new AbortController();
    const up = core.run('up', 'dev', { signal: cancel.signal });
    await untilEnvironment(core.store, 'dev starting: web starting');
    cancel.abort();
    const result = await up;
    assert.ok(result.kind === 'cancelled');
    assert.deepEqual(result.running, ['web']);
  });

  it('two on one environment go one after the other; one that is cancelled while it waits ends at once', async () => {
    await open(`  web:\n    ${IDLE_WITH_HEALTH}`);
    const ended: string[] = [];
    const note = (name: string) => () => void ended.push(name);
    const [first, second, third]: OperationProgress[][] = [[], [], []];
    const cancel = new AbortController();
    const up = core.do('up', 'dev', { progress: first });
    const stop = core.run('stop', 'dev', { progress: second, signal: cancel.signal });
    const restart = core.do('restart', 'dev', { progress: third });
    assert.equal(core.berth.operations.running.length, 3);
    const all = [up.then(note('up')), stop.then(note('stop')), restart.then(note('restart'))];
    cancel.abort();
    assert.equal((await stop).kind, 'cancelled');
    await Promise.all(all);
    assert.deepEqual(ended, ['stop', 'up', 'restart']);
    assert.deepEqual(
      [first?.[0]?.kind === 'waiting', second?.[0]?.kind, third?.[0]?.kind],
      [false, 'waiting', 'waiting'],
    );
    assert.deepEqual(healthsTold(first ?? [], 'web'), ['starting', 'healthy']);
    assert.equal(healthsTold(third ?? [], 'web').at(-1), 'healthy');
    assert.equal(core.berth.operations.running.length, 0);
  });

  it('without an engine: says so', async () => {
    folder = new ComposeFolder('fails', { 'compose.yaml': `services:\n  web:\n    ${IDLE}` });
    const before = process.env.DOCKER_HOST;
    process.env.DOCKER_HOST = 'unix:///nowhere/docker.sock';
    try {
      core = await OperatedFolder.open(folder);
      const { error } = await core.fail('up');
      assert.equal(error.kind, 'engine-unreachable');
      assert.equal(described(), 'dev unknown: web unknown');
    } finally {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
    }
  });
});
