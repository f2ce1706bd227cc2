import assert from 'node:assert/strict';
import type { Berth } from '../../src/core/berth';
import { createBerth } from '../../src/core/berth';
import { backoffDelay } from '../../src/core/common/clock';
import { silentLog } from '../../src/core/common/log';
import { EngineFeed, type EngineState } from '../../src/core/engine/engineFeed';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../support/secondEngine';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { connectThrough, setVariables } from './support/engineApi';
import { containersOf, describeContainers, eventually, untilContainers, untilEnvironment } from './support/waiting';

describe('an engine that comes and goes', () => {
  let engine: SecondEngine;
  let feed: EngineFeed;
  let folder: ComposeFolder | undefined;
  const states: EngineState[] = [];

  before(async function () {
    if (noSecondEngineBecause()) return this.skip();
    engine = await startSecondEngine();
    await engine.load('berth/idle:1');
  });
  after(async () => {
    await engine?.dispose();
  });

  beforeEach(() => {
    states.length = 0;
    feed = new EngineFeed({ connect: () => connectThrough(engine.environment.DOCKER_HOST) });
    feed.onDidChangeState((state) => states.push(state));
  });
  afterEach(async () => {
    feed.dispose();
    await folder?.dispose();
    folder = undefined;
  });

  const until = (kind: EngineState['kind']) =>
    eventually(
      feed.onDidChangeState,
      () => feed.state.kind === kind || undefined,
      () => states,
    );

  it('killed and started again: everything is taken in anew, with what changed meanwhile', async () => {
    folder = new ComposeFolder(
      'killed',
      {
        'compose.yaml': `services:
  healthy:
    ${IDLE_WITH_HEALTH}
  dies:
    ${IDLE}
  stays:
    ${IDLE}`,
      },
      engine.environment.DOCKER_HOST,
    );
    const { project } = folder;
    await feed.whenConnected();
    await folder.compose('up', '--detach');
    await untilContainers(feed, project, ['dies-1: running', 'healthy-1: running healthy', 'stays-1: running']);
    const pid = (await folder.docker('inspect', '--format', '{{.State.Pid}}', folder.container('dies'))).trim();

    await engine.kill();
    await until('lost');
    const { error, retryAt } = feed.state as Extract<EngineState, { kind: 'lost' }>;
    assert.equal(error.kind, 'engine-unreachable');
    assert.ok(error.details.remedy);
    assert.ok(retryAt - Date.now() <= backoffDelay(0, () => 1), 'the first retry comes soon');
    // A daemon that was killed ends its containers when it starts again.
    assert.ok(Number(pid) > 0);

    await engine.start();
    await until('connected');
    assert.deepEqual(describeContainers(feed, project), ['dies-1: exited', 'healthy-1: exited', 'stays-1: exited']);
    await folder.docker('start', folder.container('healthy'));
    await untilContainers(feed, project, ['dies-1: exited', 'healthy-1: running healthy', 'stays-1: exited']);
    const kinds = states.map((state) => state.kind).filter((kind, index, all) => kind !== all[index - 1]);
    assert.deepEqual(kinds, ['connected', 'lost', 'connected']);
  });

  it('stopped and started while nothing happens, containers removed meanwhile', async () => {
    folder = new ComposeFolder(
      'stopped',
      { 'compose.yaml': `services:\n  web:\n    ${IDLE}\n  other:\n    ${IDLE}\n    restart: always` },
      engine.environment.DOCKER_HOST,
    );
    const { project } = folder;
    await folder.compose('up', '--detach');
    await feed.whenConnected();
    assert.deepEqual(describeContainers(feed, project), ['other-1: running', 'web-1: running']);
    await engine.stop();
    await until('lost');
    await engine.start();
    // Before the feed looks, so that its resync has to notice.
    await folder.docker('rm', '--force', folder.container('web'));
    await until('connected');
    await untilContainers(feed, project, ['other-1: running']);
  });

  it('not there at first: lost, with a reason, until it is', async () => {
    await engine.stop();
    await assert.rejects(feed.whenConnected(), { kind: 'engine-unreachable', message: /No Docker engine answers at/ });
    assert.equal(feed.state.kind, 'lost');
    await engine.start();
    feed.retryNow();
    await until('connected');
  });

  it('shows in the environments: unknown, then what is', async () => {
    folder = new ComposeFolder(
      'shown',
      { 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    restart: always` },
      engine.environment.DOCKER_HOST,
    );
    const restore = setVariables(engine.environment);
    let berth: Berth | undefined;
    try {
      berth = createBerth(silentLog, 'test');
      const { store } = berth;
      await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
      await folder.compose('up', '--detach');
      const before = await untilEnvironment(store, 'dev running: web running');
      await engine.kill();
      const lost = await untilEnvironment(store, 'dev unknown: web unknown');
      assert.equal(lost.resolution, before.resolution, 'what Compose said does not depend on the engine');
      assert.equal(store.engineState().kind, 'lost');
      await engine.start();
      await untilEnvironment(store, 'dev running: web running');
      assert.equal(containersOf(berth.feedFor(undefined), folder.project).length, 1);
    } finally {
      berth?.dispose();
      restore();
    }
  });
});
