import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { connectToEngine } from '../../src/core/engine/connection';
import { EngineFeed } from '../../src/core/engine/engineFeed';
import { EVENT_FILTERS } from '../../src/core/engine/messages';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { askEngine, connectThrough, type EngineProxy, engineSocket, startProxy } from './support/engineApi';
import { containersOf, describeContainers, eventually, untilContainers } from './support/waiting';

describe('EngineFeed with a real engine', () => {
  let feed: EngineFeed;
  let folder: ComposeFolder | undefined;

  beforeEach(() => {
    feed = new EngineFeed({ connect: () => connectToEngine(undefined) });
  });
  afterEach(async () => {
    feed.dispose();
    await folder?.dispose();
    folder = undefined;
  });

  it('sees what the docker command line does to containers', async () => {
    folder = new ComposeFolder('feed', {
      'compose.yaml': `services:
  web:
    ${IDLE_WITH_HEALTH}
    ports: ["127.0.0.1:22010:80", "22011:81"]
  plain:
    ${IDLE}`,
    });
    const { project } = folder;
    const until = (...expected: string[]) => untilContainers(feed, project, expected);
    await feed.whenConnected();
    const states: string[] = [];
    feed.onDidChangeContainers((projects) => {
      if (projects.has(project)) states.push(describeContainers(feed, project).join(', '));
    });

    await folder.compose('up', '--detach');
    await until('plain-1: running', 'web-1: running healthy');
    assert.ok(states.includes('plain-1: running, web-1: running starting'), `starting was seen in ${states}`);
    const [, web] = containersOf(feed, project);
    assert.deepEqual(web?.ports, [
      { target: 80, published: 22010, hostIp: '127.0.0.1', protocol: 'tcp' },
      { target: 81, published: 22011, hostIp: undefined, protocol: 'tcp' },
    ]);
    assert.deepEqual(web?.configFiles, [folder.path('compose.yaml')]);

    await folder.setHealth('web', 'no connection');
    await until('plain-1: running', 'web-1: running unhealthy');
    await folder.setHealth('web');
    await until('plain-1: running', 'web-1: running healthy');

    await folder.docker('pause', folder.container('web'));
    await until('plain-1: running', 'web-1: paused');
    await folder.docker('unpause', folder.container('web'));
    await until('plain-1: running', 'web-1: running healthy');

    await folder.docker('kill', folder.container('plain'));
    await until('plain-1: exited', 'web-1: running healthy');
    const [killed] = containersOf(feed, project);
    assert.deepEqual([killed?.exitCode, killed?.stoppedOnRequest], [137, false]);

    await folder.docker('stop', folder.container('web'));
    await until('plain-1: exited', 'web-1: exited');
    const [, stopped] = containersOf(feed, project);
    assert.deepEqual([stopped?.exitCode, stopped?.stoppedOnRequest, stopped?.ports], [0, true, []]);

    await folder.docker('start', folder.container('plain'), folder.container('web'));
    await until('plain-1: running', 'web-1: running healthy');

    await folder.docker('rename', folder.container('plain'), `${project}-other`);
    await until('other: running', 'web-1: running healthy');

    await folder.compose('down');
    await until();
  });

  it('keeps one container through a recreation, under its final name', async () => {
    const text = `services:\n  web:\n    ${IDLE}\n    environment: { VERSION: "1" }`;
    folder = new ComposeFolder('recreate', { 'compose.yaml': text });
    const { project } = folder;
    await folder.compose('up', '--detach');
    await feed.whenConnected();
    const [before] = containersOf(feed, project);
    folder.write('compose.yaml', text.replace('"1"', '"2"'));
    await folder.compose('up', '--detach');
    await eventually(
      feed.onDidChangeContainers,
      () => containersOf(feed, project)[0]?.id !== before?.id || undefined,
      () => containersOf(feed, project),
    );
    await untilContainers(feed, project, ['web-1: running']);
  });

  it('tells a container that the engine starts again and again from one that ended', async () => {
    folder = new ComposeFolder('loop', {
      'compose.yaml': `services:
  loop:
    ${IDLE}
    command: idle exit 3
    restart: always
  once:
    ${IDLE}
    command: idle exit 4`,
    });
    const { project } = folder;
    const loopState = () => containersOf(feed, project)[0]?.state;
    await feed.whenConnected();
    await folder.compose('up', '--detach');
    // The engine waits twice as long each time: after the fifth start there is a second in which it does not run.
    let starts = 0;
    let wasRunning = false;
    await eventually(
      feed.onDidChangeContainers,
      () => {
        const isRunning = loopState() === 'running';
        if (isRunning && !wasRunning) starts++;
        wasRunning = isRunning;
        return (starts >= 5 && loopState() === 'restarting') || undefined;
      },
      () => ({ starts, state: loopState() }),
    );
    const exitCodes = containersOf(feed, folder.project).map((container) => container.exitCode);
    assert.deepEqual(exitCodes, [3, 4]);
    await folder.docker('stop', folder.container('loop'));
    await untilContainers(feed, folder.project, ['loop-1: exited', 'once-1: exited']);
    const [loop] = containersOf(feed, folder.project);
    assert.equal(loop?.stoppedOnRequest, true, 'stopped between two starts: only the stop event tells');
  });

  it('does not take a container for unhealthy only because it was paused, nor for starting when it is unhealthy', async () => {
    folder = new ComposeFolder('pause', { 'compose.yaml': `services:\n  web:\n    ${IDLE_WITH_HEALTH}` });
    const { project } = folder;
    await feed.whenConnected();
    await folder.compose('up', '--detach');
    await untilContainers(feed, project, ['web-1: running healthy']);
    const seen: string[] = [];
    const watch = feed.onDidChangeContainers(() => seen.push(...describeContainers(feed, project)));
    await folder.compose('pause');
    await folder.compose('unpause');
    await untilContainers(feed, project, ['web-1: running healthy']);
    watch.dispose();
    assert.deepEqual(
      seen.filter((state) => state.includes('unhealthy')),
      [],
    );

    await folder.setHealth('web', 'broken');
    await untilContainers(feed, project, ['web-1: running unhealthy']);
    await folder.compose('pause');
    await untilContainers(feed, project, ['web-1: paused']);
    await folder.compose('unpause');
    await untilContainers(feed, project, ['web-1: running unhealthy']);
  });

  it('misses nothing of a hundred random operations', async () => {
    const socket = await engineSocket();
    const random = randomNumbers(Number(process.env.BERTH_TEST_SEED ?? 1));
    const services = ['a', 'b', 'c', 'd', 'e', 'f'];
    folder = new ComposeFolder('random', {
      'compose.yaml': `services:${services
        .map((name, index) => `\n  ${name}:\n    ${index % 2 ? IDLE : IDLE_WITH_HEALTH}`)
        .join('')}\n    restart: always`,
    });
    const own = folder;
    const { project } = own;
    await feed.whenConnected();
    await folder.compose('up', '--detach');
    const ids = containersOf(feed, project).map((container) => container.id);
    assert.equal(ids.length, services.length);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const operations = [
      'start',
      'stop?t=1',
      'kill',
      'kill?signal=SIGTERM',
      'pause',
      'unpause',
      'restart?t=0',
      'start',
      () => `rename?name=${project}-${Math.floor(random() * 1e9)}`,
    ];
    for (let done = 0; done < 100; done += 4) {
      // Four at once, often on the same container: what the engine refuses is as good as what it does.
      await Promise.all(
        Array.from({ length: 4 }, () => {
          const operation = pick(operations);
          const call = typeof operation === 'string' ? operation : operation();
          const path = `/containers/${pick(ids)}/${call}`;
          return socket ? askEngine(socket, 'POST', path) : undefined;
        }),
      );
    }
    // A signal is sent at once, and the container ends when it likes: the two are the same only once nothing happens any more.
    const listed = async () => {
      const format = '{{.ID}} {{.Names}} {{.State}} {{.Status}}';
      const filter = `label=com.docker.compose.project=${project}`;
      const lines = await own.docker('ps', '--all', '--no-trunc', '--format', format, '--filter', filter);
      return lines
        .trim()
        .split('\n')
        .map((line) => {
          const [id, name, state = '', ...status] = line.split(' ');
          const health = state === 'running' ? /\((?:health: )?(\w+)\)$/.exec(status.join(' '))?.[1] : undefined;
          return `${id} ${name} ${state} ${health ?? 'none'}`;
        })
        .sort();
    };
    const shown = () =>
      containersOf(feed, project)
        // Health is without meaning in other states.
        .map(
          ({ id, name, state, healthCheck }) => `${id} ${name} ${state} ${state === 'running' ? healthCheck : 'none'}`,
        )
        .sort();
    for (;;) {
      const before = shown();
      const expected = await listed();
      // Running ones get their health with the next probe.
      if (isDeepStrictEqual(before, expected) && !expected.some((line) => line.endsWith('starting'))) break;
      const describe = () => ({ expected, actual: shown() });
      await eventually(feed.onDidChangeContainers, () => !isDeepStrictEqual(shown(), before) || undefined, describe);
    }
  });

  it('is not sent the noise that health checks make', async () => {
    const socket = await engineSocket();
    if (!socket) return;
    folder = new ComposeFolder('noise', { 'compose.yaml': `services:\n  web:\n    ${IDLE_WITH_HEALTH}` });
    const { project } = folder;
    await folder.compose('up', '--detach');
    const label = `com.docker.compose.project=${project}`;
    const filtered = new RawEvents(socket, { ...EVENT_FILTERS, label: [label] });
    const unfiltered = new RawEvents(socket, { label: [label] });
    await Promise.all([filtered.open, unfiltered.open]);
    try {
      // Probes of the next seconds: the third one's events are proof that three were made.
      await unfiltered.until((actions) => actions.filter((action) => action.startsWith('exec_die')).length >= 3);
      await folder.setHealth('web', 'broken');
      await filtered.until((actions) => actions.includes('health_status: unhealthy'));
      const noise = filtered.actions.filter((action) => !action.startsWith('health_status'));
      assert.deepEqual(noise, []);
    } finally {
      filtered.close();
      unfiltered.close();
    }
  });

  describe('asks the engine', () => {
    let proxy: EngineProxy;
    let counted: EngineFeed;

    beforeEach(async function () {
      const socket = await engineSocket();
      if (!socket) return this.skip();
      proxy = await startProxy(socket);
      counted = new EngineFeed({ connect: () => connectThrough(proxy.dockerHost) });
      await counted.whenConnected();
    });
    afterEach(async () => {
      counted?.dispose();
      await proxy?.close();
    });

    it('nothing when health changes, and at most once for a burst of starts', async () => {
      assert.deepEqual(withoutQueries(proxy.requests), ['GET /events', 'GET /containers/json']);
      folder = new ComposeFolder('requests', {
        'compose.yaml': `services:
  web:
    ${IDLE_WITH_HEALTH}
  many:
    ${IDLE}
    scale: 8`,
      });
      const { project } = folder;
      await folder.compose('up', '--detach', '--no-start');
      const containers = () => containersOf(counted, project);
      assert.equal(containers().length, 9);
      // Others use the same engine: only what is about these containers counts.
      const own = () => proxy.requests.filter((request) => containers().some(({ id }) => request.includes(id)));
      assert.deepEqual(own(), [], 'creating asks nothing');

      const starts: number[] = [];
      counted.onDidChangeContainers((projects) => {
        if (projects.has(project)) starts.push(performance.now());
      });
      await folder.compose('start');
      const untilWeb = (health: string) =>
        eventually(
          counted.onDidChangeContainers,
          () => containers().some((container) => container.healthCheck === health) || undefined,
          () => describeContainers(counted, project),
        );
      await untilWeb('healthy');
      await eventually(
        counted.onDidChangeContainers,
        () => containers().filter((container) => container.healthCheck === 'none').length === 8 || undefined,
        () => describeContainers(counted, project),
      );
      const lists = own().length;
      assert.ok(lists >= 1 && lists <= burstsIn(starts, 40), `${lists} lists for ${burstsIn(starts, 40)} bursts`);

      await folder.setHealth('web', 'broken');
      await untilWeb('unhealthy');
      await folder.setHealth('web');
      await untilWeb('healthy');
      assert.equal(own().length, lists, 'the event says all');
    });

    it('anew when the connection breaks, for events and everything', async () => {
      const states: string[] = [];
      counted.onDidChangeState((state) => states.push(state.kind));
      proxy.drop();
      await eventually(
        counted.onDidChangeState,
        () => (states.includes('connected') ? true : undefined),
        () => states,
      );
      assert.deepEqual(states, ['lost', 'connected']);
      const isWhole = (request: string) => !request.includes('"id"');
      assert.deepEqual(withoutQueries(proxy.requests.filter(isWhole)), [
        ...['GET /events', 'GET /containers/json'],
        ...['GET /events', 'GET /containers/json'],
      ]);
    });

    it('nothing any more when it is disposed: the stream of events is closed', async () => {
      const closed = once(proxy.events, 'closed');
      counted.dispose();
      const [requests] = await closed;
      assert.deepEqual(withoutQueries(requests), ['GET /events']);
    });
  });
});

function withoutQueries(requests: readonly string[]): string[] {
  return requests.map((request) => request.replace(/\?.*/, ''));
}

/** At most how many times something may be asked that waits `delay` milliseconds after the first of a group of events. */
function burstsIn(times: readonly number[], delay: number): number {
  let count = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time <= end) continue;
    count++;
    end = time + delay;
  }
  return count;
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The engine's event stream as it comes. */
class RawEvents {
  readonly actions: string[] = [];
  readonly open: Promise<void>;
  private readonly request: http.ClientRequest;
  private onEvent = () => {};

  constructor(socketPath: string, filters: unknown) {
    const query = `filters=${encodeURIComponent(JSON.stringify(filters))}`;
    this.request = http.request({ socketPath, path: `/events?${query}`, agent: false });
    this.open = new Promise((resolve, reject) => {
      this.request.once('error', reject);
      this.request.once('response', (response) => {
        let rest = '';
        response.on('error', () => {});
        response.setEncoding('utf8').on('data', (text: string) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          this.actions.push(...lines.map((line): string => JSON.parse(line).Action));
          this.onEvent();
        });
        resolve();
      });
    });
    this.request.end();
  }

  until(test: (actions: readonly string[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.onEvent = () => {
        if (test(this.actions)) resolve();
      };
      this.onEvent();
    });
  }

  close(): void {
    this.request.on('error', () => {});
    this.request.destroy();
  }
}
